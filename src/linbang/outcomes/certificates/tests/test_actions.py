"""Issuing, ending, handing out, checking; what the database keeps."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linbang.foundation import signing
from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.operations.service_records import actions as service_records
from linbang.outcomes.certificates import actions, errors, queries, rules
from linbang.outcomes.certificates.choices import CertificateState, EndReason
from linbang.outcomes.certificates.factories import make_certificate, make_served
from linbang.outcomes.certificates.models import (
    Certificate,
    CertificateEnding,
    CertifiedRecord,
    NumberCheck,
    PublishedKey,
    SealedCopy,
)

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 5, 16, 9, tzinfo=CHINA)
NOW = datetime(2026, 5, 20, 10, tzinfo=CHINA)
MAY = {"first": date(2026, 5, 1), "last": date(2026, 5, 20)}


@pytest.fixture
def volunteer():
    return make_volunteer("王建国").person


@pytest.fixture
def certificate(volunteer) -> Certificate:
    make_served(volunteer, starts_at=NINE)
    return make_certificate(volunteer, **MAY, now=NOW, wants_seal=True)


def state(certificate: Certificate) -> CertificateState:
    return queries.certificate_row(queries.lock_certificate(certificate.pk)).state


def test_volunteer_certifies_what_counts(volunteer) -> None:
    record = make_served(volunteer, starts_at=NINE)
    entered = make_served(
        volunteer, starts_at=NINE + timedelta(days=1), minutes=60, proved=False, unit="团委"
    )
    make_served(volunteer, starts_at=NINE + timedelta(days=2), verified=False)
    make_served(volunteer, starts_at=NINE - timedelta(days=30))
    make_served(starts_at=NINE)

    made = make_certificate(volunteer, **MAY, now=NOW)

    assert rules.is_number(made.number)
    assert made.number.startswith("2026-")
    assert volunteer.document_number not in str(vars(made))
    assert (made.proved_minutes, made.entered_minutes) == (120, 60)
    assert [(line["unit"], line["minutes"], line["proved"]) for line in made.lines] == [
        ("新竹社区服务站", 120, True),
        ("团委", 60, False),
    ]
    assert {one.record_id for one in made.records.all()} == {record.pk, entered.pk}
    payload = rules.parse(made.payload)
    assert (payload.name, payload.proved, payload.issuer) == ("王**", 120, made.issuer)
    assert signing.is_signed(
        made.payload.encode(),
        bytes.fromhex(made.signature),
        public_key=queries.published_keys()["test"],
    )


def test_one_unit_certifies_only_what_it_recorded(volunteer) -> None:
    # Rule 48.
    make_served(volunteer, starts_at=NINE)
    make_served(volunteer, starts_at=NINE + timedelta(days=1), minutes=60, unit="团委")

    made = make_certificate(volunteer, **MAY, now=NOW, unit="团委", shows_document=True)

    assert (made.issuer, made.minutes) == ("团委", 60)
    assert made.document_number == volunteer.document_number
    with pytest.raises(errors.NothingToCertify):
        make_certificate(volunteer, **MAY, now=NOW, unit="别的单位")


def test_corrected_minutes_are_what_is_certified(volunteer) -> None:
    record = make_served(volunteer, starts_at=NINE)
    worker = make_worker()
    service_records.correct_record(
        record_id=record.pk, credited_minutes=90, reason="多记了", by=worker, now=NOW
    )

    assert make_certificate(volunteer, **MAY, now=NOW).minutes == 90


def test_rare_character_is_refused_before_anything_is_written(monkeypatch) -> None:
    monkeypatch.setattr(queries.fonts, "SYSTEM", ())
    rare = make_volunteer("王\U0002a6d0").person  # no character of any font we know
    make_served(rare, starts_at=NINE)

    with pytest.raises(errors.CharacterMissing) as refused:
        make_certificate(rare, **MAY, now=NOW)

    assert refused.value.code == "character_missing"
    assert "\U0002a6d0" in str(refused.value)
    assert not Certificate.objects.exists()


def test_nobody_certifies_strangers_and_the_station_is_noted(volunteer) -> None:
    make_served(volunteer, starts_at=NINE)
    stranger, elsewhere = make_actor(make_person("赵外人")), make_worker(region="450103001006")
    worker = make_worker()

    for nobody in (stranger, elsewhere):
        with pytest.raises(NotFound):
            make_certificate(volunteer, **MAY, now=NOW, by=nobody)
    made = make_certificate(volunteer, **MAY, now=NOW, by=worker)

    assert made.issued_by_id == worker.person_id
    event = AuditEvent.objects.get(action="certificates.issue_certificate")
    assert (event.on_behalf_of_id, event.about_id) == (volunteer.pk, volunteer.pk)
    assert Notice.objects.get(template="certificate_issued").person_id == volunteer.pk


def test_correction_supersedes_and_tells(certificate, volunteer) -> None:
    # Rule 50.
    record = CertifiedRecord.objects.get(certificate=certificate).record
    make_served(volunteer, starts_at=NINE + timedelta(days=1))
    untouched = make_certificate(
        volunteer, first=date(2026, 5, 17), last=date(2026, 5, 20), now=NOW
    )
    worker = make_worker()

    for minutes in (60, 30):
        service_records.correct_record(
            record_id=record.pk, credited_minutes=minutes, reason="多记了", by=worker, now=NOW
        )

    assert (state(certificate), state(untouched)) == (
        CertificateState.SUPERSEDED,
        CertificateState.VALID,
    )
    assert Notice.objects.get(template="certificate_superseded").person_id == volunteer.pk
    assert queries.checked(certificate.number).reason == EndReason.CORRECTED


def test_station_revokes_for_a_reason_strangers_may_read(certificate) -> None:
    worker = make_worker()
    wish = {"certificate_id": certificate.pk, "by": worker, "now": NOW}

    with pytest.raises(errors.ReasonUnknown):
        actions.revoke_certificate(**wish, reason="corrected")
    actions.revoke_certificate(**wish, reason="false", note="查实")

    assert state(certificate) == CertificateState.REVOKED
    assert Notice.objects.filter(template="certificate_revoked").count() == 1
    with pytest.raises(errors.CertificateEnded):
        actions.revoke_certificate(**wish, reason="false")
    with pytest.raises(errors.CertificateEnded):
        actions.hand_out_copy(certificate_id=certificate.pk, by=worker, now=NOW)


def test_nobody_handles_ones_own_paper(certificate, volunteer) -> None:
    own = make_actor(volunteer, Role.STATION_WORKER)

    for refused, actor in ((errors.OwnCertificate, own), (NotAllowed, make_actor(make_person()))):
        with pytest.raises(refused):
            actions.revoke_certificate(
                certificate_id=certificate.pk, reason="wrong", by=actor, now=NOW
            )
    with pytest.raises(NotFound):
        actions.hand_out_copy(certificate_id=0, by=own, now=NOW)


def test_sealed_copy_is_handed_out_once(certificate, volunteer) -> None:
    # Rule 51: five working days.
    worker = make_worker()
    row = queries.certificate_row(queries.certificates_of(make_actor(volunteer)).get())
    assert row.paper_due == date(2026, 5, 27)

    actions.hand_out_copy(certificate_id=certificate.pk, by=worker, now=NOW)

    with pytest.raises(errors.PaperNotWanted):
        actions.hand_out_copy(certificate_id=certificate.pk, by=worker, now=NOW)
    assert SealedCopy.objects.get().by_id == worker.person_id


def test_old_keys_stay_published_and_no_name_is_used_twice(
    certificate, volunteer, settings
) -> None:
    old = queries.published_keys()["test"]
    settings.LINBANG_SIGNING_KEYS = {"next": "bmV4dC1rZXktb2YtdGhlLXRlc3RzLTAxMjM0NTY3ODk="}

    renewed = make_certificate(volunteer, **MAY, now=NOW)

    assert renewed.key_id == "next"
    assert queries.published_keys()["test"] == old
    settings.LINBANG_SIGNING_KEYS = {"test": "bmV4dC1rZXktb2YtdGhlLXRlc3RzLTAxMjM0NTY3ODk="}
    with pytest.raises(ValueError, match="was another key before"):
        make_certificate(volunteer, **MAY, now=NOW)


def test_checks_are_counted_by_address_and_forgotten(certificate) -> None:
    # Rule 49: rate-limited, unknown numbers no cheaper than known ones.
    ask = {"address": "203.0.113.9", "now": NOW}
    assert actions.check_number(number=certificate.number.lower(), **ask).name == "王**"
    assert actions.check_number(number="2026-ZZZZZZZZZ", **ask) is None
    digest = NumberCheck.objects.first().address_digest
    NumberCheck.objects.bulk_create(
        NumberCheck(address_digest=digest, at=NOW) for _ in range(rules.CHECKS_MAX)
    )

    with pytest.raises(errors.TooManyChecks):
        actions.check_number(number=certificate.number, **ask)
    assert actions.check_number(number=certificate.number, address="203.0.113.8", now=NOW)

    actions.forget_checks(now=NOW + timedelta(days=3))
    assert not NumberCheck.objects.exists()


CONSTRAINTS = {
    "certificate_certifies_something": {"proved_minutes": 0, "entered_minutes": 0},
    "certificate_ends_after_it_begins": {"last_date": date(2026, 4, 1)},
    "certificate_number_says_nothing": {"number": "110105194912"},
}


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_database_refuses_what_is_no_certificate(certificate, constraint) -> None:
    fields = {
        field.attname: getattr(certificate, field.attname)
        for field in Certificate._meta.fields
        if field.attname not in {"id", "public_id"}
    }
    changed = {**fields, "number": "2026-AAAAAAAAA", **CONSTRAINTS[constraint]}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Certificate.objects.create(**changed)


def test_database_keeps_ends_and_records_once(certificate) -> None:
    end = {"cell": certificate.cell, "certificate": certificate, "reason": "asked", "at": NOW}
    record = CertifiedRecord.objects.get()
    CertificateEnding.objects.create(**end, state="superseded")
    broken = {
        "certificate_ends_once_a_state": lambda: CertificateEnding.objects.create(
            **end, state="superseded"
        ),
        "certificate_revoked_by_somebody": lambda: CertificateEnding.objects.create(
            **end, state="revoked"
        ),
        "record_once_a_certificate": lambda: CertifiedRecord.objects.create(
            cell=record.cell, certificate=certificate, record=record.record
        ),
        "published_key_has_32_bytes": lambda: PublishedKey.objects.create(
            key_id="short", key="ab", first_used_at=NOW
        ),
    }
    for constraint, write in broken.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            write()


def test_what_was_certified_never_changes(certificate) -> None:
    SealedCopy.objects.create(cell=certificate.cell, certificate=certificate, by_id=1, at=NOW)
    actions.supersede_certificates(
        record_id=CertifiedRecord.objects.get().record_id, cell=certificate.cell, now=NOW
    )
    tables = "certificate", "certifiedrecord", "certificateending", "sealedcopy", "publishedkey"
    for table in tables:
        with (
            pytest.raises(IntegrityError, match=f"certificates_{table} is append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE certificates_{table} SET id = id")
