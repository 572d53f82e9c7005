-- What follows from the places and stays laid down in demo_seat and demo_stay. Each query is written into
-- the table that ``into:`` names; columns it does not give take the model's defaults.

-- into: dispatch.SignUp
SELECT
    shift.cell,
    shift.id AS shift_id,
    seat.person_id,
    seat.state,
    seat.channel,
    seat.asked_at,
    seat.by_id,
    CASE WHEN seat.state IN ('confirmed', 'withdrawn') THEN seat.asked_at END AS confirmed_at,
    seat.held_until,
    seat.ended_at,
    seat.end_reason,
    seat.is_late
FROM demo_seat AS seat
JOIN activities_shift AS shift ON shift.id = seat.shift_id
ORDER BY seat.n

-- into: dispatch.Commitment
SELECT
    person.cell,
    person.id AS person_id,
    tstzrange(shift.starts_at, shift.ends_at, '[)') AS during,
    'shift' AS source,
    place.id AS source_id,
    place.asked_at AS made_at,
    place.ended_at AS released_at
FROM demo_seat AS seat
JOIN dispatch_signup AS place
    ON place.shift_id = seat.shift_id AND place.person_id = seat.person_id
JOIN activities_shift AS shift ON shift.cell = place.cell AND shift.id = place.shift_id
JOIN people_person AS person ON person.id = place.person_id
WHERE place.state IN ('confirmed', 'held', 'withdrawn')
ORDER BY seat.n

-- into: service.Attendance
SELECT
    place.cell,
    place.id AS sign_up_id,
    place.person_id,
    stay.pair,
    stay.in_at,
    coalesce(stay.noted_at, stay.in_at) AS in_recorded_at,
    stay.in_method,
    stay.by_id AS in_by_id,
    stay.out_at,
    CASE WHEN stay.out_at IS NOT NULL THEN coalesce(stay.noted_at, stay.out_at) END
        AS out_recorded_at,
    CASE WHEN stay.out_at IS NOT NULL THEN stay.out_method ELSE '' END AS out_method,
    CASE WHEN stay.out_at IS NOT NULL THEN stay.by_id END AS out_by_id
FROM demo_stay AS stay
JOIN dispatch_signup AS place
    ON place.shift_id = stay.shift_id AND place.person_id = stay.person_id
ORDER BY stay.n

-- into: service.Absence
SELECT
    place.cell,
    place.id AS sign_up_id,
    place.person_id,
    seat.absence AS kind,
    shift.starts_at AS shift_started_at,
    shift.ends_at + interval '20 minutes' AS recorded_at,
    CASE seat.absence WHEN 'no_show' THEN shift.ends_at + interval '20 minutes' END AS counted_at,
    activity.leader_id AS by_id,
    seat.note
FROM demo_seat AS seat
JOIN dispatch_signup AS place
    ON place.shift_id = seat.shift_id AND place.person_id = seat.person_id
JOIN activities_shift AS shift ON shift.cell = place.cell AND shift.id = place.shift_id
JOIN activities_activity AS activity
    ON activity.cell = shift.cell AND activity.id = shift.activity_id
WHERE seat.absence <> ''
ORDER BY seat.n

-- Whoever was there or not is settled when the roll is closed (rule 28).
-- into: service.ClosedRoll
SELECT
    shift.cell,
    shift.id AS shift_id,
    shift.ends_at + interval '20 minutes' AS closed_at,
    activity.leader_id AS closed_by_id
FROM activities_shift AS shift
JOIN activities_activity AS activity
    ON activity.cell = shift.cell AND activity.id = shift.activity_id
WHERE shift.ends_at + interval '20 minutes' < %(now)s
    AND shift.id IN (SELECT seat.shift_id FROM demo_seat AS seat)
ORDER BY shift.id

-- Whoever took a place of a high-risk activity had accepted its risks and signed the agreement (rule 19).
-- into: clearance.Acceptance
SELECT
    activity.cell,
    activity.id AS activity_id,
    seat.person_id,
    wording.kind,
    activity.risk_version AS version,
    wording.digest AS text_digest,
    min(seat.asked_at) AS accepted_at,
    seat.person_id AS given_by_id
FROM demo_seat AS seat
JOIN activities_shift AS shift ON shift.id = seat.shift_id
JOIN activities_activity AS activity
    ON activity.cell = shift.cell AND activity.id = shift.activity_id
JOIN clearance_acceptedtext AS wording
    ON wording.cell = activity.cell AND wording.activity_id = activity.id
GROUP BY activity.cell, activity.id, seat.person_id, wording.kind, wording.digest
ORDER BY activity.id, seat.person_id, wording.kind

-- The insured list of a high-risk shift is frozen when it starts (rule 81).
-- into: clearance.InsuredList
SELECT
    shift.cell,
    shift.id AS shift_id,
    activity.policy_id,
    shift.starts_at AS frozen_at
FROM activities_shift AS shift
JOIN activities_activity AS activity
    ON activity.cell = shift.cell AND activity.id = shift.activity_id
WHERE activity.hazards <> '{}'
    AND shift.starts_at <= %(now)s
    AND shift.id IN (SELECT seat.shift_id FROM demo_seat AS seat)
ORDER BY shift.id

-- into: clearance.InsuredListEntry
SELECT list.cell, list.id AS insured_list_id, seat.person_id
FROM clearance_insuredlist AS list
JOIN demo_seat AS seat ON seat.shift_id = list.shift_id
WHERE seat.state = 'confirmed'
ORDER BY seat.n

-- Of every shift that has no counter yet, with or without people.
-- into: dispatch.ShiftPlaces
SELECT
    shift.cell,
    shift.id AS shift_id,
    shift.places,
    coalesce(signed.placed, 0) + coalesce(kept.places, 0) AS taken,
    coalesce(signed.waiting, 0) AS waiting
FROM activities_shift AS shift
LEFT JOIN (
    SELECT
        place.shift_id,
        count(*) FILTER (WHERE place.state IN ('confirmed', 'held')) AS placed,
        count(*) FILTER (WHERE place.state = 'waiting') AS waiting
    FROM dispatch_signup AS place
    GROUP BY place.shift_id
) AS signed ON signed.shift_id = shift.id
LEFT JOIN (
    SELECT reservation.shift_id, sum(reservation.places) AS places
    FROM dispatch_reservation AS reservation
    WHERE reservation.released_at IS NULL
    GROUP BY reservation.shift_id
) AS kept ON kept.shift_id = shift.id
WHERE NOT EXISTS (
    SELECT
    FROM dispatch_shiftplaces AS load
    WHERE load.cell = shift.cell AND load.shift_id = shift.id
)
ORDER BY shift.id
