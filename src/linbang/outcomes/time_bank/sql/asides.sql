-- What stands beside a saver's balance: what is left of grants, what went to the pool, what is owed.
SELECT
    (
        SELECT coalesce(sum(account.balance), 0)
        FROM time_bank_grant AS granted
        JOIN ledger_account AS account
            ON account.cell = granted.cell
            AND account.id = granted.account_id
        WHERE granted.cell = %(cell)s
            AND granted.person_id = %(person)s
            AND (granted.expires_at IS NULL OR granted.expires_at > %(at)s)
    )::bigint AS granted,
    (
        SELECT coalesce(sum(part.pooled), 0)
        FROM service_records_servicerecord AS record
        JOIN (
            SELECT cell, record_id, pooled FROM time_bank_posting
            UNION ALL
            SELECT cell, record_id, pooled FROM time_bank_adjustment
        ) AS part ON part.cell = record.cell AND part.record_id = record.id
        WHERE record.cell = %(cell)s
            AND record.person_id = %(person)s
    )::bigint AS pooled,
    (
        SELECT coalesce(sum(shortfall.minutes - shortfall.settled), 0)
        FROM time_bank_shortfall AS shortfall
        JOIN ledger_account AS account
            ON account.cell = shortfall.cell
            AND account.id = shortfall.account_id
        WHERE shortfall.cell = %(cell)s
            AND account.owner = %(owner)s
            AND account.kind = 'personal'
            AND shortfall.settled < shortfall.minutes
    )::bigint AS owed
