-- What the books of each cell hold, by kind, in minutes: issued = all the others together.
SELECT
    account.cell,
    coalesce(-sum(account.balance) FILTER (WHERE account.kind = 'issue'), 0)::bigint AS issued,
    coalesce(sum(account.balance) FILTER (WHERE account.kind = 'personal'), 0)::bigint AS personal,
    coalesce(sum(account.balance) FILTER (WHERE account.kind = 'team'), 0)::bigint AS team,
    coalesce(sum(account.balance) FILTER (WHERE account.kind = 'station'), 0)::bigint AS station,
    coalesce(sum(account.balance) FILTER (WHERE account.kind = 'pool'), 0)::bigint AS pool,
    coalesce(sum(account.balance) FILTER (WHERE account.kind = 'grant'), 0)::bigint AS granted,
    coalesce(sum(account.held), 0)::bigint AS held
FROM ledger_account AS account
WHERE account.unit = 'minutes'
    AND (%(cell)s::text IS NULL OR account.cell = %(cell)s)
GROUP BY account.cell
ORDER BY account.cell
