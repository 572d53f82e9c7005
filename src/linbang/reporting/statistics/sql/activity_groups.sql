-- In all, by kind, by brand, by child region, by team. Follows activity_facts.sql.
SELECT kind,
       brand,
       child,
       node,
       count(DISTINCT activity_id) FILTER (WHERE came) AS activities,
       count(DISTINCT shift_id) FILTER (WHERE came) AS shifts,
       count(*) FILTER (WHERE came) AS person_times,
       count(DISTINCT person_id) FILTER (WHERE came) AS people,
       coalesce(sum(minutes) FILTER (WHERE came), 0)::bigint AS minutes,
       coalesce(sum(served), 0)::bigint AS people_served,
       coalesce(sum(places) FILTER (WHERE is_shift), 0)::bigint AS places,
       count(*) FILTER (WHERE NOT is_shift) AS filled,
       count(*) FILTER (WHERE is_absent) AS no_shows,
       count(*) FILTER (WHERE is_open) AS unsettled
FROM fact
GROUP BY GROUPING SETS ((), (kind), (brand), (child), (node))
