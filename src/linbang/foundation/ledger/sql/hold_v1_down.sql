DROP FUNCTION ledger_hold_v1(text, text[], bigint[], bigint[], text[], timestamptz);
