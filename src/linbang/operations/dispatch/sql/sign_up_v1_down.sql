DROP FUNCTION dispatch_accompanied_v1(varchar, bigint, bigint);
DROP FUNCTION dispatch_sign_up_v1(
    uuid[], bigint[], varchar[], varchar[], boolean[], bigint[], bigint[], inet[], timestamptz[]
);
