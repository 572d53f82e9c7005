-- Every rule of the savings, as the rows that break it: (rule, cell, subject, detail).
-- The ledger proves that its books balance; here every unit in them is explained.
WITH asked AS (
    SELECT %(cell)s::text AS cell, %(cell)s::text IS NULL AS is_everywhere, %(now)s::timestamptz AS at
), accounts AS (
    SELECT account.*
    FROM ledger_account AS account
    JOIN asked ON asked.is_everywhere OR asked.cell = account.cell
    WHERE account.unit = 'minutes'
), moved AS (
    -- Of what the bank posts for a record, no two legs are of one kind.
    SELECT entry.cell, entry.transfer_id, entry.amount, account.kind
    FROM ledger_entry AS entry
    JOIN accounts AS account
        ON account.cell = entry.cell
        AND account.id = entry.account_id
), postings AS (
    SELECT posting.*
    FROM time_bank_posting AS posting
    JOIN asked ON asked.is_everywhere OR asked.cell = posting.cell
), adjustments AS (
    SELECT adjustment.*
    FROM time_bank_adjustment AS adjustment
    JOIN asked ON asked.is_everywhere OR asked.cell = adjustment.cell
), shortfalls AS (
    SELECT shortfall.*
    FROM time_bank_shortfall AS shortfall
    JOIN asked ON asked.is_everywhere OR asked.cell = shortfall.cell
), grants AS (
    SELECT granted.*
    FROM time_bank_grant AS granted
    JOIN asked ON asked.is_everywhere OR asked.cell = granted.cell
), returns AS (
    SELECT back.*
    FROM time_bank_grantreturn AS back
    JOIN asked ON asked.is_everywhere OR asked.cell = back.cell
), settlements AS (
    SELECT settlement.*
    FROM time_bank_shortfallsettlement AS settlement
    JOIN asked ON asked.is_everywhere OR asked.cell = settlement.cell
), movements AS (
    SELECT movement.*
    FROM time_bank_movement AS movement
    JOIN asked ON asked.is_everywhere OR asked.cell = movement.cell
), banked AS (
    SELECT cell, record_id, sum(minutes) AS minutes
    FROM (
        SELECT cell, record_id, minutes FROM postings
        UNION ALL
        SELECT cell, record_id, minutes FROM adjustments
    ) AS parts
    GROUP BY cell, record_id
), corrected AS (
    SELECT DISTINCT ON (correction.cell, correction.record_id)
        correction.cell, correction.record_id, correction.credited_minutes
    FROM service_records_recordcorrection AS correction
    JOIN asked ON asked.is_everywhere OR asked.cell = correction.cell
    ORDER BY correction.cell, correction.record_id, correction.id DESC
), voided AS (
    SELECT cell, record_id
    FROM adjustments
    WHERE key LIKE 'void:%%' OR key LIKE 'restore:%%'
    GROUP BY cell, record_id
    HAVING count(*) %% 2 = 1
), verified AS (
    SELECT
        verification.cell,
        verification.record_id,
        CASE
            WHEN voided.record_id IS NOT NULL THEN 0
            ELSE coalesce(corrected.credited_minutes, verification.minutes)
        END AS minutes
    FROM service_records_recordverification AS verification
    JOIN asked ON asked.is_everywhere OR asked.cell = verification.cell
    LEFT JOIN corrected
        ON corrected.cell = verification.cell AND corrected.record_id = verification.record_id
    LEFT JOIN voided
        ON voided.cell = verification.cell AND voided.record_id = verification.record_id
), parts AS (
    -- What each transfer of a record must have brought to person or pool; what is owed, less.
    SELECT cell, id, 'posting' AS kind, transfer_id, minutes - pooled AS minutes, 'personal' AS book
    FROM postings
    UNION ALL
    SELECT cell, id, 'posting', pool_transfer_id, pooled, 'pool'
    FROM postings
    UNION ALL
    SELECT
        adjustment.cell, adjustment.id, 'adjustment', adjustment.transfer_id,
        adjustment.minutes - adjustment.pooled + coalesce(owed.minutes, 0), 'personal'
    FROM adjustments AS adjustment
    LEFT JOIN shortfalls AS owed ON owed.cell = adjustment.cell AND owed.key = adjustment.key
    UNION ALL
    SELECT
        adjustment.cell, adjustment.id, 'adjustment', adjustment.pool_transfer_id,
        adjustment.pooled + coalesce(owed.minutes, 0), 'pool'
    FROM adjustments AS adjustment
    LEFT JOIN shortfalls AS owed
        ON owed.cell = adjustment.cell AND owed.key = adjustment.key || ':pool'
), crossed AS (
    -- What was retired in one county was issued in another, where the receiver's book is.
    SELECT arrival.cell, arrival.id AS transfer_id
    FROM time_bank_giftanswer AS answer
    JOIN ledger_transfer AS arrival ON arrival.id = answer.arrival_id
    UNION ALL
    SELECT arrival.cell, arrival.id
    FROM time_bank_payment AS payment
    JOIN ledger_transfer AS arrival ON arrival.key = 'arrival:' || payment.part_id
    WHERE payment.purpose = 'departure'
    UNION ALL
    SELECT arrival.cell, arrival.id
    FROM time_bank_estate AS estate
    JOIN ledger_transfer AS arrival ON arrival.key = 'estate:' || estate.id || ':in'
    UNION ALL
    SELECT taken.cell, taken.id
    FROM time_bank_ruling AS ruling
    JOIN ledger_transfer AS taken ON taken.key = 'dispute:' || ruling.dispute_id || ':taken'
    WHERE ruling.is_confirmed
), explained AS (
    SELECT cell, transfer_id FROM postings
    UNION ALL SELECT cell, pool_transfer_id FROM postings
    UNION ALL SELECT cell, transfer_id FROM adjustments
    UNION ALL SELECT cell, pool_transfer_id FROM adjustments
    UNION ALL SELECT cell, transfer_id FROM settlements
    UNION ALL SELECT cell, transfer_id FROM grants
    UNION ALL SELECT cell, transfer_id FROM returns
    UNION ALL SELECT cell, transfer_id FROM time_bank_payment
    UNION ALL SELECT cell, transfer_id FROM time_bank_refund
    UNION ALL SELECT cell, transfer_id FROM time_bank_giftanswer
    UNION ALL SELECT cell, transfer_id FROM time_bank_ruling
    UNION ALL SELECT cell, transfer_id FROM time_bank_estate
    UNION ALL SELECT cell, transfer_id FROM crossed
), settled AS (
    SELECT cell, shortfall_id, sum(minutes) AS minutes
    FROM settlements
    GROUP BY cell, shortfall_id
)
SELECT
    'record_equals_postings' AS rule,
    cell,
    record_id AS subject_id,
    format(
        'counts for %%s minutes, banked %%s', coalesce(verified.minutes, 0), coalesce(banked.minutes, 0)
    ) AS detail
FROM verified
FULL JOIN banked USING (cell, record_id)
WHERE coalesce(verified.minutes, 0) <> coalesce(banked.minutes, 0)

UNION ALL
SELECT
    part.kind || '_equals_entries',
    part.cell,
    part.id,
    format('%%s minutes to %%s, moved %%s', part.minutes, part.book, coalesce(moved.amount, 0))
FROM parts AS part
LEFT JOIN moved
    ON moved.cell = part.cell
    AND moved.transfer_id = part.transfer_id
    AND moved.kind = part.book
WHERE part.minutes <> coalesce(moved.amount, 0)

UNION ALL
-- Nothing is issued, or taken out of the world, but for a record or a grant.
SELECT
    'issue_is_explained',
    entry.cell,
    entry.transfer_id,
    format('%%s minutes issued for no record and no grant', -entry.amount)
FROM ledger_entry AS entry
JOIN accounts AS account
    ON account.cell = entry.cell
    AND account.id = entry.account_id
    AND account.kind = 'issue'
WHERE NOT EXISTS (
    SELECT 1
    FROM explained
    WHERE explained.cell = entry.cell
        AND explained.transfer_id = entry.transfer_id
)

UNION ALL
-- Every deposit and withdrawal of a saver was made at some branch, once.
SELECT
    'movement_equals_entries',
    cell,
    transfer_id,
    format('moved %%s, noted %%s', coalesce(entries.amount, 0), coalesce(noted.minutes, 0))
FROM (
    SELECT entry.cell, entry.transfer_id, account.owner, sum(entry.amount) AS amount
    FROM ledger_entry AS entry
    JOIN accounts AS account
        ON account.cell = entry.cell
        AND account.id = entry.account_id
        AND account.kind = 'personal'
    GROUP BY entry.cell, entry.transfer_id, account.owner
) AS entries
FULL JOIN (
    SELECT cell, transfer_id, 'person:' || person_id AS owner, sum(minutes) AS minutes
    FROM movements
    GROUP BY cell, transfer_id, person_id
) AS noted USING (cell, transfer_id, owner)
WHERE coalesce(entries.amount, 0) <> coalesce(noted.minutes, 0)

UNION ALL
SELECT
    'shortfall_equals_settlements',
    shortfall.cell,
    shortfall.id,
    format('says %%s settled, paid %%s', shortfall.settled, coalesce(settled.minutes, 0))
FROM shortfalls AS shortfall
LEFT JOIN settled ON settled.cell = shortfall.cell AND settled.shortfall_id = shortfall.id
WHERE shortfall.settled <> coalesce(settled.minutes, 0)

UNION ALL
SELECT
    'grant_equals_entry',
    granted.cell,
    granted.id,
    format('grants %%s, moved %%s', granted.minutes, coalesce(entry.amount, 0))
FROM grants AS granted
LEFT JOIN ledger_entry AS entry
    ON entry.cell = granted.cell
    AND entry.transfer_id = granted.transfer_id
    AND entry.account_id = granted.account_id
WHERE granted.minutes <> coalesce(entry.amount, 0)

UNION ALL
-- What was over a day ago and is promised nowhere has gone back.
SELECT
    'grant_goes_back',
    granted.cell,
    granted.id,
    format('%%s minutes left since %%s', account.balance, granted.expires_at::date)
FROM grants AS granted
JOIN accounts AS account ON account.cell = granted.cell AND account.id = granted.account_id
JOIN asked ON granted.expires_at < asked.at - interval '1 day'
LEFT JOIN returns AS back ON back.cell = granted.cell AND back.grant_id = granted.id
WHERE account.held = 0
    AND (back.id IS NULL OR account.balance <> 0)

UNION ALL
SELECT
    'grant_book_has_a_grant',
    account.cell,
    account.id,
    format('%%s holds %%s minutes of no grant', account.owner, account.balance)
FROM accounts AS account
WHERE account.kind = 'grant'
    AND account.version > 0
    AND NOT EXISTS (
        SELECT 1
        FROM grants AS granted
        WHERE granted.cell = account.cell
            AND granted.account_id = account.id
    )

UNION ALL
SELECT
    'payment_equals_entry',
    payment.cell,
    payment.id,
    format('pays %%s, moved %%s', payment.minutes, coalesce(-entry.amount, 0))
FROM time_bank_payment AS payment
JOIN asked ON asked.is_everywhere OR asked.cell = payment.cell
JOIN time_bank_redemptionpart AS part ON part.cell = payment.cell AND part.id = payment.part_id
LEFT JOIN ledger_entry AS entry
    ON entry.cell = payment.cell
    AND entry.transfer_id = payment.transfer_id
    AND entry.account_id = part.account_id
WHERE payment.minutes <> coalesce(-entry.amount, 0)

UNION ALL
-- What is promised is promised for a need, a gift or a dispute.
SELECT
    'promise_is_explained',
    hold.cell,
    hold.id,
    format('%%s minutes held for nothing', hold.amount)
FROM ledger_hold AS hold
JOIN accounts AS account ON account.cell = hold.cell AND account.id = hold.account_id
LEFT JOIN ledger_holdend AS ending ON ending.cell = hold.cell AND ending.hold_id = hold.id
WHERE ending.id IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM time_bank_redemptionpart AS part
        WHERE part.cell = hold.cell
            AND part.hold_id = hold.id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM time_bank_gift AS gift
        WHERE gift.cell = hold.cell
            AND gift.hold_id = hold.id
    )
    AND NOT EXISTS (SELECT 1 FROM time_bank_dispute AS dispute WHERE dispute.hold_id = hold.id)

ORDER BY 1, 2, 3
