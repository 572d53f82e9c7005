-- The entered records of shifts whose person never had to do with the team: never a member of the
-- organiser, never put down by herself or who speaks for her, never proved to be at one of its
-- shifts. Who is known where is told once, by the person's own indexes, and looked up by hash.
WITH asked AS MATERIALIZED (
    SELECT record.id, record.person_id, activity.organiser_id
    FROM service_records_servicerecord record
    JOIN service_attendance pair ON pair.id = record.attendance_id
    JOIN dispatch_signup place ON place.cell = pair.cell AND place.id = pair.sign_up_id
    JOIN activities_shift shift ON shift.cell = place.cell AND shift.id = place.shift_id
    JOIN activities_activity activity
      ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE record.id = ANY(%(ids)s)
      AND record.kind = 'entered'
),
known AS MATERIALIZED (
    SELECT member.person_id, member.organisation_id AS organiser_id
    FROM organisations_membership member
    WHERE member.person_id = ANY(ARRAY(SELECT person_id FROM asked))
      AND member.approved_at IS NOT NULL
    UNION
    SELECT own.person_id, activity.organiser_id
    FROM dispatch_signup own
    JOIN activities_shift shift ON shift.cell = own.cell AND shift.id = own.shift_id
    JOIN activities_activity activity
      ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE own.person_id = ANY(ARRAY(SELECT person_id FROM asked))
      AND (own.by_id = own.person_id OR EXISTS (
          SELECT FROM people_kinship kin
          WHERE kin.person_id = own.person_id AND kin.relative_id = own.by_id
            AND kin.confirmed_at IS NOT NULL
      ))
    UNION
    SELECT earlier.person_id, activity.organiser_id
    FROM service_attendance earlier
    JOIN dispatch_signup own ON own.cell = earlier.cell AND own.id = earlier.sign_up_id
    JOIN activities_shift shift ON shift.cell = own.cell AND shift.id = own.shift_id
    JOIN activities_activity activity
      ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE earlier.person_id = ANY(ARRAY(SELECT person_id FROM asked))
      AND earlier.in_method IN ('code', 'location', 'card')
)
SELECT asked.id
FROM asked
WHERE (asked.person_id, asked.organiser_id) NOT IN (SELECT person_id, organiser_id FROM known)
