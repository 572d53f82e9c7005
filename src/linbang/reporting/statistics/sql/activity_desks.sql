-- People served at the desks of consult events in a window, in all and by topic, below a region prefix and
-- an organisation path. activity_by_region_and_state, the desks of an activity, desk_tally_by_topic.
SELECT tally.topic,
       sum(tally.people)::bigint AS people
FROM activities_activity activity
JOIN organisations_organisation organiser ON organiser.id = activity.organiser_id
JOIN activities_desk desk ON desk.cell = activity.cell AND desk.activity_id = activity.id
JOIN service_desktally tally ON tally.cell = desk.cell AND tally.desk_id = desk.id
WHERE activity.region_id >= %(low)s AND activity.region_id < %(high)s
  AND organiser.path >= %(path_low)s AND organiser.path < %(path_high)s
  AND activity.kind = 'consult'
  AND tally.at >= %(starts_at)s AND tally.at < %(ends_at)s
GROUP BY GROUPING SETS ((), (tally.topic))
ORDER BY people DESC NULLS LAST, tally.topic
