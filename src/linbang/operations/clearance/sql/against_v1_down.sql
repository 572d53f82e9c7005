DROP FUNCTION clearance_against_v1(varchar[], bigint[], bigint[], timestamptz[]);
