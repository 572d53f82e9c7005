-- The ways between a record and the person's proved segments before and after it, within a day.
-- By record_by_person. A place is the activity's point, or the region's: none, no way.
WITH asked AS MATERIALIZED (
    SELECT record.id, record.cell, record.person_id, record.starts_at, record.ends_at
    FROM service_records_servicerecord record
    WHERE record.id = ANY(%(ids)s)
      AND record.kind = 'proved'
      AND record.minutes > 0
),
around AS MATERIALIZED (
    SELECT cell, person_id, min(starts_at) - interval '1 day' AS low,
           max(ends_at) + interval '1 day' AS high
    FROM asked
    GROUP BY cell, person_id
),
segment AS MATERIALIZED (
    SELECT record.id, record.cell, record.person_id, record.starts_at, record.ends_at,
           coalesce(activity.latitude, region.latitude) AS latitude,
           coalesce(activity.longitude, region.longitude) AS longitude
    FROM around
    JOIN service_records_servicerecord record
      ON record.cell = around.cell AND record.person_id = around.person_id
     AND record.starts_at > around.low AND record.starts_at < around.high
     AND record.kind = 'proved' AND record.minutes > 0
    JOIN places_region region ON region.code = record.region_id
    LEFT JOIN service_attendance pair ON pair.id = record.attendance_id
    LEFT JOIN dispatch_signup place ON place.cell = pair.cell AND place.id = pair.sign_up_id
    LEFT JOIN activities_shift shift ON shift.cell = place.cell AND shift.id = place.shift_id
    LEFT JOIN activities_activity activity
      ON activity.cell = shift.cell AND activity.id = shift.activity_id
),
leg AS MATERIALIZED (
    SELECT id AS to_id,
           lag(id) OVER person AS from_id,
           service_distance_m_v1(
               lag(latitude) OVER person, lag(longitude) OVER person, latitude, longitude
           ) AS metres,
           floor(extract(epoch FROM starts_at - lag(ends_at) OVER person) / 60)::bigint AS minutes
    FROM segment
    WINDOW person AS (PARTITION BY cell, person_id ORDER BY starts_at, id)
)
SELECT ends.id, leg.metres, leg.minutes
FROM leg
CROSS JOIN LATERAL (VALUES (leg.to_id), (leg.from_id)) AS ends (id)
WHERE leg.metres IS NOT NULL AND leg.minutes BETWEEN 0 AND 1440
  AND ends.id = ANY(%(ids)s)
