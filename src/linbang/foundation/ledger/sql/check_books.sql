-- Every rule of the books, as the rows that break it: (rule, cell, subject, detail).
WITH asked AS (
    SELECT %s::text AS cell, %s::text IS NULL AS is_everywhere
), entries AS (
    SELECT
        entry.cell,
        entry.transfer_id,
        entry.account_id,
        entry.amount,
        entry.balance_after,
        entry.account_version,
        lag(entry.balance_after, 1, 0::bigint) OVER book AS balance_before,
        lag(entry.account_version, 1, 0::bigint) OVER book AS version_before
    FROM ledger_entry AS entry
    JOIN asked ON asked.is_everywhere OR asked.cell = entry.cell
    WINDOW book AS (PARTITION BY entry.cell, entry.account_id ORDER BY entry.account_version)
), books AS (
    SELECT
        cell,
        account_id,
        sum(amount) AS balance,
        max(account_version) AS version,
        count(*) AS entries,
        count(*) FILTER (WHERE balance_after <> balance_before + amount) AS breaks,
        count(*) FILTER (WHERE account_version <> version_before + 1) AS gaps
    FROM entries
    GROUP BY cell, account_id
), accounts AS (
    SELECT account.*
    FROM ledger_account AS account
    JOIN asked ON asked.is_everywhere OR asked.cell = account.cell
), transfers AS (
    SELECT transfer.*
    FROM ledger_transfer AS transfer
    JOIN asked ON asked.is_everywhere OR asked.cell = transfer.cell
), legs AS (
    SELECT
        entry.cell,
        entry.transfer_id,
        count(*) AS entries,
        sum(entry.amount) AS sum,
        count(DISTINCT account.unit) AS units
    FROM ledger_entry AS entry
    JOIN accounts AS account ON account.cell = entry.cell AND account.id = entry.account_id
    GROUP BY entry.cell, entry.transfer_id
), open_holds AS (
    SELECT hold.cell, hold.account_id, sum(hold.amount) AS held
    FROM ledger_hold AS hold
    WHERE NOT EXISTS (
        SELECT 1
        FROM ledger_holdend AS ending
        WHERE ending.cell = hold.cell
            AND ending.hold_id = hold.id
    )
    GROUP BY hold.cell, hold.account_id
)
SELECT
    'balance_equals_entries',
    account.cell,
    account.id,
    format('balance %%s, entries sum to %%s', account.balance, coalesce(book.balance, 0))
FROM accounts AS account
LEFT JOIN books AS book ON book.cell = account.cell AND book.account_id = account.id
WHERE account.balance <> coalesce(book.balance, 0)

UNION ALL
SELECT
    'version_equals_entries',
    account.cell,
    account.id,
    format('version %%s, %%s entries up to %%s', account.version, coalesce(book.entries, 0), book.version)
FROM accounts AS account
LEFT JOIN books AS book ON book.cell = account.cell AND book.account_id = account.id
WHERE account.version <> coalesce(book.entries, 0)
    OR account.version <> coalesce(book.version, 0)

UNION ALL
SELECT
    'entries_chain',
    book.cell,
    book.account_id,
    format('%%s wrong balances, %%s gaps', book.breaks, book.gaps)
FROM books AS book
WHERE book.breaks > 0
    OR book.gaps > 0

UNION ALL
SELECT
    'transfer_sums_to_zero',
    transfer.cell,
    transfer.id,
    format('%%s entries sum to %%s', coalesce(leg.entries, 0), coalesce(leg.sum, 0))
FROM transfers AS transfer
LEFT JOIN legs AS leg ON leg.cell = transfer.cell AND leg.transfer_id = transfer.id
WHERE coalesce(leg.entries, 0) < 2
    OR leg.sum <> 0

UNION ALL
SELECT
    'transfer_keeps_to_one_unit',
    leg.cell,
    leg.transfer_id,
    format('%%s units', leg.units)
FROM legs AS leg
WHERE leg.units <> 1

UNION ALL
SELECT
    'held_equals_open_holds',
    account.cell,
    account.id,
    format('held %%s, open holds %%s', account.held, coalesce(open_hold.held, 0))
FROM accounts AS account
LEFT JOIN open_holds AS open_hold
    ON open_hold.cell = account.cell AND open_hold.account_id = account.id
WHERE account.held <> coalesce(open_hold.held, 0)

UNION ALL
SELECT
    'account_keeps_its_limit',
    account.cell,
    account.id,
    format('balance %%s, held %%s', account.balance, account.held)
FROM accounts AS account
WHERE account.held < 0
    OR account.kind <> 'issue' AND account.balance < account.held

UNION ALL
SELECT
    'hold_pays_what_it_says',
    hold.cell,
    hold.id,
    format('promised %%s, settled %%s, paid %%s', hold.amount, ending.settled, paid.amount)
FROM ledger_hold AS hold
JOIN asked ON asked.is_everywhere OR asked.cell = hold.cell
JOIN ledger_holdend AS ending ON ending.cell = hold.cell AND ending.hold_id = hold.id
LEFT JOIN ledger_entry AS paid
    ON paid.cell = ending.cell
    AND paid.transfer_id = ending.transfer_id
    AND paid.account_id = hold.account_id
WHERE ending.settled > hold.amount
    OR ending.settled <> coalesce(-paid.amount, 0)

UNION ALL
SELECT
    'reversal_mirrors_its_original',
    mirror.cell,
    mirror.id,
    format('reverses %%s', mirror.reverses_id)
FROM transfers AS mirror
WHERE mirror.reverses_id IS NOT NULL
    AND EXISTS (
        SELECT 1
        FROM ledger_entry AS entry
        WHERE entry.cell = mirror.cell
            AND entry.transfer_id IN (mirror.id, mirror.reverses_id)
        GROUP BY entry.account_id
        HAVING sum(entry.amount) <> 0
    )

UNION ALL
SELECT
    'units_issued_equal_units_kept',
    account.cell,
    0,
    format('%%s: all balances sum to %%s', account.unit, sum(account.balance))
FROM accounts AS account
GROUP BY account.cell, account.unit
HAVING sum(account.balance) <> 0

ORDER BY 1, 2, 3
