"""Monthly grants: who, how much, once, back when the month is over."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from linbang.foundation.clock import CHINA
from linbang.foundation.ledger import actions as books
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.actions import place_hold, release_hold
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.factories import make_issue, make_order
from linbang.foundation.ledger.models import Transfer
from linbang.foundation.ledger.rules import HoldOrder, ReleaseOrder
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_person
from linbang.foundation.places.factories import BUILDING
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.factories import make_adoption
from linbang.outcomes.time_bank.models import Grant, GrantReturn

CELL = BUILDING[:6]
NOW = datetime(2026, 11, 3, 0, 10, tzinfo=CHINA)
NEXT = datetime(2026, 12, 1, 0, 10, tzinfo=CHINA)
NOVEMBER = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("scheme", "categories", "born", "granted"),
    [
        # Rule 71: verified needy elders. From 60 on the first day of the month.
        (rules.XINZHU, {"dibao"}, date(1966, 11, 1), True),
        (rules.XINZHU, {"dibao"}, date(1966, 11, 2), False),
        (rules.XINZHU, {"aged"}, date(1940, 1, 1), False),
        (rules.XINZHU, {"aged", "empty_nest"}, date(1940, 1, 1), True),
        (rules.XINZHU, set(), date(1940, 1, 1), False),
        (rules.NANJING, {"disabled"}, date(1950, 1, 1), True),
    ],
)
def test_needy_elders_are_granted(scheme, categories, born, granted):
    assert (
        rules.is_granted(scheme, categories=categories, birth_date=born, month=NOVEMBER) is granted
    )


@pytest.mark.parametrize(
    ("free", "people", "shares"),
    [
        (0, 2, [0, 0]),
        (1200, 2, [600, 600]),
        (5000, 2, [600, 600]),
        (1100, 2, [540, 540]),
        (1130, 2, [570, 540]),
        (60, 3, [30, 30, 0]),
        (29, 1, [0]),
        (0, 0, []),
    ],
)
def test_short_pool_gives_all_the_same(free, people, shares):
    assert rules.grant_shares(free, people, most=600, step=30) == shares


@given(st.integers(-100, 10_000), st.integers(0, 40))
def test_shares_never_exceed_the_pool(free, people):
    found = rules.grant_shares(free, people, most=600, step=30)

    assert len(found) == people
    assert sum(found) <= max(free, 0)
    assert not found or max(found) - min(found) <= 30
    assert all(0 <= one <= 600 and one % 30 == 0 for one in found)
    # Nothing is kept back that could be given.
    assert not found or min(found) == 600 or max(free, 0) - sum(found) < 30


def fill_pool(minutes, owner=f"pool:{CELL}"):
    pool = books.open_account(
        cell=CELL, owner=owner, unit=Unit.MINUTES, kind=AccountKind.POOL, now=NOW
    )
    issue = make_issue(cell=CELL, now=NOW)
    books.post_transfer(order=make_order(issue, pool, minutes), now=NOW)
    return pool


def left_in(account):
    account.refresh_from_db()
    return account.balance


@pytest.fixture
def elder(db):
    person = make_person("黄秀兰", birth_date=date(1940, 5, 1))
    make_listing(person, category=CareCategory.EMPTY_NEST)
    return person


def test_grant_is_given_once_a_month(elder):
    pool = fill_pool(3000)
    make_person("不在册", birth_date=date(1940, 5, 1))
    make_listing(make_person("年轻人", birth_date=date(1990, 5, 1)), category=CareCategory.DIBAO)

    first = actions.renew_grants(now=NOW)
    second = actions.renew_grants(now=NOW + timedelta(days=1))

    assert (first, second) == ((0, 1), (0, 0))
    grant = Grant.objects.get()
    assert (grant.person_id, grant.minutes, grant.month) == (elder.pk, 600, NOVEMBER)
    assert queries.granted_minutes(elder.pk, cell=CELL, at=NOW) == 600
    assert [one.balance for one in queries.grant_books(elder.pk, cell=CELL, at=NOW)] == [600]
    assert queries.balance_of(elder.pk, cell=CELL) == 0
    assert left_in(pool) == 2400
    assert Notice.objects.get(template="grant_received").person_id == elder.pk
    assert ledger.check_books() == []


def test_grant_goes_back_when_the_month_is_over(elder):
    pool = fill_pool(600)
    actions.renew_grants(now=NOW)

    assert queries.grant_books(elder.pk, cell=CELL, at=NEXT) == []
    assert actions.return_grants(now=NEXT - timedelta(hours=1)) == 0
    assert (actions.return_grants(now=NEXT), actions.return_grants(now=NEXT)) == (1, 0)

    assert GrantReturn.objects.get().minutes == 600
    assert left_in(pool) == 600
    assert queries.granted_minutes(elder.pk, cell=CELL, at=NOW) == 0
    assert actions.renew_grants(now=NEXT) == (0, 1)
    assert ledger.check_books() == []


def test_promised_grant_waits_for_the_end_of_its_hold(elder):
    fill_pool(600)
    actions.renew_grants(now=NOW)
    [book] = queries.grant_books(elder.pk, cell=CELL, at=NOW)
    hold = place_hold(
        order=HoldOrder(cell=CELL, key="hold", account_id=book.pk, amount=60, purpose="need"),
        now=NOW,
    )

    assert actions.return_grants(now=NEXT) == 0
    release_hold(order=ReleaseOrder(cell=CELL, hold_id=hold), now=NEXT)
    assert actions.return_grants(now=NEXT) == 1


def test_spent_grant_ends_without_a_transfer(elder):
    pool = fill_pool(600)
    actions.renew_grants(now=NOW)
    [book] = queries.grant_books(elder.pk, cell=CELL, at=NOW)
    books.post_transfer(order=make_order(book, pool, 600), now=NOW)

    assert actions.return_grants(now=NEXT) == 1
    assert GrantReturn.objects.get().transfer_id is None


def test_nanjing_issues_what_it_grants(elder):
    make_adoption(BUILDING[:9], rules.NANJING, at=NOW)

    assert actions.renew_grants(now=NOW) == (0, 1)
    assert actions.return_grants(now=NEXT) == 1
    assert make_issue(cell=CELL).balance == 0


def test_empty_pool_grants_nothing_yet(elder):
    assert actions.renew_grants(now=NOW) == (0, 0)
    fill_pool(90)

    assert actions.renew_grants(now=NOW) == (0, 1)
    assert Grant.objects.get().minutes == 90


@pytest.mark.parametrize("count", [1, 30])
def test_grants_ask_the_same_however_many(count, db, django_assert_num_queries):
    fill_pool(60_000)
    for _ in range(count):
        make_listing(make_person(birth_date=date(1940, 5, 1)), category=CareCategory.DIBAO)

    with django_assert_num_queries(18):
        actions.grant_month(cell=CELL, month=NOVEMBER, now=NOW)
    with django_assert_num_queries(7):
        actions.return_grants(now=NEXT)

    assert GrantReturn.objects.count() == count


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("grant_once_a_person_and_month", {}),
        ("grant_gives_something", {"minutes": 0}),
        ("grant_month_is_its_first_day", {"month": date(2026, 10, 2)}),
    ],
)
def test_grant_promises(elder, constraint, columns):
    fill_pool(600)
    actions.renew_grants(now=NOW)
    grant = Grant.objects.get()
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        Grant.objects.update(minutes=1)
    grant.pk, grant.account = None, make_issue(cell=CELL)
    grant.transfer = Transfer.objects.exclude(pk=grant.transfer_id).get()
    for name, value in columns.items():
        setattr(grant, name, value)

    with pytest.raises(IntegrityError, match=constraint):
        grant.save(force_insert=True)


def test_grant_return_promises(elder):
    fill_pool(600)
    actions.renew_grants(now=NOW)
    actions.return_grants(now=NEXT)
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        GrantReturn.objects.update(minutes=1)

    back = GrantReturn.objects.get()
    back.pk, back.minutes = None, 0
    with pytest.raises(IntegrityError, match="grant_return_moves_what_it_says"):
        back.save(force_insert=True)
