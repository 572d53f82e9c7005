DROP FUNCTION ledger_reverse_v1(text, text[], bigint[], text[], text[], timestamptz);
