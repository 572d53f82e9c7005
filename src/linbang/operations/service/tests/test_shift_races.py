"""Several hands at one shift, each on a connection of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_consent_texts, make_resident_id
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.activities.factories import make_activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import ShiftPlaces, SignUp
from linbang.operations.service import actions, queries
from linbang.operations.service.actions import PresenceAnswer, Visitor
from linbang.operations.service.choices import PresenceVerdict, RollMark
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence, Attendance, DeskTally, Incident
from linbang.operations.service.rules import RollLine
from linbang.operations.service.tests.cast import ROLL, after, come, go, lead, placed
from linbang.operations.service.tests.test_absences import missed
from linbang.operations.service.tests.test_desks import make_desk, stroke
from linbang.operations.service.tests.test_incidents import PNG, report

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def at_once(*calls: Callable[[], T]) -> list[T]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            barrier.wait(timeout=20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def verdicts(answers: list[PresenceAnswer]) -> Counter[str]:
    return Counter(answer.verdict.value for answer in answers)


def test_two_telephones_of_one_person_come_and_go_once() -> None:
    for _ in range(ROUNDS):
        sign_up = placed()

        came = at_once(partial(come, sign_up), partial(come, sign_up, key="k"))
        gone = at_once(partial(go, sign_up), partial(go, sign_up, key="k"))

        for answers in (came, gone):
            assert verdicts(answers) == {"done": 1, "replayed": 1}
            assert len({answer.public_id for answer in answers}) == 1
            assert len({answer.at for answer in answers}) == 1
    assert Attendance.objects.exclude(out_at=None).count() == ROUNDS


def test_storm_of_repetitions_writes_one_row() -> None:
    sign_up = placed()

    answers = at_once(*[lambda: come(sign_up, key="k")] * 12)

    assert verdicts(answers) == {"done": 1, "replayed": 11}
    assert len({answer.public_id for answer in answers}) == 1
    assert Attendance.objects.count() == 1


def test_roll_call_races_with_self_check_in() -> None:
    activity = make_activity()
    leader = lead(activity)
    for number in range(ROUNDS):
        sign_up = placed(make_open_shift(activity=activity))
        line = RollLine(sign_up=sign_up.public_id, mark=RollMark.PRESENT, key=f"r{number}")

        def roll(line: RollLine = line) -> Any:
            return actions.call_roll(
                activity_id=activity.pk, lines=[line], by=leader, now=after(1)
            )[0].refusal

        refusal, own = at_once(roll, partial(come, sign_up, 1))

        assert refusal is None
        assert own.is_taken
    assert Attendance.objects.count() == ROUNDS


def test_coming_and_going_at_once_end_in_one_order() -> None:
    for _ in range(ROUNDS):
        sign_up = placed()
        make_attendance(sign_up)

        came, gone = at_once(partial(come, sign_up, 60), partial(go, sign_up, 60))

        assert gone.verdict == PresenceVerdict.DONE
        # Before the going she was there already; after it she has come again.
        assert came.is_taken
        rows = Attendance.objects.filter(sign_up=sign_up)
        assert rows.count() == (1 if came.verdict == PresenceVerdict.REPLAYED else 2)


def test_one_person_at_two_places_is_at_one() -> None:
    for _ in range(ROUNDS):
        first = placed()
        second = placed(make_open_shift(starts_at=after(120)), first.person)

        answers = at_once(partial(come, first, 119), partial(come, second, 119))

        assert verdicts(answers) == {"done": 1, "open_elsewhere": 1}


def test_rolls_of_two_leaders_over_the_same_people_do_not_block_each_other() -> None:
    shift = make_open_shift(places=30)
    leader = lead(shift.activity)
    sign_ups = [placed(shift) for _ in range(12)]
    lines = [RollLine(sign_up=one.public_id, mark=RollMark.PRESENT) for one in sign_ups]

    def call(order: list[RollLine]) -> list[str]:
        answers = actions.call_roll(
            activity_id=shift.activity_id, lines=order, by=leader, now=after(5)
        )
        return [answer.refusal.code for answer in answers if answer.refusal]

    told = at_once(lambda: call(lines), lambda: call(lines[::-1]), lambda: call(lines[3:]))

    assert told == [[], [], []]
    assert Attendance.objects.count() == 12


def test_wrong_codes_at_once_are_all_counted() -> None:
    sign_up = placed()

    answers = at_once(*[lambda: come(sign_up, is_right=False)] * 8)

    assert verdicts(answers) == {"wrong_code": 5, "too_many_wrong_codes": 3}


def test_walking_in_at_two_desks_makes_one_person_and_one_place() -> None:
    make_consent_texts()
    shift = make_open_shift(places=5)
    leader = lead(shift.activity)
    visitor = Visitor(
        who=make_resident_id(after(0).date().replace(year=1990)),
        name="农晓梅",
        phone="13877112233",
        region_code=COMMUNITY,
        agreed=True,
    )

    def walk(key: str) -> int:
        done = actions.walk_in(
            activity_id=shift.activity_id,
            shift=shift.public_id,
            visitor=visitor,
            key=key,
            by=leader,
            now=after(5),
        )
        return done.attendance.pk

    assert len(set(at_once(partial(walk, "a"), partial(walk, "b")))) == 1
    assert Person.objects.filter(name="农晓梅").count() == 1
    assert SignUp.objects.count() == Attendance.objects.count() == 1
    assert ShiftPlaces.objects.get(shift=shift).taken == 1


def test_roll_closed_by_hand_and_by_the_clock_counts_once() -> None:
    activity = make_activity()
    leader = lead(activity)
    sign_up = missed(activity=activity)
    now = after(120) + timedelta(days=1)

    counted = at_once(
        lambda: actions.record_absences(now=now),
        lambda: actions.close_roll(
            activity_id=activity.pk, day=after(0).date(), by=leader, now=now
        ),
    )

    assert sum(counted) == 1
    assert Absence.objects.get().sign_up_id == sign_up.pk


def test_strokes_at_once_never_fall_below_none() -> None:
    desk = make_desk()
    leader = lead(desk.activity)
    stroke(desk, leader, people=3)

    def back(key: str) -> bool:
        try:
            stroke(desk, leader, people=-1, key=key)
        except Exception:  # noqa: BLE001 - refused is what is counted
            return False
        return True

    done = at_once(*[lambda key=f"u{n}": back(key) for n in range(6)])

    assert sum(done) == 3
    assert queries.desk_count(desk).people == 0
    assert DeskTally.objects.count() == 4


def test_incident_reported_twice_at_once_alarms_once() -> None:
    activity = make_activity()
    leader = lead(activity)

    first, second = at_once(*[lambda: report(leader, activity)] * 2)

    assert first == second
    assert Incident.objects.count() == 1


def test_photos_at_once_stop_at_five() -> None:
    activity = make_activity()
    leader = lead(activity)
    incident = report(leader, activity)

    def add() -> bool:
        try:
            actions.add_photo(incident=incident.public_id, content=PNG, by=leader, now=after(31))
        except Exception:  # noqa: BLE001 - refused is what is counted
            return False
        return True

    assert sum(at_once(*[add] * 7)) == 5


@contextmanager
def holding(person_id: int) -> Iterator[None]:
    """Hold a person's lock, as a statement under way does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('service.attendance', %s))", [person_id]
        )
        yield


def test_person_waits_only_for_the_same_person() -> None:
    shift = make_open_shift()
    held, other = placed(shift), placed(shift)
    by = Actor(person_id=other.person_id, cell=shift.cell)

    with holding(held.person_id):
        (answer,) = at_once(
            lambda: actions.check_in_all(
                activity=shift.activity,
                calls=[actions.Call(person_id=other.person_id, method=ROLL, at=after(0))],
                by=by,
                now=after(0),
            )
        )

    assert verdicts(answer) == {"done": 1}
