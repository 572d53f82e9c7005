-- The first and the last organiser of activities below a region prefix and an organisation path.
SELECT min(organiser.path) AS first,
       max(organiser.path) AS last
FROM activities_activity activity
JOIN organisations_organisation organiser ON organiser.id = activity.organiser_id
WHERE activity.region_id >= %(low)s AND activity.region_id < %(high)s
  AND organiser.path >= %(path_low)s AND organiser.path < %(path_high)s
  AND activity.state NOT IN ('draft', 'in_review')
