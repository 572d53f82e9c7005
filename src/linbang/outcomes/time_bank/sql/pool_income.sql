-- What came into pools in a window, grants that returned left out. Index: entry_versions_have_no_gap.
SELECT
    entry.account_id,
    sum(entry.amount)::bigint AS minutes
FROM ledger_entry AS entry
JOIN ledger_transfer AS transfer
    ON transfer.cell = entry.cell
    AND transfer.id = entry.transfer_id
WHERE entry.cell = ANY (%(cells)s)
    AND entry.account_id = ANY (%(accounts)s)
    AND entry.amount > 0
    AND transfer.purpose <> 'expired'
    AND transfer.posted_at >= %(starts_at)s AND transfer.posted_at < %(ends_at)s
GROUP BY entry.account_id
