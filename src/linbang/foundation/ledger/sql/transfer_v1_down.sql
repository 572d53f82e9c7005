DROP FUNCTION ledger_transfer_v1(
    text[], text[], bigint[], bigint[], bigint[], text[], text[], timestamptz[]
);
