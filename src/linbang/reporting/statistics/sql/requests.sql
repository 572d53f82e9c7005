-- Requests opened in a window below a prefix, as they stand now: in all, by category, by child region.
-- One range scan of need_by_region_and_time; the steps of a need come by need_step_by_need.
WITH asked AS (
    SELECT item.category,
           left(need.region_id, %(child_digits)s) AS child,
           need.state,
           EXISTS (
               SELECT 1
               FROM needs_needstep step
               WHERE step.cell = need.cell AND step.need_id = need.id
                 AND step.state NOT IN ('opened', 'declined', 'withdrawn', 'lapsed')
           ) AS is_verified,
           EXTRACT(epoch FROM need.first_answered_at - need.opened_at) / 60 AS answer_minutes,
           need.first_answered_at <= need.answer_due_at AS is_in_time,
           need.answer_due_at IS NOT NULL
           AND (need.first_answered_at IS NOT NULL
                OR need.state <> 'withdrawn' AND need.answer_due_at <= %(asked_at)s) AS is_due
    FROM needs_need need
    JOIN needs_serviceitem item ON item.code = need.item_id
    WHERE need.region_id >= %(low)s AND need.region_id < %(high)s
      AND need.opened_at >= %(starts_at)s AND need.opened_at < %(ends_at)s
)
SELECT category,
       child,
       count(*) AS requests,
       count(*) FILTER (WHERE is_verified) AS verified,
       count(*) FILTER (WHERE state = 'fulfilled') AS fulfilled,
       count(*) FILTER (WHERE state = 'declined') AS declined,
       count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn,
       count(*) FILTER (WHERE state = 'lapsed') AS lapsed,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_minutes::float8)
           AS response_minutes_median,
       avg(answer_minutes)::float8 AS response_minutes_mean,
       count(*) FILTER (WHERE is_due) AS answers_due,
       count(*) FILTER (WHERE is_due AND is_in_time) AS answered_in_time
FROM asked
GROUP BY GROUPING SETS ((), (category), (child))
