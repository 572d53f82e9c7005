-- Post many transfers of one cell; answer one verdict an order, in their order.
--
-- One call is atomic and needs no transaction around it. Orders are judged in their order, each
-- on the balances its accepted predecessors left, so one bad order spoils nobody else's.
-- Accounts are locked in id order before anything is read, so concurrent calls queue instead of
-- deadlocking, and a repeated key finds what its first posting wrote. No advisory locks, nothing
-- volatile in UPDATE, the cell in every condition: the function runs unchanged on a shard.
--
-- p_reverses: per order the transfer it mirrors, or null. p_holds: per order the hold it settles.
-- Indexes: ledger_account_pkey, transfer_key_once, entry_by_transfer, ledger_hold_pkey.
CREATE FUNCTION ledger_post_v1(
    p_cell text,
    p_keys text[],
    p_debits bigint[],
    p_credits bigint[],
    p_amounts bigint[],
    p_purposes text[],
    p_sources text[],
    p_now timestamptz,
    p_reverses bigint[] DEFAULT NULL,
    p_holds bigint[] DEFAULT NULL
) RETURNS TABLE (place bigint, outcome text, transfer_id bigint)
LANGUAGE plpgsql
SET plan_cache_mode = 'force_generic_plan'
AS $$
#variable_conflict use_column
DECLARE
    v_count integer := cardinality(p_keys);
    -- The accounts asked for, ascending, and what the books say of each; found at the same index.
    v_ids bigint[];
    v_known boolean[];
    v_balances bigint[];
    v_helds bigint[];
    v_versions bigint[];
    v_moved boolean[];
    v_units text[];
    v_issues boolean[];
    v_frozen boolean[];
    -- Per order: where its accounts stand in v_ids, what was known of its key, and the answer.
    v_debit_ats integer[];
    v_credit_ats integer[];
    v_twins integer[];
    v_outcomes text[] := array_fill(NULL::text, ARRAY[v_count]);
    v_transfers bigint[] := array_fill(NULL::bigint, ARRAY[v_count]);
    v_firsts integer[] := array_fill(NULL::integer, ARRAY[v_count]);
    v_posted boolean[] := array_fill(false, ARRAY[v_count]);
    v_hold_accounts bigint[];
    v_hold_amounts bigint[];
    v_hold_ended boolean[];
    v_reversed boolean[];
    v_seen_reverses bigint[] := '{}';
    v_seen_holds bigint[] := '{}';
    -- Entries to be written.
    v_entry_transfers bigint[] := '{}';
    v_entry_accounts bigint[] := '{}';
    v_entry_amounts bigint[] := '{}';
    v_entry_balances bigint[] := '{}';
    v_entry_versions bigint[] := '{}';
    v_row record;
    v_at integer := 1;
    v_first integer;
    v_debit integer;
    v_credit integer;
    v_amount bigint;
    v_freed bigint;
    v_accepted integer := 0;
    v_inserted integer;
BEGIN
    IF v_count = 0 THEN
        RETURN;
    END IF;

    IF v_count = 1 THEN
        v_ids := CASE WHEN p_debits[1] < p_credits[1] THEN p_debits || p_credits
                      WHEN p_debits[1] = p_credits[1] THEN p_debits
                      ELSE p_credits || p_debits END;
        v_debit_ats := ARRAY[CASE WHEN v_ids[1] = p_debits[1] THEN 1 ELSE 2 END];
        v_credit_ats := ARRAY[CASE WHEN v_ids[1] = p_credits[1] THEN 1 ELSE 2 END];
        v_twins := ARRAY[NULL::integer];
    ELSE
        -- Sorting, not joining: correct plans whatever the planner guesses an array's length to be.
        WITH legs AS (
            SELECT debit.place, true AS is_debit, debit.account
            FROM unnest(p_debits) WITH ORDINALITY AS debit (account, place)
            UNION ALL
            SELECT credit.place, false, credit.account
            FROM unnest(p_credits) WITH ORDINALITY AS credit (account, place)
        ), ranked AS (
            SELECT legs.place, is_debit, account, dense_rank() OVER (ORDER BY account) AS at
            FROM legs
        )
        SELECT
            array_agg(DISTINCT account ORDER BY account),
            array_agg(at ORDER BY ranked.place) FILTER (WHERE is_debit),
            array_agg(at ORDER BY ranked.place) FILTER (WHERE NOT is_debit)
        INTO v_ids, v_debit_ats, v_credit_ats
        FROM ranked;

        SELECT array_agg(twin ORDER BY twins.place)
        INTO v_twins
        FROM (
            SELECT
                orders.place,
                lag(orders.place) OVER (PARTITION BY orders.key ORDER BY orders.place) AS twin
            FROM unnest(p_keys) WITH ORDINALITY AS orders (key, place)
        ) AS twins;
    END IF;

    v_known := array_fill(false, ARRAY[cardinality(v_ids)]);
    v_moved := v_known;
    v_balances := array_fill(0::bigint, ARRAY[cardinality(v_ids)]);
    v_helds := v_balances;
    v_versions := v_balances;
    v_units := array_fill(''::text, ARRAY[cardinality(v_ids)]);
    v_issues := v_known;
    v_frozen := v_known;
    FOR v_row IN
        SELECT id, balance, held, version, unit, kind, frozen_at
        FROM ledger_account
        WHERE cell = p_cell
            AND id = ANY (v_ids)
        ORDER BY id
        FOR NO KEY UPDATE
    LOOP
        WHILE v_ids[v_at] <> v_row.id LOOP
            v_at := v_at + 1;
        END LOOP;
        v_known[v_at] := true;
        v_balances[v_at] := v_row.balance;
        v_helds[v_at] := v_row.held;
        v_versions[v_at] := v_row.version;
        v_units[v_at] := v_row.unit;
        v_issues[v_at] := v_row.kind = 'issue';
        v_frozen[v_at] := v_row.frozen_at IS NOT NULL;
    END LOOP;

    -- A fresh snapshot, after the locks: what anybody posted under these keys is visible now.
    FOR v_row IN
        SELECT
            orders.place,
            known.id,
            known.purpose = orders.purpose
                AND known.source = orders.source
                AND known.reverses_id IS NOT DISTINCT FROM p_reverses[orders.place]
                AND (
                    p_holds IS NULL
                    OR EXISTS (
                        SELECT 1
                        FROM ledger_holdend AS ending
                        WHERE ending.cell = p_cell
                            AND ending.hold_id = p_holds[orders.place]
                            AND ending.transfer_id = known.id
                    )
                )
                AND (
                    SELECT count(*) = 2
                        AND count(*) FILTER (
                            WHERE entries.account_id = orders.debit
                                AND entries.amount = -orders.amount
                        ) = 1
                        AND count(*) FILTER (
                            WHERE entries.account_id = orders.credit
                                AND entries.amount = orders.amount
                        ) = 1
                    FROM ledger_entry AS entries
                    WHERE entries.cell = p_cell
                        AND entries.transfer_id = known.id
                ) AS is_same
        FROM unnest(p_keys, p_debits, p_credits, p_amounts, p_purposes, p_sources)
            WITH ORDINALITY AS orders (key, debit, credit, amount, purpose, source, place)
        JOIN ledger_transfer AS known ON known.cell = p_cell AND known.key = orders.key
    LOOP
        v_outcomes[v_row.place] := CASE WHEN v_row.is_same THEN 'replayed' ELSE 'key_reused' END;
        v_transfers[v_row.place] := CASE WHEN v_row.is_same THEN v_row.id END;
    END LOOP;

    IF p_reverses IS NOT NULL THEN
        SELECT array_agg(
            EXISTS (
                SELECT 1
                FROM ledger_transfer AS mirror
                WHERE mirror.cell = p_cell
                    AND mirror.reverses_id = orders.reverses
            ) ORDER BY orders.place
        )
        INTO v_reversed
        FROM unnest(p_reverses) WITH ORDINALITY AS orders (reverses, place);
    END IF;

    IF p_holds IS NOT NULL THEN
        SELECT
            array_agg(hold.account_id ORDER BY orders.place),
            array_agg(hold.amount ORDER BY orders.place),
            array_agg(
                EXISTS (
                    SELECT 1
                    FROM ledger_holdend AS ending
                    WHERE ending.cell = p_cell
                        AND ending.hold_id = hold.id
                ) ORDER BY orders.place
            )
        INTO v_hold_accounts, v_hold_amounts, v_hold_ended
        FROM unnest(p_holds) WITH ORDINALITY AS orders (hold, place)
        LEFT JOIN ledger_hold AS hold ON hold.cell = p_cell AND hold.id = orders.hold;
    END IF;

    FOR i IN 1 .. v_count LOOP
        CONTINUE WHEN v_outcomes[i] IS NOT NULL;

        v_debit := v_debit_ats[i];
        v_credit := v_credit_ats[i];
        v_amount := p_amounts[i];
        v_freed := 0;

        -- The same key earlier in this very batch: a replay of what was accepted, if it was.
        v_first := v_firsts[v_twins[i]];
        IF v_first IS NOT NULL THEN
            v_firsts[i] := v_first;
            IF p_debits[v_first] = p_debits[i]
                AND p_credits[v_first] = p_credits[i]
                AND p_amounts[v_first] = v_amount
                AND p_purposes[v_first] = p_purposes[i]
                AND p_sources[v_first] = p_sources[i]
                AND p_reverses[v_first] IS NOT DISTINCT FROM p_reverses[i]
                AND p_holds[v_first] IS NOT DISTINCT FROM p_holds[i]
            THEN
                v_outcomes[i] := 'replayed';
                v_transfers[i] := v_transfers[v_first];
            ELSE
                v_outcomes[i] := 'key_reused';
            END IF;
            CONTINUE;
        END IF;

        IF p_reverses IS NOT NULL AND p_debits[i] IS NULL THEN
            v_outcomes[i] := 'unknown_transfer';
        ELSIF p_holds IS NOT NULL AND v_hold_accounts[i] IS NULL THEN
            v_outcomes[i] := 'unknown_hold';
        ELSIF v_amount IS NULL OR v_amount <= 0 OR v_amount > 1000000000000 THEN
            v_outcomes[i] := 'bad_amount';
        ELSIF p_debits[i] = p_credits[i] THEN
            v_outcomes[i] := 'same_account';
        ELSIF NOT v_known[v_debit] OR NOT v_known[v_credit] THEN
            v_outcomes[i] := 'unknown_account';
        ELSIF v_units[v_debit] <> v_units[v_credit] THEN
            v_outcomes[i] := 'unit_mismatch';
        ELSIF p_reverses IS NOT NULL
            AND (v_reversed[i] OR p_reverses[i] = ANY (v_seen_reverses))
        THEN
            v_outcomes[i] := 'already_reversed';
        ELSIF p_holds IS NOT NULL AND (v_hold_ended[i] OR p_holds[i] = ANY (v_seen_holds)) THEN
            v_outcomes[i] := 'hold_ended';
        ELSIF v_frozen[v_debit] THEN
            v_outcomes[i] := 'frozen';
        ELSIF p_holds IS NOT NULL AND v_amount > v_hold_amounts[i] THEN
            v_outcomes[i] := 'above_hold';
        ELSE
            IF p_holds IS NOT NULL THEN
                v_freed := v_hold_amounts[i];
            END IF;
            IF NOT v_issues[v_debit]
                AND v_balances[v_debit] - v_helds[v_debit] + v_freed < v_amount
            THEN
                v_outcomes[i] := 'insufficient';
            END IF;
        END IF;
        CONTINUE WHEN v_outcomes[i] IS NOT NULL;

        v_outcomes[i] := 'posted';
        v_posted[i] := true;
        v_firsts[i] := i;
        v_accepted := v_accepted + 1;
        v_transfers[i] := nextval('ledger_transfer_id_seq');
        v_balances[v_debit] := v_balances[v_debit] - v_amount;
        v_helds[v_debit] := v_helds[v_debit] - v_freed;
        v_versions[v_debit] := v_versions[v_debit] + 1;
        v_moved[v_debit] := true;
        v_balances[v_credit] := v_balances[v_credit] + v_amount;
        v_versions[v_credit] := v_versions[v_credit] + 1;
        v_moved[v_credit] := true;
        v_entry_transfers := v_entry_transfers || v_transfers[i] || v_transfers[i];
        v_entry_accounts := v_entry_accounts || p_debits[i] || p_credits[i];
        v_entry_amounts := v_entry_amounts || -v_amount || v_amount;
        v_entry_balances := v_entry_balances || v_balances[v_debit] || v_balances[v_credit];
        v_entry_versions := v_entry_versions || v_versions[v_debit] || v_versions[v_credit];
        IF p_reverses IS NOT NULL THEN
            v_seen_reverses := v_seen_reverses || p_reverses[i];
        END IF;
        IF p_holds IS NOT NULL THEN
            v_seen_holds := v_seen_holds || p_holds[i];
        END IF;
    END LOOP;

    IF v_accepted > 0 THEN
        INSERT INTO ledger_transfer (id, cell, key, purpose, source, reverses_id, posted_at)
        SELECT
            orders.id, p_cell, orders.key, orders.purpose, orders.source, orders.reverses, p_now
        FROM unnest(v_transfers, p_keys, p_purposes, p_sources, p_reverses, v_posted)
            AS orders (id, key, purpose, source, reverses, is_posted)
        WHERE orders.is_posted
        ORDER BY orders.key
        ON CONFLICT (cell, key) DO NOTHING;
        GET DIAGNOSTICS v_inserted = ROW_COUNT;
        IF v_inserted < v_accepted THEN
            -- Somebody used a key of ours for other accounts while we judged; judge anew.
            RAISE EXCEPTION 'a key was used at the same time for other accounts'
                USING ERRCODE = 'serialization_failure';
        END IF;

        INSERT INTO ledger_entry
            (cell, transfer_id, account_id, amount, balance_after, account_version)
        SELECT p_cell, entries.*
        FROM unnest(
            v_entry_transfers, v_entry_accounts, v_entry_amounts, v_entry_balances, v_entry_versions
        ) AS entries (transfer_id, account_id, amount, balance_after, account_version);

        UPDATE ledger_account AS account
        SET balance = moved.balance, held = moved.held, version = moved.version
        FROM unnest(v_ids, v_balances, v_helds, v_versions, v_moved)
            AS moved (id, balance, held, version, has_moved)
        WHERE account.cell = p_cell
            AND account.id = moved.id
            AND moved.has_moved;

        IF p_holds IS NOT NULL THEN
            INSERT INTO ledger_holdend (cell, hold_id, transfer_id, settled, ended_at)
            SELECT p_cell, orders.hold, orders.transfer, orders.amount, p_now
            FROM unnest(p_holds, v_transfers, p_amounts, v_posted)
                AS orders (hold, transfer, amount, is_posted)
            WHERE orders.is_posted;
        END IF;
    END IF;

    RETURN QUERY
    SELECT answers.place, answers.outcome, answers.transfer_id
    FROM unnest(v_outcomes, v_transfers) WITH ORDINALITY AS answers (outcome, transfer_id, place)
    ORDER BY answers.place;
END
$$;
