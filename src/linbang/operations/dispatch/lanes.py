"""What passes the turnstile: signing up for oneself, and the open activities of a region.

The same SQL functions as the pages' door, with the arrays full. What a page would look up around
the answer is read in the same statement.
"""

from urllib.parse import parse_qs
from uuid import UUID

import orjson
from pydantic import ValidationError

from linbang.foundation.places.rules import is_region_code
from linbang.operations.dispatch.actions.signing_up import REFUSALS
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState, SignUpVerdict
from linbang.operations.dispatch.errors import RegionTooWide
from linbang.operations.dispatch.queries import COUNTY_DIGITS
from linbang.operations.dispatch.queries.open_json import FRESH_FOR_S
from linbang.operations.dispatch.schemas.sign_ups import SignUpIn
from turnstile import IN_TURNS, HandOver, Knock, Operation, Row, Unreadable

_KEY_MAX = 64

_SIGN_UP = """
WITH call AS MATERIALIZED (
    SELECT
        %b::uuid[] AS shifts, %b::bigint[] AS people, %b::varchar[] AS channels,
        %b::varchar[] AS keys, %b::boolean[] AS waits, %b::bigint[] AS by_ids,
        %b::bigint[] AS accounts, %b::inet[] AS addresses, %b::timestamptz[] AS nows
)
SELECT
    answer.verdict,
    answer.sign_up_public_id,
    answer.waiting_position,
    call.nows[answer.n],
    shift.public_id,
    activity.public_id,
    activity.name,
    post.name,
    person.public_id,
    person.name,
    shift.starts_at,
    shift.ends_at,
    earlier.state,
    earlier.channel,
    earlier.held_until,
    earlier.confirmed_at,
    earlier.ended_at,
    earlier.end_reason,
    earlier.is_late,
    (
        SELECT count(*)
        FROM dispatch_signup AS ahead
        WHERE earlier.state = 'waiting'
            AND ahead.cell = earlier.cell
            AND ahead.shift_id = earlier.shift_id
            AND ahead.state = 'waiting'
            AND ahead.id <= earlier.id
    )
FROM call
CROSS JOIN LATERAL dispatch_sign_up_v1(
    call.shifts, call.people, call.channels, call.keys, call.waits, call.by_ids, call.accounts,
    call.addresses, call.nows
) AS answer
LEFT JOIN activities_shift AS shift ON shift.public_id = call.shifts[answer.n]
LEFT JOIN activities_post AS post ON post.cell = shift.cell AND post.id = shift.post_id
LEFT JOIN activities_activity AS activity
    ON activity.cell = shift.cell AND activity.id = shift.activity_id
LEFT JOIN people_person AS person ON person.id = call.people[answer.n]
-- What this statement writes it does not see: these are the rows of earlier calls.
LEFT JOIN LATERAL (
    SELECT mine.*
    FROM dispatch_signup AS mine
    WHERE answer.verdict = 'replayed' AND mine.cell = shift.cell AND mine.id = answer.sign_up_id
    LIMIT 1
) AS earlier ON true
ORDER BY answer.n
"""
_OPEN_ACTIVITIES = """
SELECT dispatch_open_activities_v1(asked.region, now())
FROM unnest(%b::varchar[]) WITH ORDINALITY AS asked (region, n)
ORDER BY asked.n
"""


def _wish(knock: Knock) -> Row:
    try:
        given = SignUpIn.model_validate(knock.fields())
    except ValidationError as error:
        raise HandOver from error  # the pages say which field it is
    if given.person_id is not None or given.accepted:
        raise HandOver  # a child in one's care, or texts to accept first
    if len(knock.idempotency_key) > _KEY_MAX:
        raise Unreadable
    return (
        UUID(knock.groups["shift_id"]),
        knock.person_id,
        SignUpChannel.SELF.value,
        knock.idempotency_key,
        given.waits,
        knock.person_id,
        knock.account_id,
        knock.address,
        knock.at,
    )


def _place(row: Row) -> tuple[int, bytes]:
    verdict, sign_up_id, position, now, shift, activity, name, post, *rest = row
    if verdict == SignUpVerdict.NOT_CLEARED:
        raise HandOver  # nothing was written; the pages tell every cause and where to settle it
    if verdict in REFUSALS:
        raise REFUSALS[verdict]
    person, person_name, starts_at, ends_at, state, channel, held_until, *times, place = rest
    confirmed_at, ended_at, end_reason, is_late = times
    if verdict == SignUpVerdict.REPLAYED and state is None:
        # The page's door wrote it while this statement ran: the function saw it, the joins around
        # it look at an older moment. Nothing was written here, and the pages tell what is there.
        raise HandOver
    if verdict != SignUpVerdict.REPLAYED:
        state, channel, place = verdict, SignUpChannel.SELF.value, position
        confirmed_at = now if state == SignUpState.CONFIRMED else None
    told = {
        "id": sign_up_id,
        "shift_id": shift,
        "activity_id": activity,
        "activity": name,
        "post": post,
        "person_id": person,
        "person": person_name,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "state": state,
        "channel": channel,
        "position": place or None,
        "held_until": held_until,
        "confirmed_at": confirmed_at,
        "ended_at": ended_at,
        "end_reason": end_reason or "",
        "is_late": bool(is_late),
    }
    return 201, orjson.dumps(told)


def _region(knock: Knock) -> Row:
    [region] = parse_qs(knock.query).get("region", [""])[:1]
    if not is_region_code(region) or len(region) < COUNTY_DIGITS:
        raise RegionTooWide(field="region")
    return (region,)


def _listed(row: Row) -> tuple[int, bytes]:
    [text] = row
    return 200, str(text).encode()


OPERATIONS = (
    Operation(
        name="sign_up",
        method="POST",
        path="/api/v1/shifts/{shift_id}/sign-ups",
        decode=_wish,
        statement=_SIGN_UP,
        encode=_place,
        # Two wishes of one person may overlap: the second must see the first.
        key=lambda call: call[1],
        limits=IN_TURNS,
    ),
    Operation(
        name="open_activities",
        method="GET",
        path="/api/v1/activities/open",
        decode=_region,
        statement=_OPEN_ACTIVITIES,
        encode=_listed,
        is_public=True,
        fresh_s=FRESH_FOR_S,
    ),
)
