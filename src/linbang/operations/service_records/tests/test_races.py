"""One record, two hands, on two real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from linbang.foundation.clock import local_date
from linbang.foundation.errors import Refused
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.intake.activities.factories import SATURDAY
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions, rules
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.choices import FlagOutcome, Verdict, VoidOutcome
from linbang.operations.service_records.models import (
    BackEntry,
    RecordConfirmation,
    RecordFlag,
    RecordVerification,
    RecordVoid,
    ServiceRecord,
)
from linbang.operations.service_records.tests.doubts import (
    CLOSED,
    district,
    make_doubtful,
    record_of,
    street,
)

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


def test_one_visit_drafted_twice_is_one_record() -> None:
    visit = make_presence(make_visit())

    def draft() -> ServiceRecord:
        return actions.draft_record(visit_id=visit.id, now=visit.ends_at)

    first, second = at_once(draft, draft)

    assert first == second


def test_one_roll_drafted_three_times_is_one_record_each() -> None:
    for _ in range(5):
        shift = make_open_shift(places=8)
        for _ in range(8):
            make_attendance(placed(shift), left_at=shift.ends_at)
        ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)
        before = ServiceRecord.objects.count()

        def draft(cell: str = shift.cell, now: datetime = shift.ends_at) -> int:
            return actions.draft_shift_records(cell=cell, now=now)

        at_once(draft, draft, draft)

        assert ServiceRecord.objects.count() == before + 8
        assert RecordVerification.objects.count() == before + 8


def test_elder_and_daughter_confirm_once() -> None:
    elder, daughter = make_person("李秀英"), make_person("陈丽")
    make_kinship(elder, daughter)
    visit = make_presence(make_visit(need=make_need(elder, state=NeedState.SERVED)))
    record = actions.draft_record(visit_id=visit.id, now=visit.ends_at)
    speakers = [make_actor(elder), make_actor(daughter)]

    def confirm(speaker: int) -> Callable[[], RecordConfirmation]:
        return lambda: actions.confirm_record(
            record_id=record.id,
            verdict=Verdict.CONFIRMED,
            by=speakers[speaker],
            now=visit.ends_at,
        )

    first, second = at_once(confirm(0), confirm(1))

    assert first == second
    assert RecordVerification.objects.count() == 1


def test_one_back_entry_pressed_twice_is_entered_once() -> None:
    activity = make_open_shift().activity
    make_volunteer("王建国")
    worker = make_worker()
    [line] = rules.parse_lines(f"王建国 {local_date(SATURDAY)} 9:00 11:00")
    order = EntryOrder(
        activity=activity.public_id,
        lines=[line],
        reason="停电",
        evidence=b"%PDF-1.7",
        declares=True,
        key="one",
    )

    def enter() -> BackEntry:
        return actions.enter_afterwards(order=order, by=worker, now=SATURDAY + timedelta(days=2))

    first, second = at_once(enter, enter)

    assert first == second
    assert ServiceRecord.objects.count() == 1


def test_two_officers_decide_a_doubt_and_a_voiding_once() -> None:
    attendance = make_doubtful()
    record, flag = record_of(attendance), RecordFlag.objects.get()
    officers = [street("韦一"), street("韦二"), district("陆一"), district("陆二")]

    def told(act: Callable[..., object], number: int, **how: object) -> Callable[[], str]:
        def tell() -> str:
            try:
                act(by=officers[number], now=CLOSED, **how)
            except Refused as refusal:
                return refusal.code
            return "done"

        return tell

    clear = {"flag": flag.public_id, "outcome": FlagOutcome.CLEARED, "reason": "属实"}
    cleared = at_once(*(told(actions.decide_flag, n, **clear) for n in (0, 1)))
    words = {"record_id": record.pk, "reason": "没有这回事", "evidence": "3 号"}
    proposed = at_once(*(told(actions.propose_void, n, **words) for n in (0, 1)))
    void = RecordVoid.objects.get()
    decide = {"void": void.public_id, "outcome": VoidOutcome.VOIDED, "answer": "属实"}
    voided = at_once(*(told(actions.decide_void, n, **decide) for n in (2, 3)))

    assert [sorted(answers) for answers in (cleared, proposed, voided)] == [
        ["done", "flag_decided"], ["done", "void_open"], ["done", "void_decided"],
    ]  # fmt: skip
    assert RecordVerification.objects.count() == 1
