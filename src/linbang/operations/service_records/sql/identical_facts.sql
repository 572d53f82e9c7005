-- How many people the same hand entered with these times, and on how many days of a month this
-- person. By record_by_region_and_time and record_by_person.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM service_records_servicerecord record
    WHERE record.id = ANY(%(ids)s)
      AND record.kind = 'entered'
)
SELECT asked.id,
       (SELECT count(DISTINCT other.person_id)
        FROM service_records_servicerecord other
        WHERE other.region_id = asked.region_id
          AND other.starts_at = asked.starts_at
          AND other.ends_at = asked.ends_at
          AND other.kind = 'entered'
          AND other.entered_by_id = asked.entered_by_id),
       (SELECT count(DISTINCT (other.starts_at AT TIME ZONE 'Asia/Shanghai')::date)
        FROM service_records_servicerecord other
        WHERE other.cell = asked.cell
          AND other.person_id = asked.person_id
          AND other.starts_at > asked.starts_at - interval '30 days'
          AND other.starts_at <= asked.starts_at
          AND (other.starts_at AT TIME ZONE 'Asia/Shanghai')::time
              = (asked.starts_at AT TIME ZONE 'Asia/Shanghai')::time
          AND (other.ends_at AT TIME ZONE 'Asia/Shanghai')::time
              = (asked.ends_at AT TIME ZONE 'Asia/Shanghai')::time
          AND other.kind = 'entered'
          AND other.entered_by_id = asked.entered_by_id)
FROM asked
