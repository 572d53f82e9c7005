-- Promise amounts of many accounts of one cell; answer one verdict an order, in their order.
-- Locks, keys and batches behave as in ledger_post_v1. Indexes: ledger_account_pkey, hold_key_once.
CREATE FUNCTION ledger_hold_v1(
    p_cell text,
    p_keys text[],
    p_accounts bigint[],
    p_amounts bigint[],
    p_purposes text[],
    p_now timestamptz
) RETURNS TABLE (place bigint, outcome text, hold_id bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    v_count integer := cardinality(p_keys);
    v_ids bigint[];
    v_ats integer[];
    v_twins integer[];
    v_known boolean[];
    v_free bigint[];
    v_frozen boolean[];
    v_promised bigint[];
    v_outcomes text[] := array_fill(NULL::text, ARRAY[v_count]);
    v_holds bigint[] := array_fill(NULL::bigint, ARRAY[v_count]);
    v_firsts integer[] := array_fill(NULL::integer, ARRAY[v_count]);
    v_placed boolean[] := array_fill(false, ARRAY[v_count]);
    v_row record;
    v_at integer := 1;
    v_first integer;
    v_amount bigint;
    v_accepted integer := 0;
    v_inserted integer;
BEGIN
    IF v_count = 0 THEN
        RETURN;
    END IF;

    WITH ranked AS (
        SELECT
            orders.place,
            orders.account,
            dense_rank() OVER (ORDER BY orders.account) AS at,
            lag(orders.place) OVER (PARTITION BY orders.key ORDER BY orders.place) AS twin
        FROM unnest(p_keys, p_accounts) WITH ORDINALITY AS orders (key, account, place)
    )
    SELECT
        array_agg(DISTINCT account ORDER BY account),
        array_agg(at ORDER BY ranked.place),
        array_agg(twin ORDER BY ranked.place)
    INTO v_ids, v_ats, v_twins
    FROM ranked;

    v_known := array_fill(false, ARRAY[cardinality(v_ids)]);
    v_frozen := v_known;
    v_free := array_fill(0::bigint, ARRAY[cardinality(v_ids)]);
    v_promised := v_free;
    FOR v_row IN
        SELECT id, balance, held, kind, frozen_at
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
        -- Null means without end: an issuing account may promise what it has not issued yet.
        v_free[v_at] := CASE WHEN v_row.kind <> 'issue' THEN v_row.balance - v_row.held END;
        v_frozen[v_at] := v_row.frozen_at IS NOT NULL;
    END LOOP;

    FOR v_row IN
        SELECT
            orders.place,
            known.id,
            known.account_id = orders.account
                AND known.amount = orders.amount
                AND known.purpose = orders.purpose AS is_same
        FROM unnest(p_keys, p_accounts, p_amounts, p_purposes)
            WITH ORDINALITY AS orders (key, account, amount, purpose, place)
        JOIN ledger_hold AS known ON known.cell = p_cell AND known.key = orders.key
    LOOP
        v_outcomes[v_row.place] := CASE WHEN v_row.is_same THEN 'replayed' ELSE 'key_reused' END;
        v_holds[v_row.place] := CASE WHEN v_row.is_same THEN v_row.id END;
    END LOOP;

    FOR i IN 1 .. v_count LOOP
        CONTINUE WHEN v_outcomes[i] IS NOT NULL;
        v_at := v_ats[i];
        v_amount := p_amounts[i];
        v_first := v_firsts[v_twins[i]];
        IF v_first IS NOT NULL THEN
            v_firsts[i] := v_first;
            IF p_accounts[v_first] = p_accounts[i]
                AND p_amounts[v_first] = v_amount
                AND p_purposes[v_first] = p_purposes[i]
            THEN
                v_outcomes[i] := 'replayed';
                v_holds[i] := v_holds[v_first];
            ELSE
                v_outcomes[i] := 'key_reused';
            END IF;
        ELSIF v_amount IS NULL OR v_amount <= 0 OR v_amount > 1000000000000 THEN
            v_outcomes[i] := 'bad_amount';
        ELSIF NOT v_known[v_at] THEN
            v_outcomes[i] := 'unknown_account';
        ELSIF v_frozen[v_at] THEN
            v_outcomes[i] := 'frozen';
        ELSIF v_free[v_at] < v_amount THEN
            v_outcomes[i] := 'insufficient';
        ELSE
            v_outcomes[i] := 'placed';
            v_placed[i] := true;
            v_firsts[i] := i;
            v_accepted := v_accepted + 1;
            v_holds[i] := nextval('ledger_hold_id_seq');
            v_free[v_at] := v_free[v_at] - v_amount;
            v_promised[v_at] := v_promised[v_at] + v_amount;
        END IF;
    END LOOP;

    IF v_accepted > 0 THEN
        INSERT INTO ledger_hold (id, cell, key, account_id, amount, purpose, placed_at)
        SELECT
            orders.id, p_cell, orders.key, orders.account, orders.amount, orders.purpose, p_now
        FROM unnest(v_holds, p_keys, p_accounts, p_amounts, p_purposes, v_placed)
            AS orders (id, key, account, amount, purpose, is_placed)
        WHERE orders.is_placed
        ORDER BY orders.key
        ON CONFLICT (cell, key) DO NOTHING;
        GET DIAGNOSTICS v_inserted = ROW_COUNT;
        IF v_inserted < v_accepted THEN
            RAISE EXCEPTION 'a key was used at the same time for other accounts'
                USING ERRCODE = 'serialization_failure';
        END IF;

        UPDATE ledger_account AS account
        SET held = account.held + promised.amount
        FROM unnest(v_ids, v_promised) AS promised (id, amount)
        WHERE account.cell = p_cell
            AND account.id = promised.id
            AND promised.amount > 0;
    END IF;

    RETURN QUERY
    SELECT answers.place, answers.outcome, answers.hold_id
    FROM unnest(v_outcomes, v_holds) WITH ORDINALITY AS answers (outcome, hold_id, place)
    ORDER BY answers.place;
END
$$;
