"""The waiting list: in order, timed, and never stuck."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.intake.activities.choices import ActivityState, SignUpMode
from linbang.intake.activities.factories import make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import actions, errors, queries
from linbang.operations.dispatch.choices import CommitmentSource, SignUpState
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    SATURDAY,
    SYSTEM,
    actor,
    led,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


def states(*sign_ups: SignUp) -> list[str]:
    by_id = dict(SignUp.objects.values_list("pk", "state"))
    return [by_id[sign_up.pk] for sign_up in sign_ups]


@pytest.fixture
def full():
    """A shift of one place with three who wait for it."""
    shift = make_open_shift(places=1)
    holder = make_sign_up(shift, someone("甲一"))
    waiting = [make_sign_up(shift, someone(), waits=True) for _ in range(3)]
    return shift, holder, waiting


def leave(sign_up: SignUp, now=BEFORE) -> None:
    actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(sign_up.person), now=now)


def test_freed_place_is_held_for_the_first_who_is_told_twice(full):
    shift, holder, (first, second, third) = full
    leave(holder)

    assert actions.fill_places(shift_ids=[shift.pk], now=BEFORE) == 1

    assert states(first, second, third) == ["held", "waiting", "waiting"]
    first.refresh_from_db()
    assert first.held_until == BEFORE + HALF_AN_HOUR
    assert Commitment.objects.filter(source_id=first.pk, released_at=None).count() == 1
    assert Notice.objects.get(person_id=first.person_id).template == "place_offered"
    assert OutboxMessage.objects.get().template == "place_offered"
    recount()
    assert actions.fill_places(shift_ids=None, now=BEFORE) == 0


def test_held_place_is_taken_once_and_for_all(full):
    shift, holder, (first, *_) = full
    leave(holder)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    for _ in range(2):
        taken = actions.take_held_place(
            sign_up_id=first.pk, by=actor(first.person), now=BEFORE + timedelta(minutes=29)
        )

    assert (taken.state, taken.confirmed_at) == (
        SignUpState.CONFIRMED,
        BEFORE + timedelta(minutes=29),
    )
    recount()


def test_declined_place_goes_to_the_next(full):
    shift, holder, (first, second, _) = full
    leave(holder)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    for _ in range(2):
        actions.decline_held_place(sign_up_id=first.pk, by=actor(first.person), now=BEFORE)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    first.refresh_from_db()
    assert (first.state, first.is_late) == (SignUpState.WITHDRAWN, False)
    assert states(second) == ["held"]
    recount()


def test_unanswered_place_lapses_after_half_an_hour_and_goes_on(full):
    shift, holder, (first, second, third) = full
    leave(holder)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    early = actions.lapse_held_places(now=BEFORE + HALF_AN_HOUR - timedelta(seconds=1))
    lapsed = actions.sweep_shifts(now=BEFORE + HALF_AN_HOUR)

    assert (early, lapsed) == (0, 2)
    assert states(first, second, third) == ["lapsed", "held", "waiting"]
    with pytest.raises(errors.HoldExpired):
        actions.take_held_place(
            sign_up_id=first.pk, by=actor(first.person), now=BEFORE + HALF_AN_HOUR
        )
    assert set(Notice.objects.values_list("template", flat=True)) >= {"place_lapsed"}
    recount()


def test_place_whose_time_is_over_is_not_taken_before_the_sweep(full):
    shift, holder, (first, *_) = full
    leave(holder)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    with pytest.raises(errors.HoldExpired):
        actions.take_held_place(
            sign_up_id=first.pk, by=actor(first.person), now=BEFORE + HALF_AN_HOUR
        )
    assert states(first) == ["held"]


def test_only_a_held_place_is_taken_or_declined(full):
    _, _, (first, *_) = full
    by = actor(first.person)

    with pytest.raises(errors.NothingHeld):
        actions.take_held_place(sign_up_id=first.pk, by=by, now=BEFORE)
    with pytest.raises(errors.NothingHeld):
        actions.decline_held_place(sign_up_id=first.pk, by=by, now=BEFORE)
    with pytest.raises(NotFound):
        actions.take_held_place(sign_up_id=first.pk, by=actor(someone("外人")), now=BEFORE)


def test_who_is_busy_or_not_cleared_leaves_the_list_and_is_told_why(full):
    shift, holder, (busy, barred, third) = full
    make_commitment(busy.person, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)
    Suspension.objects.create(
        cell=barred.person.cell,
        person=barred.person,
        cause="no_shows",
        starts_at=BEFORE,
        ends_at=SATURDAY + timedelta(days=9),
    )
    leave(holder)

    assert actions.fill_places(shift_ids=[shift.pk], now=BEFORE) == 1

    assert states(busy, barred, third) == ["lapsed", "lapsed", "held"]
    reasons = dict(
        Notice.objects.filter(template="waiting_skipped").values_list("person_id", "params__reason")
    )
    assert reasons == {
        busy.person_id: "这段时间已有别的安排",
        barred.person_id: "报名暂停中",
    }
    recount()


def test_hold_ends_with_the_start_of_the_shift(full):
    shift, holder, (first, second, _) = full
    late = SATURDAY - timedelta(minutes=10)
    leave(holder, now=late)

    actions.fill_places(shift_ids=[shift.pk], now=late)

    first.refresh_from_db()
    assert first.held_until == SATURDAY
    actions.sweep_shifts(now=SATURDAY)
    assert states(first, second) == ["lapsed", "lapsed"]
    templates = Notice.objects.order_by("id").values_list("person_id", "template")
    assert (second.person_id, "waiting_over") in list(templates)
    recount()


def test_requests_end_when_the_shift_begins():
    shift = make_open_shift(activity=make_activity(mode=SignUpMode.APPROVAL))
    request = make_sign_up(shift, someone())

    assert actions.lapse_held_places(now=SATURDAY - timedelta(seconds=1)) == 0
    assert actions.lapse_held_places(now=SATURDAY) == 1
    assert states(request) == ["lapsed"]


@pytest.mark.parametrize("state", [ActivityState.CANCELLED, ActivityState.CLOSED])
def test_nothing_is_offered_on_what_is_over(full, state):
    shift, holder, (first, *_) = full
    leave(holder)
    Activity.objects.update(state=state)

    assert actions.fill_places(shift_ids=[shift.pk], now=BEFORE) == 0
    assert states(first) == ["waiting"]


def test_more_places_are_offered_to_who_waits(full):
    shift, _, waiting = full
    shift.places = 3
    shift.save(update_fields=["places"])

    assert actions.resize_places(shift_ids=[shift.pk], by=SYSTEM, now=BEFORE) == 1
    assert actions.fill_places(shift_ids=[shift.pk], now=BEFORE) == 2

    assert states(*waiting) == ["held", "held", "waiting"]
    recount()


def test_places_in_the_line_are_told(full):
    _, holder, waiting = full

    positions = queries.waiting_positions([holder, *reversed(waiting)])

    assert positions == {one.pk: place for place, one in enumerate(waiting, start=1)}
    assert queries.waiting_positions([holder]) == {}


def test_leader_takes_a_held_place_for_somebody_on_the_telephone():
    activity, leader = led()
    shift = make_open_shift(activity=activity, places=1)
    holder = make_sign_up(shift, someone("甲一"))
    waiting = make_sign_up(shift, someone(), waits=True)
    leave(holder)
    actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

    actions.take_held_place(sign_up_id=waiting.pk, by=leader, now=BEFORE)

    assert states(waiting) == ["confirmed"]


# What a crowd may do, in any order: come, leave, answer an offer, or let time pass.
_MOVES = st.lists(
    st.tuples(st.sampled_from(["come", "leave", "take", "decline", "pass"]), st.integers(0, 5)),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=_MOVES)
def test_the_list_is_served_in_order_whatever_happens(moves):
    """An oracle that knows only a row of people and a number of places."""
    shift = make_open_shift(places=2)
    crowd = [someone() for _ in range(6)]
    oracle = _Oracle(places=2)
    now = BEFORE
    for move, who in moves:
        now += timedelta(minutes=1)
        person = crowd[who]
        mine = SignUp.objects.filter(shift=shift, person=person, ended_at=None).first()
        if move == "come" and mine is None:
            made = make_sign_up(shift, person, now=now, waits=True)
            assert made.state == oracle.come(who)
        elif move == "leave" and mine is not None:
            leave(mine, now=now)
            oracle.leave(who)
        elif move == "take" and mine is not None and mine.state == SignUpState.HELD:
            actions.take_held_place(sign_up_id=mine.pk, by=actor(person), now=now)
            oracle.take(who)
        elif move == "decline" and mine is not None and mine.state == SignUpState.HELD:
            actions.decline_held_place(sign_up_id=mine.pk, by=actor(person), now=now)
            oracle.leave(who)
        elif move == "pass":
            now += HALF_AN_HOUR
            actions.lapse_held_places(now=now)
            oracle.lapse()
        actions.fill_places(shift_ids=[shift.pk], now=now)
        oracle.fill()
        live = SignUp.objects.filter(shift=shift, ended_at=None).order_by("id")
        assert {
            crowd.index(one.person): one.state for one in live.select_related("person")
        } == oracle.states()
        recount()


class _Oracle:
    def __init__(self, places: int) -> None:
        self.places, self.placed, self.line = places, {}, []

    def come(self, who: int) -> str:
        if not self.line and len(self.placed) < self.places:
            self.placed[who] = "confirmed"
        else:
            self.line.append(who)
        return self.placed.get(who, "waiting")

    def leave(self, who: int) -> None:
        self.placed.pop(who, None)
        self.line = [one for one in self.line if one != who]

    def take(self, who: int) -> None:
        self.placed[who] = "confirmed"

    def lapse(self) -> None:
        for who in [one for one, state in self.placed.items() if state == "held"]:
            del self.placed[who]

    def fill(self) -> None:
        while self.line and len(self.placed) < self.places:
            self.placed[self.line.pop(0)] = "held"

    def states(self) -> dict[int, str]:
        return self.placed | dict.fromkeys(self.line, "waiting")


def test_counter_is_what_the_page_reads(full):
    shift, *_ = full

    load = ShiftPlaces.objects.get(shift=shift)

    assert (load.places, load.taken, load.waiting) == (1, 1, 3)
