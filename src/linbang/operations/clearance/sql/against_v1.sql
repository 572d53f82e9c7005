-- Why each person may not take each shift: one row per row of the arrays, every cause at once, in the
-- order of ``choices.Cause``; an empty array means that nothing speaks against it. Reads only.
--
-- Ages are those of the shift's day in China (rule 18). ``needs_adult`` is a question put to dispatch,
-- which knows whether a guardian holds a place on the same shift (rule 8). Credentials must hold on every day
-- of the shift, a renewal continuing what ends (rule 20). A consent counts while who gave it is a guardian.
-- What hangs on a flag of post or activity costs nothing without.
CREATE FUNCTION clearance_against_v1(
    p_cells varchar[],
    p_shifts bigint[],
    p_people bigint[],
    p_nows timestamptz[]
) RETURNS TABLE (n bigint, causes text[])
LANGUAGE sql STABLE AS $$
    SELECT
        asked.n,
        CASE WHEN person.id IS NULL THEN ARRAY['not_confirmed'] ELSE
        array_remove(ARRAY[
            CASE WHEN person.confirmed_at IS NULL THEN 'not_confirmed' END,
            CASE WHEN person.closed_at IS NOT NULL THEN 'closed' END,
            CASE WHEN profile.id IS NULL THEN 'not_volunteer' END,
            CASE WHEN profile.paused_until > shift.starts_at THEN 'paused' END,
            CASE WHEN EXISTS (
                SELECT
                FROM clearance_suspension AS pause
                WHERE pause.person_id = person.id
                    AND pause.lifted_at IS NULL
                    AND pause.starts_at <= asked.now
                    AND pause.ends_at > asked.now
            ) THEN 'suspended' END,
            CASE WHEN activity.audience = 'members' AND NOT EXISTS (
                SELECT
                FROM organisations_membership AS membership
                JOIN organisations_organisation AS team
                    ON team.cell = membership.cell AND team.id = membership.organisation_id
                JOIN organisations_organisation AS organiser
                    ON team.path >= organiser.path AND team.path < organiser.path || ':'
                WHERE membership.person_id = person.id
                    AND membership.approved_at IS NOT NULL
                    AND membership.ended_at IS NULL
                    AND team.closed_at IS NULL
                    AND organiser.id = activity.organiser_id
            ) THEN 'not_member' END,
            CASE WHEN aged.years < 6 THEN 'under_six' END,
            CASE WHEN aged.years BETWEEN 6 AND 9 THEN 'needs_adult' END,
            CASE WHEN aged.years < 18 AND activity.hazards <> '{}' THEN 'minor_high_risk' END,
            CASE WHEN aged.years < post.age_min THEN 'too_young' END,
            CASE WHEN aged.years > post.age_max THEN 'too_old' END,
            CASE WHEN aged.years BETWEEN 6 AND 17 AND NOT EXISTS (
                SELECT
                FROM clearance_guardianconsent AS consent
                JOIN people_kinship AS kinship
                    ON kinship.person_id = consent.person_id
                    AND kinship.relative_id = consent.guardian_id
                    AND kinship.is_guardian
                    AND kinship.confirmed_at IS NOT NULL
                    AND kinship.ended_at IS NULL
                WHERE consent.cell = activity.cell
                    AND consent.activity_id = activity.id
                    AND consent.person_id = person.id
                    AND consent.withdrawn_at IS NULL
            ) THEN 'guardian_consent' END
        ], NULL)
        || CASE WHEN post.qualifications = '{}' THEN '{}' ELSE coalesce((
            SELECT array_agg(
                CASE WHEN EXISTS (
                    SELECT
                    FROM clearance_credential AS lapsed
                    WHERE lapsed.person_id = person.id
                        AND lapsed.qualification_id = wanted.code
                        AND lapsed.revoked_at IS NULL
                        AND lapsed.valid_until < upper(day.span) - 1
                ) THEN 'qualification_expired:' ELSE 'qualification_missing:' END || wanted.code
                ORDER BY wanted.at
            )
            FROM unnest(post.qualifications) WITH ORDINALITY AS wanted (code, at)
            WHERE (
                SELECT range_agg(daterange(held.valid_from, held.valid_until, '[]'))
                FROM clearance_credential AS held
                WHERE held.person_id = person.id
                    AND held.qualification_id = wanted.code
                    AND held.revoked_at IS NULL
            ) @> day.span IS NOT TRUE
        ), '{}') END
        || array_remove(ARRAY[
            CASE WHEN activity.with_minors AND aged.years >= 18 AND (
                SELECT range_agg(daterange(vetted.valid_from, vetted.valid_until, '[]'))
                FROM clearance_credential AS vetted
                JOIN activities_qualification AS qualification
                    ON qualification.code = vetted.qualification_id
                WHERE vetted.person_id = person.id
                    AND qualification.kind = 'vetting'
                    AND vetted.revoked_at IS NULL
            ) @> day.span IS NOT TRUE THEN 'vetting_missing' END,
            CASE WHEN activity.hazards <> '{}' AND NOT EXISTS (
                SELECT
                FROM clearance_acceptance AS accepted
                WHERE accepted.cell = activity.cell
                    AND accepted.activity_id = activity.id
                    AND accepted.person_id = person.id
                    AND accepted.kind = 'risk'
                    AND accepted.version = activity.risk_version
            ) THEN 'risk_not_accepted' END,
            CASE WHEN (
                activity.needs_agreement OR person.document_type IN ('05', '09')
            ) AND NOT EXISTS (
                SELECT
                FROM clearance_acceptance AS signed
                WHERE signed.cell = activity.cell
                    AND signed.activity_id = activity.id
                    AND signed.person_id = person.id
                    AND signed.kind = 'agreement'
                    AND signed.version = activity.risk_version
            ) THEN 'agreement_missing' END,
            CASE WHEN activity.hazards <> '{}' AND NOT (
                EXISTS (
                    SELECT
                    FROM activities_insurancepolicy AS policy
                    WHERE policy.id = activity.policy_id
                        AND policy.ended_at IS NULL
                        AND policy.starts_at <= shift.starts_at
                        AND policy.ends_at >= shift.ends_at
                        AND (policy.scope = 'signed_up' OR EXISTS (
                            SELECT
                            FROM clearance_insuredperson AS insured
                            WHERE insured.cell = policy.cell
                                AND insured.policy_id = policy.id
                                AND insured.person_id = person.id
                                AND insured.removed_at IS NULL
                        ))
                )
                AND NOT EXISTS (
                    SELECT
                    FROM clearance_insuredlist AS frozen
                    WHERE frozen.cell = shift.cell
                        AND frozen.shift_id = shift.id
                        AND NOT EXISTS (
                            SELECT
                            FROM clearance_insuredlistentry AS entry
                            WHERE entry.cell = frozen.cell
                                AND entry.insured_list_id = frozen.id
                                AND entry.person_id = person.id
                        )
                )
            ) THEN 'not_insured' END
        ], NULL) END
    FROM unnest(p_cells, p_shifts, p_people, p_nows) WITH ORDINALITY
        AS asked (cell, shift_id, person_id, now, n)
    JOIN activities_shift AS shift ON shift.cell = asked.cell AND shift.id = asked.shift_id
    JOIN activities_post AS post ON post.cell = shift.cell AND post.id = shift.post_id
    JOIN activities_activity AS activity
        ON activity.cell = shift.cell AND activity.id = shift.activity_id
    LEFT JOIN people_person AS person ON person.id = asked.person_id
    LEFT JOIN people_volunteerprofile AS profile
        ON profile.cell = person.cell AND profile.person_id = person.id AND profile.ended_at IS NULL
    CROSS JOIN LATERAL (
        SELECT daterange(
            (shift.starts_at AT TIME ZONE 'Asia/Shanghai')::date,
            ((shift.ends_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date,
            '[]'
        ) AS span
    ) AS day
    CROSS JOIN LATERAL (
        SELECT date_part('year', age(lower(day.span), person.birth_date))::integer AS years
    ) AS aged
$$;
