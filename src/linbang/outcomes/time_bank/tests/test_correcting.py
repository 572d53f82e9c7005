"""Records that change after they were banked: mirrored, owed where spent, never negative."""

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.actions import freeze_account, post_transfer
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.factories import make_account, make_order
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_volunteer
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.factories import make_posting
from linbang.outcomes.time_bank.models import (
    Adjustment,
    Movement,
    Shortfall,
    ShortfallSettlement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def saver():
    return make_volunteer("王建国").person


def balance(person):
    return queries.balance_of(person.pk, cell=person.cell)


def pool(cell):
    return ledger.balance(cell=cell, owner=f"pool:{cell}", unit=Unit.MINUTES, kind=AccountKind.POOL)


def correct(posting, difference, number=7):
    actions.correct_credit(
        record_id=posting.record_id,
        correction_id=number,
        difference=difference,
        now=posting.posted_at,
    )


def spend(person, minutes):
    """Pay away from a saver's book, as a service received would."""
    account = queries.account_of(person.pk, cell=person.cell)
    post_transfer(
        order=make_order(account, make_account(cell=person.cell), minutes),
        now=account.opened_at,
    )


@pytest.mark.parametrize(("difference", "after"), [(30, 90), (-20, 40), (0, 60)])
def test_correction_moves_the_difference_once(saver, difference, after):
    posting = make_posting(saver, minutes=60)

    correct(posting, difference)
    correct(posting, difference)

    assert balance(saver) == after
    assert sum(Movement.objects.values_list("minutes", flat=True)) == after
    assert ledger.check_books() == []


def test_correction_upwards_keeps_to_the_limit_of_its_day(saver):
    posting = make_posting(saver, minutes=450)

    correct(posting, 60)

    # Rule 66: eight hours a day; the half above went to the pool on the day it occurred.
    assert (balance(saver), pool(saver.cell)) == (480, 30)
    adjustment = Adjustment.objects.get()
    assert (adjustment.minutes, adjustment.pooled, adjustment.cause) == (60, 30, "day")


def test_correction_takes_from_the_pool_first_what_went_there(saver):
    posting = make_posting(saver, minutes=540)

    correct(posting, -100)

    assert (balance(saver), pool(saver.cell)) == (440, 0)
    assert ledger.check_books() == []


def test_void_takes_back_everything_once(saver):
    posting = make_posting(saver, minutes=540)
    correct(posting, -30)

    for _ in range(2):
        actions.void_credit(record_id=posting.record_id, now=posting.posted_at)

    assert (balance(saver), pool(saver.cell)) == (0, 0)
    assert queries.banked_of(posting.record_id, cell=saver.cell) == (0, 0)
    assert AuditEvent.objects.filter(action="time_bank.void_credit").count() == 1
    assert ledger.check_books() == []


def test_void_of_a_record_that_brought_nothing_does_nothing(saver):
    posting = make_posting(saver)
    correct(posting, -60)

    actions.void_credit(record_id=posting.record_id, now=posting.posted_at)

    assert Adjustment.objects.count() == 1
    assert balance(saver) == 0


def test_restored_record_brings_again_what_it_brought(saver):
    posting = make_posting(saver, minutes=540)
    for _ in range(2):
        actions.restore_credit(record_id=posting.record_id, now=posting.posted_at)
    assert not Adjustment.objects.exists()
    spend(saver, 100)

    for act in (actions.void_credit, actions.restore_credit, actions.restore_credit):
        act(record_id=posting.record_id, now=posting.posted_at)

    # The hundred were owed while it was void, and were paid out of what came back.
    assert (balance(saver), pool(saver.cell)) == (380, 60)
    assert Shortfall.objects.get().open_minutes == 0

    actions.void_credit(record_id=posting.record_id, now=posting.posted_at)

    assert (balance(saver), pool(saver.cell)) == (0, 0)
    assert queries.banked_of(posting.record_id, cell=saver.cell) == (0, 0)
    assert ledger.check_books() == []


def test_spent_minutes_are_owed_and_paid_from_later_earnings(saver):
    posting = make_posting(saver, minutes=60)
    spend(saver, 50)

    actions.void_credit(record_id=posting.record_id, now=posting.posted_at)

    assert balance(saver) == 0
    owed = Shortfall.objects.get()
    assert (owed.minutes, owed.open_minutes) == (50, 50)
    notice = Notice.objects.get(template="minutes_owed")
    assert (notice.params["minutes"], notice.params["owed_minutes"]) == (10, 50)

    make_posting(saver, minutes=30)
    make_posting(saver, minutes=40)

    owed.refresh_from_db()
    assert (owed.open_minutes, balance(saver)) == (0, 20)
    assert list(ShortfallSettlement.objects.values_list("minutes", flat=True)) == [30, 20]
    assert ledger.check_books() == []


def test_frozen_book_owes_instead_of_paying(saver):
    posting = make_posting(saver, minutes=60)
    account = queries.account_of(saver.pk, cell=saver.cell)
    freeze_account(account_id=account.pk, cell=account.cell, now=posting.posted_at)

    correct(posting, -20)
    make_posting(saver, minutes=30)

    assert balance(saver) == 90
    assert Shortfall.objects.get().open_minutes == 20


def test_pool_owes_what_it_gave_away(saver):
    posting = make_posting(saver, minutes=540)
    book = ledger.account_of(
        cell=saver.cell, owner=f"pool:{saver.cell}", unit=Unit.MINUTES, kind=AccountKind.POOL
    )
    post_transfer(order=make_order(book, make_account(cell=saver.cell), 45), now=posting.posted_at)

    correct(posting, -60)

    # The person never had it and does not pay for it.
    assert (balance(saver), pool(saver.cell)) == (480, 0)
    assert Shortfall.objects.get().open_minutes == 45

    make_posting(make_volunteer("赵敏").person, minutes=580)

    assert pool(saver.cell) == 55
    assert Shortfall.objects.get().open_minutes == 0
    assert ledger.check_books() == []


def test_adjustment_never_changes(saver):
    correct(make_posting(saver), -10)

    with pytest.raises(IntegrityError, match="time_bank_adjustment is append-only"):
        Adjustment.objects.update(minutes=-5)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("adjustment_key_once", {}),
        ("adjustment_splits_between_person_and_pool", {"key": "x", "minutes": 5, "pooled": -1}),
        ("adjustment_splits_between_person_and_pool", {"key": "x", "pooled": -11}),
    ],
)
def test_adjustment_promises(saver, constraint, columns):
    correct(make_posting(saver), -10)
    again = Adjustment.objects.get()
    again.pk, again.transfer = None, None
    for name, value in columns.items():
        setattr(again, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("shortfall_key_once", {}),
        ("shortfall_lacks_something", {"key": "x", "minutes": 0}),
        ("shortfall_is_settled_once", {"key": "x", "settled": 51}),
    ],
)
def test_shortfall_promises(saver, constraint, columns):
    posting = make_posting(saver, minutes=60)
    spend(saver, 60)
    correct(posting, -50)
    again = Shortfall.objects.get()
    again.pk = None
    for name, value in columns.items():
        setattr(again, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        again.save(force_insert=True)


def test_settlement_promises(saver):
    posting = make_posting(saver, minutes=60)
    spend(saver, 60)
    correct(posting, -50)
    make_posting(saver, minutes=10)
    settlement = ShortfallSettlement.objects.get()

    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        ShortfallSettlement.objects.update(minutes=9)
    settlement.pk, settlement.minutes = None, 0
    with pytest.raises(IntegrityError, match="shortfall_settlement_pays_something"):
        settlement.save(force_insert=True)
