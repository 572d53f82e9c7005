"""Two hands at one door, on two real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.intake.needs.models import NeedStep
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.factories import make_visit
from linbang.operations.service.models import CheckIn, CheckOut

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], T]) -> list[T]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            barrier.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_check_ins_at_once_make_one() -> None:
    volunteer = make_volunteer().person
    visit = make_visit(volunteer=volunteer)
    actor, now = make_actor(volunteer), visit.starts_at
    code = queries.code_now(visit, now).digits

    def enter() -> CheckIn:
        return actions.check_in(
            visit_id=visit.id, method=PresenceMethod.CODE, code=code, by=actor, now=now
        )

    first, second = at_once(enter, enter)

    assert first == second
    assert CheckIn.objects.count() == 1
    assert NeedStep.objects.filter(state=NeedState.UNDER_WAY).count() == 1


def test_two_helpers_leaving_at_once_serve_the_need_once() -> None:
    elder = make_person("李秀英")
    need = make_need(elder, state=NeedState.ASSIGNED, helpers=2)
    word = {"method": PresenceMethod.WORD, "by": make_actor(elder)}
    visits = [
        make_visit(need=need, volunteer=make_volunteer(name).person, place=place)
        for place, name in ((1, "王建国"), (2, "刘二"))
    ]
    for visit in visits:
        actions.check_in(visit_id=visit.id, now=visit.starts_at, **word)

    def leave(visit_id: int) -> Callable[[], CheckOut]:
        now = need.starts_at + timedelta(minutes=50)
        return lambda: actions.check_out(visit_id=visit_id, now=now, **word)

    at_once(*(leave(visit.id) for visit in visits))

    need.refresh_from_db()
    assert need.state == NeedState.SERVED
    assert NeedStep.objects.filter(need=need, state=NeedState.SERVED).count() == 1
    assert CheckOut.objects.count() == 2
