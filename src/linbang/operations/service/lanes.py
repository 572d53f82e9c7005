"""What passes the turnstile: checking in and out by one's own telephone.

The same SQL functions as the pages' door, with the arrays full. Who speaks for a minor in her care
is for the pages.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import orjson
from pydantic import ValidationError

from linbang.foundation.errors import NotAllowed
from linbang.operations.service.actions.attendances import OWN_METHODS
from linbang.operations.service.choices import AttendanceMethod, PresenceVerdict
from linbang.operations.service.errors import REFUSALS
from linbang.operations.service.queries import is_activity_code
from linbang.operations.service.schemas.attendances import PresenceIn
from turnstile import IN_TURNS, HandOver, Knock, Operation, Row, Unreadable

_KEY_MAX = 64

_CALL = """
WITH call AS MATERIALIZED (
    SELECT
        %b::uuid[] AS activities, %b::uuid[] AS sign_ups, %b::bigint[] AS people,
        %b::varchar[] AS methods, %b::boolean[] AS is_right, %b::float8[] AS latitudes,
        %b::float8[] AS longitudes, %b::timestamptz[] AS ats, %b::varchar[] AS notes,
        %b::varchar[] AS keys, %b::bigint[] AS by_ids, %b::bigint[] AS accounts,
        %b::inet[] AS addresses, %b::timestamptz[] AS nows
)
SELECT
    answer.verdict,
    answer.attendance_public_id,
    answer.shift_public_id,
    answer.at,
    call.methods[answer.n],
    answer.distance_m,
    earlier.in_at,
    earlier.in_method,
    earlier.in_distance_m,
    earlier.out_at,
    earlier.out_method,
    earlier.out_distance_m,
    shift.public_id
FROM call
CROSS JOIN LATERAL {function}(
    call.activities, call.sign_ups, call.people, call.methods, call.is_right, call.latitudes,
    call.longitudes, call.ats, call.notes, call.keys, call.by_ids, call.accounts, call.addresses,
    call.nows
) AS answer
-- What this statement writes it does not see: this is the row as it was before.
LEFT JOIN LATERAL (
    SELECT mine.*
    FROM service_attendance AS mine
    WHERE mine.id = answer.attendance_id AND mine.person_id = call.people[answer.n]
    LIMIT 1
) AS earlier ON true
LEFT JOIN dispatch_signup AS place
    ON place.cell = earlier.cell AND place.id = earlier.sign_up_id
LEFT JOIN activities_shift AS shift ON shift.cell = place.cell AND shift.id = place.shift_id
ORDER BY answer.n
"""


def _call(knock: Knock) -> Row:
    try:
        given = PresenceIn.model_validate(knock.fields())
    except ValidationError as error:
        raise HandOver from error  # the pages say which field it is
    if given.person_id is not None:
        raise HandOver
    if given.method not in OWN_METHODS:
        raise NotAllowed
    if len(knock.idempotency_key) > _KEY_MAX:
        raise Unreadable
    activity = UUID(knock.groups["activity_id"])
    is_right = None
    if given.method == AttendanceMethod.CODE:
        is_right = is_activity_code(activity, given.code, knock.at)
    return (
        activity,
        None,
        knock.person_id,
        given.method.value,
        is_right,
        given.latitude,
        given.longitude,
        knock.at,
        "",
        knock.idempotency_key,
        knock.person_id,
        knock.account_id,
        knock.address,
        knock.at,
    )


def _attendance(row: Row, *, is_going: bool) -> tuple[int, bytes]:
    verdict, public_id, shift, at, method, metres, *earlier, earlier_shift = row
    if verdict in REFUSALS:
        raise REFUSALS[verdict]
    came_at, came_by, came_metres, left_at, left_by, left_metres = earlier
    if verdict == PresenceVerdict.REPLAYED and came_at is None:
        raise HandOver  # written while this statement ran, as in dispatch.lanes
    if verdict == PresenceVerdict.DONE and is_going:
        left_at, left_by, left_metres = at, method, metres
    elif verdict == PresenceVerdict.DONE:
        came_at, came_by, came_metres = at, method, metres
    told = {
        "id": public_id,
        "shift_id": shift or earlier_shift,
        "came_at": came_at,
        "came_by": came_by,
        "left_at": left_at,
        "left_by": left_by or None,
        "distance_m": came_metres if left_at is None else left_metres,
    }
    return 200, orjson.dumps(told)


def _operation(
    name: str, path: str, function: str, encode: Callable[[Row], tuple[int, bytes]]
) -> Operation:
    return Operation(
        name=name,
        method="POST",
        path=f"/api/v1/activities/{{activity_id}}/{path}",
        decode=_call,
        statement=_CALL.format(function=function),
        encode=encode,
        # A person stands only once in a statement: the second call must see the first.
        key=lambda call: call[2],
        limits=IN_TURNS,
    )


OPERATIONS = (
    _operation("check_in", "check-in", "service_check_in_v1", partial(_attendance, is_going=False)),
    _operation(
        "check_out", "check-out", "service_check_out_v1", partial(_attendance, is_going=True)
    ),
)
