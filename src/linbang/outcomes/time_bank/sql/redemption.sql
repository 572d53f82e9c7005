-- How long a saved minute waits: each saver's deposits and withdrawals laid end to end, first in,
-- first out; the median is weighed by minutes. Corrections use up what they took back, but are no
-- redemption. Index: movement_by_home.
WITH moves AS (
    SELECT movement.*, movement.purpose = ANY (%(earning)s) AS is_correcting
    FROM time_bank_movement AS movement
    WHERE movement.home_id >= %(low)s AND movement.home_id < %(high)s
        AND movement.at < %(ends_at)s
), deposits AS (
    SELECT
        cell, person_id, at,
        sum(minutes) OVER book - minutes AS start,
        sum(minutes) OVER book AS finish
    FROM moves
    WHERE minutes > 0
    WINDOW book AS (PARTITION BY cell, person_id ORDER BY at, id)
), withdrawals AS (
    SELECT
        cell, person_id, at, is_correcting,
        sum(-minutes) OVER book + minutes AS start,
        sum(-minutes) OVER book AS finish
    FROM moves
    WHERE minutes < 0
    WINDOW book AS (PARTITION BY cell, person_id ORDER BY at, id)
), gone AS (
    SELECT cell, person_id, max(finish) AS minutes
    FROM withdrawals
    GROUP BY cell, person_id
), redeemed AS (
    SELECT
        GREATEST(withdrawal.at - deposit.at, interval '0') AS age,
        LEAST(deposit.finish, withdrawal.finish) - GREATEST(deposit.start, withdrawal.start)
            AS minutes
    FROM withdrawals AS withdrawal
    JOIN deposits AS deposit
        ON deposit.cell = withdrawal.cell
        AND deposit.person_id = withdrawal.person_id
        AND deposit.start < withdrawal.finish
        AND deposit.finish > withdrawal.start
    WHERE NOT withdrawal.is_correcting
        AND withdrawal.at >= %(starts_at)s
), waiting AS (
    SELECT
        %(ends_at)s - deposit.at AS age,
        deposit.finish - GREATEST(deposit.start, coalesce(gone.minutes, 0)) AS minutes
    FROM deposits AS deposit
    LEFT JOIN gone ON gone.cell = deposit.cell AND gone.person_id = deposit.person_id
    WHERE deposit.finish > coalesce(gone.minutes, 0)
), medians AS (
    SELECT kind, min(age) FILTER (WHERE so_far * 2 >= total) AS age, max(total) AS minutes
    FROM (
        SELECT
            kind, age,
            sum(minutes) OVER (PARTITION BY kind ORDER BY age) AS so_far,
            sum(minutes) OVER (PARTITION BY kind) AS total
        FROM (
            SELECT 'redeemed' AS kind, age, minutes FROM redeemed
            UNION ALL
            SELECT 'waiting', age, minutes FROM waiting
        ) AS parts
    ) AS running
    GROUP BY kind
)
SELECT
    (SELECT count(DISTINCT (cell, person_id)) FROM deposits) AS savers,
    (SELECT count(DISTINCT (cell, person_id)) FROM withdrawals WHERE NOT is_correcting) AS redeemers,
    (SELECT coalesce(minutes, 0)::bigint FROM medians WHERE kind = 'redeemed') AS redeemed_minutes,
    (SELECT EXTRACT(epoch FROM age)::float8 / 86400 FROM medians WHERE kind = 'redeemed')
        AS redeemed_days,
    (SELECT coalesce(minutes, 0)::bigint FROM medians WHERE kind = 'waiting') AS waiting_minutes,
    (SELECT EXTRACT(epoch FROM age)::float8 / 86400 FROM medians WHERE kind = 'waiting')
        AS waiting_days
