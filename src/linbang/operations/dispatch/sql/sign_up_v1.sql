-- Sign people up for shifts: one verdict per row of the arrays. One call is an array of one.
--
-- Three looks, each with a snapshot of its own. First, without any lock, everything that needs none: who
-- repeats herself, what is over, what is full, who is not cleared. Whoever is left queues up: the person's
-- advisory lock (two overlapping promises meet there, ADR 0008), then the shift's row of places, each
-- sorted. The last look decides under the locks and writes everything in one statement.
--
-- A newcomer never overtakes the waiting list: while somebody waits, a free place is hers to be offered
-- (rule 25). Only a place that was kept for a unit (channel ``reserved``) is not on offer to the list. A
-- person may stand only once in one call: rows that repeat her are answered ``again`` and are to be called
-- by themselves.
--
-- Whoever cancels, moves or resizes a shift takes the row of its places after changing it: that the shift
-- still takes place is asked once more under that lock.
--
-- Plans are made once for each connection: planning these joins costs ten times what running them does,
-- and the planner, which knows the length of each array, would otherwise plan anew for every call.
--
-- Verdicts: ``choices.SignUpVerdict``, and ``again``.
CREATE FUNCTION dispatch_sign_up_v1(
    p_shifts uuid[],
    p_people bigint[],
    p_channels varchar[],
    p_keys varchar[],
    p_waits boolean[],
    p_by bigint[],
    p_accounts bigint[],
    p_addresses inet[],
    p_nows timestamptz[]
) RETURNS TABLE (
    n bigint,
    verdict text,
    causes text[],
    sign_up_id bigint,
    sign_up_public_id uuid,
    waiting_position bigint
)
LANGUAGE plpgsql
-- As many as a batch, not the thousand that is assumed: whoever joins the answer would hash whole tables.
ROWS 50
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    v_verdicts text[];
    v_causes text[];
    v_numbers CONSTANT regclass := pg_get_serial_sequence('dispatch_signup', 'id');
BEGIN
    WITH given AS (
        SELECT
            call.*,
            row_number() OVER (PARTITION BY call.person_id ORDER BY call.n) AS turn
        FROM unnest(p_shifts, p_people, p_channels, p_keys, p_waits, p_nows) WITH ORDINALITY
            AS call (shift, person_id, channel, key, waits, now, n)
    ),
    fact AS (
        SELECT
            given.*,
            shift.id AS shift_id,
            shift.cell,
            CASE
                WHEN given.turn > 1 THEN 'again'
                WHEN keyed.id IS NOT NULL AND keyed.shift_id IS DISTINCT FROM shift.id
                    THEN 'key_reused'
                WHEN keyed.id IS NOT NULL OR live.id IS NOT NULL THEN 'replayed'
                WHEN shift.id IS NULL OR load.id IS NULL OR activity.state IN ('draft', 'in_review')
                    THEN 'not_found'
                WHEN shift.state = 'cancelled' OR activity.state = 'cancelled' THEN 'cancelled'
                WHEN activity.state = 'closed' OR given.now >= shift.ends_at
                    OR given.channel IN ('self', 'team') AND given.now >= least(
                        coalesce(activity.sign_up_closes_at, shift.starts_at), shift.starts_at
                    ) THEN 'closed'
                WHEN given.channel IN ('self', 'team') AND given.now < activity.sign_up_opens_at
                    THEN 'not_open_yet'
                WHEN (load.taken >= load.places OR load.waiting > 0 AND given.channel <> 'reserved')
                    AND NOT (given.waits AND activity.has_waiting_list)
                    AND NOT (activity.mode = 'approval' AND given.channel IN ('self', 'team'))
                    THEN 'full'
            END AS verdict
        FROM given
        LEFT JOIN activities_shift AS shift ON shift.public_id = given.shift
        LEFT JOIN activities_activity AS activity
            ON activity.cell = shift.cell AND activity.id = shift.activity_id
        LEFT JOIN dispatch_shiftplaces AS load
            ON load.cell = shift.cell AND load.shift_id = shift.id
        LEFT JOIN dispatch_signup AS keyed
            ON given.key <> ''
            AND keyed.cell = shift.cell AND keyed.person_id = given.person_id
            AND keyed.key = given.key
        -- By itself, so that the whole key is looked up and not everybody of the shift.
        LEFT JOIN LATERAL (
            SELECT mine.id
            FROM dispatch_signup AS mine
            WHERE mine.cell = shift.cell AND mine.shift_id = shift.id
                AND mine.person_id = given.person_id AND mine.ended_at IS NULL
            LIMIT 1
        ) AS live ON true
    ),
    cleared AS (
        SELECT
            open.numbers[against.n] AS n,
            CASE
                WHEN 'needs_adult' = ANY (against.causes)
                    AND dispatch_accompanied_v1(
                        open.cells[against.n], open.shifts[against.n], open.people[against.n]
                    ) THEN array_remove(against.causes, 'needs_adult')
                ELSE against.causes
            END AS causes
        FROM (
            SELECT
                array_agg(fact.cell) AS cells,
                array_agg(fact.shift_id) AS shifts,
                array_agg(fact.person_id) AS people,
                array_agg(fact.now) AS nows,
                array_agg(fact.n) AS numbers
            FROM fact
            WHERE fact.verdict IS NULL
        ) AS open
        CROSS JOIN LATERAL clearance_against_v1(open.cells, open.shifts, open.people, open.nows)
            AS against
    )
    SELECT
        array_agg(
            CASE
                WHEN fact.verdict IS NOT NULL THEN fact.verdict
                WHEN cleared.causes <> '{}' THEN 'not_cleared'
            END
            ORDER BY fact.n
        ),
        array_agg(array_to_string(cleared.causes, ' ') ORDER BY fact.n)
    INTO v_verdicts, v_causes
    FROM fact
    LEFT JOIN cleared ON cleared.n = fact.n;

    IF array_position(v_verdicts, NULL) IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('dispatch.commitment', asked.person_id))
        FROM (
            SELECT call.person_id
            FROM unnest(p_people, v_verdicts) AS call (person_id, verdict)
            WHERE call.verdict IS NULL
            ORDER BY call.person_id
        ) AS asked;

        PERFORM
        FROM dispatch_shiftplaces AS load
        WHERE (load.cell, load.shift_id) IN (
            SELECT shift.cell, shift.id
            FROM unnest(p_shifts, v_verdicts) AS call (shift, verdict)
            JOIN activities_shift AS shift ON shift.public_id = call.shift
            WHERE call.verdict IS NULL
        )
        ORDER BY load.shift_id
        FOR NO KEY UPDATE;
    END IF;

    RETURN QUERY
    WITH given AS (
        SELECT call.*
        FROM unnest(
            p_shifts, p_people, p_channels, p_keys, p_waits, p_by, p_accounts, p_addresses, p_nows,
            v_verdicts, v_causes
        ) WITH ORDINALITY AS call (
            shift, person_id, channel, key, waits, by_id, account_id, address, now, verdict, causes, n
        )
    ),
    -- Whether she is busy is asked once, not at each place that wants to know.
    fact AS MATERIALIZED (
        SELECT
            given.*,
            shift.cell,
            shift.id AS shift_id,
            shift.starts_at,
            shift.ends_at,
            activity.region_id,
            activity.has_waiting_list,
            activity.mode = 'approval' AND given.channel IN ('self', 'team') AS is_request,
            shift.state = 'cancelled' OR activity.state = 'cancelled' AS is_cancelled,
            load.places - load.taken AS free,
            load.waiting,
            live.id AS live_id,
            EXISTS (
                SELECT
                FROM dispatch_commitment AS promise
                WHERE given.verdict IS NULL
                    AND promise.released_at IS NULL
                    AND int8range(promise.person_id, promise.person_id, '[]')
                        && int8range(given.person_id, given.person_id, '[]')
                    AND promise.during && tstzrange(shift.starts_at, shift.ends_at, '[)')
            ) AS is_busy
        FROM given
        LEFT JOIN activities_shift AS shift ON shift.public_id = given.shift
        LEFT JOIN activities_activity AS activity
            ON activity.cell = shift.cell AND activity.id = shift.activity_id
        LEFT JOIN dispatch_shiftplaces AS load
            ON load.cell = shift.cell AND load.shift_id = shift.id
        LEFT JOIN LATERAL (
            SELECT mine.id
            FROM dispatch_signup AS mine
            WHERE mine.cell = shift.cell
                AND mine.person_id = given.person_id
                AND (
                    mine.shift_id = shift.id AND mine.ended_at IS NULL
                    OR given.key <> '' AND mine.key = given.key
                )
            ORDER BY mine.key IS NOT DISTINCT FROM given.key DESC, mine.id
            LIMIT 1
        ) AS live ON true
    ),
    ranked AS (
        SELECT
            fact.*,
            row_number() OVER (
                PARTITION BY fact.shift_id, fact.verdict IS NULL AND fact.live_id IS NULL
                    AND NOT fact.is_busy AND NOT fact.is_request AND NOT fact.is_cancelled
                ORDER BY fact.n
            ) AS rank
        FROM fact
    ),
    decided AS (
        SELECT
            ranked.*,
            CASE
                WHEN ranked.verdict IS NOT NULL THEN ranked.verdict
                WHEN ranked.live_id IS NOT NULL THEN 'replayed'
                WHEN ranked.is_cancelled THEN 'cancelled'
                WHEN ranked.is_busy THEN 'window_taken'
                WHEN ranked.is_request THEN 'requested'
                WHEN (ranked.waiting = 0 OR ranked.channel = 'reserved')
                    AND ranked.rank <= ranked.free THEN 'confirmed'
                WHEN ranked.waits AND ranked.has_waiting_list THEN 'waiting'
                ELSE 'full'
            END AS decision
        FROM ranked
    ),
    -- What is written is numbered before, so that no table has to be joined with what was written.
    judged AS MATERIALIZED (
        SELECT
            decided.*,
            numbered.entered_id,
            numbered.entered_public_id
        FROM decided
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN decided.decision IN ('confirmed', 'waiting', 'requested')
                    THEN nextval(v_numbers) END AS entered_id,
                gen_random_uuid() AS entered_public_id
        ) AS numbered
    ),
    entered AS (
        INSERT INTO dispatch_signup
            (id, cell, public_id, shift_id, person_id, state, channel, key, asked_at, by_id,
             confirmed_at, free_until, end_reason, is_late)
        SELECT
            judged.entered_id, judged.cell, judged.entered_public_id, judged.shift_id,
            judged.person_id, judged.decision, judged.channel, coalesce(judged.key, ''),
            judged.now, judged.by_id,
            CASE judged.decision WHEN 'confirmed' THEN judged.now END,
            CASE judged.channel WHEN 'roster' THEN judged.now + interval '24 hours' END,
            '', false
        FROM judged
        WHERE judged.entered_id IS NOT NULL
        ORDER BY judged.entered_id
    ),
    promised AS (
        INSERT INTO dispatch_commitment (cell, person_id, during, source, source_id, made_at)
        SELECT
            person.cell, person.id, tstzrange(judged.starts_at, judged.ends_at, '[)'),
            'shift', judged.entered_id, judged.now
        FROM judged
        JOIN people_person AS person ON person.id = judged.person_id
        WHERE judged.decision = 'confirmed'
    ),
    counted AS (
        UPDATE dispatch_shiftplaces AS load
        SET taken = load.taken + change.confirmed, waiting = load.waiting + change.queued
        FROM (
            SELECT
                judged.cell,
                judged.shift_id,
                count(*) FILTER (WHERE judged.decision = 'confirmed') AS confirmed,
                count(*) FILTER (WHERE judged.decision = 'waiting') AS queued
            FROM judged
            WHERE judged.decision IN ('confirmed', 'waiting')
            GROUP BY judged.cell, judged.shift_id
        ) AS change
        WHERE load.cell = change.cell AND load.shift_id = change.shift_id
    ),
    audited AS (
        INSERT INTO audit_auditevent
            (at, cell, action, outcome, account_id, person_id, on_behalf_of_id, about_id,
             subject_type, subject_id, region_code, address, detail)
        SELECT
            judged.now, judged.cell, 'dispatch.sign_up', 'done', judged.account_id, judged.by_id,
            nullif(judged.person_id, judged.by_id), judged.person_id, 'dispatch.signup',
            judged.entered_id::text, judged.region_id, judged.address,
            jsonb_build_object('state', judged.decision, 'channel', judged.channel)
        FROM judged
        WHERE judged.entered_id IS NOT NULL
    )
    SELECT
        judged.n,
        judged.decision,
        CASE WHEN judged.causes = '' THEN '{}' ELSE string_to_array(judged.causes, ' ') END,
        coalesce(judged.entered_id, judged.live_id),
        CASE WHEN judged.entered_id IS NOT NULL THEN judged.entered_public_id ELSE live.public_id END,
        CASE
            WHEN judged.decision = 'waiting' THEN judged.waiting + row_number() OVER (
                PARTITION BY judged.shift_id, judged.decision ORDER BY judged.n
            )
        END
    FROM judged
    -- Of a table that was small when this was planned, a plain join would read every row for ever.
    LEFT JOIN LATERAL (
        SELECT mine.public_id
        FROM dispatch_signup AS mine
        WHERE mine.cell = judged.cell AND mine.id = judged.live_id
        LIMIT 1
    ) AS live ON true
    ORDER BY judged.n;
END $$;

-- Whether a guardian of a person holds a place on a shift (rule 8).
CREATE FUNCTION dispatch_accompanied_v1(p_cell varchar, p_shift bigint, p_person bigint)
RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT
        FROM people_kinship AS kinship
        JOIN dispatch_signup AS beside
            ON beside.cell = p_cell AND beside.shift_id = p_shift
            AND beside.person_id = kinship.relative_id AND beside.ended_at IS NULL
            AND beside.state IN ('confirmed', 'held')
        WHERE kinship.person_id = p_person
            AND kinship.is_guardian
            AND kinship.confirmed_at IS NOT NULL
            AND kinship.ended_at IS NULL
    )
$$;
