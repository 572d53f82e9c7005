DROP FUNCTION dispatch_accept_v1(varchar[], bigint[], bigint[], bigint[], timestamptz[]);
