"""People sign up for shifts: the door of the pages to ``dispatch_sign_up_v1``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import Refused
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch.choices import SignUpChannel, SignUpVerdict
from linbang.operations.dispatch.errors import (
    NotCleared,
    ShiftCancelled,
    ShiftFull,
    ShiftNotFound,
    ShiftWindowTaken,
    SignUpClosed,
    SignUpKeyReused,
    SignUpNotOpenYet,
)
from linbang.operations.dispatch.models import ShiftPlaces, SignUp

_SIGN_UP = """
SELECT n, verdict, causes, sign_up_id, waiting_position
FROM dispatch_sign_up_v1(
    %s::uuid[], %s::bigint[], %s::varchar[], %s::varchar[], %s::boolean[],
    %s::bigint[], %s::bigint[], %s::inet[], %s::timestamptz[]
)
"""
REFUSALS: dict[str, type[Refused]] = {
    SignUpVerdict.NOT_FOUND: ShiftNotFound,
    SignUpVerdict.CANCELLED: ShiftCancelled,
    SignUpVerdict.CLOSED: SignUpClosed,
    SignUpVerdict.NOT_OPEN_YET: SignUpNotOpenYet,
    SignUpVerdict.FULL: ShiftFull,
    SignUpVerdict.WINDOW_TAKEN: ShiftWindowTaken,
    SignUpVerdict.KEY_REUSED: SignUpKeyReused,
}


@dataclass(frozen=True)
class Wish:
    """One person for one shift; ``waits``: rather on the waiting list than not at all."""

    shift: UUID
    person_id: int
    channel: SignUpChannel = SignUpChannel.SELF
    key: str = ""
    waits: bool = False


@dataclass(frozen=True)
class SignUpAnswer:
    """What became of a wish; ``causes`` speak when the verdict is ``not_cleared``."""

    verdict: SignUpVerdict
    causes: tuple[str, ...] = ()
    sign_up_id: int | None = None
    waiting_position: int | None = None


@transaction.atomic
def sign_up(
    *,
    shift: UUID,
    person_id: int,
    by: Actor,
    now: datetime,
    channel: SignUpChannel = SignUpChannel.SELF,
    key: str = "",
    waits: bool = False,
) -> SignUp:
    """Give a person a place on a shift, a place on its waiting list, or a request to be decided.

    Who may act for whom is the caller's to check. Repeating returns the same sign-up. Raises
    NotCleared with every cause, ShiftNotFound, ShiftCancelled, SignUpClosed, SignUpNotOpenYet,
    ShiftFull, ShiftWindowTaken (the database decides), SignUpKeyReused.
    """
    wish = Wish(shift, person_id, channel, key, waits)
    [answer] = sign_up_all(wishes=[wish], by=by, now=now)
    if answer.verdict == SignUpVerdict.NOT_CLEARED:
        raise NotCleared(causes=answer.causes, reasons=clearance.causes_in_words(answer.causes))
    if answer.verdict in REFUSALS:
        raise REFUSALS[answer.verdict]
    return SignUp.objects.select_related("shift__activity").get(pk=answer.sign_up_id or 0)


@transaction.atomic
def sign_up_all(*, wishes: Sequence[Wish], by: Actor, now: datetime) -> list[SignUpAnswer]:
    """Sign many up in one statement, each with an answer of its own; a person once at a time."""
    if not wishes:
        return []
    count = len(wishes)
    with connection.cursor() as cursor:
        cursor.execute(
            _SIGN_UP,
            [
                [wish.shift for wish in wishes],
                [wish.person_id for wish in wishes],
                [wish.channel for wish in wishes],
                [wish.key for wish in wishes],
                [wish.waits for wish in wishes],
                [by.person_id] * count,
                [by.account_id] * count,
                [by.address] * count,
                [now] * count,
            ],
        )
        return [
            SignUpAnswer(_verdict(verdict), tuple(causes or ()), sign_up_id, position)
            for _, verdict, causes, sign_up_id, position in cursor.fetchall()
        ]


def _verdict(word: str) -> SignUpVerdict:
    if word == "again":
        raise ValueError("a person may stand only once in one call")
    return SignUpVerdict(word)


@transaction.atomic
def open_places(*, shift_ids: Iterable[int]) -> int:
    """Open the counters of new shifts; return how many. Safe to run twice."""
    shifts = Shift.objects.filter(pk__in=list(shift_ids), load=None).order_by("id")
    opened = ShiftPlaces.objects.bulk_create(
        [ShiftPlaces(cell=shift.cell, shift=shift, places=shift.places) for shift in shifts],
        ignore_conflicts=True,
    )
    return len(opened)
