-- Each service of the catalogue below a region in a window: asked for, taken up, how long it took,
-- what found nobody, and who could do it. Indexes: need_by_region_and_time, active_volunteer_by_region.
WITH asked AS (
    SELECT
        need.item_id,
        need.state,
        need.starts_at,
        (
            SELECT min(assignment.accepted_at)
            FROM dispatch_assignment AS assignment
            WHERE assignment.cell = need.cell
                AND assignment.need_id = need.id
        ) AS accepted_at,
        need.opened_at
    FROM needs_need AS need
    WHERE need.region_id >= %(low)s AND need.region_id < %(high)s
        AND need.opened_at >= %(starts_at)s AND need.opened_at < %(ends_at)s
        -- What was not taken on, or not wanted any more, lacked no helper.
        AND need.state NOT IN ('declined', 'withdrawn')
), requests AS (
    SELECT
        item_id,
        count(*) AS requests,
        count(*) FILTER (WHERE state = 'fulfilled') AS fulfilled,
        count(*) FILTER (WHERE accepted_at IS NULL AND (state = 'lapsed' OR starts_at <= %(asked_at)s))
            AS unfilled,
        count(*) FILTER (WHERE accepted_at IS NULL AND state <> 'lapsed' AND starts_at > %(asked_at)s)
            AS waiting,
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY (EXTRACT(epoch FROM accepted_at - opened_at) / 60)::float8
        ) AS wait_minutes
    FROM asked
    GROUP BY item_id
), helpers AS (
    SELECT profile.categories, profile.skills
    FROM people_volunteerprofile AS profile
    JOIN people_person AS person
        ON person.cell = profile.cell
        AND person.id = profile.person_id
    WHERE profile.region_id >= %(low)s AND profile.region_id < %(high)s
        AND profile.ended_at IS NULL
        AND person.confirmed_at IS NOT NULL
        AND person.closed_at IS NULL
        AND (profile.paused_until IS NULL OR profile.paused_until <= %(asked_at)s)
)
SELECT
    item.code,
    coalesce(requests.requests, 0) AS requests,
    coalesce(requests.fulfilled, 0) AS fulfilled,
    coalesce(requests.unfilled, 0) AS unfilled,
    coalesce(requests.waiting, 0) AS waiting,
    round(requests.wait_minutes)::int AS wait_minutes,
    (
        SELECT count(*)
        FROM helpers
        WHERE item.category = ANY (helpers.categories)
            AND helpers.skills @> item.skills
    ) AS helpers
FROM needs_serviceitem AS item
LEFT JOIN requests ON requests.item_id = item.code
ORDER BY item.position, item.code
