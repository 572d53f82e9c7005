"""Who comes and goes in the tests of service. Saturday's shift runs from 9 to 11; moments are
minutes after its start.
"""

from datetime import datetime, timedelta
from typing import Any

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import SATURDAY
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.actions import Call, PresenceAnswer, check_in_all, check_out_all
from linbang.operations.service.choices import AttendanceMethod

CODE, ROLL, LOCATION = AttendanceMethod.CODE, AttendanceMethod.ROLL, AttendanceMethod.LOCATION
# The activity's own point, and one about 220 m north of it.
HERE, FAR = (22.81, 108.33), (22.812, 108.33)


def after(minutes: float) -> datetime:
    return SATURDAY + timedelta(minutes=minutes)


def actor(person: Person) -> Actor:
    return Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)


def placed(shift: Shift | None = None, person: Person | None = None) -> SignUp:
    """Give somebody a confirmed place, by default on a shift of an activity of its own."""
    person = person or make_volunteer().person
    return make_sign_up(shift or make_open_shift(), person)


def come(sign_up: SignUp, at: float = 0, /, **call: Any) -> PresenceAnswer:
    return ask(check_in_all, sign_up, at, **call)


def go(sign_up: SignUp, at: float = 60, /, **call: Any) -> PresenceAnswer:
    return ask(check_out_all, sign_up, at, **call)


def ask(door: Any, sign_up: SignUp, at: float, /, **call: Any) -> PresenceAnswer:
    method = call.setdefault("method", CODE)
    call.setdefault("is_right", True if method == CODE else None)
    now = after(call.pop("now", at))
    activity = call.pop("activity", sign_up.shift.activity)
    calls = [Call(person_id=sign_up.person_id, at=after(at), **call)]
    [answer] = door(activity=activity, calls=calls, by=actor(sign_up.person), now=now)
    return answer
