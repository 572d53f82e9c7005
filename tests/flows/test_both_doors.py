"""Signing up, checking in and out: the same cases, the same refusals, whichever door is taken."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from linbang.foundation import clock
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import make_kinship, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ShiftState, SignUpMode
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import (
    make_commitment,
    make_open_shift,
    make_sign_up,
)
from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp
from linbang.operations.service.models import Attendance, WrongTry
from linbang.operations.service.queries import activity_code
from tests.flows.doors import Door, FastDoor, Outcome, fast_door, through_the_pages

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = BEFORE - timedelta(days=200)
TURNS, FEW_TURNS = 20, 6


class Hands:
    """The product's one clock, set by hand."""

    def __init__(self) -> None:
        self.now = BEFORE

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(clock, "now", hands)
    return hands


@pytest.fixture(params=["pages", "turnstile"])
def door(request: pytest.FixtureRequest, hands: Hands) -> Iterator[Door]:
    if request.param == "pages":
        yield through_the_pages
        return
    with fast_door() as fast:
        yield fast


def volunteer(name: str = "王建国", **columns: object) -> Person:
    return make_volunteer(name, now=LONG_AGO, **columns).person  # type: ignore[arg-type]  # of a person


def shift_path(shift: Shift) -> str:
    return f"/api/v1/shifts/{shift.public_id}/sign-ups"


def sign_up(door: Door, shift: Shift, person: Person, *, key: str = "", **body: Any) -> Outcome:
    return door(shift_path(shift), person, body, key=key)


def come(door: Door, activity: Activity, person: Person, *, key: str = "", **body: Any) -> Outcome:
    return door(f"/api/v1/activities/{activity.public_id}/check-in", person, body, key=key)


def go(door: Door, activity: Activity, person: Person, *, key: str = "", **body: Any) -> Outcome:
    return door(f"/api/v1/activities/{activity.public_id}/check-out", person, body, key=key)


# What each verdict needs, and what it is told as: (activity, shift, taken of one place, body).
SIGN_UP_CASES: dict[str, tuple[dict[str, Any], dict[str, Any], int, dict[str, Any], int, str]] = {
    "confirmed": ({}, {}, 0, {}, 201, "confirmed"),
    "requested": ({"mode": SignUpMode.APPROVAL}, {}, 1, {}, 201, "requested"),
    "waiting": ({}, {}, 1, {"waits": True}, 201, "waiting"),
    "full": ({}, {}, 1, {}, 409, "shift_full"),
    "no waiting list": ({"has_waiting_list": False}, {}, 1, {"waits": True}, 409, "shift_full"),
    "draft": ({"state": "draft"}, {}, 0, {}, 404, "shift_not_found"),
    "activity off": ({"state": "cancelled"}, {}, 0, {}, 409, "shift_cancelled"),
    "shift off": (
        {},
        {"state": ShiftState.CANCELLED, "cancelled_at": BEFORE, "cancel_reason": "雨"},
        0,
        {},
        409,
        "shift_cancelled",
    ),
    "closed": ({"sign_up_closes_at": BEFORE}, {}, 0, {}, 409, "sign_up_closed"),
    "not open": (
        {"sign_up_opens_at": BEFORE + timedelta(hours=1)},
        {},
        0,
        {},
        409,
        "sign_up_not_open_yet",
    ),
    "not cleared": ({"hazards": ["traffic"]}, {}, 0, {}, 422, "not_cleared"),
    "not readable": ({}, {}, 0, {"waits": "perhaps"}, 422, "invalid_input"),
}


@pytest.mark.parametrize("case", SIGN_UP_CASES)
def test_every_verdict_of_signing_up_is_told_alike(door: Door, case: str) -> None:
    activity, columns, taken, body, status, word = SIGN_UP_CASES[case]
    shift = make_open_shift(activity=make_activity(**activity), places=1, **columns)
    ShiftPlaces.objects.filter(shift=shift).update(taken=taken)

    outcome = sign_up(door, shift, volunteer(), **body)

    assert (outcome.status, outcome.word) == (status, word)
    assert SignUp.objects.count() == (status == 201)
    assert AuditEvent.objects.filter(action="dispatch.sign_up").count() == (status == 201)


def test_place_is_told_whole(door: Door) -> None:
    shift, person = make_open_shift(), volunteer("韦丽华")

    told = sign_up(door, shift, person).told

    made = SignUp.objects.get()
    instants = {name: datetime.fromisoformat(told.pop(name)) for name in ("starts_at", "ends_at")}
    assert instants == {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    assert datetime.fromisoformat(told.pop("confirmed_at")) == BEFORE
    assert told == {
        "id": str(made.public_id),
        "shift_id": str(shift.public_id),
        "activity_id": str(shift.activity.public_id),
        "activity": shift.activity.name,
        "post": shift.post.name,
        "person_id": str(person.public_id),
        "person": "韦丽华",
        "state": "confirmed",
        "channel": "self",
        "position": None,
        "held_until": None,
        "ended_at": None,
        "end_reason": "",
        "is_late": False,
    }


def test_unknown_shift_is_not_found(door: Door) -> None:
    outcome = door(f"/api/v1/shifts/{uuid4()}/sign-ups", volunteer(), {})

    assert (outcome.status, outcome.word) == (404, "shift_not_found")


def test_who_is_promised_elsewhere_is_refused(door: Door) -> None:
    shift, person = make_open_shift(), volunteer()
    make_commitment(person, starts_at=SATURDAY + timedelta(minutes=90))

    outcome = sign_up(door, shift, person)

    assert (outcome.status, outcome.word) == (409, "shift_window_taken")


def test_repeating_finds_the_same_place_whatever_became_of_it(door: Door) -> None:
    shift, person = make_open_shift(), volunteer()
    first = sign_up(door, shift, person, key="k1")
    again = sign_up(door, shift, person, key="k1")
    SignUp.objects.update(state=SignUpState.WITHDRAWN, ended_at=BEFORE, end_reason="有事")

    late = sign_up(door, shift, person, key="k1")

    assert (first.status, again.told) == (201, first.told)
    assert (late.told["id"], late.word, late.told["end_reason"]) == (
        first.told["id"],
        "withdrawn",
        "有事",
    )
    assert SignUp.objects.count() == 1


def test_key_of_another_shift_is_refused(door: Door) -> None:
    person = volunteer()
    sign_up(door, make_open_shift(), person, key="k1")

    other = make_open_shift(starts_at=SATURDAY + timedelta(days=1))
    outcome = sign_up(door, other, person, key="k1")

    assert (outcome.status, outcome.word) == (409, "sign_up_key_reused")


def test_place_in_the_line_is_told(door: Door) -> None:
    shift = make_open_shift(places=1)
    people = [volunteer() for _ in range(3)]
    sign_up(door, shift, people[0])
    sign_up(door, shift, people[1], waits=True)

    third = sign_up(door, shift, people[2], waits=True)

    assert (third.told["position"], third.word) == (2, "waiting")
    assert sign_up(door, shift, people[2], waits=True).told["position"] == 2


def test_child_is_signed_up_by_her_guardian(door: Door) -> None:
    child = volunteer("黄小宇", birth_date=BEFORE.date().replace(year=2013))
    mother = make_person("韦晓洁", now=LONG_AGO)
    make_kinship(child, mother, is_guardian=True, now=LONG_AGO)

    outcome = sign_up(door, make_open_shift(), mother, person_id=str(child.public_id))

    assert (outcome.status, outcome.word) == (422, "not_cleared")
    assert [cause["code"] for cause in outcome.told["causes"]] == ["guardian_consent"]


def test_nobody_signs_up_a_stranger(door: Door) -> None:
    outcome = sign_up(door, make_open_shift(), volunteer(), person_id=str(volunteer().public_id))

    assert (outcome.status, outcome.word) == (404, "not_found")


def placed(**columns: Any) -> tuple[Activity, Person]:
    """Give a volunteer a place on Saturday from nine to eleven."""
    shift, person = make_open_shift(**columns), volunteer()
    make_sign_up(shift, person, now=BEFORE)
    return shift.activity, person


def right(activity: Activity, now: datetime) -> dict[str, str]:
    return {"method": "code", "code": activity_code(activity.public_id, now).digits}


HERE, FAR = {"latitude": 22.81, "longitude": 108.33}, {"latitude": 22.82, "longitude": 108.33}


@pytest.mark.parametrize(
    ("minutes", "body", "status", "word"),
    [
        (0, "right", 200, "done"),
        (-61, "right", 409, "too_early_for_shift"),
        (120, "right", 409, "too_late_for_shift"),
        (0, {"method": "code", "code": "abcdef"}, 409, "wrong_shift_code"),
        (0, {"method": "location", **HERE}, 409, "too_few_places_for_location"),
        (0, {"method": "roll"}, 403, "not_allowed"),
        (0, {"method": "guess"}, 422, "invalid_input"),
    ],
)
def test_every_verdict_of_coming_is_told_alike(
    door: Door, hands: Hands, minutes: int, body: Any, status: int, word: str
) -> None:
    activity, person = placed()
    hands.now = SATURDAY + timedelta(minutes=minutes)
    told = right(activity, hands.now) if body == "right" else body

    outcome = come(door, activity, person, **told)

    assert (outcome.status, outcome.word) == (status, word)
    assert Attendance.objects.count() == (status == 200)
    assert WrongTry.objects.count() == (word == "wrong_shift_code")


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (HERE, 200, "done"),
        (FAR, 409, "too_far_from_shift"),
        ({}, 422, "shift_location_missing"),
    ],
)
def test_location_counts_where_a_hundred_are_planned(
    door: Door, hands: Hands, body: dict[str, float], status: int, word: str
) -> None:
    activity, person = placed(places=100)
    hands.now = SATURDAY

    outcome = come(door, activity, person, method="location", **body)

    assert (outcome.status, outcome.word) == (status, word)


def test_sixth_wrong_code_of_a_minute_is_not_looked_at(door: Door, hands: Hands) -> None:
    activity, person = placed()
    hands.now = SATURDAY
    for _ in range(5):
        come(door, activity, person, method="code", code="abcdef")

    outcome = come(door, activity, person, **right(activity, SATURDAY))

    assert (outcome.status, outcome.word) == (429, "too_many_wrong_tries")


def test_coming_and_going_are_told_whole_and_once(door: Door, hands: Hands) -> None:
    activity, person = placed()
    hands.now = SATURDAY
    came = come(door, activity, person, key="in", **right(activity, SATURDAY))
    assert come(door, activity, person, key="in", **right(activity, SATURDAY)).told == came.told
    early = go(door, activity, person, **right(activity, SATURDAY))
    hands.now = SATURDAY + timedelta(minutes=110)

    gone = go(door, activity, person, key="out", **right(activity, hands.now))
    again = go(door, activity, person, key="out", **right(activity, hands.now))

    row = Attendance.objects.get()
    assert (early.status, early.word) == (409, "too_short_on_shift")
    assert came.told["left_at"] is None
    assert gone.told == again.told
    assert (gone.told["id"], gone.told["shift_id"]) == (
        str(row.public_id),
        str(row.sign_up.shift.public_id),
    )
    moments = [datetime.fromisoformat(gone.told[name]) for name in ("came_at", "left_at")]
    assert moments == [SATURDAY, hands.now]
    assert (gone.told["came_by"], gone.told["left_by"]) == ("code", "code")


def test_who_has_no_place_neither_comes_nor_goes(door: Door, hands: Hands) -> None:
    activity, _ = placed()
    hands.now, stranger = SATURDAY, volunteer()

    came = come(door, activity, stranger, **right(activity, SATURDAY))
    gone = go(door, activity, stranger, **right(activity, SATURDAY))

    assert (came.status, came.word) == (409, "no_place_on_shift")
    assert (gone.status, gone.word) == (409, "not_on_shift")


def race(running: Iterable[Callable[[], Outcome]]) -> list[Outcome]:
    acts = list(running)
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Outcome]) -> Outcome:
        try:
            barrier.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("mix", ["turnstile", "both"])
def test_forty_people_on_five_places_through_both_doors(hands: Hands, mix: str) -> None:
    crowd = [volunteer() for _ in range(40)]
    with fast_door() as fast:
        for turn in range(TURNS):
            shift = make_open_shift(places=5, starts_at=SATURDAY + timedelta(days=turn))
            doors = [fast, fast if mix == "turnstile" else through_the_pages]

            outcomes = race(
                partial(sign_up, doors[nth % 2], shift, one) for nth, one in enumerate(crowd)
            )

            words = Counter(outcome.word for outcome in outcomes)
            assert words == {"confirmed": 5, "shift_full": 35}
            assert ShiftPlaces.objects.get(shift=shift).taken == 5
            assert SignUp.objects.filter(shift=shift).count() == 5
        assert Commitment.objects.count() == SignUp.objects.count() == 5 * TURNS
        _assert_gathered(fast)


def _assert_gathered(fast: FastDoor) -> None:
    calls, batches = fast.batches()["sign_up"]
    assert calls >= 20 * TURNS
    assert batches < calls


def test_same_tap_through_both_doors_is_one_place(hands: Hands) -> None:
    person = volunteer()
    with fast_door() as fast:
        for turn in range(FEW_TURNS):
            shift = make_open_shift(starts_at=SATURDAY + timedelta(days=turn))

            outcomes = race(
                partial(sign_up, one, shift, person, key=f"tap{turn}")
                for one in (fast, through_the_pages, fast)
            )

            assert [outcome.word for outcome in outcomes] == ["confirmed"] * 3
            assert len({outcome.told["id"] for outcome in outcomes}) == 1


def test_two_doors_check_one_person_in_once(hands: Hands) -> None:
    hands.now = SATURDAY
    with fast_door() as fast:
        for _ in range(FEW_TURNS):
            activity, person = placed()
            body = right(activity, SATURDAY)

            outcomes = race(
                partial(come, one, activity, person, **body) for one in (fast, through_the_pages)
            )

            assert [outcome.status for outcome in outcomes] == [200, 200]
            assert Attendance.objects.filter(person=person).count() == 1


def test_open_activities_are_told_without_a_pass(door: Door, hands: Hands) -> None:
    hands.now = timezone.now()  # the statement of the fast door asks the database for the time
    shift = make_open_shift(starts_at=hands.now + timedelta(days=1))
    path = f"/api/v1/activities/open?region={shift.activity.region_id}"

    answer = door.get(path) if isinstance(door, FastDoor) else Client().get(path).json()

    [told] = answer
    assert (told["name"], told["shifts"][0]["free"]) == (shift.activity.name, 5)
