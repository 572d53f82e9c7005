-- What pools granted in a window, and to how many people. Index: grant_by_month finds the grants.
SELECT
    giving.account_id AS giver,
    sum(granted.minutes)::bigint AS minutes,
    count(DISTINCT (granted.cell, granted.person_id)) AS people
FROM time_bank_grant AS granted
JOIN ledger_entry AS giving
    ON giving.cell = granted.cell
    AND giving.transfer_id = granted.transfer_id
    AND giving.amount < 0
WHERE giving.cell = ANY (%(cells)s)
    AND giving.account_id = ANY (%(accounts)s)
    AND granted.granted_at >= %(starts_at)s AND granted.granted_at < %(ends_at)s
GROUP BY giving.account_id
