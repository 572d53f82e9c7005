"""A correction and a certificate of the same record at the same time, on two connections."""

import threading
from datetime import date, datetime

import pytest
from django.db import connection, transaction

from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_volunteer, make_worker
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records import queries as records
from linbang.outcomes.certificates import queries
from linbang.outcomes.certificates.choices import CertificateState
from linbang.outcomes.certificates.factories import make_certificate, make_served
from linbang.outcomes.certificates.models import Certificate

NINE = datetime(2026, 5, 16, 9, tzinfo=CHINA)
NOW = datetime(2026, 5, 20, 10, tzinfo=CHINA)
MAY = {"first": date(2026, 5, 1), "last": date(2026, 5, 20)}


@pytest.mark.django_db(transaction=True)
def test_no_valid_paper_says_what_was_corrected_meanwhile() -> None:
    volunteer = make_volunteer("王建国").person
    record = make_served(volunteer, starts_at=NINE)
    worker = make_worker()
    locked, done = threading.Event(), threading.Event()
    failures: list[Exception] = []

    def correct() -> None:
        try:
            locked.wait(5)
            service_records.correct_record(
                record_id=record.pk, credited_minutes=60, reason="多记了", by=worker, now=NOW
            )
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)
        finally:
            done.set()
            connection.close()

    other = threading.Thread(target=correct)
    other.start()
    with transaction.atomic():
        # The certificate is being written: the correction has to wait behind the volunteer's day.
        records.lock_person(volunteer.pk)
        locked.set()
        made = make_certificate(volunteer, **MAY, now=NOW)
        assert not done.wait(0.3)
    other.join(10)

    assert failures == []
    assert made.minutes == 120
    row = queries.certificate_row(Certificate.objects.get())
    assert row.state == CertificateState.SUPERSEDED
