-- Accept offers: one verdict per row of the arrays, in their order. One call is an array of one.
--
-- Locks the need first, so that two volunteers who accept the same need queue up here; the unique
-- places and the exclusion of overlapping commitments remain the last word. A refused row undoes
-- only itself.
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
BEGIN
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
        WHERE cell = v_offer.cell AND id = v_offer.need_id
        FOR NO KEY UPDATE;

        SELECT answer
        INTO v_answer
        FROM dispatch_offeranswer
        WHERE cell = v_offer.cell AND offer_id = v_offer.id;
        IF FOUND THEN
            SELECT id
            INTO assignment_id
            FROM dispatch_assignment
            WHERE cell = v_offer.cell AND offer_id = v_offer.id AND ended_at IS NULL;
            verdict := CASE WHEN v_answer = 'accepted' AND FOUND THEN 'replayed' ELSE 'closed' END;
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
            WHEN exclusion_violation THEN
                verdict := 'window_taken';
                assignment_id := NULL;
            WHEN unique_violation THEN
                verdict := 'place_taken';
                assignment_id := NULL;
        END;
        RETURN NEXT;
    END LOOP;
END $$;
