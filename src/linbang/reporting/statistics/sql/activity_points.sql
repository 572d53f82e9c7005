-- By duty point: how often it was staffed as it should be, and by whom. Follows activity_facts.sql.
SELECT point.public_id AS point,
       point.kind,
       point.name,
       point.is_demonstration,
       count(*) FILTER (WHERE is_shift) AS planned,
       count(DISTINCT shift_id) FILTER (WHERE there >= places_min) AS staffed,
       count(*) FILTER (WHERE came) AS person_times,
       count(DISTINCT person_id) FILTER (WHERE came) AS people,
       coalesce(sum(minutes) FILTER (WHERE came), 0)::bigint AS minutes,
       coalesce(sum(places) FILTER (WHERE is_shift), 0)::bigint AS places,
       count(*) FILTER (WHERE NOT is_shift) AS filled,
       count(*) FILTER (WHERE is_absent) AS no_shows
FROM (
    SELECT fact.*, count(*) FILTER (WHERE came) OVER (PARTITION BY shift_id) AS there
    FROM fact
    WHERE point_id IS NOT NULL
) AS manned
JOIN activities_dutypoint point ON point.cell = manned.cell AND point.id = manned.point_id
GROUP BY point.id, point.public_id, point.kind, point.name, point.is_demonstration
ORDER BY point.kind, point.name, point.id
LIMIT %(points_max)s
