-- Settle many holds of one cell, fully or in part; what is not paid is released with it.
-- The same verdicts as ledger_post_v1.
CREATE FUNCTION ledger_settle_v1(
    p_cell text,
    p_keys text[],
    p_holds bigint[],
    p_credits bigint[],
    p_amounts bigint[],
    p_purposes text[],
    p_sources text[],
    p_now timestamptz
) RETURNS TABLE (place bigint, outcome text, transfer_id bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    v_debits bigint[];
BEGIN
    SELECT array_agg(hold.account_id ORDER BY orders.place)
    INTO v_debits
    FROM unnest(p_holds) WITH ORDINALITY AS orders (hold, place)
    LEFT JOIN ledger_hold AS hold ON hold.cell = p_cell AND hold.id = orders.hold;

    RETURN QUERY
    SELECT *
    FROM ledger_post_v1(
        p_cell, p_keys, v_debits, p_credits, p_amounts, p_purposes, p_sources, p_now, NULL, p_holds
    );
END
$$;
