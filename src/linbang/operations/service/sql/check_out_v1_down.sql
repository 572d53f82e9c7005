DROP FUNCTION service_check_out_v1(
    uuid[], uuid[], bigint[], varchar[], boolean[], float8[], float8[], timestamptz[], varchar[],
    varchar[], bigint[], bigint[], inet[], timestamptz[]
);
