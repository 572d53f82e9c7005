-- The savings below a region by its child regions, in a window: who saves there, what was earned and
-- spent, what moved at whose counter. One scan each of people and books, and of movements by the
-- indexes movement_by_home and movement_by_branch.
WITH savers AS (
    SELECT left(person.region_id, %(digits)s) AS child, account.balance
    FROM people_person AS person
    JOIN ledger_account AS account
        ON account.cell = person.cell
        AND account.owner = 'person:' || person.id
        AND account.unit = 'minutes'
        AND account.kind = 'personal'
    WHERE person.region_id >= %(low)s AND person.region_id < %(high)s
        AND account.version > 0
), moved AS (
    SELECT
        movement.minutes,
        movement.purpose = ANY (%(earning)s) AS is_earning,
        left(movement.home_id, %(digits)s) AS home,
        left(movement.branch_id, %(digits)s) AS branch,
        movement.home_id >= %(low)s AND movement.home_id < %(high)s AS is_of_ours,
        movement.branch_id >= %(low)s AND movement.branch_id < %(high)s AS is_here
    FROM time_bank_movement AS movement
    WHERE movement.at >= %(starts_at)s AND movement.at < %(ends_at)s
        AND (
            movement.home_id >= %(low)s AND movement.home_id < %(high)s
            OR movement.branch_id >= %(low)s AND movement.branch_id < %(high)s
        )
), pooled AS (
    SELECT left(record.region_id, %(digits)s) AS child, part.pooled
    FROM (
        SELECT cell, record_id, pooled
        FROM time_bank_posting
        WHERE posted_at >= %(starts_at)s AND posted_at < %(ends_at)s
        UNION ALL
        SELECT cell, record_id, pooled
        FROM time_bank_adjustment
        WHERE made_at >= %(starts_at)s AND made_at < %(ends_at)s
    ) AS part
    JOIN service_records_servicerecord AS record
        ON record.cell = part.cell AND record.id = part.record_id
    WHERE part.pooled <> 0
        AND record.region_id >= %(low)s AND record.region_id < %(high)s
), facts AS (
    SELECT child, 1 AS savers, balance, 0 AS earned, 0 AS received, 0 AS spent, 0 AS granted,
        0 AS pooled, 0 AS guests_in, 0 AS guests_out, 0 AS away_in, 0 AS away_out
    FROM savers
    UNION ALL
    SELECT
        home, 0, 0,
        CASE WHEN is_earning THEN minutes ELSE 0 END,
        CASE WHEN NOT is_earning AND minutes > 0 THEN minutes ELSE 0 END,
        CASE WHEN NOT is_earning AND minutes < 0 THEN -minutes ELSE 0 END,
        0, 0, 0, 0,
        CASE WHEN home <> branch AND minutes > 0 THEN minutes ELSE 0 END,
        CASE WHEN home <> branch AND minutes < 0 THEN -minutes ELSE 0 END
    FROM moved
    WHERE is_of_ours
    UNION ALL
    SELECT
        branch, 0, 0, 0, 0, 0, 0, 0,
        CASE WHEN minutes > 0 THEN minutes ELSE 0 END,
        CASE WHEN minutes < 0 THEN -minutes ELSE 0 END,
        0, 0
    FROM moved
    WHERE is_here
        AND home <> branch
    UNION ALL
    SELECT left(region_id, %(digits)s), 0, 0, 0, 0, 0, minutes, 0, 0, 0, 0, 0
    FROM time_bank_grant
    WHERE granted_at >= %(starts_at)s AND granted_at < %(ends_at)s
        AND region_id >= %(low)s AND region_id < %(high)s
    UNION ALL
    SELECT child, 0, 0, 0, 0, 0, 0, pooled, 0, 0, 0, 0
    FROM pooled
)
SELECT
    child AS code,
    sum(savers)::bigint AS savers,
    sum(balance)::bigint AS balance,
    sum(earned)::bigint AS earned,
    sum(received)::bigint AS received,
    sum(spent)::bigint AS spent,
    sum(granted)::bigint AS granted,
    sum(pooled)::bigint AS pooled,
    sum(guests_in)::bigint AS guests_in,
    sum(guests_out)::bigint AS guests_out,
    sum(away_in)::bigint AS away_in,
    sum(away_out)::bigint AS away_out
FROM facts
GROUP BY child
ORDER BY child
