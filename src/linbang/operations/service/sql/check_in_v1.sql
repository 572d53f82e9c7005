-- Check people in on shifts: one verdict per row of the arrays. One call is an array of one.
--
-- A call names the activity whose code was scanned, or the very sign-up (a leader's roll); without the
-- latter the person's promise around that moment tells which shift it is: the one she is on, else the one
-- that runs, else the one that begins next. ``p_right`` says whether the code was right, which needs no
-- table; wrong ones are counted here, since a refusal must not undo the count. ``p_untils`` enters a whole
-- coming and going at once, as a paper sheet tells it; NULL leaves the attendance open.
--
-- Calls about one person queue up at an advisory lock, so that each sees what the one before it wrote:
-- a repetition finds the row it repeats, by its key or by what stands there. A person may stand only once
-- in one call: rows that repeat her are answered ``again`` and are to be called by themselves.
--
-- Verdicts: ``choices.PresenceVerdict``.
CREATE FUNCTION service_check_in_v1(
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
    p_nows timestamptz[],
    p_untils timestamptz[] DEFAULT NULL
) RETURNS TABLE (
    n bigint, verdict text, attendance_id bigint, attendance_public_id uuid, at timestamptz,
    distance_m integer, shift_public_id uuid
)
LANGUAGE plpgsql
ROWS 50
SET plan_cache_mode = force_generic_plan -- as dispatch_sign_up_v1
AS $$
#variable_conflict use_column
DECLARE
    v_numbers CONSTANT regclass := pg_get_serial_sequence('service_attendance', 'id');
BEGIN
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
            p_notes, p_keys, p_by, p_accounts, p_addresses, p_nows, p_untils
        ) WITH ORDINALITY AS call (
            activity, sign_up, person_id, method, is_right, latitude, longitude, at, note, key,
            by_id, account_id, address, now, until, n
        )
    ),
    fact AS (
        SELECT
            given.*,
            activity.cell,
            activity.id AS activity_id,
            activity.region_id,
            activity.state AS activity_state,
            activity.hazards,
            activity.radius_m,
            place.sign_up_id,
            place.sign_up_state,
            place.shift_id,
            coalesce(place.shift_public_id, keyed.shift_public_id) AS shift_public_id,
            place.starts_at,
            place.ends_at,
            place.shift_state,
            gone.shift_id IS NOT NULL AS is_gone,
            keyed.id AS keyed_id,
            keyed.activity_id IS DISTINCT FROM activity.id
                OR given.sign_up IS NOT NULL AND keyed.sign_up <> given.sign_up AS is_other_call,
            open.id AS open_id,
            open.sign_up_id AS open_sign_up_id,
            open.in_at AS open_in_at,
            within.id AS within_id,
            within.sign_up_id AS within_sign_up_id,
            within.in_at AS within_in_at,
            within.out_at AS within_out_at,
            used.pair_last,
            used.pairs_of_day,
            CASE WHEN given.method = 'location' THEN service_distance_m_v1(
                given.latitude, given.longitude,
                coalesce(place.point_latitude, activity.latitude),
                coalesce(place.point_longitude, activity.longitude)
            ) END AS metres,
            coalesce(place.point_latitude, activity.latitude) IS NOT NULL
                AND activity.radius_m > 0 AS has_circle,
            given.method = 'location' AND (
                SELECT coalesce(sum(planned.places), 0)
                FROM activities_shift AS planned
                WHERE planned.cell = activity.cell
                    AND planned.activity_id = activity.id
                    AND planned.state = 'planned'
                    AND planned.starts_at < place.ends_at
                    AND planned.ends_at > place.starts_at
            ) < 100 AS has_few_places,
            given.method = 'code' AND (
                SELECT count(*)
                FROM service_wrongtry AS wrong
                WHERE wrong.person_id = given.person_id
                    AND wrong.at > given.now - interval '1 minute'
            ) >= 5 AS is_closed_for_a_while
        FROM given
        LEFT JOIN activities_activity AS activity ON activity.public_id = given.activity
        LEFT JOIN service_attendance AS open
            ON open.cell = activity.cell AND open.person_id = given.person_id AND open.out_at IS NULL
        LEFT JOIN LATERAL (
            SELECT
                mine.id AS sign_up_id,
                mine.state AS sign_up_state,
                shift.id AS shift_id,
                shift.public_id AS shift_public_id,
                shift.starts_at,
                shift.ends_at,
                shift.state AS shift_state,
                point.latitude AS point_latitude,
                point.longitude AS point_longitude
            FROM (
                SELECT named.id, named.state, named.shift_id
                FROM dispatch_signup AS named
                WHERE named.public_id = given.sign_up
                    AND named.cell = activity.cell
                    AND named.person_id = given.person_id
                UNION ALL
                SELECT promised.id, promised.state, promised.shift_id
                FROM dispatch_commitment AS promise
                JOIN dispatch_signup AS promised
                    ON promised.cell = activity.cell AND promised.id = promise.source_id
                WHERE given.sign_up IS NULL
                    AND promise.source = 'shift'
                    AND promise.released_at IS NULL
                    AND int8range(promise.person_id, promise.person_id, '[]')
                        && int8range(given.person_id, given.person_id, '[]')
                    AND promise.during && tstzrange(
                        given.at - interval '12 hours', given.at + interval '12 hours'
                    )
            ) AS mine
            JOIN activities_shift AS shift
                ON shift.cell = activity.cell AND shift.id = mine.shift_id
                AND shift.activity_id = activity.id
            JOIN activities_post AS post ON post.cell = shift.cell AND post.id = shift.post_id
            LEFT JOIN activities_dutypoint AS point
                ON point.cell = post.cell AND point.id = post.point_id
            ORDER BY
                mine.id IS NOT DISTINCT FROM open.sign_up_id AND given.at < shift.ends_at DESC,
                shift.starts_at <= given.at AND given.at < shift.ends_at DESC,
                abs(extract(epoch FROM shift.starts_at - given.at)),
                mine.id
            LIMIT 1
        ) AS place ON true
        LEFT JOIN LATERAL (
            -- Whoever was freed because her shift is off hears that, not that she never had a place.
            SELECT shift.id AS shift_id
            FROM dispatch_signup AS mine
            JOIN activities_shift AS shift ON shift.cell = mine.cell AND shift.id = mine.shift_id
            WHERE place.sign_up_id IS NULL
                AND mine.cell = activity.cell
                AND mine.person_id = given.person_id
                AND shift.activity_id = activity.id
                AND shift.state = 'cancelled'
                AND shift.starts_at < given.at + interval '12 hours'
                AND shift.ends_at > given.at - interval '12 hours'
            LIMIT 1
        ) AS gone ON true
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
                AND attendance.in_key = given.key
        ) AS keyed ON true
        LEFT JOIN LATERAL (
            -- What she is known to have been at, at some moment of this call.
            SELECT other.id, other.sign_up_id, other.in_at, other.out_at
            FROM service_attendance AS other
            WHERE other.cell = activity.cell
                AND other.person_id = given.person_id
                AND other.in_at < coalesce(given.until, given.at + interval '1 microsecond')
                AND other.in_at > given.at - interval '2 days'
                AND other.out_at > given.at
                AND other.out_method <> 'void'
            ORDER BY other.sign_up_id = place.sign_up_id DESC, other.in_at, other.id
            LIMIT 1
        ) AS within ON true
        LEFT JOIN LATERAL (
            SELECT
                coalesce(max(pair.pair) FILTER (WHERE pair.sign_up_id = place.sign_up_id), 0)
                    AS pair_last,
                count(*) FILTER (
                    WHERE (pair.in_at AT TIME ZONE 'Asia/Shanghai')::date
                        = (given.at AT TIME ZONE 'Asia/Shanghai')::date
                        AND pair.out_method <> 'void'
                        AND shift.activity_id = activity.id
                ) AS pairs_of_day
            FROM service_attendance AS pair
            JOIN dispatch_signup AS other
                ON other.cell = pair.cell AND other.id = pair.sign_up_id
            JOIN activities_shift AS shift ON shift.cell = other.cell AND shift.id = other.shift_id
            WHERE pair.cell = activity.cell
                AND pair.person_id = given.person_id
                AND pair.in_at > given.at - interval '2 days'
        ) AS used ON true
    ),
    decided AS (
        SELECT
            fact.*,
            CASE
                WHEN fact.turn > 1 THEN 'again'
                WHEN fact.keyed_id IS NOT NULL AND fact.is_other_call THEN 'key_reused'
                WHEN fact.keyed_id IS NOT NULL THEN 'replayed'
                WHEN fact.activity_state = 'cancelled' OR fact.shift_state = 'cancelled' OR fact.is_gone
                    THEN 'cancelled'
                WHEN fact.sign_up_id IS NULL OR fact.sign_up_state <> 'confirmed' THEN 'no_place'
                WHEN fact.open_sign_up_id = fact.sign_up_id
                    AND (fact.until IS NULL OR fact.open_in_at < fact.until) THEN 'replayed'
                WHEN fact.within_sign_up_id = fact.sign_up_id
                    AND fact.within_in_at <= fact.at AND fact.within_out_at > fact.at
                    AND (fact.until IS NULL OR fact.within_out_at = fact.until) THEN 'replayed'
                WHEN fact.is_closed_for_a_while THEN 'too_many_wrong_codes'
                WHEN fact.method = 'code' AND fact.is_right IS NOT TRUE THEN 'wrong_code'
                WHEN fact.at < fact.starts_at - interval '1 hour' THEN 'too_early'
                WHEN fact.at >= fact.ends_at THEN 'too_late'
                WHEN fact.until > fact.at + interval '24 hours' THEN 'too_late'
                WHEN fact.until < fact.at + interval '1 minute' THEN 'too_short'
                WHEN fact.method = 'sheet' AND fact.until > fact.ends_at THEN 'beyond_planned_end'
                WHEN fact.until IS NULL AND fact.open_id IS NOT NULL OR fact.open_in_at < fact.until
                    THEN 'open_elsewhere'
                WHEN fact.within_id IS NOT NULL THEN 'overlaps'
                WHEN fact.pairs_of_day >= 3 OR fact.pair_last >= 3 THEN 'pairs_used'
                WHEN fact.hazards <> '{}' AND EXISTS (
                    SELECT
                    FROM clearance_insuredlist AS frozen
                    WHERE frozen.cell = fact.cell
                        AND frozen.shift_id = fact.shift_id
                        AND NOT EXISTS (
                            SELECT
                            FROM clearance_insuredlistentry AS entry
                            WHERE entry.cell = frozen.cell
                                AND entry.insured_list_id = frozen.id
                                AND entry.person_id = fact.person_id
                        )
                ) THEN 'not_insured'
                WHEN fact.method = 'location' AND NOT fact.has_circle THEN 'location_unknown'
                WHEN fact.has_few_places THEN 'too_few_places'
                WHEN fact.method = 'location' AND fact.metres IS NULL THEN 'location_missing'
                WHEN fact.metres > fact.radius_m THEN 'too_far'
                ELSE 'done'
            END AS decision
        FROM fact
    ),
    -- Numbered before it is written, as in dispatch_sign_up_v1.
    judged AS MATERIALIZED (
        SELECT
            decided.*,
            numbered.entered_id,
            numbered.entered_public_id
        FROM decided
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN decided.decision = 'done' THEN nextval(v_numbers) END AS entered_id,
                gen_random_uuid() AS entered_public_id
        ) AS numbered
    ),
    missed AS (
        INSERT INTO service_wrongtry (cell, activity_id, person_id, at)
        SELECT judged.cell, judged.activity_id, judged.person_id, judged.now
        FROM judged
        WHERE judged.decision = 'wrong_code'
    ),
    entered AS (
        INSERT INTO service_attendance
            (id, cell, public_id, sign_up_id, person_id, pair, in_at, in_recorded_at, in_method, in_by_id,
             in_key, in_distance_m, in_note, out_at, out_recorded_at, out_method, out_by_id, out_key,
             out_note)
        SELECT
            judged.entered_id, judged.cell, judged.entered_public_id, judged.sign_up_id,
            judged.person_id, judged.pair_last + 1, judged.at, judged.now, judged.method, judged.by_id,
            coalesce(judged.key, ''), judged.metres, coalesce(judged.note, ''),
            judged.until,
            CASE WHEN judged.until IS NOT NULL THEN judged.now END,
            CASE WHEN judged.until IS NOT NULL THEN judged.method ELSE '' END,
            CASE WHEN judged.until IS NOT NULL THEN judged.by_id END,
            '',
            CASE WHEN judged.until IS NOT NULL THEN coalesce(judged.note, '') ELSE '' END
        FROM judged
        WHERE judged.entered_id IS NOT NULL
        ORDER BY judged.entered_id
    ),
    audited AS (
        INSERT INTO audit_auditevent
            (at, cell, action, outcome, account_id, person_id, on_behalf_of_id, about_id,
             subject_type, subject_id, region_code, address, detail)
        SELECT
            judged.now, judged.cell, 'service.check_in', 'done', judged.account_id, judged.by_id,
            nullif(judged.person_id, judged.by_id), judged.person_id, 'service.attendance',
            judged.entered_id::text, judged.region_id, judged.address,
            jsonb_build_object('method', judged.method)
        FROM judged
        WHERE judged.entered_id IS NOT NULL
    )
    SELECT
        judged.n,
        judged.decision,
        coalesce(judged.entered_id, earlier.id),
        CASE WHEN judged.entered_id IS NOT NULL THEN judged.entered_public_id ELSE earlier.public_id END,
        CASE WHEN judged.entered_id IS NOT NULL THEN judged.at ELSE earlier.in_at END,
        judged.metres,
        judged.shift_public_id
    FROM judged
    -- As in dispatch_sign_up_v1: row by row, whatever the table was like when this was planned.
    LEFT JOIN LATERAL (
        SELECT mine.id, mine.public_id, mine.in_at
        FROM service_attendance AS mine
        WHERE judged.decision = 'replayed'
            AND mine.cell = judged.cell
            AND mine.id = coalesce(
                judged.keyed_id,
                CASE WHEN judged.open_sign_up_id = judged.sign_up_id
                    AND (judged.until IS NULL OR judged.open_in_at < judged.until)
                    THEN judged.open_id END,
                judged.within_id
            )
        LIMIT 1
    ) AS earlier ON true
    ORDER BY judged.n;
END $$;
