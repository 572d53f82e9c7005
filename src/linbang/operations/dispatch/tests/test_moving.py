"""Shifts are planned, resized, moved and cancelled: their people follow, however many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.events import announce
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.people.events import PersonClosed, VolunteerEnded
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.events import (
    ActivityChanged,
    ShiftPlacesChanged,
    ShiftsCancelled,
    ShiftsMoved,
    ShiftsPlanned,
)
from linbang.intake.activities.factories import make_activity, make_post, make_shift
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch import actions, errors, queries
from linbang.operations.dispatch.choices import CommitmentSource, SignUpState
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, Reservation, ShiftPlaces, SignUp
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    SATURDAY,
    actor,
    led,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def news(event, *shifts: Shift):
    return event(shift_ids=tuple(shift.pk for shift in shifts), cell="450103", at=BEFORE)


def move(*shifts: Shift, by: timedelta = 3 * HOUR) -> None:
    for shift in shifts:
        shift.starts_at, shift.ends_at = shift.starts_at + by, shift.ends_at + by
        shift.save(update_fields=["starts_at", "ends_at"])
    announce(news(ShiftsMoved, *shifts))


def cancel(*shifts: Shift) -> None:
    Shift.objects.filter(pk__in=[shift.pk for shift in shifts]).update(
        state=ShiftState.CANCELLED, cancelled_at=BEFORE, cancel_reason="下大雨"
    )
    announce(news(ShiftsCancelled, *shifts))


def state_of(sign_up: SignUp) -> tuple[str, str]:
    sign_up.refresh_from_db()
    return sign_up.state, sign_up.end_reason


def templates_for(person_id: int) -> list[str]:
    mine = Notice.objects.filter(person_id=person_id).order_by("id")
    return list(mine.values_list("template", flat=True))


def test_planned_shifts_open_their_places_once():
    shifts = [make_shift(), make_shift(starts_at=SATURDAY + timedelta(days=1), places=7)]

    for _ in range(2):
        announce(news(ShiftsPlanned, *shifts))

    assert list(ShiftPlaces.objects.order_by("shift_id").values_list("places", "taken")) == [
        (5, 0),
        (7, 0),
    ]
    assert actions.open_places(shift_ids=[shifts[0].pk]) == 0


def test_places_follow_planning_but_never_below_what_is_taken():
    shift = make_open_shift(places=3)
    for _ in range(2):
        make_sign_up(shift, someone())
    Shift.objects.filter(pk=shift.pk).update(places=2)
    announce(news(ShiftPlacesChanged, shift))
    assert ShiftPlaces.objects.get(shift=shift).places == 2

    Shift.objects.filter(pk=shift.pk).update(places=1)
    with pytest.raises(errors.PlacesBelowTaken) as refusal:
        announce(news(ShiftPlacesChanged, shift))

    assert refusal.value.field == "places"
    assert "“清扫”05-16 09:00 的班次已有 2 个名额被占用" in str(refusal.value)
    assert ShiftPlaces.objects.get(shift=shift).places == 2
    recount()


def test_moved_shift_takes_its_people_along():
    shift, person, waiting = make_open_shift(places=1), someone(), someone("乙二")
    sign_up, line = make_sign_up(shift, person), make_sign_up(shift, waiting, waits=True)

    move(shift)

    promise = Commitment.objects.get(source_id=sign_up.pk, released_at=None)
    assert promise.during.lower == SATURDAY + 3 * HOUR
    assert (templates_for(person.pk), templates_for(waiting.pk)) == (
        ["shift_moved"],
        ["shift_moved"],
    )
    sign_up.refresh_from_db()
    assert sign_up.free_until == BEFORE + timedelta(days=1)
    assert state_of(line) == ("waiting", "")
    recount()


@pytest.mark.parametrize("lasts", [1, 99])
def test_who_gets_a_place_while_the_locks_are_taken_comes_along_too(lasts, monkeypatch):
    shift = make_open_shift()
    sign_up = make_sign_up(shift, someone())
    looks = []

    def crowd_that_grows(shift_ids):
        looks.append(-len(looks))
        return set(looks[:lasts]) if len(looks) <= lasts else {*looks[:lasts], sign_up.person_id}

    monkeypatch.setattr(queries, "placed_people", crowd_that_grows)

    move(shift)

    promise = Commitment.objects.get(source_id=sign_up.pk, released_at=None)
    assert promise.during.lower == shift.starts_at
    assert len(looks) == (3 if lasts == 1 else 6)
    recount()


def test_who_clashes_after_the_move_is_freed_without_a_mark():
    shift, person, other = make_open_shift(), someone(), someone("乙二")
    sign_up, theirs = make_sign_up(shift, person), make_sign_up(shift, other)
    make_commitment(
        person, starts_at=SATURDAY + 4 * HOUR, source=CommitmentSource.ASSIGNMENT, source_id=77
    )

    move(shift)

    assert state_of(sign_up) == ("released", "班次改了时间，与您别的安排冲突")
    assert sign_up.is_late is False
    assert state_of(theirs) == ("confirmed", "")
    assert templates_for(person.pk) == ["shift_moved_clash"]
    assert Commitment.objects.filter(person=person, released_at=None).get().source_id == 77
    recount()


def test_shifts_that_move_together_do_not_trip_over_each_other():
    activity = make_activity()
    morning = make_open_shift(activity=activity)
    noon = make_open_shift(activity=activity, starts_at=SATURDAY + 2 * HOUR)
    person = someone()
    places = [make_sign_up(morning, person), make_sign_up(noon, person)]

    # The morning takes the noon's old hours in the same breath.
    move(morning, noon, by=2 * HOUR)

    assert [state_of(one)[0] for one in places] == ["confirmed", "confirmed"]
    assert templates_for(person.pk) == ["shifts_moved"]
    recount()


def test_of_two_that_come_to_overlap_the_earlier_made_promise_stays():
    activity = make_activity()
    morning = make_open_shift(activity=activity)
    noon = make_open_shift(activity=activity, starts_at=SATURDAY + 3 * HOUR)
    person = someone()
    first, second = make_sign_up(noon, person), make_sign_up(morning, person)

    morning.starts_at, morning.ends_at = noon.starts_at, noon.ends_at
    morning.save(update_fields=["starts_at", "ends_at"])
    announce(news(ShiftsMoved, morning, noon))

    assert (state_of(first)[0], state_of(second)[0]) == ("confirmed", "released")
    recount()


def test_moving_back_works_as_well():
    shift, person = make_open_shift(), someone()
    sign_up = make_sign_up(shift, person)

    move(shift)
    move(shift, by=-3 * HOUR)

    assert state_of(sign_up)[0] == "confirmed"
    assert Commitment.objects.get(released_at=None).during.lower == SATURDAY
    recount()


def test_cancelled_shift_frees_everybody_and_says_why():
    shift = make_open_shift(places=2)
    Reservation.objects.create(
        cell=shift.cell, shift=shift, organisation=make_unit(), places=1, made_at=BEFORE
    )
    ShiftPlaces.objects.filter(shift=shift).update(taken=1)
    people = [someone(), someone("乙二")]
    sign_ups = [make_sign_up(shift, one, waits=True) for one in people]

    cancel(shift)

    assert [state_of(one)[0] for one in sign_ups] == ["released", "released"]
    notice = Notice.objects.get(person_id=people[0].pk)
    assert (notice.template, notice.params["reason"]) == ("shift_cancelled", "下大雨")
    assert not Reservation.objects.filter(released_at=None).exists()
    assert ShiftPlaces.objects.get(shift=shift).taken == 0
    recount()
    with pytest.raises(errors.ShiftCancelled):
        make_sign_up(shift, someone("丙三"))


def test_many_shifts_make_one_line_a_person():
    activity = make_activity()
    shifts = [
        make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(days=day))
        for day in range(3)
    ]
    person = someone()
    for shift in shifts:
        make_sign_up(shift, person)

    cancel(*shifts)

    notice = Notice.objects.get(person_id=person.pk)
    assert (notice.template, notice.params["count"]) == ("shifts_cancelled", 3)
    assert AuditEvent.objects.filter(action="dispatch.end_sign_up").count() == 3


def year_of_duty(shifts: int, people: int) -> list[Shift]:
    activity = make_activity()
    post = make_post(activity)
    made = [
        make_open_shift(post=post, starts_at=SATURDAY + timedelta(days=day))
        for day in range(shifts)
    ]
    crowd = [someone() for _ in range(people)]
    for shift in made:
        for one in crowd:
            make_sign_up(shift, one)
    return made


@pytest.mark.parametrize("follow", [move, cancel])
def test_number_of_statements_does_not_grow_with_the_crowd(follow):
    few, many = year_of_duty(1, 1), year_of_duty(6, 4)

    with CaptureQueriesContext(connection) as small:
        follow(*few)
    with CaptureQueriesContext(connection) as large:
        follow(*many)

    # Each shift's own row is planning's to write, one by one in this test.
    own = len(many) - len(few) if follow is move else 0
    assert len(large) - own == len(small)
    recount()


def test_planning_a_year_is_one_statement():
    shifts = [make_shift(starts_at=SATURDAY + timedelta(days=day)) for day in range(5)]

    with CaptureQueriesContext(connection) as captured:
        announce(news(ShiftsPlanned, *shifts))

    assert len([one for one in captured if "SAVEPOINT" not in one["sql"]]) == 1


@pytest.mark.parametrize("event", [PersonClosed, VolunteerEnded])
def test_who_serves_no_more_is_freed_of_what_lies_ahead(event):
    activity, leader = led()
    person = someone()
    ahead = make_sign_up(make_open_shift(activity=activity), person)
    begun = make_sign_up(
        make_open_shift(activity=activity, starts_at=BEFORE + HOUR),
        person,
        now=BEFORE,
    )

    announce(event(person_id=person.pk, cell=person.cell, at=BEFORE + 2 * HOUR))

    assert state_of(ahead) == ("released", "志愿者已停止服务")
    assert state_of(begun)[0] == "confirmed"
    assert templates_for(leader.person_id) == ["sign_up_left"]
    recount()


def test_changed_activity_tells_everybody_once_and_leaves_a_day_to_say_no():
    activity = make_activity()
    person = someone()
    places = [
        make_sign_up(
            make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(days=day)), person
        )
        for day in range(2)
    ]

    announce(ActivityChanged(activity_id=activity.pk, cell=activity.cell, at=BEFORE))

    assert templates_for(person.pk) == ["activity_changed"]
    for one in places:
        one.refresh_from_db()
        assert one.free_until == BEFORE + timedelta(days=1)
    late = SATURDAY - HOUR
    actions.withdraw_sign_up(sign_up_id=places[0].pk, by=actor(person), now=late)
    assert state_of(places[0]) == (SignUpState.WITHDRAWN, "")
    assert places[0].is_late is True
