-- How old the activity of a record was when it was credited, and how much of it was entered.
-- By the record's key, then shift_by_activity and the unique keys below it.
-- Materialized: young tables have no statistics yet, and a plan for one row would sum up per record.
WITH asked AS MATERIALIZED (
    SELECT record.id, record.drafted_at, activity.id AS activity_id, activity.cell,
           activity.created_at
    FROM service_records_servicerecord record
    JOIN service_attendance pair ON pair.id = record.attendance_id
    JOIN dispatch_signup place ON place.cell = pair.cell AND place.id = pair.sign_up_id
    JOIN activities_shift shift ON shift.cell = place.cell AND shift.id = place.shift_id
    JOIN activities_activity activity ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE record.id = ANY(%(ids)s)
),
summed AS MATERIALIZED (
    SELECT shift.activity_id,
           sum(record.credited_minutes) AS minutes,
           coalesce(sum(record.credited_minutes) FILTER (WHERE record.kind = 'entered'), 0)
               AS entered_minutes,
           count(DISTINCT record.person_id) FILTER (WHERE record.kind = 'entered')
               AS entered_people
    FROM (SELECT DISTINCT activity_id, cell FROM asked) mine
    JOIN activities_shift shift
      ON shift.cell = mine.cell AND shift.activity_id = mine.activity_id
    JOIN dispatch_signup place ON place.cell = shift.cell AND place.shift_id = shift.id
    JOIN service_attendance pair ON pair.cell = place.cell AND pair.sign_up_id = place.id
    JOIN service_records_servicerecord record ON record.attendance_id = pair.id
    GROUP BY shift.activity_id
)
SELECT asked.id,
       floor(extract(epoch FROM asked.drafted_at - asked.created_at) / 60)::bigint,
       summed.minutes::bigint,
       summed.entered_minutes::bigint,
       summed.entered_people
FROM asked
JOIN summed ON summed.activity_id = asked.activity_id
