-- Reverse many transfers of one cell by mirrored entries; the same verdicts as ledger_post_v1.
-- Only two-legged transfers have a mirror; any other is answered with unknown_transfer.
CREATE FUNCTION ledger_reverse_v1(
    p_cell text,
    p_keys text[],
    p_transfers bigint[],
    p_purposes text[],
    p_sources text[],
    p_now timestamptz
) RETURNS TABLE (place bigint, outcome text, transfer_id bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    v_debits bigint[];
    v_credits bigint[];
    v_amounts bigint[];
BEGIN
    SELECT
        array_agg(original.receiver ORDER BY orders.place),
        array_agg(original.payer ORDER BY orders.place),
        array_agg(original.amount ORDER BY orders.place)
    INTO v_debits, v_credits, v_amounts
    FROM unnest(p_transfers) WITH ORDINALITY AS orders (transfer, place)
    LEFT JOIN LATERAL (
        SELECT
            max(entries.account_id) FILTER (WHERE entries.amount > 0) AS receiver,
            max(entries.account_id) FILTER (WHERE entries.amount < 0) AS payer,
            max(entries.amount) AS amount
        FROM ledger_entry AS entries
        WHERE entries.cell = p_cell
            AND entries.transfer_id = orders.transfer
        HAVING count(*) = 2
    ) AS original ON true;

    RETURN QUERY
    SELECT *
    FROM ledger_post_v1(
        p_cell, p_keys, v_debits, v_credits, v_amounts, p_purposes, p_sources, p_now, p_transfers
    );
END
$$;
