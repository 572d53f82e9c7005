-- What a scheme would change for those who save in a region: figures, nobody is named.
WITH savers AS (
    SELECT
        account.balance,
        person.sex,
        EXTRACT(year FROM age(%(today)s::date, person.birth_date))::int AS years
    FROM people_person AS person
    JOIN ledger_account AS account
        ON account.cell = person.cell
        AND account.owner = 'person:' || person.id
        AND account.unit = 'minutes'
        AND account.kind = 'personal'
    WHERE person.region_id >= %(low)s AND person.region_id < %(high)s
        AND person.closed_at IS NULL
        AND account.version > 0
), days AS (
    SELECT sum(movement.minutes) AS minutes
    FROM time_bank_movement AS movement
    JOIN ledger_transfer AS transfer
        ON transfer.cell = movement.cell AND transfer.id = movement.transfer_id
    JOIN service_records_servicerecord AS record
        ON record.cell = movement.cell
        AND transfer.source = 'record:' || record.id
        AND record.person_id = movement.person_id
    WHERE movement.home_id >= %(low)s AND movement.home_id < %(high)s
        AND movement.at >= %(since)s
        AND movement.purpose = 'earned'
    GROUP BY
        movement.cell, movement.person_id, (record.starts_at AT TIME ZONE 'Asia/Shanghai')::date
)
SELECT
    count(*) AS savers,
    count(*) FILTER (WHERE balance > %(balance_max)s) AS above_limit,
    count(*) FILTER (
        WHERE years < CASE WHEN sex = 'f' THEN %(earn_age_women)s ELSE %(earn_age)s END
            OR years > %(earn_age_max)s
    ) AS outside_earning_age,
    count(*) FILTER (WHERE years < %(redeem_age)s) AS below_redeem_age,
    count(*) FILTER (WHERE years < %(redeem_age_now)s) AS below_redeem_age_now,
    (SELECT count(*) FROM days WHERE minutes > %(day_max)s) AS days_above_limit
FROM savers
