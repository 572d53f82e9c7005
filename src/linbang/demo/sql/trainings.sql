-- Who passed which training of a district, and the qualifications that came of it.

-- into: clearance.Enrolment
SELECT
    session.cell,
    session.id AS session_id,
    took.person_id,
    session.starts_at - interval '6 days' AS enrolled_at,
    took.person_id AS enrolled_by_id,
    'passed' AS result,
    session.ends_at + interval '15 minutes' AS decided_at,
    %(officer)s::bigint AS decided_by_id
FROM unnest(%(sessions)s::bigint[], %(trained)s::bigint[]) WITH ORDINALITY
    AS took (session_id, person_id, n)
JOIN clearance_trainingsession AS session ON session.id = took.session_id
ORDER BY took.n

-- into: clearance.Credential
SELECT
    person.cell,
    person.id AS person_id,
    training.qualification_id,
    'training' AS source,
    enrolment.id AS source_id,
    organiser.name AS issued_by,
    session.starts_at::date AS valid_from,
    (session.starts_at + qualification.months_valid * interval '1 month')::date AS valid_until,
    enrolment.decided_at AS verified_at,
    enrolment.decided_by_id AS verified_by_id
FROM clearance_enrolment AS enrolment
JOIN clearance_trainingsession AS session
    ON session.cell = enrolment.cell AND session.id = enrolment.session_id
JOIN clearance_training AS training
    ON training.cell = session.cell AND training.id = session.training_id
JOIN activities_qualification AS qualification ON qualification.code = training.qualification_id
JOIN organisations_organisation AS organiser ON organiser.id = training.organiser_id
JOIN people_person AS person ON person.id = enrolment.person_id
WHERE session.id = ANY (%(sessions)s::bigint[])
ORDER BY enrolment.id
