from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.actions import freeze_account
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Transfer
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_volunteer
from linbang.operations.dispatch.choices import SignUpChannel
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.errors import RecordNotVerified
from linbang.outcomes.time_bank.factories import (
    make_adoption,
    make_posting,
    make_record,
    make_verified,
)
from linbang.outcomes.time_bank.models import Movement, Posting

pytestmark = pytest.mark.django_db


def credit(record: ServiceRecord) -> Posting | None:
    return next(iter(actions.credit_records(record_ids=[record.pk], now=record.ends_at)), None)


def pool(cell: str) -> int:
    return ledger.balance(cell=cell, owner=f"pool:{cell}", unit=Unit.MINUTES, kind=AccountKind.POOL)


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
    assert notice.params == {"minutes": 60, "pooled_minutes": 0, "balance": 60}


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


def test_part_above_the_day_goes_to_the_pool_in_the_same_moment():
    person = make_volunteer().person
    records = [make_verified(person, minutes=300), make_verified(person, minutes=300)]

    postings = actions.credit_records(
        record_ids=[record.pk for record in records], now=records[0].ends_at
    )

    # Rule 66: eight hours a day; the rest went to the pool on the day it occurred.
    assert [(one.kept, one.pooled, one.cause) for one in postings] == [
        (300, 0, ""),
        (180, 120, "day"),
    ]
    assert (queries.balance_of(person.pk, cell=person.cell), pool(person.cell)) == (480, 120)
    assert [(one.minutes, one.branch_id) for one in Movement.objects.order_by("id")] == [
        (300, records[0].region_id[:12]),
        (180, records[1].region_id[:12]),
    ]
    assert Notice.objects.get(template="minutes_over_day").params["pooled_minutes"] == 120
    assert ledger.check_books() == []


def test_days_have_limits_of_their_own():
    person = make_volunteer().person
    postings = [make_posting(person, minutes=480), make_posting(person, minutes=480, day=2)]

    assert [posting.pooled for posting in postings] == [0, 0]


def test_minor_serves_for_the_pool_and_keeps_the_hours():
    minor = make_volunteer("小明", birth_date=date(2010, 6, 1)).person

    posting = make_posting(minor, minutes=90)

    # Rule 74: minors' hours go to the pool only.
    assert (posting.kept, posting.pooled, posting.cause) == (0, 90, "minor")
    assert (queries.balance_of(minor.pk, cell=minor.cell), pool(minor.cell)) == (0, 90)
    assert posting.record.verification.minutes == 90
    assert Notice.objects.get(template="minutes_of_minor").params["pooled_minutes"] == 90
    assert not Movement.objects.exists()


def test_group_serves_for_the_pool_of_the_scheme():
    sign_up = placed()
    make_adoption(sign_up.person.region_id[:9], rules.NANJING, at=sign_up.asked_at)
    SignUp.objects.filter(pk=sign_up.pk).update(channel=SignUpChannel.TEAM)
    shift = sign_up.shift
    make_attendance(sign_up, left_at=shift.ends_at)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)

    service_records.draft_shift_records(cell=shift.cell, now=shift.ends_at)

    posting = Posting.objects.get()
    assert (posting.pooled, posting.cause, posting.scheme) == (120, "group", "nanjing")
    book = ledger.account_of(
        cell=shift.cell,
        owner=f"pool:{sign_up.person.region_id[:9]}",
        unit=Unit.MINUTES,
        kind=AccountKind.POOL,
    )
    assert book.balance == 120


@pytest.mark.parametrize("count", [1, 30])
def test_a_batch_asks_the_same_however_large(count, django_assert_num_queries):
    records = [make_verified(minutes=60) for _ in range(count)]

    with django_assert_num_queries(17):
        actions.credit_records(record_ids=[record.pk for record in records], now=records[0].ends_at)

    assert Posting.objects.count() == count


@pytest.mark.parametrize(
    "columns",
    [
        {"pooled": 10},
        {"pooled": 60, "cause": "day"},
        {"cause": "day"},
    ],
)
def test_posting_promises_its_split(columns):
    posting = make_posting(minutes=60)
    posting.pk, posting.record = None, make_verified(minutes=60)
    posting.transfer = make_posting().transfer
    for name, value in columns.items():
        setattr(posting, name, value)

    with pytest.raises(IntegrityError, match="posting_splits_between_person_and_pool"):
        posting.save(force_insert=True)


def test_movement_promises():
    make_posting(minutes=60)
    movement = Movement.objects.get()

    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        Movement.objects.update(minutes=1)
    movement.pk = None
    with (
        pytest.raises(IntegrityError, match="movement_once_a_transfer_and_saver"),
        transaction.atomic(),
    ):
        movement.save(force_insert=True)
    movement.minutes = 0
    with pytest.raises(IntegrityError, match="movement_moves_something"):
        movement.save(force_insert=True)
