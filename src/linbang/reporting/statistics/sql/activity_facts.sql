-- What activities are counted from, below a region prefix and an organisation path: one row for each shift
-- of a window that has ended, and one for each person who had a place on it. A shift counts its places and,
-- as the last of its activity, the people it served; a person her presence, or that she did not come.
-- Range scans of activity_by_region_and_state (a region) or activity_by_organiser (a team), then
-- shift_by_activity, sign_up_by_shift and the unique keys of attendance and absence.
WITH ended AS (
    SELECT activity.id AS activity_id,
           activity.kind,
           coalesce(brand.name, '') AS brand,
           left(activity.region_id, %(child_digits)s) AS child,
           left(organiser.path, %(node_digits)s) AS node,
           activity.people_served,
           shift.id AS shift_id,
           shift.cell,
           shift.starts_at,
           shift.places,
           shift.places_min,
           post.point_id
    FROM activities_activity activity
    JOIN organisations_organisation organiser ON organiser.id = activity.organiser_id
    JOIN activities_shift shift ON shift.cell = activity.cell AND shift.activity_id = activity.id
    JOIN activities_post post ON post.cell = shift.cell AND post.id = shift.post_id
    LEFT JOIN activities_brand brand ON brand.cell = activity.cell AND brand.id = activity.brand_id
    WHERE activity.region_id >= %(low)s AND activity.region_id < %(high)s
      AND organiser.path >= %(path_low)s AND organiser.path < %(path_high)s
      AND activity.state NOT IN ('draft', 'in_review')
      AND shift.state = 'planned'
      AND shift.starts_at >= %(starts_at)s AND shift.starts_at < %(ends_at)s
      AND shift.ends_at <= %(asked_at)s
),
placed AS (
    SELECT ended.shift_id,
           place.person_id,
           sum(floor(EXTRACT(epoch FROM pair.out_at - pair.in_at) / 60))::bigint AS minutes,
           count(pair.out_at) > 0 AS came,
           count(pair.id) > count(pair.out_at) AS is_open,
           count(absence.id) > 0 AS is_absent
    FROM ended
    JOIN dispatch_signup place
      ON place.cell = ended.cell AND place.shift_id = ended.shift_id AND place.state = 'confirmed'
    LEFT JOIN service_attendance pair
      ON pair.cell = place.cell AND pair.sign_up_id = place.id AND pair.out_method <> 'void'
     -- Void records are few: a hashed list, not a look-up a row.
     AND pair.id NOT IN (
         SELECT record.attendance_id
         FROM service_records_recordvoid void
         JOIN service_records_servicerecord record
           ON record.cell = void.cell AND record.id = void.record_id
         WHERE void.voided_at IS NOT NULL AND void.lifted_at IS NULL
           AND record.attendance_id IS NOT NULL
     )
    LEFT JOIN service_absence absence
      ON absence.cell = place.cell AND absence.sign_up_id = place.id
     AND absence.counted_at IS NOT NULL AND absence.excused_at IS NULL
    GROUP BY ended.shift_id, place.id, place.person_id
),
fact AS (
    SELECT ended.*,
           NULL::bigint AS person_id,
           NULL::bigint AS minutes,
           false AS came,
           false AS is_open,
           false AS is_absent,
           true AS is_shift,
           CASE WHEN NOT EXISTS (
               SELECT 1
               FROM activities_shift later
               WHERE later.cell = ended.cell AND later.activity_id = ended.activity_id
                 AND later.state = 'planned'
                 AND (later.starts_at, later.id) > (ended.starts_at, ended.shift_id)
           ) THEN ended.people_served END AS served
    FROM ended
    UNION ALL
    SELECT ended.*, placed.person_id, placed.minutes, placed.came, placed.is_open,
           placed.is_absent, false, NULL
    FROM placed
    JOIN ended USING (shift_id)
)
