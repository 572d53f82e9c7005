"""The leader scans a volunteer's card: coming or going."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.intake.activities.models import Activity
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions.attendances import (
    Call,
    attendance_of,
    check_in_all,
    check_out_all,
)
from linbang.operations.service.choices import AttendanceMethod, CardDirection
from linbang.operations.service.models import Attendance


@dataclass(frozen=True)
class CardAnswer:
    """Whose card it was, and what became of it."""

    name: str
    is_out: bool
    attendance: Attendance


@transaction.atomic
def scan_card(
    *,
    activity_id: int,
    card: str,
    direction: CardDirection = CardDirection.EITHER,
    key: str = "",
    by: Actor,
    now: datetime,
) -> CardAnswer:
    """Check in or out whoever holds a card; ``card``: its address, or the number on it.

    Scanned again within five minutes it says again what it said. Raises NotFound for who does
    not lead the activity, CardUnknown, NotForOneself, and the refusals of ``errors.REFUSALS``.
    """
    activity = queries.activity_led_by(by, activity_id)
    holder = queries.card_holder(rules.number_on_card(card))
    if holder is None:
        raise errors.CardUnknown(field="card")
    rules.require_others([holder.pk], by=by.person_id)
    is_out = _says_out(activity, holder.pk, direction, now)
    call = Call(person_id=holder.pk, method=AttendanceMethod.CARD, at=now, key=key)
    door = check_out_all if is_out else check_in_all
    [answer] = door(activity=activity, calls=[call], by=by, now=now)
    return CardAnswer(holder.name, is_out, attendance_of(answer, activity))


def _says_out(activity: Activity, person_id: int, direction: CardDirection, now: datetime) -> bool:
    latest = queries.latest_attendance(activity, person_id, now)
    return rules.card_says_out(
        direction,
        open_since=latest.in_at if latest and latest.out_at is None else None,
        left_at=latest.out_at if latest else None,
        now=now,
    )
