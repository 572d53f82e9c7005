-- Check people out of shifts: one verdict per row of the arrays. One call is an array of one.
--
-- Calls as those of ``service_check_in_v1``; the open attendance of the person tells which shift it is.
-- ``settled`` is a leader's word for who forgot, ``sheet`` what a paper sheet says: at most the planned
-- end, at any later time (rules 33 and 38).
-- ``void`` takes back a coming that a leader marked by mistake: the row stays, and counts for nothing.
-- The others end within a day of the check-in. Who has just gone and asks again is answered ``replayed``.
--
-- Verdicts: ``choices.PresenceVerdict``.
CREATE FUNCTION service_check_out_v1(
    p_activities uuid[],
    p_sign_ups uuid[],
    p_people bigint[],
    p_methods varchar[],
    p_right boolean[],
    p_latitudes float8[],
    p_longitudes float8[],
    p_ats timestamptz[],
    p_notes varchar[],
    p_keys varchar[],
    p_by bigint[],
    p_accounts bigint[],
    p_addresses inet[],
    p_nows timestamptz[]
) RETURNS TABLE (
    n bigint, verdict text, attendance_id bigint, attendance_public_id uuid, at timestamptz,
    distance_m integer, shift_public_id uuid
)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan -- as dispatch_sign_up_v1
AS $$
#variable_conflict use_column
BEGIN
    -- The lock of ``service_check_in_v1``: whoever comes second finds the row closed.
    PERFORM pg_advisory_xact_lock(hashtextextended('service.attendance', asked.person_id))
    FROM (
        SELECT DISTINCT call.person_id
        FROM unnest(p_people) AS call (person_id)
        ORDER BY call.person_id
    ) AS asked;

    RETURN QUERY
    WITH given AS (
        SELECT
            call.*,
            row_number() OVER (PARTITION BY call.person_id ORDER BY call.n) AS turn
        FROM unnest(
            p_activities, p_sign_ups, p_people, p_methods, p_right, p_latitudes, p_longitudes, p_ats,
            p_notes, p_keys, p_by, p_accounts, p_addresses, p_nows
        ) WITH ORDINALITY AS call (
            activity, sign_up, person_id, method, is_right, latitude, longitude, at, note, key,
            by_id, account_id, address, now, n
        )
    ),
    fact AS (
        SELECT
            given.*,
            activity.cell,
            activity.id AS activity_id,
            activity.region_id,
            activity.radius_m,
            open.id AS open_id,
            open.in_at,
            open.public_id AS open_public_id,
            open.ends_at,
            coalesce(open.shift_public_id, keyed.shift_public_id, latest.shift_public_id)
                AS shift_public_id,
            keyed.id AS keyed_id,
            keyed.activity_id IS DISTINCT FROM activity.id
                OR given.sign_up IS NOT NULL AND keyed.sign_up <> given.sign_up AS is_other_call,
            latest.id AS latest_id,
            EXISTS (
                -- What a sheet entered meanwhile may lie within what is open now.
                SELECT
                FROM service_attendance AS later
                WHERE later.cell = activity.cell
                    AND later.person_id = given.person_id
                    AND later.in_at >= open.in_at
                    AND later.in_at < given.at
                    AND later.id <> open.id
                    AND later.out_method <> 'void'
            ) AS is_overlapping,
            CASE WHEN given.method = 'location' THEN service_distance_m_v1(
                given.latitude, given.longitude,
                coalesce(open.point_latitude, activity.latitude),
                coalesce(open.point_longitude, activity.longitude)
            ) END AS metres,
            coalesce(open.point_latitude, activity.latitude) IS NOT NULL
                AND activity.radius_m > 0 AS has_circle,
            given.method = 'code' AND (
                SELECT count(*)
                FROM service_wrongtry AS wrong
                WHERE wrong.person_id = given.person_id
                    AND wrong.at > given.now - interval '1 minute'
            ) >= 5 AS is_closed_for_a_while
        FROM given
        LEFT JOIN activities_activity AS activity ON activity.public_id = given.activity
        LEFT JOIN LATERAL (
            SELECT
                attendance.id,
                attendance.public_id,
                attendance.in_at,
                shift.public_id AS shift_public_id,
                shift.ends_at,
                point.latitude AS point_latitude,
                point.longitude AS point_longitude
            FROM service_attendance AS attendance
            JOIN dispatch_signup AS mine
                ON mine.cell = attendance.cell AND mine.id = attendance.sign_up_id
            JOIN activities_shift AS shift ON shift.cell = mine.cell AND shift.id = mine.shift_id
            JOIN activities_post AS post ON post.cell = shift.cell AND post.id = shift.post_id
            LEFT JOIN activities_dutypoint AS point
                ON point.cell = post.cell AND point.id = post.point_id
            WHERE attendance.cell = activity.cell
                AND attendance.person_id = given.person_id
                AND attendance.out_at IS NULL
                AND shift.activity_id = activity.id
                AND (given.sign_up IS NULL OR mine.public_id = given.sign_up)
        ) AS open ON true
        LEFT JOIN LATERAL (
            SELECT
                attendance.id,
                mine.public_id AS sign_up,
                shift.activity_id,
                shift.public_id AS shift_public_id
            FROM service_attendance AS attendance
            JOIN dispatch_signup AS mine
                ON mine.cell = attendance.cell AND mine.id = attendance.sign_up_id
            JOIN activities_shift AS shift ON shift.cell = mine.cell AND shift.id = mine.shift_id
            WHERE given.key <> ''
                AND attendance.cell = activity.cell
                AND attendance.person_id = given.person_id
                AND attendance.out_key = given.key
        ) AS keyed ON true
        LEFT JOIN LATERAL (
            -- Where she went last, unless another shift of hers has begun since: that one she was
            -- never at, and must hear so.
            SELECT attendance.id, shift.public_id AS shift_public_id
            FROM service_attendance AS attendance
            JOIN dispatch_signup AS mine
                ON mine.cell = attendance.cell AND mine.id = attendance.sign_up_id
            JOIN activities_shift AS shift ON shift.cell = mine.cell AND shift.id = mine.shift_id
            WHERE open.id IS NULL
                AND attendance.cell = activity.cell
                AND attendance.person_id = given.person_id
                AND attendance.in_at <= given.at
                AND attendance.in_at > given.at - interval '1 day'
                AND attendance.out_method <> 'void'
                AND shift.activity_id = activity.id
                AND (given.sign_up IS NULL OR mine.public_id = given.sign_up)
                AND NOT EXISTS (
                    SELECT
                    FROM dispatch_commitment AS promise
                    JOIN dispatch_signup AS promised
                        ON promised.cell = activity.cell AND promised.id = promise.source_id
                    JOIN activities_shift AS next
                        ON next.cell = promised.cell AND next.id = promised.shift_id
                    WHERE given.sign_up IS NULL
                        AND promise.source = 'shift'
                        AND promise.released_at IS NULL
                        AND int8range(promise.person_id, promise.person_id, '[]')
                            && int8range(given.person_id, given.person_id, '[]')
                        AND promise.during && tstzrange(
                            least(shift.ends_at, given.at), given.at, '[]'
                        )
                        AND next.activity_id = activity.id
                        AND next.starts_at >= shift.ends_at
                        AND next.starts_at <= given.at
                )
            ORDER BY attendance.in_at DESC
            LIMIT 1
        ) AS latest ON true
    ),
    judged AS (
        SELECT
            fact.*,
            CASE
                WHEN fact.turn > 1 THEN 'again'
                WHEN fact.keyed_id IS NOT NULL AND fact.is_other_call THEN 'key_reused'
                WHEN fact.keyed_id IS NOT NULL THEN 'replayed'
                WHEN fact.open_id IS NULL AND fact.latest_id IS NOT NULL AND fact.method <> 'void'
                    THEN 'replayed'
                WHEN fact.open_id IS NULL THEN 'not_checked_in'
                WHEN fact.method = 'void' THEN 'done'
                WHEN fact.is_closed_for_a_while THEN 'too_many_wrong_codes'
                WHEN fact.method = 'code' AND fact.is_right IS NOT TRUE THEN 'wrong_code'
                WHEN fact.method NOT IN ('settled', 'sheet')
                    AND fact.at > fact.in_at + interval '24 hours' THEN 'too_late'
                WHEN fact.method = 'settled' AND fact.at <= fact.in_at
                    OR fact.method <> 'settled' AND fact.at < fact.in_at + interval '1 minute'
                    THEN 'too_short'
                WHEN fact.method IN ('settled', 'sheet') AND fact.at > fact.ends_at
                    THEN 'beyond_planned_end'
                WHEN fact.is_overlapping THEN 'overlaps'
                WHEN fact.method = 'location' AND NOT fact.has_circle THEN 'location_unknown'
                WHEN fact.method = 'location' AND fact.metres IS NULL THEN 'location_missing'
                WHEN fact.metres > fact.radius_m THEN 'too_far'
                ELSE 'done'
            END AS decision
        FROM fact
    ),
    missed AS (
        INSERT INTO service_wrongtry (cell, activity_id, person_id, at)
        SELECT judged.cell, judged.activity_id, judged.person_id, judged.now
        FROM judged
        WHERE judged.decision = 'wrong_code'
    ),
    closed AS (
        UPDATE service_attendance AS attendance
        SET
            -- What is void has no length; the row still ends after its start.
            out_at = CASE judged.method
                WHEN 'void' THEN attendance.in_at + interval '1 microsecond' ELSE judged.at END,
            out_recorded_at = CASE judged.method
                WHEN 'void' THEN greatest(judged.now, attendance.in_at + interval '1 microsecond')
                ELSE judged.now END,
            out_method = judged.method,
            out_by_id = judged.by_id,
            out_key = coalesce(judged.key, ''),
            out_distance_m = judged.metres,
            out_note = coalesce(judged.note, '')
        FROM judged
        WHERE judged.decision = 'done'
            AND attendance.cell = judged.cell
            AND attendance.id = judged.open_id
    ),
    audited AS (
        INSERT INTO audit_auditevent
            (at, cell, action, outcome, account_id, person_id, on_behalf_of_id, about_id,
             subject_type, subject_id, region_code, address, detail)
        SELECT
            judged.now, judged.cell,
            CASE judged.method WHEN 'void' THEN 'service.take_back' ELSE 'service.check_out' END,
            'done', judged.account_id, judged.by_id,
            nullif(judged.person_id, judged.by_id), judged.person_id, 'service.attendance',
            judged.open_id::text, judged.region_id, judged.address,
            jsonb_build_object('method', judged.method)
        FROM judged
        WHERE judged.decision = 'done'
    )
    SELECT
        judged.n,
        judged.decision,
        coalesce(judged.open_id, earlier.id),
        coalesce(judged.open_public_id, earlier.public_id),
        CASE judged.decision WHEN 'done' THEN judged.at ELSE earlier.out_at END,
        judged.metres,
        judged.shift_public_id
    FROM judged
    -- As in dispatch_sign_up_v1: row by row, whatever the table was like when this was planned.
    LEFT JOIN LATERAL (
        SELECT mine.id, mine.public_id, mine.out_at
        FROM service_attendance AS mine
        WHERE judged.decision = 'replayed'
            AND mine.cell = judged.cell
            AND mine.id = coalesce(judged.keyed_id, judged.latest_id)
        LIMIT 1
    ) AS earlier ON true
    ORDER BY judged.n;
END $$;
