"""Sign-ups at the same moment, over real connections; every race ends with a recount.

``door`` says how people sign up: whoever adds a faster one adds it to ``DOORS`` and plays the
same races through it. A door gets ready before the race, and answers what became of the call.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache, partial
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import Refused
from linbang.foundation.organisations.factories import make_membership, make_unit
from linbang.foundation.people.factories import make_worker
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ShiftState, SignUpMode
from linbang.intake.activities.factories import make_activity
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.actions.signing_up import REFUSALS
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp, StandIn
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    SATURDAY,
    SYSTEM,
    actor,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4
Act = Callable[[], object]
Door = Callable[[Shift, Person, bool], Act]


def by_action(shift: Shift, person: Person, waits: bool) -> Act:
    return lambda: make_sign_up(shift, person, waits=waits).state


@cache
def browser_of(person: Person) -> Client:
    return client_of(person)


def by_page(shift: Shift, person: Person, waits: bool) -> Act:
    path = f"/activities/{shift.activity.public_id}/sign-up/{shift.public_id}/"
    body = {"key": str(shift.public_id)} | ({"waits": "on"} if waits else {})
    client = browser_of(person)

    def press() -> str:
        answer = client.post(path, body)
        if answer.status_code == 302:
            return SignUp.objects.get(public_id=answer["Location"].split("/")[-2]).state
        words = answer.content.decode()
        [refusal] = [one for one in REFUSALS.values() if str(one.message) in words]
        return refusal.code

    return press


DOORS: dict[str, Door] = {"action": by_action, "page": by_page}


@pytest.fixture(params=DOORS)
def door(request, monkeypatch) -> Door:
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    return DOORS[request.param]


def coming(door: Door, shift: Shift, crowd: Iterable[Person], *, waits: bool = False) -> list[Act]:
    return [door(shift, one, waits) for one in crowd]


def leaving(sign_up: SignUp) -> Act:
    by = actor(sign_up.person)
    return partial(actions.withdraw_sign_up, sign_up_id=sign_up.pk, by=by, now=BEFORE)


def filling(shift: Shift) -> Act:
    return partial(actions.fill_places, shift_ids=[shift.pk], now=BEFORE)


def standing_in(search: StandIn, helper: Person) -> Act:
    return lambda: (
        actions.take_stand_in(
            stand_in_id=search.pk, person_id=helper.pk, by=actor(helper), now=BEFORE
        ).state
    )


def approving(sign_up: SignUp, by: Actor) -> Act:
    return lambda: actions.approve_sign_up(sign_up_id=sign_up.pk, by=by, now=BEFORE).state


def agreeing(search: StandIn, by: SignUp) -> Act:
    def agree() -> bool:
        actions.accept_swap(stand_in_id=search.pk, by=actor(by.person), now=BEFORE)
        return True

    return agree


def race(*acts: Act) -> list[str]:
    """Run the acts at the same moment; return what each returned, or its refusal's code."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        try:
            barrier.wait(timeout=20)
            return str(act() or "done")
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("waits", [False, True])
def test_forty_people_on_five_places(door: Door, waits: bool) -> None:
    # Through the turnstile, and through both doors at once, the same crowd comes twenty times:
    # tests/flows/test_both_doors.py.
    crowd = [someone() for _ in range(40)]
    for turn in range(TURNS // 2):
        shift = make_open_shift(starts_at=SATURDAY + timedelta(days=turn), places=5)

        outcomes = race(*coming(door, shift, crowd, waits=waits))

        rest = "waiting" if waits else "shift_full"
        assert Counter(outcomes) == {"confirmed": 5, rest: 35}
        recount()
        line = SignUp.objects.filter(shift=shift, state=SignUpState.WAITING)
        assert ShiftPlaces.objects.get(shift=shift).waiting == line.count()


def test_one_person_on_two_overlapping_shifts(door: Door) -> None:
    for turn in range(TURNS):
        at = SATURDAY + timedelta(days=turn)
        shifts = [make_open_shift(starts_at=at), make_open_shift(starts_at=at)]
        person = someone()

        outcomes = race(*[door(one, person, False) for one in shifts])

        assert sorted(outcomes) == ["confirmed", "shift_window_taken"]
    recount()


def test_same_tap_three_times(door: Door) -> None:
    for _ in range(TURNS):
        shift, person = make_open_shift(), someone()

        outcomes = race(*coming(door, shift, [person] * 3))

        assert outcomes == ["confirmed"] * 3
        assert SignUp.objects.filter(shift=shift).count() == 1
    recount()


def test_offering_a_place_against_leaving_the_list() -> None:
    for _ in range(TURNS * 2):
        shift = make_open_shift(places=1)
        holder = make_sign_up(shift, someone("甲一"))
        first, second = (make_sign_up(shift, someone(), waits=True) for _ in range(2))
        actions.withdraw_sign_up(sign_up_id=holder.pk, by=actor(holder.person), now=BEFORE)

        race(
            filling(shift),
            partial(actions.fill_places, shift_ids=None, now=BEFORE),
            leaving(first),
        )
        actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

        states = dict(SignUp.objects.filter(shift=shift).values_list("pk", "state"))
        assert (states[first.pk], states[second.pk]) == ("withdrawn", "held")
        recount()


def test_taking_a_held_place_against_its_lapse_and_itself() -> None:
    for _ in range(TURNS * 2):
        shift = make_open_shift(places=1)
        holder = make_sign_up(shift, someone("甲一"))
        first = make_sign_up(shift, someone(), waits=True)
        actions.withdraw_sign_up(sign_up_id=holder.pk, by=actor(holder.person), now=BEFORE)
        actions.fill_places(shift_ids=[shift.pk], now=BEFORE)
        by, in_time = actor(first.person), BEFORE + timedelta(minutes=29)

        def take(sign_up=first, by=by, now=in_time) -> str:
            return actions.take_held_place(sign_up_id=sign_up.pk, by=by, now=now).state

        # The clocks of two machines need not agree to the minute.
        *taken, lapsed = race(
            take,
            take,
            lambda: actions.lapse_held_places(now=BEFORE + timedelta(minutes=30)),
        )

        first.refresh_from_db()
        assert (first.state, set(taken), lapsed) in [
            (SignUpState.CONFIRMED, {"confirmed"}, "done"),
            (SignUpState.LAPSED, {"hold_expired"}, "1"),
        ]
        recount()


def test_two_who_wait_get_one_place_each_at_most() -> None:
    for _ in range(TURNS):
        shift = make_open_shift(places=2)
        holders = [make_sign_up(shift, someone("甲一")) for _ in range(2)]
        waiting = [make_sign_up(shift, someone(), waits=True) for _ in range(4)]

        race(
            *[leaving(one) for one in holders],
            *[filling(shift)] * 3,
        )
        actions.fill_places(shift_ids=[shift.pk], now=BEFORE)

        states = [SignUp.objects.get(pk=one.pk).state for one in waiting]
        assert states == ["held", "held", "waiting", "waiting"]
        recount()


def test_resizing_against_signing_up(door: Door) -> None:
    for _ in range(TURNS):
        shift = make_open_shift(places=3)
        crowd = [someone() for _ in range(6)]

        @transaction.atomic
        def resize(shift=shift) -> int:
            Shift.objects.filter(pk=shift.pk).update(places=2)
            return actions.resize_places(shift_ids=[shift.pk], by=SYSTEM, now=BEFORE)

        *outcomes, resized = race(*coming(door, shift, crowd), resize)

        load = ShiftPlaces.objects.get(shift=shift)
        assert (load.places, resized) in {(2, "1"), (3, "places_below_taken")}
        assert Counter(outcomes)["confirmed"] == load.taken == load.places
        recount()


@transaction.atomic
def cancel(shift: Shift) -> int:
    Shift.objects.filter(pk=shift.pk).update(
        state=ShiftState.CANCELLED, cancelled_at=BEFORE, cancel_reason="雨"
    )
    return actions.release_shifts(shift_ids=[shift.pk], by=SYSTEM, now=BEFORE)


def test_cancelling_against_signing_up(door: Door) -> None:
    for _ in range(TURNS * 2):
        shift = make_open_shift(places=9)
        crowd = [someone() for _ in range(5)]

        race(*coming(door, shift, crowd), partial(cancel, shift))

        assert not SignUp.objects.filter(shift=shift, ended_at=None).exists()
        recount()


def test_moving_against_signing_up(door: Door) -> None:
    for turn in range(TURNS * 2):
        at = SATURDAY + timedelta(days=turn)
        shift = make_open_shift(starts_at=at, places=9)
        other = make_open_shift(starts_at=at + timedelta(hours=3), places=9)
        person = someone()

        @transaction.atomic
        def move(shift=shift, at=at) -> int:
            Shift.objects.filter(pk=shift.pk).update(
                starts_at=at + timedelta(hours=3), ends_at=at + timedelta(hours=5)
            )
            return actions.move_sign_ups(shift_ids=[shift.pk], by=SYSTEM, now=BEFORE)

        race(*coming(door, shift, [person]), *coming(door, other, [person]), move)
        for promise in Commitment.objects.filter(person=person, released_at=None):
            place = SignUp.objects.select_related("shift").get(pk=promise.source_id)
            assert promise.during.lower == place.shift.starts_at
        recount()


def test_two_helpers_stand_in_for_one() -> None:
    for _ in range(TURNS):
        shift = make_open_shift(places=1)
        old = make_sign_up(shift, someone("甲一"))
        search = actions.seek_stand_in(sign_up_id=old.pk, by=actor(old.person), now=BEFORE)
        helpers = [someone("乙二"), someone("丙三")]

        outcomes = race(*[standing_in(search, one) for one in helpers])

        assert sorted(outcomes) == ["confirmed", "stand_in_closed"]
        recount()


def test_swapping_against_cancelling() -> None:
    for turn in range(TURNS * 2):
        at = SATURDAY + timedelta(days=2 * turn)
        mine = make_sign_up(make_open_shift(starts_at=at, places=1), someone("甲一"))
        theirs = make_sign_up(
            make_open_shift(starts_at=at + timedelta(days=1), places=1), someone("乙二")
        )
        search = actions.ask_swap(
            sign_up_id=mine.pk, other_id=theirs.pk, by=actor(mine.person), now=BEFORE
        )

        swapped, cancelled = race(agreeing(search, theirs), partial(cancel, theirs.shift))

        assert (swapped, cancelled) in {("True", "1"), ("stand_in_closed", "1")}
        assert not SignUp.objects.filter(shift=theirs.shift, ended_at=None).exists()
        holder = SignUp.objects.get(shift=mine.shift, ended_at=None)
        assert holder.person_id == (theirs if swapped == "True" else mine).person_id
        recount()


def test_two_swaps_across_each_other() -> None:
    for turn in range(TURNS):
        at = SATURDAY + timedelta(days=2 * turn)
        mine = make_sign_up(make_open_shift(starts_at=at, places=1), someone("甲一"))
        theirs = make_sign_up(
            make_open_shift(starts_at=at + timedelta(days=1), places=1), someone("乙二")
        )
        there = actions.ask_swap(
            sign_up_id=mine.pk, other_id=theirs.pk, by=actor(mine.person), now=BEFORE
        )
        back = actions.ask_swap(
            sign_up_id=theirs.pk, other_id=mine.pk, by=actor(theirs.person), now=BEFORE
        )

        outcomes = race(agreeing(there, theirs), agreeing(back, mine))

        assert sorted(outcomes) == ["True", "stand_in_closed"]
        recount()


def test_approving_against_approving_and_withdrawing() -> None:
    activity = make_activity(mode=SignUpMode.APPROVAL)
    worker = make_worker()
    for turn in range(TURNS):
        shift = make_open_shift(
            activity=activity, starts_at=SATURDAY + timedelta(days=turn), places=1
        )
        asked = [make_sign_up(shift, someone()) for _ in range(3)]

        race(*[approving(one, worker) for one in asked], leaving(asked[0]))

        assert ShiftPlaces.objects.get(shift=shift).taken <= 1
        recount()


def test_naming_reserved_people_against_the_crowd(door: Door) -> None:
    worker, unit = make_worker(), make_unit("税务局")
    for _ in range(TURNS):
        shift = make_open_shift(places=4)
        members = [someone("甲一"), someone("乙二")]
        for one in members:
            make_membership(unit, one)
        kept = actions.reserve_places(
            shift=shift.public_id, organisation_id=unit.pk, places=2, by=worker, now=BEFORE
        )
        crowd = [someone() for _ in range(4)]

        race(
            *coming(door, shift, crowd),
            *[
                partial(
                    actions.name_reserved,
                    reservation_id=kept.pk,
                    person_ids=[one.pk],
                    by=worker,
                    now=BEFORE,
                )
                for one in members
            ],
        )

        theirs = SignUp.objects.filter(shift=shift, person__in=members, state="confirmed")
        assert theirs.count() == 2
        assert ShiftPlaces.objects.get(shift=shift).taken == 4
        recount()
