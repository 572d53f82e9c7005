-- How many people opened the check-in page of a record's activity on the browser of its person, and
-- proved by code or location that they were there. By device_seen_once_a_person.
WITH asked AS MATERIALIZED (
    SELECT record.id, record.person_id, shift.cell, shift.activity_id
    FROM service_records_servicerecord record
    JOIN service_attendance pair ON pair.id = record.attendance_id
    JOIN dispatch_signup place ON place.cell = pair.cell AND place.id = pair.sign_up_id
    JOIN activities_shift shift ON shift.cell = place.cell AND shift.id = place.shift_id
    WHERE record.id = ANY(%(ids)s)
      AND record.kind = 'proved'
),
shared AS MATERIALIZED (
    SELECT seen.cell, seen.activity_id, seen.mark, count(DISTINCT seen.person_id) AS people
    FROM (SELECT DISTINCT cell, activity_id FROM asked) mine
    JOIN service_devicesighting seen
      ON seen.cell = mine.cell AND seen.activity_id = mine.activity_id
    WHERE EXISTS (
        SELECT FROM activities_shift shift
        JOIN dispatch_signup place ON place.cell = shift.cell AND place.shift_id = shift.id
        JOIN service_attendance pair ON pair.cell = place.cell AND pair.sign_up_id = place.id
        WHERE shift.cell = seen.cell AND shift.activity_id = seen.activity_id
          AND place.person_id = seen.person_id
          AND pair.in_method IN ('code', 'location')
    )
    GROUP BY seen.cell, seen.activity_id, seen.mark
)
SELECT asked.id, max(shared.people)
FROM asked
JOIN service_devicesighting mine
  ON mine.cell = asked.cell AND mine.activity_id = asked.activity_id
 AND mine.person_id = asked.person_id
JOIN shared
  ON shared.cell = mine.cell AND shared.activity_id = mine.activity_id AND shared.mark = mine.mark
GROUP BY asked.id
