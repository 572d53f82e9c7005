-- The months of a calendar year below a prefix: requests opened and valid service, by month in China.
-- Range scans of need_by_region_and_time and record_by_region_and_time, over a year.
WITH asked AS (
    SELECT EXTRACT(month FROM need.opened_at AT TIME ZONE 'Asia/Shanghai')::int AS month,
           count(*) AS requests
    FROM needs_need need
    WHERE need.region_id >= %(low)s AND need.region_id < %(high)s
      AND need.opened_at >= %(year_starts_at)s AND need.opened_at < %(year_ends_at)s
    GROUP BY 1
),
valid AS (
    SELECT EXTRACT(month FROM record.starts_at AT TIME ZONE 'Asia/Shanghai')::int AS month,
           record.person_id,
           record.beneficiary_id,
           coalesce(correction.credited_minutes, verification.minutes) AS minutes
    FROM service_records_servicerecord record
    JOIN service_records_recordverification verification
      ON verification.cell = record.cell AND verification.record_id = record.id
    LEFT JOIN LATERAL (
        SELECT newest.credited_minutes
        FROM service_records_recordcorrection newest
        WHERE newest.cell = record.cell AND newest.record_id = record.id
        ORDER BY newest.id DESC
        LIMIT 1
    ) correction ON true
    -- What was done on shifts is counted with the activities.
    WHERE record.visit_id IS NOT NULL
      AND record.region_id >= %(low)s AND record.region_id < %(high)s
      AND record.starts_at >= %(year_starts_at)s AND record.starts_at < %(year_ends_at)s
      AND NOT EXISTS (
          SELECT FROM service_records_recordvoid void
          WHERE void.cell = record.cell AND void.record_id = record.id
            AND void.voided_at IS NOT NULL AND void.lifted_at IS NULL
      )
),
served AS (
    SELECT month,
           count(*) AS person_times,
           sum(minutes)::bigint AS minutes,
           count(DISTINCT person_id) AS active_volunteers,
           count(DISTINCT beneficiary_id) AS beneficiaries
    FROM valid
    WHERE minutes > 0
    GROUP BY month
)
SELECT month,
       coalesce(asked.requests, 0) AS requests,
       coalesce(served.person_times, 0) AS person_times,
       coalesce(served.minutes, 0) AS minutes,
       coalesce(served.active_volunteers, 0) AS active_volunteers,
       coalesce(served.beneficiaries, 0) AS beneficiaries
FROM generate_series(1, 12) AS month
LEFT JOIN asked USING (month)
LEFT JOIN served USING (month)
ORDER BY month
