"""People come to shifts and go: the door of the pages to the SQL functions that decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.people import queries as people
from linbang.intake.activities.models import Activity
from linbang.operations.service import queries
from linbang.operations.service.choices import AttendanceMethod, PresenceVerdict
from linbang.operations.service.errors import REFUSALS
from linbang.operations.service.events import AttendanceEnded
from linbang.operations.service.models import Attendance
from linbang.operations.service.rules import OwnProof

_CHECK_IN = """
SELECT n, verdict, attendance_id, attendance_public_id, at, distance_m, shift_public_id
FROM service_check_in_v1(
    %s::uuid[], %s::uuid[], %s::bigint[], %s::varchar[], %s::boolean[], %s::float8[], %s::float8[],
    %s::timestamptz[], %s::varchar[], %s::varchar[], %s::bigint[], %s::bigint[], %s::inet[],
    %s::timestamptz[], %s::timestamptz[]
)
"""
_CHECK_OUT = """
SELECT n, verdict, attendance_id, attendance_public_id, at, distance_m, shift_public_id
FROM service_check_out_v1(
    %s::uuid[], %s::uuid[], %s::bigint[], %s::varchar[], %s::boolean[], %s::float8[], %s::float8[],
    %s::timestamptz[], %s::varchar[], %s::varchar[], %s::bigint[], %s::bigint[], %s::inet[],
    %s::timestamptz[]
)
"""
# What a person's own telephone can prove; the other methods are a leader's.
OWN_METHODS = frozenset({AttendanceMethod.CODE, AttendanceMethod.LOCATION})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One person coming or going; ``until`` enters the going with the coming."""

    person_id: int
    method: AttendanceMethod
    at: datetime
    sign_up: UUID | None = None
    is_right: bool | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    key: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class PresenceAnswer:
    """What became of a call; ``at`` is when she came or went, also of what was there before."""

    verdict: PresenceVerdict
    attendance_id: int | None
    public_id: UUID | None
    at: datetime | None
    distance_m: int | None
    shift: UUID | None

    @property
    def is_taken(self) -> bool:
        """Written down now, or before."""
        return self.verdict in (PresenceVerdict.DONE, PresenceVerdict.REPLAYED)


def check_in_shift(
    *, activity_id: int, person_id: int, proof: OwnProof, by: Actor, now: datetime
) -> Attendance:
    """Record that a person is there, proved by her own telephone; repeating returns the first.

    A wrong code is counted although the call is refused. Raises NotAllowed, and the refusals of
    ``errors.REFUSALS``.
    """
    activity, call = _own_call(activity_id, person_id, proof, by=by, now=now)
    [answer] = check_in_all(activity=activity, calls=[call], by=by, now=now)
    return attendance_of(answer, activity)


def check_out_shift(
    *, activity_id: int, person_id: int, proof: OwnProof, by: Actor, now: datetime
) -> Attendance:
    """Record that a person has gone, proved likewise; repeating returns the first.

    Raises NotAllowed, and the refusals of ``errors.REFUSALS``.
    """
    activity, call = _own_call(activity_id, person_id, proof, by=by, now=now)
    [answer] = check_out_all(activity=activity, calls=[call], by=by, now=now)
    return attendance_of(answer, activity)


@transaction.atomic
def check_in_all(
    *, activity: Activity, calls: Sequence[Call], by: Actor, now: datetime
) -> list[PresenceAnswer]:
    """Check many in by one statement, each with an answer of its own; a person once at a time.

    Who may say so of whom is the caller's to check. Announces whoever has gone already.
    """
    untils = [call.until for call in calls]
    answers = _ask(_CHECK_IN, activity, calls, [untils], by=by, now=now)
    _announce_ended(
        activity,
        [answer for answer, until in zip(answers, untils, strict=True) if until is not None],
        now=now,
    )
    return answers


@transaction.atomic
def check_out_all(
    *, activity: Activity, calls: Sequence[Call], by: Actor, now: datetime
) -> list[PresenceAnswer]:
    """Check many out by one statement, each with an answer of its own; one event for all."""
    answers = _ask(_CHECK_OUT, activity, calls, [], by=by, now=now)
    _announce_ended(
        activity,
        [
            answer
            for answer, call in zip(answers, calls, strict=True)
            if call.method != AttendanceMethod.VOID
        ],
        now=now,
    )
    return answers


def require_taken(answer: PresenceAnswer) -> PresenceAnswer:
    """Return an answer that was written down. Raises what its verdict means."""
    if answer.verdict in REFUSALS:
        raise REFUSALS[answer.verdict]
    return answer


def attendance_of(answer: PresenceAnswer, activity: Activity) -> Attendance:
    """Return the row of an answer. Raises what its verdict means."""
    taken = require_taken(answer)
    return Attendance.objects.select_related("sign_up__shift__post", "person").get(
        cell=activity.cell, pk=taken.attendance_id or 0
    )


def _own_call(
    activity_id: int, person_id: int, proof: OwnProof, *, by: Actor, now: datetime
) -> tuple[Activity, Call]:
    if proof.method not in OWN_METHODS or not people.may_speak_for(by, person_id):
        raise NotAllowed
    activity = Activity.objects.select_related("organiser").get(pk=activity_id)
    by_code = proof.method == AttendanceMethod.CODE
    return activity, Call(
        person_id=person_id,
        method=proof.method,
        at=now,
        is_right=queries.is_activity_code(activity.public_id, proof.code, now) if by_code else None,
        latitude=proof.latitude,
        longitude=proof.longitude,
        key=proof.key,
    )


def _ask(
    statement: str,
    activity: Activity,
    calls: Sequence[Call],
    more: list[list[datetime | None]],
    *,
    by: Actor,
    now: datetime,
) -> list[PresenceAnswer]:
    if by.person_id is None:
        raise NotAllowed
    if not calls:
        return []
    count = len(calls)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                [activity.public_id] * count,
                [call.sign_up for call in calls],
                [call.person_id for call in calls],
                [call.method.value for call in calls],
                [call.is_right for call in calls],
                [call.latitude for call in calls],
                [call.longitude for call in calls],
                [call.at for call in calls],
                [call.note for call in calls],
                [call.key for call in calls],
                [by.person_id] * count,
                [by.account_id] * count,
                [by.address] * count,
                [now] * count,
                *more,
            ],
        )
        return [
            PresenceAnswer(PresenceVerdict(verdict), *rest)
            for _, verdict, *rest in cursor.fetchall()
        ]


def _announce_ended(
    activity: Activity, answers: Sequence[PresenceAnswer], *, now: datetime
) -> None:
    ended = tuple(
        answer.attendance_id
        for answer in answers
        if answer.verdict == PresenceVerdict.DONE and answer.attendance_id is not None
    )
    if ended:
        announce(AttendanceEnded(attendance_ids=ended, cell=activity.cell, at=now))
