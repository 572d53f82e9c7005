"""Licences and vettings: verified, masked, revoked, reminded."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.errors import ReasonMissing
from linbang.intake.activities.factories import BEFORE
from linbang.operations.clearance import actions, errors, queries, rules
from linbang.operations.clearance.events import CredentialRevoked
from linbang.operations.clearance.factories import make_credential, make_qualifications
from linbang.operations.clearance.models import Credential
from linbang.operations.clearance.tests.cast import (
    actor_of,
    make_helper,
    make_worker,
    notices_of,
    texts_sent,
    trail,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 12)


def entering(person, by, **changes):
    make_qualifications()
    given = {"qualification": "driving", "number": " 450103199001 ", "valid_from": TODAY}
    return actions.enter_credential(
        person_id=person.pk, paper=rules.Paper(**{**given, **changes}), by=by, now=BEFORE
    )


def test_licence_is_verified_and_its_number_sealed():
    person, worker = make_helper(), make_worker()

    credential = entering(person, worker, issued_by="南宁市公安局", valid_until=date(2030, 1, 1))

    assert (credential.number, credential.source, credential.verified_by_id) == (
        "450103199001",
        "document",
        worker.person_id,
    )
    [line] = queries.credential_lines(queries.credentials_of(person.pk), today=TODAY)
    assert (line.number, line.state, line.tone) == ("********9001", "valid", "jade")
    assert notices_of(person) == ["credential_entered"]
    assert trail() == ["clearance.enter_credential"]


@pytest.mark.parametrize(
    ("changes", "valid_until", "source"),
    [
        # A vetting is done every year, whatever is written.
        (
            {"qualification": "minors-vetting", "valid_until": date(2036, 1, 1)},
            date(2027, 5, 11),
            "vetting",
        ),
        ({"qualification": "first-aid"}, date(2029, 5, 11), "document"),
        (
            {"qualification": "first-aid", "valid_until": date(2027, 1, 1)},
            date(2027, 1, 1),
            "document",
        ),
        ({"qualification": "driving"}, None, "document"),
    ],
)
def test_end_is_the_papers_or_the_rules(changes, valid_until, source):
    credential = entering(make_helper(), make_worker(), **changes)

    assert (credential.valid_until, credential.source) == (valid_until, source)


@pytest.mark.parametrize(
    ("changes", "refusal", "code"),
    [
        ({"number": " "}, errors.CredentialNumberMissing, "credential_number_missing"),
        ({"qualification": "x"}, errors.QualificationUnknown, "qualification_unknown"),
        (
            {"valid_from": TODAY + timedelta(days=1)},
            errors.CredentialDatesWrong,
            "credential_dates_wrong",
        ),
    ],
)
def test_paper_that_cannot_be_is_refused(changes, refusal, code):
    with pytest.raises(refusal) as refused:
        entering(make_helper(), make_worker(), **changes)
    assert refused.value.code == code


def test_only_the_worker_of_the_persons_region_touches_credentials():
    person = make_helper()
    credential = make_credential(person)

    for by in (make_worker(region="450103001006"), actor_of(person)):
        for act in (
            lambda by=by: entering(person, by),
            lambda by=by: revoking(credential, by),
            lambda by=by: seeing(credential, by),
        ):
            with pytest.raises(NotAllowed):
                act()


def revoking(credential, by, reason="证书是假的"):
    return actions.revoke_credential(credential_id=credential.pk, reason=reason, by=by, now=BEFORE)


def test_revoking_tells_the_person_why_and_is_announced(monkeypatch):
    heard = []
    monkeypatch.setattr("linbang.operations.clearance.actions.credentials.announce", heard.append)
    person, worker = make_helper(), make_worker()
    credential = make_credential(person)

    with pytest.raises(errors.WhyMissing):
        revoking(credential, worker, reason="")
    for _ in range(2):
        revoking(credential, worker)

    credential.refresh_from_db()
    assert credential.revoke_reason == "证书是假的"
    assert notices_of(person) == ["credential_revoked"]
    assert heard == [
        CredentialRevoked(
            person_id=person.pk, qualification="first-aid", cell=person.cell, at=BEFORE
        )
    ]


def seeing(credential, by, reason="verify", note=""):
    return actions.unmask_number(
        credential_id=credential.pk, reason=reason, note=note, by=by, now=BEFORE
    )


def test_seeing_the_number_is_kept_with_its_reason():
    person, worker = make_helper(), make_worker()
    credential = make_credential(person)

    assert seeing(credential, worker) == "G45-2026-0001"

    event = AuditEvent.objects.get(action="clearance.unmask_number")
    assert (event.about_id, event.outcome, event.detail["reason"]) == (person.pk, "seen", "verify")
    with pytest.raises(ReasonMissing):
        seeing(credential, worker, reason="other")
    with pytest.raises(NotAllowed):
        seeing(credential, make_worker(role=Role.STREET_OFFICER))


def test_minors_number_opens_for_few_reasons():
    credential = make_credential(make_helper(birth_date=date(2012, 1, 1)))
    worker = make_worker()

    with pytest.raises(ReasonMissing):
        seeing(credential, worker, reason="insurance")
    assert seeing(credential, worker, reason="own_request")


def test_missing_credential_is_not_found():
    with pytest.raises(NotFound):
        actions.revoke_credential(credential_id=10**15, reason="x", by=make_worker(), now=BEFORE)


@pytest.mark.parametrize(
    ("columns", "state", "tone"),
    [
        ({"valid_until": None}, "valid", "jade"),
        ({"valid_until": TODAY + timedelta(days=31)}, "valid", "jade"),
        ({"valid_until": TODAY + timedelta(days=30)}, "soon", "gold"),
        ({"valid_until": TODAY}, "soon", "gold"),
        ({"valid_until": TODAY - timedelta(days=1)}, "expired", "grey"),
        ({"valid_from": TODAY + timedelta(days=1)}, "ahead", "blue"),
        ({"revoked_at": BEFORE, "revoke_reason": "假"}, "revoked", "grey"),
    ],
)
def test_state_of_a_credential_on_a_day(columns, state, tone):
    credential = make_credential(make_helper(), **columns)

    [line] = queries.credential_lines([credential], today=TODAY)

    assert (line.state, line.tone) == (state, tone)


def reminding(day=0, **more):
    return actions.remind_expiring(now=BEFORE + timedelta(days=day), **more)


def test_reminders_come_twice_and_the_second_by_text_too():
    person = make_helper()
    make_credential(person, valid_until=TODAY + timedelta(days=40))

    assert [reminding(day) for day in (9, 10, 11, 32, 33, 34, 40, 41)] == [0, 1, 0, 0, 1, 0, 0, 0]
    assert notices_of(person) == ["credential_expiring"] * 2
    assert texts_sent() == ["credential_expiring"]


def test_day_the_clock_missed_is_made_up():
    person = make_helper()
    make_credential(person, valid_until=TODAY + timedelta(days=5))

    assert reminding() == 1
    assert notices_of(person) == ["credential_expiring"]
    assert Credential.objects.get().reminded_days == 7


def test_who_renewed_lapsed_was_revoked_or_is_gone_is_left_in_peace():
    renewed, lapsed, revoked = make_helper(), make_helper(), make_helper()
    end = TODAY + timedelta(days=20)
    make_credential(renewed, valid_until=end)
    make_credential(renewed, valid_from=end + timedelta(days=1), valid_until=None)
    make_credential(lapsed, valid_until=TODAY - timedelta(days=1))
    make_credential(revoked, valid_until=end, revoked_at=BEFORE, revoke_reason="假")
    gone = make_helper(closed_at=BEFORE, now=BEFORE)
    make_credential(gone, valid_until=end)

    assert reminding() == 1  # looked at, and nothing said
    assert [notices_of(one) for one in (renewed, lapsed, revoked, gone)] == [[], [], [], []]


def test_reminders_work_in_batches():
    for _ in range(3):
        make_credential(make_helper(), valid_until=TODAY + timedelta(days=20))

    assert [reminding(batch=2) for _ in range(3)] == [2, 1, 0]


def test_expiring_list_shows_what_is_not_renewed_nearest_first():
    worker, stranger = make_worker(), make_worker(region="450103001006")
    later, sooner, renewed = make_helper("后来"), make_helper("先到"), make_helper("续过")
    child = make_helper("欧阳小明", birth_date=date(2012, 1, 1))
    make_credential(later, valid_until=TODAY + timedelta(days=60))
    make_credential(sooner, valid_until=TODAY)
    make_credential(child, valid_until=TODAY + timedelta(days=1))
    make_credential(renewed, valid_until=TODAY + timedelta(days=1))
    make_credential(renewed, valid_until=TODAY + timedelta(days=400))
    make_credential(make_helper(), valid_until=TODAY + timedelta(days=61))

    lines = queries.expiring_lines(queries.expiring(worker, today=TODAY), today=TODAY)

    assert [(line.name, line.days_left) for line in lines] == [
        ("先到", 0),
        ("欧阳**", 1),
        ("后来", 60),
    ]
    assert not queries.expiring(stranger, today=TODAY).exists()


def test_held_until_is_the_last_end_unless_there_is_none():
    person = make_helper()
    assert queries.held_until(person.pk, "first-aid", day=TODAY) is None
    make_credential(person, valid_until=TODAY - timedelta(days=1))
    assert queries.held_until(person.pk, "first-aid", day=TODAY) is None
    make_credential(person, valid_until=TODAY + timedelta(days=9))
    assert queries.held_until(person.pk, "first-aid", day=TODAY) == TODAY + timedelta(days=9)
    make_credential(person, valid_until=None)
    assert queries.held_until(person.pk, "first-aid", day=TODAY) is None


def test_today_is_chinas():
    midnight = BEFORE.astimezone(CHINA).replace(hour=0, minute=30)
    make_credential(make_helper(), valid_until=TODAY + timedelta(days=30))

    assert actions.remind_expiring(now=midnight) == 1
