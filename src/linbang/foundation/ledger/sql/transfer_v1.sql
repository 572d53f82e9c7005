-- Post transfers of any cells, as a lane gathers them: one array a column, one verdict a call, in
-- their order. Calls of one cell go to ledger_post_v1 together; cells follow each other in the
-- order of their codes, so that gathered calls lock as everybody does.
CREATE FUNCTION ledger_transfer_v1(
    p_cells text[],
    p_keys text[],
    p_debits bigint[],
    p_credits bigint[],
    p_amounts bigint[],
    p_purposes text[],
    p_sources text[],
    p_nows timestamptz[]
) RETURNS TABLE (n bigint, outcome text, transfer_id bigint)
LANGUAGE plpgsql
SET plan_cache_mode = 'force_generic_plan'
AS $$
#variable_conflict use_column
DECLARE
    v_group record;
BEGIN
    FOR v_group IN
        SELECT
            calls.cell,
            array_agg(calls.n ORDER BY calls.n) AS places,
            array_agg(calls.key ORDER BY calls.n) AS keys,
            array_agg(calls.debit ORDER BY calls.n) AS debits,
            array_agg(calls.credit ORDER BY calls.n) AS credits,
            array_agg(calls.amount ORDER BY calls.n) AS amounts,
            array_agg(calls.purpose ORDER BY calls.n) AS purposes,
            array_agg(calls.source ORDER BY calls.n) AS sources,
            max(calls.called_at) AS posted_at
        FROM unnest(
            p_cells, p_keys, p_debits, p_credits, p_amounts, p_purposes, p_sources, p_nows
        ) WITH ORDINALITY
            AS calls (cell, key, debit, credit, amount, purpose, source, called_at, n)
        GROUP BY calls.cell
        ORDER BY calls.cell COLLATE "C"
    LOOP
        RETURN QUERY
        SELECT v_group.places[posted.place], posted.outcome, posted.transfer_id
        FROM ledger_post_v1(
            v_group.cell, v_group.keys, v_group.debits, v_group.credits, v_group.amounts,
            v_group.purposes, v_group.sources, v_group.posted_at
        ) AS posted;
    END LOOP;
END
$$;
