"""Giving places back: whose, until when, and what follows."""

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_kinship, make_worker
from linbang.operations.clearance.models import GuardianConsent
from linbang.operations.dispatch import actions, errors
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
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


def told(person_id: int) -> list[str]:
    return list(
        Notice.objects.filter(person_id=person_id).order_by("id").values_list("template", flat=True)
    )


def test_place_is_given_back_with_its_time_and_the_leader_hears():
    activity, leader = led()
    shift, person = make_open_shift(activity=activity, places=1), someone()
    sign_up = make_sign_up(shift, person)

    actions.withdraw_sign_up(
        sign_up_id=sign_up.pk, by=actor(person), now=BEFORE, reason=" 家里有事 "
    )

    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.end_reason, sign_up.is_late) == (
        SignUpState.WITHDRAWN,
        "家里有事",
        False,
    )
    assert not Commitment.objects.filter(released_at=None).exists()
    assert told(leader.person_id) == ["sign_up_left"]
    assert told(person.pk) == []
    event = AuditEvent.objects.get(action="dispatch.end_sign_up")
    assert (event.about_id, event.on_behalf_of_id) == (person.pk, None)
    recount()
    job = ProcrastinateJob.objects.filter(task_name="dispatch.fill_places").latest("id")
    assert job.args == {"shift_ids": [shift.pk], "cell": shift.cell}


def test_withdrawing_twice_changes_nothing():
    shift, person = make_open_shift(), someone()
    sign_up = make_sign_up(shift, person)

    for now in (BEFORE, SATURDAY):
        actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(person), now=now)

    sign_up.refresh_from_db()
    assert (sign_up.ended_at, sign_up.is_late) == (BEFORE, False)
    recount()


@pytest.mark.parametrize(
    ("before", "changed", "late"),
    [
        (timedelta(hours=24, seconds=1), None, False),
        (timedelta(hours=24), None, True),
        (timedelta(minutes=1), None, True),
        # Changed or rostered yesterday afternoon: a day to say no (rule 27).
        (timedelta(hours=5), timedelta(hours=28), False),
        (timedelta(hours=3), timedelta(hours=28), True),
    ],
)
def test_late_is_less_than_a_day_before_the_start(before, changed, late):
    shift, person = make_open_shift(), someone()
    sign_up = make_sign_up(shift, person)
    if changed:
        free_until = shift.starts_at - changed + timedelta(hours=24)
        SignUp.objects.filter(pk=sign_up.pk).update(free_until=free_until)

    actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(person), now=SATURDAY - before)

    sign_up.refresh_from_db()
    assert sign_up.is_late is late


def test_who_waits_leaves_the_list_without_a_mark_even_late():
    shift, person = make_open_shift(places=1), someone()
    make_sign_up(shift, someone("甲一"))
    waiting = make_sign_up(shift, person, waits=True)

    actions.withdraw_sign_up(
        sign_up_id=waiting.pk, by=actor(person), now=SATURDAY - timedelta(hours=1)
    )

    waiting.refresh_from_db()
    assert (waiting.state, waiting.is_late) == (SignUpState.WITHDRAWN, False)
    assert ShiftPlaces.objects.get(shift=shift).waiting == 0
    recount()


def test_begun_shift_keeps_its_people():
    shift, person = make_open_shift(), someone()
    sign_up = make_sign_up(shift, person)

    with pytest.raises(errors.ShiftBegun):
        actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(person), now=SATURDAY)
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.CONFIRMED


def test_leader_and_worker_withdraw_for_somebody_and_she_is_told():
    activity, leader = led()
    shift = make_open_shift(activity=activity)
    for by in (leader, make_worker()):
        person = someone()
        sign_up = make_sign_up(shift, person)

        actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=by, now=BEFORE)

        assert told(person.pk) == ["sign_up_left_for"]
        event = AuditEvent.objects.filter(action="dispatch.end_sign_up").latest("id")
        assert (event.person_id, event.on_behalf_of_id) == (by.person_id, person.pk)


def test_outsider_and_worker_elsewhere_find_nothing():
    shift, person = make_open_shift(), someone()
    sign_up = make_sign_up(shift, person)
    elsewhere = make_worker("陆文涛", region="450103001006")

    for by in (actor(someone("外人")), elsewhere):
        with pytest.raises(NotFound):
            actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=by, now=BEFORE)
        with pytest.raises(NotFound):
            actions.release_sign_up(sign_up_id=sign_up.pk, reason="x", by=by, now=BEFORE)
    with pytest.raises(NotFound):
        actions.withdraw_sign_up(sign_up_id=0, by=SYSTEM, now=BEFORE)
    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.CONFIRMED


def test_leader_takes_somebody_off_with_a_reason_and_no_mark():
    activity, leader = led()
    shift, person = make_open_shift(activity=activity), someone()
    sign_up = make_sign_up(shift, person)

    with pytest.raises(errors.ReasonMissing):
        actions.release_sign_up(sign_up_id=sign_up.pk, reason=" ", by=leader, now=BEFORE)
    for _ in range(2):
        actions.release_sign_up(
            sign_up_id=sign_up.pk, reason="人够了", by=leader, now=SATURDAY - timedelta(hours=1)
        )

    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.is_late) == (SignUpState.RELEASED, False)
    assert told(person.pk) == ["sign_up_released"]
    recount()


def sign_child_up(shift, child, guardian):
    GuardianConsent.objects.create(
        cell=shift.cell, activity=shift.activity, person=child, guardian=guardian, given_at=BEFORE
    )
    return actions.sign_up(
        shift=shift.public_id,
        person_id=child.pk,
        by=actor(guardian).on_behalf_of(child.pk),
        now=BEFORE,
        channel=SignUpChannel.SELF,
    )


def make_junior(guardian, *, born=date(2018, 1, 1)):
    child = someone("小明", birth_date=born)
    make_kinship(child, guardian, is_guardian=True)
    return child


def test_small_child_is_freed_when_its_only_guardian_leaves():
    shift, guardian = make_open_shift(), someone()
    child, teenager = make_junior(guardian), make_junior(guardian, born=date(2012, 1, 1))
    mine = make_sign_up(shift, guardian)
    theirs = sign_child_up(shift, child, guardian)
    teens = sign_child_up(shift, teenager, guardian)

    actions.withdraw_sign_up(sign_up_id=mine.pk, by=actor(guardian), now=BEFORE)

    theirs.refresh_from_db()
    teens.refresh_from_db()
    assert (theirs.state, theirs.end_reason) == (SignUpState.RELEASED, "监护人已退出")
    assert teens.state == SignUpState.CONFIRMED
    assert told(child.pk) == ["sign_up_released"]
    recount()


def test_guardian_withdraws_for_the_child():
    shift, guardian = make_open_shift(), someone()
    child = make_junior(guardian, born=date(2012, 1, 1))
    sign_up = sign_child_up(shift, child, guardian)

    actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(guardian), now=BEFORE)

    sign_up.refresh_from_db()
    assert sign_up.state == SignUpState.WITHDRAWN
    assert told(child.pk) == ["sign_up_left_for"]
