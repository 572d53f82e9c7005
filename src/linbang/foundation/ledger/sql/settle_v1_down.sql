DROP FUNCTION ledger_settle_v1(
    text, text[], bigint[], bigint[], bigint[], text[], text[], timestamptz
);
