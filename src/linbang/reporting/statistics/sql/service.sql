-- Valid service in a window below a prefix: in all, by category, by child region.
-- Valid: verified, and counting for at least a minute after its newest correction (rule 89).
-- One range scan of record_by_region_and_time; corrections come by correction_by_record.
WITH valid AS (
    SELECT record.category,
           left(record.region_id, %(child_digits)s) AS child,
           record.person_id,
           record.beneficiary_id,
           record.kind,
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
      AND record.starts_at >= %(starts_at)s AND record.starts_at < %(ends_at)s
      AND NOT EXISTS (
          SELECT FROM service_records_recordvoid void
          WHERE void.cell = record.cell AND void.record_id = record.id
            AND void.voided_at IS NOT NULL AND void.lifted_at IS NULL
      )
)
SELECT category,
       child,
       count(*) AS person_times,
       coalesce(sum(minutes) FILTER (WHERE kind = 'proved'), 0)::bigint AS proved_minutes,
       coalesce(sum(minutes) FILTER (WHERE kind = 'entered'), 0)::bigint AS entered_minutes,
       count(DISTINCT person_id) AS active_volunteers,
       count(DISTINCT beneficiary_id) AS beneficiaries
FROM valid
WHERE minutes > 0
GROUP BY GROUPING SETS ((), (category), (child))
