-- Give many holds of one cell back to their accounts; answer one verdict an order.
-- A frozen account gets its own back: nothing leaves it.
CREATE FUNCTION ledger_release_v1(p_cell text, p_holds bigint[], p_now timestamptz)
RETURNS TABLE (place bigint, outcome text, hold_id bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    PERFORM account.id
    FROM ledger_account AS account
    WHERE account.cell = p_cell
        AND account.id IN (
            SELECT hold.account_id
            FROM ledger_hold AS hold
            WHERE hold.cell = p_cell
                AND hold.id = ANY (p_holds)
        )
    ORDER BY account.id
    FOR NO KEY UPDATE;

    -- The snapshot of this statement is younger than the locks; one's own rows it cannot see,
    -- so ``known`` is how things stood before.
    RETURN QUERY
    WITH orders AS (
        SELECT
            asked.hold,
            asked.place,
            row_number() OVER (PARTITION BY asked.hold ORDER BY asked.place) AS turn
        FROM unnest(p_holds) WITH ORDINALITY AS asked (hold, place)
    ), known AS (
        SELECT orders.place, orders.turn, hold.id, hold.account_id, hold.amount, ending.settled
        FROM orders
        LEFT JOIN ledger_hold AS hold ON hold.cell = p_cell AND hold.id = orders.hold
        LEFT JOIN ledger_holdend AS ending ON ending.cell = p_cell AND ending.hold_id = hold.id
    ), ended AS (
        INSERT INTO ledger_holdend (cell, hold_id, transfer_id, settled, ended_at)
        SELECT p_cell, known.id, NULL, 0, p_now
        FROM known
        WHERE known.id IS NOT NULL
            AND known.settled IS NULL
            AND known.turn = 1
    ), freed AS (
        SELECT known.account_id, sum(known.amount)::bigint AS amount
        FROM known
        WHERE known.id IS NOT NULL
            AND known.settled IS NULL
            AND known.turn = 1
        GROUP BY known.account_id
    ), given_back AS (
        UPDATE ledger_account AS account
        SET held = account.held - freed.amount
        FROM freed
        WHERE account.cell = p_cell
            AND account.id = freed.account_id
    )
    SELECT
        known.place,
        CASE
            WHEN known.id IS NULL THEN 'unknown_hold'
            WHEN known.settled > 0 THEN 'hold_ended'
            WHEN known.settled = 0 OR known.turn > 1 THEN 'replayed'
            ELSE 'released'
        END,
        known.id
    FROM known
    ORDER BY known.place;
END
$$;
