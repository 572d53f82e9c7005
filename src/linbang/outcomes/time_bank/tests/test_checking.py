"""The books are proved: sound ones pass, and every meddling is found."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.ledger.actions import post_transfer
from linbang.foundation.ledger.choices import AccountKind
from linbang.foundation.ledger.factories import make_account, make_order
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.places.factories import BUILDING
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.factories import make_posting, make_record, make_verified

pytestmark = pytest.mark.django_db
CELL = BUILDING[:6]
NOW = datetime(2026, 11, 27, 3, 30, tzinfo=CHINA)


@pytest.fixture
def bank():
    """Books with everything in them: limits, pool, corrections, a shortfall paid, grants ended."""
    saver = make_volunteer("王建国").person
    first = make_posting(saver, minutes=540)
    minor = make_volunteer("小明", birth_date=date(2010, 6, 1)).person
    make_posting(minor, minutes=300)
    actions.correct_credit(
        record_id=first.record_id, correction_id=1, difference=-20, now=first.posted_at
    )
    elder = make_person("黄秀兰", birth_date=date(1940, 5, 1))
    make_listing(elder, category=CareCategory.DIBAO)
    actions.renew_grants(now=NOW - timedelta(days=40))
    actions.return_grants(now=NOW)
    actions.renew_grants(now=NOW)
    # The pool gave away what the void asks back, and pays when it gets something.
    actions.void_credit(record_id=first.record_id, now=NOW)
    make_posting(minor, minutes=100, day=2)
    make_posting(saver, minutes=60, day=2)
    return saver


def broken(now=NOW):
    return {fault.rule for fault in queries.check_books(now=now)}


def meddle(statement):
    """Break a promise as an administrator of the database could, past the triggers."""
    tables = [
        f"time_bank_{name}"
        for name in (
            "posting", "adjustment", "movement", "grant", "grantreturn", "shortfallsettlement",
        )
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            "ALTER TABLE time_bank_posting DROP CONSTRAINT posting_splits_between_person_and_pool"
        )
        cursor.execute(statement)


def test_sound_books_are_explained(bank):
    out = StringIO()

    call_command("check_books", stdout=out)

    totals, verdict = out.getvalue().splitlines()
    assert totals == (
        f"cell={CELL} issued=460 personal=60 team=0 station=0 pool=70 granted=330 held=0 (minutes)"
    )
    assert verdict == "The books are sound."
    [row] = queries.book_totals()
    assert row.kept == row.issued


MEDDLING = [
    ("record_equals_postings", "UPDATE time_bank_posting SET minutes = minutes + 1"),
    ("record_equals_postings", "DELETE FROM time_bank_adjustment WHERE key LIKE 'void:%'"),
    ("posting_equals_entries", "UPDATE time_bank_posting SET pooled = 61 WHERE pooled = 60"),
    ("adjustment_equals_entries", "UPDATE time_bank_adjustment SET pooled = pooled + 1"),
    ("issue_is_explained", "DELETE FROM time_bank_posting WHERE pooled = 0"),
    ("movement_equals_entries", "DELETE FROM time_bank_movement WHERE purpose = 'earned'"),
    ("movement_equals_entries", "UPDATE time_bank_movement SET minutes = minutes + 1"),
    ("grant_equals_entry", "UPDATE time_bank_grant SET minutes = minutes + 1"),
    ("grant_goes_back", "DELETE FROM time_bank_grantreturn"),
    (
        "grant_book_has_a_grant",
        "DELETE FROM time_bank_grantreturn; DELETE FROM time_bank_grant",
    ),
    ("shortfall_equals_settlements", "UPDATE time_bank_shortfall SET settled = 0"),
]


def test_every_meddling_is_found(bank):
    assert broken() == set()

    missed = []
    for rule, statement in MEDDLING:
        # One bank for all: what is done to it is undone each time.
        with transaction.atomic():
            meddle(statement)
            if rule not in broken():
                missed.append((rule, statement))
            transaction.set_rollback(True)

    assert missed == []
    assert broken() == set()


def test_unbanked_record_is_found(db):
    make_verified(minutes=30)
    make_record(minutes=30)

    assert [(one.rule, one.detail) for one in queries.check_bank(now=NOW)] == [
        ("record_equals_postings", "counts for 30 minutes, banked 0")
    ]


def test_units_out_of_nowhere_are_found(bank):
    make_account(minutes=30, cell=CELL, kind=AccountKind.POOL)

    assert broken() == {"issue_is_explained"}


def test_movement_nobody_noted_is_found(bank):
    mine = queries.account_of(bank.pk, cell=CELL)
    other = make_account(cell=CELL, kind=AccountKind.TEAM)
    post_transfer(order=make_order(mine, other, 10), now=NOW)

    assert broken() == {"movement_equals_entries"}


def test_command_prints_faults_and_fails(bank):
    Account.objects.filter(owner=f"person:{bank.pk}").update(balance=61)
    out = StringIO()

    with pytest.raises(CommandError, match="2 faults") as failure:
        call_command("check_books", "--cell", CELL, stdout=out)

    assert failure.value.returncode == 1
    assert f"balance_equals_entries cell={CELL}" in out.getvalue()


def test_ledger_is_checked_alone(bank):
    meddle("UPDATE time_bank_posting SET minutes = minutes + 1")
    out = StringIO()

    call_command("check_books", "--ledger", stdout=out)

    assert out.getvalue().splitlines()[-1] == "The books are sound."
    assert broken()


def test_faults_of_other_cells_are_left_out(bank):
    meddle("UPDATE time_bank_posting SET minutes = minutes + 1")

    assert queries.check_books(cell="110101", now=NOW) == []


def test_nightly_proof_leaves_a_trail_and_tells_only_of_faults(bank):
    officer = make_person("韦局长")
    make_actor(officer, Role.DISTRICT_OFFICER, region=CELL)
    make_actor(make_person("陈静"), Role.STATION_WORKER)

    assert actions.prove_books(now=NOW) == []
    assert not Notice.objects.filter(template="books_wrong").exists()
    assert queries.last_proof().detail == {"faults": 0, "rules": {}}

    meddle("UPDATE time_bank_movement SET minutes = minutes + 1 WHERE purpose = 'earned'")
    for _ in range(2):
        actions.prove_books(now=NOW)

    assert [notice.person_id for notice in Notice.objects.filter(template="books_wrong")] == [
        officer.pk
    ]
    event = AuditEvent.objects.filter(action="time_bank.check_books").last()
    assert event.detail["rules"].keys() == {"movement_equals_entries"}
    assert event.detail["faults"] > 0
