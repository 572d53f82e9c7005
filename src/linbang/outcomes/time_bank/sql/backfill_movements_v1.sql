-- What moved in personal books before branches were kept: at the record's place, for the saver's
-- home of today.
INSERT INTO time_bank_movement
    (cell, transfer_id, person_id, minutes, purpose, branch_id, home_id, at)
SELECT
    entry.cell, entry.transfer_id, record.person_id, entry.amount, transfer.purpose,
    left(record.region_id, 12), person.region_id, transfer.posted_at
FROM ledger_entry AS entry
JOIN ledger_account AS account
    ON account.cell = entry.cell
    AND account.id = entry.account_id
    AND account.kind = 'personal'
    AND account.unit = 'minutes'
JOIN ledger_transfer AS transfer
    ON transfer.cell = entry.cell
    AND transfer.id = entry.transfer_id
    AND transfer.source ~ '^record:[0-9]+$'
JOIN service_records_servicerecord AS record
    ON record.cell = entry.cell
    AND record.id = split_part(transfer.source, ':', 2)::bigint
JOIN people_person AS person
    ON person.cell = record.cell
    AND person.id = record.person_id
ON CONFLICT DO NOTHING
