"""Verified records and their postings for tests."""

from datetime import datetime, timedelta
from itertools import count

from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.rules import AccountOrder, TransferOrder
from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.needs.factories import MONDAY
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.time_bank import actions, rules
from linbang.outcomes.time_bank.actions import MovementOrder
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.models import Grant, Movement, Posting, SchemeAdoption
from linbang.outcomes.time_bank.rules import Scheme


def make_record(person: Person | None = None, *, minutes: int = 60, day: int = 1) -> ServiceRecord:
    """Store a volunteer's record of a visit that is over, not verified yet.

    ``day`` counts from Monday, 23 November 2026.
    """
    person = person or make_volunteer().person
    # One person is in one place at a time.
    earlier = ServiceRecord.objects.filter(cell=person.cell, person=person).count()
    visit = make_presence(
        make_visit(volunteer=person, starts_at=MONDAY + timedelta(days=day, hours=2 * earlier))
    )
    need = visit.assignment.need
    return ServiceRecord.objects.create(
        cell=person.cell,
        person=person,
        visit=visit,
        beneficiary=need.beneficiary,
        category=need.item.category,
        item_code=need.item_id,
        region_id=need.region_id,
        recording_unit="新竹社区志愿服务站",
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        minutes=minutes,
        credited_minutes=minutes,
        kind=RecordKind.PROVED,
        policy="plain",
        policy_version=1,
        drafted_at=visit.ends_at,
    )


def make_verified(
    person: Person | None = None, *, minutes: int = 60, day: int = 1
) -> ServiceRecord:
    """Store a volunteer's record, verified half an hour after the visit."""
    record = make_record(person, minutes=minutes, day=day)
    RecordVerification.objects.create(
        cell=record.cell,
        record=record,
        verified_at=record.ends_at + timedelta(minutes=30),
        minutes=minutes,
    )
    return record


def make_posting(
    person: Person | None = None,
    *,
    minutes: int = 60,
    day: int = 1,
    now: datetime | None = None,
) -> Posting:
    """Bank a new verified record of a volunteer."""
    record = make_verified(person, minutes=minutes, day=day)
    [posting] = actions.credit_records(
        record_ids=[record.pk], now=now or record.ends_at + timedelta(minutes=30)
    )
    return posting


def make_adoption(
    region_code: str, scheme: Scheme, *, at: datetime, **columns: object
) -> SchemeAdoption:
    """Store that a place adopted a preset."""
    return SchemeAdoption.objects.create(
        **{
            "region_id": region_code,
            "scheme": scheme.code,
            "scheme_version": scheme.version,
            "reason": "街道议事会通过",
            "adopted_at": at,
            "adopted_by_id": 1,
            **columns,
        }
    )


def give_time(person: Person, minutes: int, *, now: datetime = MONDAY) -> Person:
    """Issue minutes to a person's book, as if they had been earned long ago."""
    issuer, own = ledger.open_accounts(
        orders=[
            AccountOrder(cell=person.cell, owner=owner, unit=Unit.MINUTES, kind=kind)
            for owner, kind in (
                (rules.issuer_of(person.cell), AccountKind.ISSUE),
                (rules.owner_of(person.pk), AccountKind.PERSONAL),
            )
        ],
        now=now,
    )
    transfer_id = ledger.post_transfer(
        order=TransferOrder(
            cell=person.cell,
            key=f"given:{person.pk}:{own.version}:{minutes}",
            debit_id=issuer.pk,
            credit_id=own.pk,
            amount=minutes,
            purpose=Purpose.EARNED,
        ),
        now=now,
    )
    order = MovementOrder(
        cell=person.cell,
        transfer_id=transfer_id,
        person_id=person.pk,
        minutes=minutes,
        purpose=Purpose.EARNED,
        branch=person.region_id,
        home=person.region_id,
    )
    actions.note_movements(orders=[order], now=now)
    return person


def give_grant(person: Person, minutes: int, *, now: datetime = MONDAY) -> Grant:
    """Store a month's grant with its book, issued for the test."""
    month = now.date().replace(day=1)
    issuer, book = ledger.open_accounts(
        orders=[
            AccountOrder(cell=person.cell, owner=owner, unit=Unit.MINUTES, kind=kind)
            for owner, kind in (
                (rules.issuer_of(person.cell), AccountKind.ISSUE),
                (rules.grant_owner_of(person.pk, month), AccountKind.GRANT),
            )
        ],
        now=now,
    )
    transfer_id = ledger.post_transfer(
        order=TransferOrder(
            cell=person.cell,
            key=f"grant:{person.pk}:{month}",
            debit_id=issuer.pk,
            credit_id=book.pk,
            amount=minutes,
            purpose=Purpose.GRANTED,
        ),
        now=now,
    )
    return Grant.objects.create(
        cell=person.cell,
        person=person,
        month=month,
        account=book,
        transfer_id=transfer_id,
        region_id=person.region_id,
        minutes=minutes,
        expires_at=now + timedelta(days=7),
        granted_at=now,
    )


_keys = count(1)


def make_movement(
    person: Person,
    minutes: int,
    purpose: str,
    *,
    at: datetime,
    branch: str = "",
) -> Movement:
    """Move a saver's book at a branch, at home unless told: from or to another book of the cell."""
    order = AccountOrder(
        cell=person.cell,
        owner=f"person:{person.pk}",
        unit=Unit.MINUTES,
        kind=AccountKind.PERSONAL,
    )
    own, other = ledger.open_accounts(
        orders=[
            order,
            AccountOrder(
                cell=person.cell,
                owner=f"cell:{person.cell}",
                unit=Unit.MINUTES,
                kind=AccountKind.ISSUE,
            ),
        ],
        now=at,
    )
    payer, receiver = (other, own) if minutes > 0 else (own, other)
    transfer_id = ledger.post_transfer(
        order=TransferOrder(
            cell=person.cell,
            key=f"made:{next(_keys)}",
            debit_id=payer.pk,
            credit_id=receiver.pk,
            amount=abs(minutes),
            purpose=purpose,
        ),
        now=at,
    )
    return Movement.objects.create(
        cell=person.cell,
        transfer_id=transfer_id,
        person=person,
        minutes=minutes,
        purpose=purpose,
        branch_id=branch or person.region_id[:12],
        home_id=person.region_id,
        at=at,
    )
