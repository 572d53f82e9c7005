from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.actions import freeze_account
from linbang.foundation.ledger.models import Transfer
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_volunteer
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.errors import AlreadySpent, RecordNotVerified
from linbang.outcomes.time_bank.factories import make_posting, make_record, make_verified
from linbang.outcomes.time_bank.models import Posting

pytestmark = pytest.mark.django_db


def credit(record: ServiceRecord) -> Posting | None:
    return next(iter(actions.credit_records(record_ids=[record.pk], now=record.ends_at)), None)


def test_what_a_closed_roll_proved_is_banked_and_named():
    sign_up = placed()
    shift = sign_up.shift
    make_attendance(sign_up, left_at=shift.ends_at)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)

    service_records.draft_shift_records(cell=shift.cell, now=shift.ends_at)

    assert queries.balance_of(sign_up.person_id, cell=sign_up.person.cell) == 120
    [line] = queries.statement_of(sign_up.person).lines
    assert line.service == "清洁家园 · 清扫"
    assert ledger.check_books() == []


def test_verified_minutes_are_banked():
    record = make_verified(minutes=90)

    posting = credit(record)

    assert (posting.minutes, posting.cell) == (90, record.cell)
    assert posting.transfer.key == f"record:{record.pk}"
    assert queries.balance_of(record.person_id, cell=record.cell) == 90
    assert ledger.check_books() == []


def test_record_is_banked_once():
    record = make_verified(minutes=90)

    first = credit(record)
    second = credit(record)

    assert first == second
    assert queries.balance_of(record.person_id, cell=record.cell) == 90
    assert Notice.objects.filter(template="minutes_credited").count() == 1


def test_record_without_minutes_is_not_banked():
    record = make_verified(minutes=0)

    assert credit(record) is None
    assert queries.account_of(record.person_id, cell=record.cell) is None


def test_unverified_record_is_refused():
    record = make_record()

    with pytest.raises(RecordNotVerified):
        credit(record)
    assert not Transfer.objects.exists()


def test_records_are_banked_together():
    person = make_volunteer().person
    records = [
        make_verified(person, minutes=60),
        make_verified(minutes=30),
        make_verified(minutes=0),
    ]

    postings = actions.credit_records(
        record_ids=[record.pk for record in records], now=records[0].ends_at
    )

    assert [posting.minutes for posting in postings] == [60, 30]
    assert queries.balance_of(person.pk, cell=person.cell) == 60


def test_frozen_account_still_earns():
    posting = make_posting(minutes=60)
    person = posting.record.person
    account = queries.account_of(person.pk, cell=person.cell)
    freeze_account(account_id=account.pk, cell=account.cell, now=posting.posted_at)

    make_posting(person, minutes=30)

    assert queries.balance_of(person.pk, cell=person.cell) == 90


def test_banking_leaves_trail_and_notice():
    posting = make_posting(minutes=60)

    event = AuditEvent.objects.get(action="time_bank.credit_minutes")
    assert (event.subject_id, event.about_id) == (str(posting.pk), posting.record.person_id)
    notice = Notice.objects.get(template="minutes_credited")
    assert notice.params == {"minutes": 60, "balance": 60}


@pytest.mark.parametrize(("difference", "balance"), [(30, 90), (-20, 40), (0, 60)])
def test_correction_moves_the_difference(difference, balance):
    posting = make_posting(minutes=60)
    record = posting.record

    for _ in range(2):
        actions.correct_credit(
            record_id=record.pk, correction_id=7, difference=difference, now=posting.posted_at
        )

    assert queries.balance_of(record.person_id, cell=record.cell) == balance
    assert ledger.check_books() == []


def test_spent_minutes_are_not_taken_back():
    posting = make_posting(minutes=60)

    with pytest.raises(AlreadySpent):
        actions.correct_credit(
            record_id=posting.record_id, correction_id=7, difference=-61, now=posting.posted_at
        )


def test_posting_never_changes():
    posting = make_posting()

    with pytest.raises(IntegrityError, match="time_bank_posting is append-only"):
        posting.save(update_fields=["minutes"])


def test_posting_banks_something():
    posting = make_posting()
    posting.pk, posting.record, posting.minutes = None, make_verified(minutes=0), 0

    with pytest.raises(IntegrityError, match="posting_banks_something"):
        posting.save(force_insert=True)


def test_posting_is_unique_to_record():
    posting = make_posting()
    other = make_posting()

    with pytest.raises(IntegrityError, match="record_id"), transaction.atomic():
        Posting.objects.create(
            cell=posting.cell,
            record=posting.record,
            transfer=other.transfer,
            minutes=1,
            posted_at=posting.posted_at,
        )


@pytest.mark.django_db(transaction=True)
def test_record_posted_twice_at_once():
    record = make_verified(minutes=90)
    start = Barrier(2)

    def post():
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                return credit(record).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = (one.result() for one in [pool.submit(post), pool.submit(post)])

    assert first == second
    assert Posting.objects.count() == 1
    assert queries.balance_of(record.person_id, cell=record.cell) == 90
    assert ledger.check_books() == []
