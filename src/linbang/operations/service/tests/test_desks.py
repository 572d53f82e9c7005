"""People served are counted at the desks of a consult event."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import KeyReused, NotAllowed, NotFound, Refused
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.factories import make_activity, make_post
from linbang.intake.activities.models import Activity, Desk
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, queries
from linbang.operations.service.models import DeskTally
from linbang.operations.service.tests.cast import actor, after, lead, placed

pytestmark = pytest.mark.django_db

TOPICS = ["量血压", "用药咨询"]


def make_desk(activity: Activity | None = None, number: int = 1) -> Desk:
    activity = activity or make_activity(kind="consult")
    return Desk.objects.create(
        cell=activity.cell,
        activity=activity,
        number=number,
        department=f"卫生服务中心{number}",
        topics=TOPICS,
    )


def staff_of(desk: Desk) -> SignUp:
    return placed(make_open_shift(post=make_post(desk.activity, f"台{desk.number}", desk=desk)))


def stroke(desk: Desk, by: Actor, *, people: int = 1, key: str = "k", **how: Any) -> DeskTally:
    how.setdefault("topic", TOPICS[0])
    how.setdefault("now", after(30))
    how.setdefault("at", None)
    return actions.tally(desk=desk.public_id, people=people, key=key, by=by, **how)


def test_staff_counts_by_topic_and_takes_back() -> None:
    desk = make_desk()
    staff = actor(staff_of(desk).person)

    stroke(desk, staff, key="a")
    stroke(desk, staff, key="b", people=3, at=after(20))
    stroke(desk, staff, key="c", people=-1)
    stroke(desk, staff, key="d", topic=TOPICS[1])

    count = queries.desk_count(desk)
    assert [(one.topic, one.people) for one in count.topics] == [("量血压", 3), ("用药咨询", 1)]
    assert count.people == 4
    assert DeskTally.objects.get(key="b").at == after(20)


def test_stroke_that_is_sent_again_counts_once() -> None:
    desk = make_desk()
    staff = actor(staff_of(desk).person)

    assert stroke(desk, staff) == stroke(desk, staff)
    assert DeskTally.objects.count() == 1
    with pytest.raises(KeyReused):
        stroke(desk, staff, people=2)
    other = make_desk(desk.activity, 2)
    with pytest.raises(KeyReused):
        stroke(other, lead(desk.activity))


def test_stroke_of_a_fast_clock_is_taken_as_now() -> None:
    desk = make_desk()

    assert stroke(desk, lead(desk.activity), at=after(45)).at == after(30)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"topic": "算命"}, "desk_topic_unknown"),
        ({"people": -1}, "nothing_to_take_back"),
        ({"people": 0}, "nothing_to_take_back"),
        ({"people": 501}, "too_many_at_once"),
    ],
)
def test_strokes_that_cannot_be(how: dict[str, Any], code: str) -> None:
    desk = make_desk()

    with pytest.raises(Refused) as refusal:
        stroke(desk, lead(desk.activity), **how)

    assert refusal.value.code == code
    assert not DeskTally.objects.exists()


@pytest.mark.parametrize(
    ("at", "may"),
    [(-61, False), (-60, True), (30, True), (120 + 12 * 60 - 1, True), (120 + 12 * 60, False)],
)
def test_staff_counts_about_the_shift(at: float, may: bool) -> None:
    desk = make_desk()
    staff = actor(staff_of(desk).person)

    assert queries.desks_of(staff, after(at)).exists() is may


def test_nobody_else_counts() -> None:
    desk = make_desk()
    beside = staff_of(make_desk(desk.activity, 2))
    gone = staff_of(desk)
    SignUp.objects.filter(pk=gone.pk).update(state="withdrawn", ended_at=after(0))

    for who in (beside.person, gone.person, make_person("路人甲")):
        with pytest.raises(NotFound):
            stroke(desk, actor(who))
    Activity.objects.filter(pk=desk.activity_id).update(state=ActivityState.DRAFT)
    with pytest.raises(NotFound):
        stroke(desk, lead(desk.activity))


def test_system_counts_nobody() -> None:
    with pytest.raises(NotAllowed):
        stroke(make_desk(), Actor.system())


@pytest.mark.parametrize("desks", [1, 3])
def test_overview_costs_the_same_for_one_and_three(
    desks: int, django_assert_num_queries: Any
) -> None:
    activity = make_activity(kind="consult")
    leader = lead(activity)
    for number in range(desks):
        stroke(make_desk(activity, number), leader, key=str(number))

    with django_assert_num_queries(2):
        counts = queries.desk_counts_of(activity)

    assert [count.people for count in counts] == [1] * desks


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("desk_tally_counts_somebody", {"people": 0}),
        ("desk_tally_counts_somebody", {"people": -501}),
        ("desk_tally_key_once", {"key": "k"}),
    ],
)
def test_database_counts_somebody_once(constraint: str, columns: dict[str, Any]) -> None:
    desk = make_desk()
    stroke(desk, lead(desk.activity))
    row = {"people": 1, "key": "other", "topic": TOPICS[0], "at": after(0), "by_id": 1, **columns}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeskTally.objects.create(cell=desk.cell, desk=desk, **row)


def test_strokes_are_never_changed() -> None:
    desk = make_desk()
    stroke(desk, lead(desk.activity))

    for attempt in (
        lambda: DeskTally.objects.update(people=2),
        lambda: DeskTally.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()


def soon(hours: int) -> datetime:
    return after(0) + timedelta(hours=hours)


def test_desks_of_a_leader_come_in_their_order() -> None:
    activity = make_activity(kind="consult")
    second, first = make_desk(activity, 2), make_desk(activity, 1)

    assert list(queries.desks_of(lead(activity), soon(500))) == [first, second]
    assert make_volunteer().person.pk
