DROP FUNCTION ledger_post_v1(
    text, text[], bigint[], bigint[], bigint[], text[], text[], timestamptz, bigint[], bigint[]
);
