-- By month in China, over the window of activity_facts.sql, which it follows.
SELECT EXTRACT(year FROM starts_at AT TIME ZONE 'Asia/Shanghai')::int AS year,
       EXTRACT(month FROM starts_at AT TIME ZONE 'Asia/Shanghai')::int AS month,
       count(DISTINCT activity_id) FILTER (WHERE came) AS activities,
       count(*) FILTER (WHERE came) AS person_times,
       count(DISTINCT person_id) FILTER (WHERE came) AS people,
       coalesce(sum(minutes) FILTER (WHERE came), 0)::bigint AS minutes,
       coalesce(sum(served), 0)::bigint AS people_served
FROM fact
GROUP BY 1, 2
ORDER BY 1, 2
