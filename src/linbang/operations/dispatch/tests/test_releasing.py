"""Whoever may not go any more is freed; who is insured is frozen at the start."""

from datetime import timedelta

import pytest

from linbang.foundation.errors import NotFound
from linbang.foundation.events import announce
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.people.factories import make_kinship, make_worker
from linbang.intake.activities.factories import make_activity, make_policy, make_post
from linbang.operations.clearance.events import CredentialRevoked, GuardianConsentWithdrawn
from linbang.operations.clearance.models import (
    Acceptance,
    Credential,
    GuardianConsent,
    InsuredList,
    Suspension,
)
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Reservation, ShiftPlaces, SignUp
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    LONG_AGO,
    SATURDAY,
    actor,
    led,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def suspend(person):
    Suspension.objects.create(
        cell=person.cell,
        person=person,
        cause="no_shows",
        starts_at=LONG_AGO,
        ends_at=SATURDAY + 9 * DAY,
    )


def test_revoked_credential_frees_of_the_posts_that_ask_for_it():
    activity, leader = led()
    person = someone()
    credential = Credential.objects.create(
        cell=person.cell,
        person=person,
        qualification_id="first-aid",
        source="document",
        valid_from=LONG_AGO.date(),
        verified_at=LONG_AGO,
    )
    asked = make_open_shift(post=make_post(activity, "救护", qualifications=["first-aid"]))
    plain = make_open_shift(post=make_post(activity, "引导"), starts_at=SATURDAY + DAY)
    lost, kept = make_sign_up(asked, person), make_sign_up(plain, person)
    suspend(person)
    credential.revoked_at, credential.revoke_reason = BEFORE, "作废"
    credential.save(update_fields=["revoked_at", "revoke_reason"])

    announce(
        CredentialRevoked(
            person_id=person.pk, qualification="first-aid", cell=person.cell, at=BEFORE
        )
    )

    lost.refresh_from_db()
    kept.refresh_from_db()
    assert (lost.state, lost.end_reason) == (
        SignUpState.RELEASED,
        "缺少所需资格（应急救护培训）",
    )
    # A pause bars new sign-ups alone.
    assert kept.state == SignUpState.CONFIRMED
    told = Notice.objects.order_by("id").values_list("person_id", "template")
    assert list(told) == [
        (person.pk, "sign_up_released"),
        (leader.person_id, "sign_up_left"),
    ]
    recount()


def test_withdrawn_consent_frees_the_child_of_that_activity_alone():
    guardian = someone()
    child = someone("小明", birth_date=(SATURDAY - 13 * 366 * DAY).date())
    make_kinship(child, guardian, is_guardian=True)
    first, second = make_activity("甲"), make_activity("乙")
    consents = [
        GuardianConsent.objects.create(
            cell=one.cell, activity=one, person=child, guardian=guardian, given_at=LONG_AGO
        )
        for one in (first, second)
    ]
    places = [
        make_sign_up(make_open_shift(activity=one, starts_at=SATURDAY + n * DAY), child)
        for n, one in enumerate((first, second))
    ]
    for consent in consents:
        consent.withdrawn_at = BEFORE
        consent.save(update_fields=["withdrawn_at"])

    announce(
        GuardianConsentWithdrawn(
            activity_id=first.pk, person_id=child.pk, cell=child.cell, at=BEFORE
        )
    )

    states = [SignUp.objects.get(pk=one.pk).state for one in places]
    assert states == ["released", "confirmed"]
    recount()


def test_insured_list_is_frozen_at_the_start_with_who_holds_a_place():
    activity = make_activity(hazards=["traffic"])
    activity.policy = make_policy(activity.organiser)
    activity.save(update_fields=["policy"])
    shift = make_open_shift(activity=activity, places=1)
    going, waiting = someone(), someone("乙二")
    for one in (going, waiting):
        Acceptance.objects.create(
            cell=activity.cell,
            activity=activity,
            person=one,
            kind="risk",
            version=1,
            text_digest="x" * 64,
            accepted_at=BEFORE,
            given_by_id=one.pk,
        )
    make_sign_up(shift, going)
    make_sign_up(shift, waiting, waits=True)

    frozen = [
        actions.freeze_lists(now=now)
        for now in (SATURDAY - timedelta(seconds=1), SATURDAY, SATURDAY)
    ]

    assert frozen == [0, 1, 0]
    [entry] = InsuredList.objects.get(shift=shift).entries.all()
    assert entry.person_id == going.pk


def test_week_of_places_is_kept_where_there_is_room_and_given_back():
    activity, leader = led()
    post, unit = make_post(activity, places=2), make_unit("税务局")
    shifts = [make_open_shift(post=post, starts_at=SATURDAY + n * DAY, places=2) for n in range(3)]
    make_sign_up(shifts[0], someone())
    past = make_open_shift(post=post, starts_at=BEFORE - timedelta(hours=1))
    ids = [shift.pk for shift in (*shifts, past)]
    facts = {"shift_ids": ids, "organisation_id": unit.pk, "by": leader, "now": BEFORE}

    kept = [actions.reserve_week(places=places, **facts) for places in (2, 2, 1, 0)]

    # The first shift has room for one; the second call changes nothing.
    assert kept == [2, 0, 3, 3]
    assert not Reservation.objects.filter(released_at=None).exists()
    assert set(ShiftPlaces.objects.values_list("taken", flat=True)) == {0, 1}
    recount()
    with pytest.raises(NotFound):
        actions.reserve_week(places=1, **{**facts, "by": actor(someone("外人"))})


def test_message_to_others_shifts_is_refused():
    activity, _ = led()

    with pytest.raises(NotFound):
        actions.message_people(
            activity_id=activity.pk, text="x", by=actor(someone("外人")), now=BEFORE
        )
    with pytest.raises(NotFound):
        actions.message_people(activity_id=0, text="x", by=make_worker(), now=BEFORE)
