-- Accept offers: one verdict per row of the arrays, in their order. One call is an array of one.
--
-- Locks first, everybody in the same order: the volunteers, then the needs, each sorted. The lock of
-- a volunteer makes two overlapping acceptances queue up: an exclusion constraint alone would let both
-- insert, wait for each other, and end one of them as a deadlock after a second. The lock of a need is
-- what every answer to one of its offers takes. The unique places and the exclusion of overlapping
-- commitments remain the last word. A refused row undoes only itself.
--
-- Verdicts: accepted · replayed · not_yours · closed · expired · place_taken · window_taken
CREATE FUNCTION dispatch_accept_v1(
    p_cells varchar[],
    p_offers bigint[],
    p_volunteers bigint[],
    p_by bigint[],
    p_nows timestamptz[]
) RETURNS TABLE (position_in_call integer, verdict text, assignment_id bigint)
LANGUAGE plpgsql AS $$
DECLARE
    v_offer record;
    v_need record;
    v_answer varchar;
    v_place smallint;
    v_constraint text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dispatch.commitment', asked.volunteer_id))
    FROM (
        SELECT DISTINCT volunteer_id
        FROM unnest(p_volunteers) AS given (volunteer_id)
        ORDER BY volunteer_id
    ) AS asked;

    PERFORM
    FROM needs_need AS need
    WHERE (need.cell, need.id) IN (
        SELECT offer.cell, offer.need_id
        FROM unnest(p_cells, p_offers) AS given (cell, offer_id)
        JOIN dispatch_offer AS offer ON offer.cell = given.cell AND offer.id = given.offer_id
    )
    ORDER BY need.id
    FOR NO KEY UPDATE;

    FOR i IN 1 .. cardinality(p_offers) LOOP
        position_in_call := i;
        assignment_id := NULL;

        SELECT id, cell, need_id, volunteer_id, expires_at
        INTO v_offer
        FROM dispatch_offer
        WHERE cell = p_cells[i] AND id = p_offers[i];
        IF NOT FOUND OR v_offer.volunteer_id <> p_volunteers[i] THEN
            verdict := 'not_yours';
            RETURN NEXT;
            CONTINUE;
        END IF;

        SELECT state, helpers, starts_at, ends_at
        INTO v_need
        FROM needs_need
        WHERE cell = v_offer.cell AND id = v_offer.need_id;

        SELECT answer
        INTO v_answer
        FROM dispatch_offeranswer
        WHERE cell = v_offer.cell AND offer_id = v_offer.id;
        IF FOUND THEN
            SELECT id
            INTO assignment_id
            FROM dispatch_assignment
            WHERE cell = v_offer.cell AND offer_id = v_offer.id AND ended_at IS NULL;
            verdict := CASE
                WHEN v_answer = 'accepted' AND FOUND THEN 'replayed'
                WHEN v_answer = 'expired' THEN 'expired'
                WHEN v_answer = 'withdrawn' AND v_need.state = 'assigned' THEN 'place_taken'
                ELSE 'closed'
            END;
            RETURN NEXT;
            CONTINUE;
        END IF;

        IF v_need.state NOT IN ('verified', 'offered', 'escalated', 'assigned') THEN
            verdict := 'closed';
            RETURN NEXT;
            CONTINUE;
        END IF;
        IF p_nows[i] >= v_offer.expires_at THEN
            verdict := 'expired';
            RETURN NEXT;
            CONTINUE;
        END IF;

        SELECT min(candidate.place)
        INTO v_place
        FROM generate_series(1, v_need.helpers) AS candidate (place)
        WHERE NOT EXISTS (
            SELECT
            FROM dispatch_assignment AS taken
            WHERE taken.cell = v_offer.cell
                AND taken.need_id = v_offer.need_id
                AND taken.place = candidate.place
                AND taken.ended_at IS NULL
        );
        IF v_place IS NULL THEN
            verdict := 'place_taken';
            RETURN NEXT;
            CONTINUE;
        END IF;

        BEGIN
            INSERT INTO dispatch_offeranswer (cell, offer_id, answer, at, by_id, reason)
            VALUES (v_offer.cell, v_offer.id, 'accepted', p_nows[i], p_by[i], '');

            INSERT INTO dispatch_assignment
                (cell, public_id, need_id, offer_id, volunteer_id, place, accepted_at, end_reason)
            VALUES
                (v_offer.cell, gen_random_uuid(), v_offer.need_id, v_offer.id,
                 v_offer.volunteer_id, v_place, p_nows[i], '')
            RETURNING id INTO assignment_id;

            INSERT INTO dispatch_commitment (cell, person_id, during, source, source_id, made_at)
            SELECT
                person.cell,
                person.id,
                tstzrange(v_need.starts_at, v_need.ends_at, '[)'),
                'assignment',
                assignment_id,
                p_nows[i]
            FROM people_person AS person
            WHERE person.id = v_offer.volunteer_id;

            verdict := 'accepted';
        EXCEPTION
            WHEN exclusion_violation OR unique_violation THEN
                GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
                assignment_id := NULL;
                verdict := CASE v_constraint
                    WHEN 'commitments_do_not_overlap' THEN 'window_taken'
                    WHEN 'assignment_place_taken_once' THEN 'place_taken'
                    WHEN 'assignment_once_a_volunteer' THEN 'closed'
                END;
                IF verdict IS NULL THEN
                    RAISE;
                END IF;
        END;
        RETURN NEXT;
    END LOOP;
END $$;
