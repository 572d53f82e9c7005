"""Each named constraint has a test that breaks it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.people.factories import make_person
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
    make_shift,
)
from linbang.operations.clearance.choices import SuspensionCause
from linbang.operations.clearance.factories import (
    make_acceptance,
    make_child,
    make_consent_request,
    make_credential,
    make_enrolment,
    make_frozen_list,
    make_guardian_consent,
    make_insured,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.models import (
    Acceptance,
    AcceptedText,
    Appeal,
    InsuredList,
    InsuredListEntry,
)

pytestmark = pytest.mark.django_db


def assert_breaks(constraint: str, write) -> None:
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        write()
    assert broken.value.__cause__.diag.constraint_name == constraint


def test_acceptance_is_once_a_version():
    activity, person = make_activity(), make_person()
    make_acceptance(activity, person)
    make_acceptance(activity, person, version=2)

    assert_breaks("acceptance_once_a_version", lambda: make_acceptance(activity, person))


def keep_text(activity, digest="a" * 64):
    return AcceptedText.objects.create(
        cell=activity.cell,
        activity=activity,
        kind="risk",
        version=1,
        digest=digest,
        text="x",
        shown_at=BEFORE,
    )


def test_accepted_text_is_kept_once():
    activity = make_activity()
    keep_text(activity)
    keep_text(activity, "b" * 64)

    assert_breaks("accepted_text_kept_once", lambda: keep_text(activity))


def test_guardian_consent_is_once_an_activity_and_by_another():
    activity = make_activity()
    child, guardian = make_child()
    make_guardian_consent(activity, child, guardian, withdrawn_at=BEFORE)
    make_guardian_consent(activity, child, guardian)

    assert_breaks(
        "guardian_consent_once_an_activity",
        lambda: make_guardian_consent(activity, child, guardian),
    )
    assert_breaks(
        "guardian_consent_is_by_another", lambda: make_guardian_consent(activity, child, child)
    )


def test_consent_request_is_open_once_and_its_answer_whole():
    activity, child = make_activity(), make_person()
    make_consent_request(activity, child, answered_at=BEFORE, is_granted=False)
    make_consent_request(activity, child)

    assert_breaks("consent_request_open_once", lambda: make_consent_request(activity, child))
    for half in ({"answered_at": BEFORE}, {"is_granted": True}):
        assert_breaks(
            "consent_request_answer_is_whole",
            lambda half=half: make_consent_request(make_activity(), child, **half),
        )


def test_credential_ends_after_start_and_says_why_it_is_revoked():
    person = make_person()

    assert_breaks(
        "credential_ends_after_start",
        lambda: make_credential(person, valid_from=date(2026, 5, 2), valid_until=date(2026, 5, 1)),
    )
    assert_breaks("credential_revoked_says_why", lambda: make_credential(person, revoked_at=BEFORE))


def test_credential_is_once_a_source_until_revoked():
    person = make_person()
    of_source = {"source": "training", "source_id": 7}
    make_credential(person, **of_source, revoked_at=BEFORE, revoke_reason="错")
    make_credential(person, **of_source)

    assert_breaks("credential_once_a_source", lambda: make_credential(person, **of_source))


def test_insured_person_is_once_a_policy():
    policy, person = make_policy(make_unit()), make_person()
    make_insured(policy, person, removed_at=BEFORE)
    make_insured(policy, person)

    assert_breaks("insured_person_once_a_policy", lambda: make_insured(policy, person))


def test_frozen_list_is_once_a_shift_and_each_person_once_on_it():
    shift, policy, person = make_shift(), make_policy(make_unit()), make_person()
    frozen = make_frozen_list(shift, policy, person)

    assert_breaks(
        "insured_list_entry_once",
        lambda: InsuredListEntry.objects.create(
            cell=shift.cell, insured_list=frozen, person=person
        ),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        make_frozen_list(shift, policy)


def test_suspension_ends_after_start_once_a_start_and_says_why():
    person = make_person()
    make_suspension(person)

    assert_breaks("suspension_ends_after_start", lambda: make_suspension(make_person(), days=0))
    assert_breaks("suspension_once_a_start", lambda: make_suspension(person))
    assert_breaks(
        "suspension_by_staff_says_why",
        lambda: make_suspension(person, cause=SuspensionCause.BY_STAFF),
    )
    assert_breaks(
        "suspension_lifted_says_why",
        lambda: make_suspension(make_person(), lifted_at=BEFORE),
    )


def test_decided_appeal_says_when_and_why():
    pause = make_suspension(make_person())

    for half in (
        {"state": "granted"},
        {"state": "refused", "decided_at": BEFORE},
        {"decided_at": BEFORE},
    ):
        assert_breaks(
            "appeal_decided_says_when_and_why",
            lambda half=half: Appeal.objects.create(
                cell=pause.cell, suspension=pause, text="x", opened_at=BEFORE, **half
            ),
        )


def test_training_takes_time_and_its_name_is_once_a_region():
    make_training(ended_at=BEFORE)
    make_training()

    assert_breaks("training_takes_time", lambda: make_training("零", learning_minutes=0))
    assert_breaks("training_name_once_a_region", make_training)


def test_sitting_ends_after_start_has_places_and_says_why_it_is_cancelled():
    training = make_training()

    assert_breaks("training_session_ends_after_start", lambda: make_session(training, minutes=0))
    assert_breaks("training_session_has_places", lambda: make_session(training, places=0))
    assert_breaks(
        "training_session_cancelled_says_why",
        lambda: make_session(training, cancelled_at=BEFORE),
    )


def test_enrolment_is_once_a_session_and_its_result_has_a_time():
    session, person = make_session(), make_person()
    make_enrolment(session, person, left_at=BEFORE)
    make_enrolment(session, person)

    assert_breaks("enrolment_once_a_session", lambda: make_enrolment(session, person))
    for half in ({"result": "passed"}, {"decided_at": SATURDAY}):
        assert_breaks(
            "enrolment_result_has_time",
            lambda half=half: make_enrolment(session, **half),
        )
    assert_breaks(
        "enrolment_left_has_no_result",
        lambda: make_enrolment(session, left_at=SATURDAY, result="passed", decided_at=SATURDAY),
    )


def test_what_was_accepted_and_frozen_never_changes():
    activity, person = make_activity(), make_person()
    acceptance, text = make_acceptance(activity, person), keep_text(activity)
    frozen = make_frozen_list(make_shift(), make_policy(make_unit()), person)
    later = BEFORE + timedelta(days=1)

    for change in (
        lambda: Acceptance.objects.filter(pk=acceptance.pk).update(accepted_at=later),
        lambda: Acceptance.objects.filter(pk=acceptance.pk).delete(),
        lambda: AcceptedText.objects.filter(pk=text.pk).update(text="y"),
        lambda: InsuredList.objects.filter(pk=frozen.pk).update(frozen_at=later),
        lambda: InsuredListEntry.objects.filter(insured_list=frozen).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
