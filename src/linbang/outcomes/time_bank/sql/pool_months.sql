-- What came into and went out of some pools, by month and purpose, newest first. Index:
-- entry_versions_have_no_gap.
SELECT
    date_trunc('month', transfer.posted_at AT TIME ZONE 'Asia/Shanghai')::date AS month,
    transfer.purpose,
    sum(entry.amount)::bigint AS minutes
FROM ledger_account AS account
JOIN ledger_entry AS entry ON entry.cell = account.cell AND entry.account_id = account.id
JOIN ledger_transfer AS transfer
    ON transfer.cell = entry.cell
    AND transfer.id = entry.transfer_id
WHERE account.cell = ANY (%(cells)s)
    AND account.id = ANY (%(accounts)s)
    AND transfer.posted_at >= %(starts_at)s AND transfer.posted_at < %(ends_at)s
GROUP BY 1, 2
ORDER BY 1 DESC, 2
