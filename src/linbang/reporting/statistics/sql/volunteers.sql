-- Volunteers on the books at the end of a window below a prefix: in all, by child region, by age.
-- A range scan of the foreign key's index on people_volunteerprofile.region_id.
-- Unconfirmed registrations do not count (rule 4), nor do people who have left.
WITH registered AS (
    SELECT left(profile.region_id, %(child_digits)s) AS child,
           width_bucket(
               EXTRACT(year FROM age(%(last_day)s::date, person.birth_date))::int, %(age_bands)s
           ) AS age_band
    FROM people_volunteerprofile profile
    JOIN people_person person
      ON person.cell = profile.cell AND person.id = profile.person_id
    WHERE profile.region_id >= %(low)s AND profile.region_id < %(high)s
      AND profile.activated_at < %(ends_at)s
      AND (profile.ended_at IS NULL OR profile.ended_at >= %(ends_at)s)
      AND person.confirmed_at < %(ends_at)s
      AND (person.closed_at IS NULL OR person.closed_at >= %(ends_at)s)
)
SELECT child,
       age_band,
       count(*) AS volunteers
FROM registered
GROUP BY GROUPING SETS ((), (child), (age_band))
