"""The order of verdicts, and that places are never oversold."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.intake.activities.choices import ActivityState, ShiftState, SignUpMode
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.operations.dispatch import actions, errors
from linbang.operations.dispatch.actions import Wish
from linbang.operations.dispatch.choices import (
    CommitmentSource,
    SignUpChannel,
    SignUpState,
    SignUpVerdict,
)
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("450103")


def volunteer(name="王建国", **columns):
    return make_volunteer(name, **columns).person


def test_place_is_given_promised_counted_and_audited():
    shift, person = make_open_shift(places=2), volunteer()

    sign_up = make_sign_up(shift, person)

    assert sign_up.state == SignUpState.CONFIRMED
    promise = Commitment.objects.get(source="shift", source_id=sign_up.pk)
    assert (promise.person_id, promise.during.lower) == (person.pk, shift.starts_at)
    assert ShiftPlaces.objects.get(shift=shift).taken == 1
    event = AuditEvent.objects.get(action="dispatch.sign_up")
    assert (event.about_id, event.subject_id) == (person.pk, str(sign_up.pk))


def test_signing_up_twice_returns_the_same_place():
    shift, person = make_open_shift(), volunteer()

    assert make_sign_up(shift, person).pk == make_sign_up(shift, person).pk
    assert ShiftPlaces.objects.get(shift=shift).taken == 1


def test_late_repetition_finds_what_became_of_the_first_call():
    shift, person = make_open_shift(), volunteer()
    [first] = actions.sign_up_all(
        wishes=[Wish(shift.public_id, person.pk, key="k1")], by=SYSTEM, now=BEFORE
    )
    SignUp.objects.filter(pk=first.sign_up_id).update(state=SignUpState.WITHDRAWN, ended_at=BEFORE)

    [again] = actions.sign_up_all(
        wishes=[Wish(shift.public_id, person.pk, key="k1")], by=SYSTEM, now=BEFORE
    )

    assert again == actions.SignUpAnswer(SignUpVerdict.REPLAYED, (), first.sign_up_id, None)


def test_key_of_another_shift_is_refused():
    person = volunteer()
    actions.sign_up(
        shift=make_open_shift().public_id, person_id=person.pk, by=SYSTEM, now=BEFORE, key="k1"
    )

    with pytest.raises(errors.SignUpKeyReused):
        actions.sign_up(
            shift=make_open_shift(starts_at=SATURDAY + timedelta(days=1)).public_id,
            person_id=person.pk,
            by=SYSTEM,
            now=BEFORE,
            key="k1",
        )


@pytest.mark.parametrize(
    ("activity", "shift", "now", "waits", "refusal"),
    [
        ({"state": ActivityState.DRAFT}, {}, BEFORE, False, errors.ShiftNotFound),
        ({"state": ActivityState.IN_REVIEW}, {}, BEFORE, False, errors.ShiftNotFound),
        ({"state": ActivityState.CANCELLED}, {}, BEFORE, False, errors.ShiftCancelled),
        (
            {},
            {"state": ShiftState.CANCELLED, "cancelled_at": BEFORE, "cancel_reason": "雨"},
            BEFORE,
            False,
            errors.ShiftCancelled,
        ),
        ({}, {}, SATURDAY, False, errors.SignUpClosed),
        ({"sign_up_closes_at": BEFORE}, {}, BEFORE, False, errors.SignUpClosed),
        (
            {"sign_up_opens_at": BEFORE + timedelta(hours=1)},
            {},
            BEFORE,
            False,
            errors.SignUpNotOpenYet,
        ),
        ({"has_waiting_list": False}, {"taken": 1}, BEFORE, True, errors.ShiftFull),
        ({}, {"taken": 1}, BEFORE, False, errors.ShiftFull),
    ],
)
def test_what_is_over_or_full_is_refused_in_order(activity, shift, now, waits, refusal):
    shift = dict(shift)
    taken = shift.pop("taken", 0)
    made = make_open_shift(activity=make_activity(**activity), places=1, **shift)
    ShiftPlaces.objects.filter(shift=made).update(taken=taken)

    with pytest.raises(refusal):
        make_sign_up(made, volunteer(), now=now, waits=waits)


def test_the_first_obstacle_speaks_and_the_next_one_after_it():
    """Everything is in the way at once; one after the other is cleared away."""
    activity = make_activity(
        state=ActivityState.DRAFT, sign_up_closes_at=BEFORE, has_waiting_list=True
    )
    shift = make_open_shift(
        activity=activity,
        places=1,
        state=ShiftState.CANCELLED,
        cancelled_at=BEFORE,
        cancel_reason="雨",
    )
    person = make_person("陆小燕", now=BEFORE)
    make_commitment(person, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)
    places = ShiftPlaces.objects.filter(shift=shift)
    places.update(taken=1)

    def verdict(*, waits: bool = False) -> str:
        wish = Wish(shift.public_id, person.pk, waits=waits)
        [answer] = actions.sign_up_all(wishes=[wish], by=SYSTEM, now=BEFORE)
        return answer.verdict.value

    def plan(**columns: object) -> None:
        type(activity).objects.filter(pk=activity.pk).update(**columns)

    said = [verdict()]
    plan(state=ActivityState.PUBLISHED)
    said.append(verdict())
    type(shift).objects.filter(pk=shift.pk).update(
        state=ShiftState.PLANNED, cancelled_at=None, cancel_reason=""
    )
    said.append(verdict())
    plan(sign_up_closes_at=None, sign_up_opens_at=BEFORE + timedelta(hours=1))
    said.append(verdict())
    plan(sign_up_opens_at=None)
    said.append(verdict())
    said.append(verdict(waits=True))
    make_volunteer(person=person, now=BEFORE - timedelta(days=1))
    said.append(verdict(waits=True))
    Commitment.objects.filter(person=person).update(released_at=BEFORE)
    said.append(verdict())
    said.append(verdict(waits=True))
    plan(state=ActivityState.CANCELLED)
    said.append(verdict())

    assert said == [
        "not_found",
        "cancelled",
        "closed",
        "not_open_yet",
        "full",
        "not_cleared",
        "window_taken",
        "full",
        "waiting",
        "replayed",
    ]


def test_held_place_is_taken_and_its_holder_only_repeats():
    shift, holder = make_open_shift(places=1), volunteer()
    make_sign_up(shift, holder)
    SignUp.objects.update(state=SignUpState.HELD, held_until=BEFORE + timedelta(minutes=30))

    def verdict(person, *, waits: bool) -> str:
        wish = Wish(shift.public_id, person.pk, waits=waits)
        return actions.sign_up_all(wishes=[wish], by=SYSTEM, now=BEFORE)[0].verdict.value

    late = volunteer()
    assert [verdict(late, waits=False), verdict(late, waits=True), verdict(late, waits=False)] == [
        "full",
        "waiting",
        "replayed",
    ]
    assert verdict(holder, waits=False) == "replayed"


def test_who_is_not_cleared_hears_every_cause():
    shift = make_open_shift(activity=make_activity(hazards=["traffic"]))
    person = make_person(birth_date=date(2010, 1, 1))

    with pytest.raises(errors.NotCleared) as refusal:
        make_sign_up(shift, person)

    assert refusal.value.causes == (
        "not_volunteer",
        "minor_high_risk",
        "guardian_consent",
        "risk_not_accepted",
        "not_insured",
    )
    assert "高风险活动不招募未成年人" in str(refusal.value)


@pytest.mark.parametrize(
    ("start", "minutes", "clashes"),
    [
        (0, 120, True),  # the very same
        (30, 30, True),  # within
        (-30, 180, True),  # around
        (-60, 61, True),  # over the start
        (119, 60, True),  # over the end
        (-60, 60, False),  # touching the start
        (120, 60, False),  # touching the end
        (-180, 60, False),  # a gap before
        (240, 60, False),  # a gap after
    ],
)
def test_overlapping_promises_clash_and_touching_ones_do_not(start, minutes, clashes):
    shift, person = make_open_shift(), volunteer()
    make_commitment(
        person,
        starts_at=SATURDAY + timedelta(minutes=start),
        minutes=minutes,
        source=CommitmentSource.ASSIGNMENT,
    )

    [answer] = actions.sign_up_all(
        wishes=[Wish(shift.public_id, person.pk, waits=True)], by=SYSTEM, now=BEFORE
    )

    assert answer.verdict == (SignUpVerdict.WINDOW_TAKEN if clashes else SignUpVerdict.CONFIRMED)


def test_crowd_in_one_call_fills_every_place_and_waits_in_order():
    shift = make_open_shift(places=3)
    people = [volunteer() for _ in range(6)]
    make_commitment(people[1], starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)

    answers = actions.sign_up_all(
        wishes=[Wish(shift.public_id, one.pk, waits=True) for one in people],
        by=SYSTEM,
        now=BEFORE,
    )

    assert [(answer.verdict.value, answer.waiting_position) for answer in answers] == [
        ("confirmed", None),
        ("window_taken", None),
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    load = ShiftPlaces.objects.get(shift=shift)
    assert (load.taken, load.waiting) == (3, 2)


def test_newcomer_never_overtakes_the_waiting_list():
    shift, late = make_open_shift(places=1), volunteer()
    make_sign_up(shift, volunteer())
    make_sign_up(shift, volunteer(), waits=True)
    ShiftPlaces.objects.filter(shift=shift).update(taken=0)

    with pytest.raises(errors.ShiftFull):
        make_sign_up(shift, late)
    assert make_sign_up(shift, late, waits=True).state == SignUpState.WAITING


def test_request_for_approval_takes_no_place():
    shift = make_open_shift(activity=make_activity(mode=SignUpMode.APPROVAL))

    sign_up = make_sign_up(shift, volunteer())

    assert sign_up.state == SignUpState.REQUESTED
    assert ShiftPlaces.objects.get(shift=shift).taken == 0
    assert not Commitment.objects.exists()


def test_worker_may_sign_up_after_the_start():
    shift, person = make_open_shift(), volunteer()

    sign_up = actions.sign_up(
        shift=shift.public_id,
        person_id=person.pk,
        by=SYSTEM,
        now=SATURDAY + timedelta(minutes=30),
        channel=SignUpChannel.WALK_IN,
    )

    assert sign_up.channel == SignUpChannel.WALK_IN
