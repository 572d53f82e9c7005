-- Half a year of the leaders of these records' activities: shifts, comings and goings, and how many
-- of them were not on the planned minute, absences counted in. By shift_by_activity.
WITH asked AS MATERIALIZED (
    SELECT record.id, activity.leader_id, record.drafted_at
    FROM service_records_servicerecord record
    JOIN service_attendance pair ON pair.id = record.attendance_id
    JOIN dispatch_signup place ON place.cell = pair.cell AND place.id = pair.sign_up_id
    JOIN activities_shift shift ON shift.cell = place.cell AND shift.id = place.shift_id
    JOIN activities_activity activity ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE record.id = ANY(%(ids)s)
      AND activity.leader_id IS NOT NULL
),
led AS MATERIALIZED (
    SELECT mine.leader_id,
           shift.id AS shift_id,
           pair.id AS pair_id,
           absence.id AS absence_id,
           date_trunc('minute', pair.in_at) <> shift.starts_at
               OR pair.out_at IS NULL
               OR date_trunc('minute', pair.out_at) <> shift.ends_at AS is_off
    FROM (SELECT leader_id, max(drafted_at) AS until FROM asked GROUP BY leader_id) mine
    JOIN activities_activity activity ON activity.leader_id = mine.leader_id
    JOIN activities_shift shift
      ON shift.cell = activity.cell AND shift.activity_id = activity.id
     AND shift.ends_at > mine.until - interval '180 days' AND shift.ends_at <= mine.until
    JOIN dispatch_signup place ON place.cell = shift.cell AND place.shift_id = shift.id
    LEFT JOIN service_attendance pair
      ON pair.cell = place.cell AND pair.sign_up_id = place.id AND pair.out_method <> 'void'
    LEFT JOIN service_absence absence
      ON absence.cell = place.cell AND absence.sign_up_id = place.id
    WHERE pair.id IS NOT NULL OR absence.id IS NOT NULL
),
summed AS MATERIALIZED (
    SELECT leader_id,
           count(DISTINCT shift_id) FILTER (WHERE pair_id IS NOT NULL) AS shifts,
           count(pair_id) AS attendances,
           count(*) FILTER (WHERE absence_id IS NOT NULL OR is_off) AS off_plan
    FROM led
    GROUP BY leader_id
)
SELECT asked.id, summed.shifts, summed.attendances, summed.off_plan
FROM asked
JOIN summed ON summed.leader_id = asked.leader_id
