DROP FUNCTION ledger_release_v1(text, bigint[], timestamptz);
