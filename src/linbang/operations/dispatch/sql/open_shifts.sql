-- Shifts one may look at now, and how each of them stands to one reader: one statement, whatever the number.
--
-- A filter that is not wanted comes as NULL or ''. Nothing speaks of the reader where ``person`` is NULL.
-- ``shift_by_time`` serves the usual case (a county, from now on), ``shift_by_activity`` the activity page;
-- what a person is promised is found by the GiST index of ``commitments_do_not_overlap``.
WITH viewer AS MATERIALIZED (
    SELECT
        person.id,
        person.region_id,
        profile.skills,
        profile.categories,
        profile.longitude,
        profile.latitude
    FROM people_person AS person
    LEFT JOIN people_volunteerprofile AS profile
        ON profile.cell = person.cell AND profile.person_id = person.id AND profile.ended_at IS NULL
    WHERE person.id = %(person)s::bigint
),
found AS MATERIALIZED (
    SELECT
        shift.id,
        shift.cell,
        shift.public_id,
        shift.starts_at,
        shift.ends_at,
        shift.state,
        shift.cancel_reason,
        shift.post_id,
        activity.id AS activity_id,
        activity.public_id AS activity_public_id,
        activity.state AS activity_state,
        activity.name,
        activity.kind,
        activity.categories,
        activity.place_name,
        activity.region_id,
        activity.audience,
        activity.mode,
        activity.has_waiting_list,
        activity.sign_up_opens_at,
        activity.sign_up_closes_at,
        activity.organiser_id,
        activity.hazards <> '{}' AS is_high_risk,
        post.name AS post_name,
        post.skills,
        point.name AS point_name,
        coalesce(point.longitude, activity.longitude) AS longitude,
        coalesce(point.latitude, activity.latitude) AS latitude,
        load.places,
        load.taken,
        load.waiting,
        viewer.id AS person_id,
        viewer.skills && post.skills AS fits_skills,
        viewer.categories && activity.categories AS fits_categories,
        -- Flat enough within a city; the same to some metres as a great circle.
        round(111195 * sqrt(
            (coalesce(point.latitude, activity.latitude) - viewer.latitude) ^ 2
            + ((coalesce(point.longitude, activity.longitude) - viewer.longitude)
                * cos(radians(viewer.latitude))) ^ 2
        ))::integer AS metres
    FROM activities_shift AS shift
    JOIN activities_activity AS activity
        ON activity.cell = shift.cell AND activity.id = shift.activity_id
    JOIN activities_post AS post ON post.cell = shift.cell AND post.id = shift.post_id
    JOIN dispatch_shiftplaces AS load ON load.cell = shift.cell AND load.shift_id = shift.id
    LEFT JOIN activities_dutypoint AS point ON point.cell = post.cell AND point.id = post.point_id
    LEFT JOIN viewer ON true
    WHERE (%(county)s = '' OR shift.cell = %(county)s)
        AND (%(activity)s::bigint IS NULL OR shift.activity_id = %(activity)s)
        AND (%(shift)s::uuid IS NULL OR shift.public_id = %(shift)s)
        AND (%(activity)s::bigint IS NOT NULL OR %(shift)s::uuid IS NOT NULL
            OR activity.state = 'published' AND shift.state = 'planned')
        AND activity.state NOT IN ('draft', 'in_review')
        AND shift.starts_at >= %(starts_from)s
        AND shift.ends_at > %(now)s
        AND (%(until)s::timestamptz IS NULL OR shift.starts_at < %(until)s)
        AND (%(low)s = '' OR activity.region_id >= %(low)s AND activity.region_id < %(high)s)
        AND (%(digits)s = 0
            OR left(activity.region_id, %(digits)s) = left(viewer.region_id, %(digits)s))
        AND (%(category)s = '' OR %(category)s = ANY (activity.categories))
        AND (NOT %(weekend)s
            OR extract(isodow FROM shift.starts_at AT TIME ZONE 'Asia/Shanghai') IN (6, 7))
        AND (NOT %(skilled)s OR post.skills = '{}' OR viewer.skills && post.skills)
    ORDER BY shift.starts_at, shift.id
    LIMIT %(limit)s
),
standing AS MATERIALIZED (
    SELECT
        found.id AS shift_id,
        mine.public_id AS sign_up_id,
        mine.state,
        mine.held_until,
        CASE WHEN mine.state = 'waiting' THEN (
            SELECT count(*)
            FROM dispatch_signup AS ahead
            WHERE ahead.cell = mine.cell
                AND ahead.shift_id = mine.shift_id
                AND ahead.state = 'waiting'
                AND ahead.id <= mine.id
        ) END AS position,
        found.person_id IS NOT NULL AND EXISTS (
            SELECT
            FROM dispatch_commitment AS promise
            WHERE promise.released_at IS NULL
                AND int8range(promise.person_id, promise.person_id, '[]')
                    && int8range(found.person_id, found.person_id, '[]')
                AND promise.during && tstzrange(found.starts_at, found.ends_at, '[)')
                AND (promise.source <> 'shift' OR promise.source_id IS DISTINCT FROM mine.id)
        ) AS is_busy
    FROM found
    LEFT JOIN dispatch_signup AS mine
        ON mine.cell = found.cell
        AND mine.shift_id = found.id
        AND mine.person_id = found.person_id
        AND mine.ended_at IS NULL
),
cleared AS MATERIALIZED (
    SELECT
        asked.shifts[against.n] AS shift_id,
        CASE
            WHEN 'needs_adult' = ANY (against.causes) AND dispatch_accompanied_v1(
                asked.cells[against.n], asked.shifts[against.n], asked.people[against.n]
            ) THEN array_remove(against.causes, 'needs_adult')
            ELSE against.causes
        END AS causes
    FROM (
        SELECT
            array_agg(found.cell) AS cells,
            array_agg(found.id) AS shifts,
            array_agg(found.person_id) AS people,
            array_agg(%(now)s::timestamptz) AS nows
        FROM found
        WHERE found.person_id IS NOT NULL
    ) AS asked
    CROSS JOIN LATERAL clearance_against_v1(asked.cells, asked.shifts, asked.people, asked.nows)
        AS against
)
SELECT
    found.public_id,
    found.id,
    found.activity_id,
    found.activity_public_id,
    found.activity_state,
    found.name,
    found.kind,
    found.categories,
    found.place_name,
    found.region_id,
    found.audience,
    found.mode,
    found.has_waiting_list,
    found.sign_up_opens_at,
    found.sign_up_closes_at,
    found.is_high_risk,
    organiser.name AS organiser,
    found.post_id,
    found.post_name,
    found.skills,
    found.point_name,
    found.longitude,
    found.latitude,
    found.starts_at,
    found.ends_at,
    found.state,
    found.cancel_reason,
    found.places,
    found.taken,
    found.waiting,
    found.person_id IS NOT NULL,
    found.fits_skills,
    found.fits_categories,
    found.metres,
    standing.sign_up_id,
    standing.state AS my_state,
    standing.held_until,
    standing.position,
    standing.is_busy,
    coalesce(cleared.causes, '{}') AS causes
FROM found
JOIN standing ON standing.shift_id = found.id
JOIN organisations_organisation AS organiser ON organiser.id = found.organiser_id
LEFT JOIN cleared ON cleared.shift_id = found.id
ORDER BY found.starts_at, found.id
