"""People check in and out of shifts by their own telephones."""

from datetime import timedelta
from typing import Any

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, Refused
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_kinship, make_person, make_volunteer
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, errors, queries
from linbang.operations.service.choices import AttendanceMethod, PresenceVerdict
from linbang.operations.service.errors import REFUSALS
from linbang.operations.service.events import AttendanceEnded
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Attendance, WrongTry
from linbang.operations.service.rules import OwnProof
from linbang.operations.service.tests.cast import (
    CODE,
    HERE,
    LOCATION,
    ROLL,
    actor,
    after,
    hearing,
    placed,
)

pytestmark = pytest.mark.django_db


def code_of(sign_up: SignUp, at: float) -> str:
    return queries.activity_code(sign_up.shift.activity.public_id, after(at)).digits


def enter(sign_up: SignUp, at: float = 0, *, by: Actor | None = None, **proof: Any) -> Attendance:
    return prove(actions.check_in_shift, sign_up, at, by, proof)


def leave(sign_up: SignUp, at: float = 60, *, by: Actor | None = None, **proof: Any) -> Attendance:
    return prove(actions.check_out_shift, sign_up, at, by, proof)


def prove(
    door: Any, sign_up: SignUp, at: float, by: Actor | None, proof: dict[str, Any]
) -> Attendance:
    method = proof.pop("method", CODE)
    if method == CODE:
        proof.setdefault("code", code_of(sign_up, at))
    return door(
        activity_id=sign_up.shift.activity_id,
        person_id=sign_up.person_id,
        proof=OwnProof(method, **proof),
        by=by or actor(sign_up.person),
        now=after(at),
    )


def test_code_of_the_moment_lets_in_and_out() -> None:
    sign_up = placed()

    enter(sign_up, 2, key="k")
    gone = leave(sign_up, 118)

    assert (gone.in_at, gone.in_key, gone.out_at) == (after(2), "k", after(118))


def test_repetition_returns_the_first_attendance() -> None:
    sign_up = placed()

    first = enter(sign_up, 0, key="k")

    assert enter(sign_up, 5, key="other") == first
    assert leave(sign_up, 60) == leave(sign_up, 70)
    assert Attendance.objects.get().out_at == after(60)


@pytest.mark.parametrize(("ago_s", "is_right"), [(0, True), (30, True), (75, False)])
def test_code_is_tolerant_by_one_step(ago_s: int, is_right: bool) -> None:
    activity = make_open_shift().activity.public_id
    digits = queries.activity_code(activity, SATURDAY - timedelta(seconds=ago_s)).digits

    assert queries.is_activity_code(activity, f" {digits} ", SATURDAY) is is_right


def test_each_activity_has_a_code_of_its_own() -> None:
    first, second = (make_open_shift().activity.public_id for _ in range(2))

    codes = {
        queries.activity_code(one, SATURDAY + timedelta(seconds=30 * step)).digits
        for one in (first, second)
        for step in range(5)
    }

    assert len(codes) > 8


def test_sign_says_where_any_scanner_leads() -> None:
    activity = make_open_shift().activity.public_id

    sign = queries.sign_of(activity, origin="https://linbang.example", now=SATURDAY)

    digits = sign.code.digits
    assert sign.address == f"https://linbang.example/check-in/{activity}/?code={digits}"
    assert sign.code.seconds_left == 30


def test_wrong_code_is_refused_and_counted() -> None:
    sign_up = placed()

    for _ in range(5):
        with pytest.raises(errors.WrongShiftCode):
            enter(sign_up, code="000000")
    with pytest.raises(errors.TooManyWrongTries) as refusal:
        enter(sign_up)

    assert WrongTry.objects.count() == 5
    assert refusal.value.retry_after_seconds == 60


def test_nobody_checks_in_for_somebody_else() -> None:
    sign_up = placed()

    for door in (enter, leave):
        with pytest.raises(NotAllowed):
            door(sign_up, by=actor(make_person("路人甲")))
        with pytest.raises(NotAllowed):
            door(sign_up, by=Actor())


def test_parent_checks_the_child_in() -> None:
    sign_up = placed()
    parent = make_person("陈晓燕")
    make_kinship(sign_up.person, parent, is_guardian=True)

    enter(sign_up, by=actor(parent))

    assert Attendance.objects.get().in_by_id == parent.pk


@pytest.mark.parametrize(
    "method", [method for method in AttendanceMethod if method not in (CODE, LOCATION)]
)
def test_leaders_methods_are_no_proof_of_ones_own(method: AttendanceMethod) -> None:
    with pytest.raises(NotAllowed):
        enter(placed(), method=method)


def test_every_verdict_but_two_has_its_refusal() -> None:
    taken = {PresenceVerdict.DONE, PresenceVerdict.REPLAYED}

    assert set(REFUSALS) == set(PresenceVerdict) - taken
    codes = [refusal.code for refusal in REFUSALS.values()]
    assert len(set(codes)) == len(codes)


def cancelled(sign_up: SignUp) -> None:
    Activity.objects.filter(pk=sign_up.shift.activity_id).update(state=ActivityState.CANCELLED)


def elsewhere(sign_up: SignUp) -> None:
    other = placed(make_open_shift(starts_at=after(-180)), sign_up.person)
    make_attendance(other, came_at=after(-170))


def known(sign_up: SignUp) -> None:
    other = placed(make_open_shift(starts_at=after(-180), minutes=150), sign_up.person)
    make_attendance(other, came_at=after(-170), left_at=after(20))


def thrice(sign_up: SignUp) -> None:
    for pair in (1, 2, 3):
        came_at = after(-60 + 10 * pair)
        make_attendance(sign_up, pair=pair, came_at=came_at, left_at=came_at + timedelta(minutes=2))


# What SQL decides is told by name at this door too; the order of checks is test_presence's.
@pytest.mark.parametrize(
    ("given", "at", "proof", "code"),
    [
        (cancelled, 0, {}, "shift_cancelled"),
        (None, -90, {}, "too_early_for_shift"),
        (None, 120, {}, "too_late_for_shift"),
        (None, 0, {"code": "000000"}, "wrong_shift_code"),
        (elsewhere, 0, {}, "on_another_shift"),
        (known, 10, {}, "presence_overlaps"),
        (thrice, 10, {}, "pairs_used"),
        (None, 0, {"method": LOCATION}, "too_few_places_for_location"),
    ],
)
def test_refusals_of_coming(given: Any, at: float, proof: dict[str, Any], code: str) -> None:
    sign_up = placed()
    if given:
        given(sign_up)

    with pytest.raises(Refused) as refusal:
        enter(sign_up, at, **proof)

    assert refusal.value.code == code
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("came", "at", "code"),
    [(None, 60, "not_on_shift"), (60, 60.5, "too_short_on_shift"), (0, 1500, "too_late_for_shift")],
)
def test_refusals_of_going(came: float | None, at: float, code: str) -> None:
    sign_up = placed()
    if came is not None:
        make_attendance(sign_up, came_at=after(came))

    with pytest.raises(Refused) as refusal:
        leave(sign_up, at)

    assert refusal.value.code == code


def test_stranger_has_no_place() -> None:
    sign_up = placed()
    stranger = make_volunteer("路人甲").person

    with pytest.raises(errors.NoPlaceOnShift):
        actions.check_in_shift(
            activity_id=sign_up.shift.activity_id,
            person_id=stranger.pk,
            proof=OwnProof(CODE, code_of(sign_up, 0)),
            by=actor(stranger),
            now=after(0),
        )


def test_locations_are_refused_by_name() -> None:
    shift = make_open_shift(places=100)
    sign_up = placed(shift)
    where = {"method": LOCATION, "latitude": HERE[0] + 1, "longitude": HERE[1]}

    with pytest.raises(errors.ShiftLocationMissing):
        enter(sign_up, method=LOCATION)
    with pytest.raises(errors.TooFarFromShift):
        enter(sign_up, **where)
    Activity.objects.filter(pk=shift.activity_id).update(radius_m=0)
    with pytest.raises(errors.ShiftLocationUnknown):
        enter(sign_up, **where)


def test_batch_announces_one_event_for_all_who_have_gone() -> None:
    shift = make_open_shift()
    sign_ups = [placed(shift) for _ in range(3)]
    for one in sign_ups[:2]:
        make_attendance(one)
    calls = [actions.Call(person_id=one.person_id, method=ROLL, at=after(60)) for one in sign_ups]

    with hearing(AttendanceEnded) as heard:
        actions.check_out_all(
            activity=shift.activity, calls=calls, by=actor(sign_ups[0].person), now=after(60)
        )
        actions.check_out_all(
            activity=shift.activity, calls=calls, by=actor(sign_ups[0].person), now=after(61)
        )

    (event,) = heard
    assert set(event.attendance_ids) == set(Attendance.objects.values_list("pk", flat=True))
    assert (event.cell, event.at) == (shift.cell, after(60))


def test_empty_batch_asks_nothing() -> None:
    activity = make_open_shift().activity

    assert (
        actions.check_in_all(activity=activity, calls=[], by=Actor(person_id=1), now=BEFORE) == []
    )
    with pytest.raises(NotAllowed):
        actions.check_in_all(activity=activity, calls=[], by=Actor(), now=BEFORE)


def test_who_forgot_is_reminded_once_half_an_hour_after() -> None:
    sign_up, gone, waiting = placed(), placed(), placed(make_open_shift(minutes=300))
    make_attendance(sign_up)
    make_attendance(gone, left_at=after(100))
    make_attendance(waiting)

    assert actions.remind_check_outs(now=after(149)) == 0
    for now in (after(150), after(165)):
        assert actions.remind_check_outs(now=now) == 1

    notice = Notice.objects.get(template="shift_forgotten")
    assert (notice.person_id, notice.url) == (
        sign_up.person_id,
        f"/shifts/{sign_up.public_id}/",
    )
