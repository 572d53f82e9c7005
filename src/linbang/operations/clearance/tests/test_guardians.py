"""A minor asks, a guardian answers, and may take it back."""

from datetime import date

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.foundation.people.events import PersonClosed
from linbang.foundation.people.factories import make_kinship, make_person
from linbang.foundation.people.models import Kinship
from linbang.intake.activities.factories import BEFORE, make_activity
from linbang.operations.clearance import actions, errors, queries
from linbang.operations.clearance.events import GuardianConsentWithdrawn
from linbang.operations.clearance.factories import (
    make_child,
    make_consent_request,
    make_guardian_consent,
)
from linbang.operations.clearance.models import ConsentRequest, GuardianConsent
from linbang.operations.clearance.tests.cast import (
    SYSTEM,
    actor_of,
    make_helper,
    make_worker,
    notices_of,
    texts_sent,
    trail,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    return make_activity("植树")


@pytest.fixture
def heard(monkeypatch):
    """Hear what is announced, as a later step would."""
    events = []
    monkeypatch.setattr("linbang.operations.clearance.actions.guardians.announce", events.append)
    return events


def asking(activity, child, by):
    return actions.ask_guardians(activity_id=activity.pk, person_id=child.pk, by=by, now=BEFORE)


def giving(activity, child, by, **more):
    return actions.give_consent(
        activity_id=activity.pk, person_id=child.pk, by=by, now=BEFORE, **more
    )


def test_asking_tells_every_guardian_once(activity):
    child, mother = make_child()
    father = make_person("李爸爸", birth_date=date(1983, 1, 1))
    make_kinship(child, father, is_guardian=True)
    aunt = make_person("小姨", birth_date=date(1983, 1, 1))
    make_kinship(child, aunt)

    first = asking(activity, child, actor_of(child))
    again = asking(activity, child, actor_of(child))

    assert first == again
    assert notices_of(mother) == notices_of(father) == ["consent_asked"]
    assert notices_of(aunt) == []
    assert texts_sent() == ["consent_asked", "consent_asked"]
    assert trail() == ["clearance.ask_guardians"]


def test_guardian_agrees_and_the_child_hears(activity):
    child, guardian = make_child()
    request = asking(activity, child, actor_of(child))

    consent = giving(activity, child, actor_of(guardian))
    giving(activity, child, actor_of(guardian))

    request.refresh_from_db()
    assert (request.is_granted, request.answered_by_id) == (True, guardian.pk)
    assert (consent.guardian_id, GuardianConsent.objects.count()) == (guardian.pk, 1)
    assert notices_of(child) == ["consent_given"]
    assert queries.has_consent(activity, child.pk)


def test_consent_needs_no_question(activity):
    child, guardian = make_child()

    giving(activity, child, actor_of(guardian))

    assert notices_of(child) == ["consent_given"]
    assert not ConsentRequest.objects.exists()


def test_refusal_is_told_and_leaves_the_way_open(activity):
    child, guardian = make_child()
    request = asking(activity, child, actor_of(child))

    for _ in range(2):
        actions.refuse_consent(request_id=request.pk, by=actor_of(guardian), now=BEFORE)

    assert notices_of(child) == ["consent_refused"]
    assert asking(activity, child, actor_of(child)).pk != request.pk
    giving(activity, child, actor_of(guardian))
    assert queries.has_consent(activity, child.pk)


def test_withdrawing_is_told_announced_and_safe_to_repeat(activity, heard):
    child, guardian = make_child()
    consent = giving(activity, child, actor_of(guardian))

    for _ in range(2):
        actions.withdraw_consent(consent_id=consent.pk, by=actor_of(guardian), now=BEFORE)

    assert not queries.has_consent(activity, child.pk)
    assert notices_of(child) == ["consent_given", "consent_withdrawn"]
    assert heard == [
        GuardianConsentWithdrawn(
            activity_id=activity.pk, person_id=child.pk, cell=activity.cell, at=BEFORE
        )
    ]


def test_other_guardians_consent_still_holds(activity, heard):
    child, mother = make_child()
    father = make_person("李爸爸", birth_date=date(1983, 1, 1))
    make_kinship(child, father, is_guardian=True)
    consents = [giving(activity, child, actor_of(one)) for one in (mother, father)]

    actions.withdraw_consent(consent_id=consents[0].pk, by=actor_of(mother), now=BEFORE)

    assert queries.has_consent(activity, child.pk)
    assert heard == []


@pytest.mark.parametrize("act", [asking, giving])
def test_grown_ups_decide_for_themselves(activity, act):
    person = make_helper()

    with pytest.raises(errors.NotAMinor) as refusal:
        act(activity, person, actor_of(person))

    assert refusal.value.code == "not_a_minor"


@pytest.mark.parametrize("act", [asking, giving])
def test_no_consent_opens_danger_to_a_minor(act):
    child, guardian = make_child()
    danger = make_activity(hazards=["rescue"])

    with pytest.raises(errors.MinorKeptFromDanger) as refusal:
        act(danger, child, actor_of(guardian))

    assert refusal.value.code == "minor_kept_from_danger"


def test_child_without_a_guardian_is_sent_to_the_station(activity):
    child = make_person("小红", birth_date=date(2012, 1, 1))

    with pytest.raises(errors.NoGuardian):
        asking(activity, child, actor_of(child))


def test_nobody_asks_for_other_peoples_children(activity):
    child, _ = make_child()

    with pytest.raises(NotAllowed):
        asking(activity, child, actor_of(make_helper()))
    assert asking(activity, child, make_worker()).person_id == child.pk


@pytest.mark.parametrize("flaw", ["stranger", "aunt", "unconfirmed", "ended"])
def test_only_a_confirmed_guardian_consents(activity, flaw):
    child, guardian = make_child()
    if flaw == "stranger":
        guardian = make_helper()
    else:
        change = {
            "aunt": {"is_guardian": False},
            "unconfirmed": {"confirmed_at": None},
            "ended": {"ended_at": BEFORE},
        }[flaw]
        Kinship.objects.update(**change)
    request = make_consent_request(activity, child)

    with pytest.raises(errors.NotTheGuardian) as refusal:
        giving(activity, child, actor_of(guardian))
    with pytest.raises(errors.NotTheGuardian):
        actions.refuse_consent(request_id=request.pk, by=actor_of(guardian), now=BEFORE)

    assert refusal.value.code == "not_the_guardian"


def test_child_does_not_consent_for_herself(activity):
    child, guardian = make_child()

    for more in ({}, {"guardian_id": guardian.pk}):
        with pytest.raises(errors.NotTheGuardian):
            giving(activity, child, actor_of(child), **more)


def test_worker_enters_the_guardians_signed_paper(activity):
    child, guardian = make_child()
    worker = make_worker()

    consent = giving(activity, child, worker, guardian_id=guardian.pk)

    assert consent.guardian_id == guardian.pk
    with pytest.raises(errors.NotTheGuardian):
        giving(activity, child, worker, guardian_id=make_helper().pk)
    with pytest.raises(errors.NotTheGuardian):
        giving(activity, child, Actor.system("450103"))


def test_consent_is_taken_back_by_its_giver_or_the_station(activity):
    child, guardian = make_child()
    consent = make_guardian_consent(activity, child, guardian)

    for other in (child, make_helper()):
        with pytest.raises(errors.NotTheGuardian):
            actions.withdraw_consent(consent_id=consent.pk, by=actor_of(other), now=BEFORE)
    actions.withdraw_consent(consent_id=consent.pk, by=make_worker(), now=BEFORE)

    assert not queries.has_consent(activity, child.pk)


def test_who_is_gone_consents_no_more(activity):
    child, guardian = make_child()
    other, _ = make_child("小华", guardian=guardian)
    own = make_guardian_consent(activity, child, guardian)
    make_guardian_consent(activity, other, guardian)
    make_consent_request(make_activity(), child)

    announce(PersonClosed(person_id=child.pk, cell=child.cell, at=BEFORE))

    own.refresh_from_db()
    assert own.withdrawn_at == BEFORE
    assert queries.has_consent(activity, other.pk)
    assert not ConsentRequest.objects.filter(answered_at=None).exists()

    announce(PersonClosed(person_id=guardian.pk, cell=guardian.cell, at=BEFORE))

    assert not queries.has_consent(activity, other.pk)


def test_what_is_not_there_is_not_found():
    for act, name in [
        (actions.refuse_consent, "request_id"),
        (actions.withdraw_consent, "consent_id"),
    ]:
        with pytest.raises(NotFound):
            act(**{name: 10**15}, by=SYSTEM, now=BEFORE)


def test_guardian_sees_what_waits_and_what_was_given(activity):
    child, guardian = make_child()
    make_consent_request(activity, child)
    make_consent_request(activity, make_child("别家孩子", guardian=make_helper())[0])
    make_guardian_consent(make_activity("净滩"), child, guardian)

    [asked] = queries.request_lines(guardian.pk)
    [given] = queries.consent_lines(guardian.pk)

    assert (asked.name, asked.activity, asked.activity_id) == ("小明", "植树", activity.public_id)
    assert given.activity == "净滩"
