"""Who comes and goes in the tests of service. Saturday's shift runs from 9 to 11; moments are
minutes after its start.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from linbang.foundation import events
from linbang.foundation.access.rules import Actor
from linbang.foundation.events import Event
from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.intake.activities.models import Activity, Shift
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
    shift = shift or make_open_shift()
    return make_sign_up(shift, person, now=min(BEFORE, shift.starts_at - timedelta(days=1)))


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


def lead(activity: Activity, name: str = "覃桂芳") -> Actor:
    """Let somebody lead an activity, without any grant."""
    leader = make_volunteer(name).person
    Activity.objects.filter(pk=activity.pk).update(leader=leader)
    activity.leader = leader
    return actor(leader)


def codes_of(answers: Sequence[Any]) -> list[str]:
    """Return the refusals' codes of a report, empty where something was written."""
    return [answer.refusal.code if answer.refusal else "" for answer in answers]


@contextmanager
def hearing(event: type[Event]) -> Iterator[list[Any]]:
    """Collect the events of a kind that are announced meanwhile, beside what follows them."""
    heard: list[Any] = []
    reactions = dict(events._reactions())
    reactions[event] = [*reactions.get(event, ()), heard.append]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_reactions", lambda: reactions)
        yield heard
