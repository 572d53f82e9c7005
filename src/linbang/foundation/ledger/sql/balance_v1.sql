-- A transfer has two entries or more and they sum to zero: checked at commit, whoever wrote them.
-- Index: entry_by_transfer.
CREATE FUNCTION ledger_refuse_imbalance_v1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_transfer bigint;
    v_entries bigint;
    v_sum numeric;
BEGIN
    IF tg_table_name = 'ledger_transfer' THEN
        v_transfer := NEW.id;
    ELSE
        v_transfer := NEW.transfer_id;
    END IF;

    SELECT count(*), sum(entries.amount)
    INTO v_entries, v_sum
    FROM ledger_entry AS entries
    WHERE entries.cell = NEW.cell
        AND entries.transfer_id = v_transfer;

    IF v_entries < 2 OR v_sum <> 0 THEN
        RAISE EXCEPTION 'the entries of transfer % do not sum to zero', v_transfer
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'transfer_entries_sum_to_zero';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER transfer_entries_sum_to_zero
    AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_imbalance_v1();

-- Catches entries added to a transfer of the past.
CREATE CONSTRAINT TRIGGER entry_keeps_transfer_balanced
    AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_imbalance_v1();
