-- What follows from the people of a district and the teams they are in. Each query is written into the
-- table that ``into:`` names; columns it does not give take the model's defaults.

-- into: people.VolunteerProfile
SELECT
    person.cell,
    person.id AS person_id,
    given.number,
    person.region_id,
    string_to_array(given.skills, ' ') AS skills,
    string_to_array(given.categories, ' ') AS categories,
    given.availability,
    person.registered_at + interval '20 days' AS activated_at
FROM unnest(
    %(people)s::bigint[], %(numbers)s::varchar[], %(skills)s::text[], %(categories)s::text[],
    %(availability)s::integer[]
) WITH ORDINALITY AS given (person_id, number, skills, categories, availability, n)
JOIN people_person AS person ON person.id = given.person_id
ORDER BY given.n

-- into: people.Consent
SELECT
    person.cell,
    person.id AS person_id,
    wording.id AS text_id,
    person.id AS given_by_id,
    'signed_form' AS method,
    person.registered_at AS given_at
FROM unnest(%(people)s::bigint[]) WITH ORDINALITY AS given (person_id, n)
JOIN people_person AS person ON person.id = given.person_id
CROSS JOIN (
    SELECT id FROM people_consenttext WHERE kind = 'volunteer' ORDER BY version DESC LIMIT 1
) AS wording
ORDER BY given.n

-- into: organisations.Membership
SELECT
    team.cell,
    team.id AS organisation_id,
    person.id AS person_id,
    CASE WHEN given.leads THEN 'leader' ELSE 'member' END AS role,
    greatest(person.registered_at + interval '20 days', team.founded_at) AS asked_at,
    greatest(person.registered_at + interval '21 days', team.founded_at) AS approved_at
FROM unnest(%(teams)s::bigint[], %(people)s::bigint[], %(leads)s::boolean[]) WITH ORDINALITY
    AS given (team_id, person_id, leads, n)
JOIN organisations_organisation AS team ON team.id = given.team_id
JOIN people_person AS person ON person.id = given.person_id
ORDER BY given.n
