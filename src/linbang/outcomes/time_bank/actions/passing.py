"""What becomes of savings after death or leaving: whom the saver named, or the pool (rule 72)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import TransferOrder
from linbang.foundation.ledger.choices import AccountKind
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.gifts import require_actor_for, return_gifts_of
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.actions.payments import (
    issue_book,
    issue_to,
    personal_book,
    pool_book,
)
from linbang.outcomes.time_bank.choices import EstateCause, Purpose
from linbang.outcomes.time_bank.errors import (
    DocumentMissing,
    GiftNotAllowed,
    NothingToPass,
    SecondStaffNeeded,
)
from linbang.outcomes.time_bank.models import Estate, Nomination


@transaction.atomic
def nominate(
    *, person_id: int, heir_id: int | None, by: Actor, now: datetime, reason: str = ""
) -> Nomination:
    """Say who is to have one's savings one day: a registered direct relative, or None: the pool.

    Raises NotAllowed, ProxyReasonMissing, GiftNotAllowed.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id, closed_at=None)
    by_id = require_actor_for(person, by=by, reason=reason)
    if heir_id is not None and heir_id not in {
        kin.person.pk for kin in queries.heirs_for(person, now=now)
    }:
        raise GiftNotAllowed(field="heir")
    Nomination.objects.filter(cell=person.cell, person=person, ended_at=None).update(ended_at=now)
    nomination = Nomination.objects.create(
        cell=person.cell,
        person=person,
        heir_id=heir_id,
        by_id=by_id,
        reason=reason.strip() if by_id != person_id else "",
        named_at=now,
    )
    audit.record(
        by=by.on_behalf_of(person_id),
        action="time_bank.nominate",
        subject=nomination,
        region_code=person.region_id,
        detail={"heir": heir_id},
        now=now,
    )
    return nomination


@transaction.atomic
def open_estate(*, person_id: int, now: datetime) -> None:
    """Put a closed person's savings on the station's desk; gifts still open go back first."""
    person = Person.objects.get(pk=person_id)
    return_gifts_of(person=person, now=now)
    account = queries.account_of(person.pk, cell=person.cell)
    if account is None or not account.balance:
        return
    Estate.objects.bulk_create(
        [
            Estate(
                cell=person.cell,
                person=person,
                region_id=person.region_id,
                cause=EstateCause.CLOSED,
                opened_at=now,
                heir_id=queries.heir_id_of(person),
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def propose_estate(
    *,
    person: Person,
    cause: EstateCause,
    document: str,
    to_pool: bool,
    by: Actor,
    now: datetime,
) -> Estate:
    """Write down, with a document, that a saver's savings are to be passed on.

    To whom she named, or to the pool when she named nobody or the document says so. Raises
    NotAllowed, NotForOneself, DocumentMissing, NothingToPass.
    """
    heir_id = None if to_pool else queries.heir_id_of(person)
    by_id = _require_staff(person, heir_id, by)
    if not document.strip():
        raise DocumentMissing(field="document")
    account = queries.account_of(person.pk, cell=person.cell)
    if account is None or not account.balance:
        raise NothingToPass
    estate = queries.lock_estate(person) or Estate(
        cell=person.cell, person=person, region_id=person.region_id, opened_at=now
    )
    estate.cause, estate.document, estate.heir_id = cause, document.strip(), heir_id
    estate.proposed_by_id, estate.proposed_at = by_id, now
    if estate.pk is None:
        estate.save(force_insert=True)
    else:
        estate.save(update_fields=["cause", "document", "heir", "proposed_by_id", "proposed_at"])
    _record(estate, "propose_estate", by=by, now=now)
    return estate


@transaction.atomic
def pass_on(*, person: Person, by: Actor, now: datetime) -> Estate:
    """Pass a saver's savings on, as a second worker: what the heir has no room for, to the pool.

    Raises NotAllowed, NotForOneself, NothingToPass, SecondStaffNeeded, and the refusals of the
    books: what is frozen waits for the decision.
    """
    estate = queries.lock_estate(person)
    if estate is None or estate.proposed_by_id is None:
        raise NothingToPass
    by_id = _require_staff(person, estate.heir_id, by)
    if by_id == estate.proposed_by_id:
        raise SecondStaffNeeded
    return_gifts_of(person=person, now=now)
    own, pool = personal_book(person, now=now), pool_book(person, now=now)
    issue = issue_book(person.cell, now=now)
    heir = estate.heir if estate.heir and estate.heir.closed_at is None else None
    theirs = personal_book(heir, now=now) if heir else None
    locked = queries.lock_accounts({own.pk, pool.pk, issue.pk, *([theirs.pk] if theirs else [])})
    free = queries.free_of(locked[own.pk])
    of_heir = 0
    if heir and theirs:
        scheme = queries.scheme_of(heir.region_id, at=now)
        of_heir = max(min(free, scheme.balance_minutes_max - locked[theirs.pk].balance), 0)
    first = None
    if heir and theirs and of_heir:
        first = _give(estate, own, theirs, issue, heir, of_heir, now=now)
    if free > of_heir:
        rest = _move(estate, own, pool, free - of_heir, "pool", now=now)
        first = first or rest
    estate.done_by_id, estate.done_at, estate.minutes = by_id, now, free
    estate.transfer_id = first
    estate.save(update_fields=["done_by_id", "done_at", "minutes", "transfer"])
    _record(estate, "pass_on", by=by, now=now)
    if heir and of_heir:
        _tell(estate, heir, of_heir, now=now)
    return estate


def _give(
    estate: Estate,
    own: Account,
    theirs: Account,
    issue: Account,
    heir: Person,
    minutes: int,
    *,
    now: datetime,
) -> int:
    is_near = theirs.cell == own.cell
    transfer_id = _move(estate, own, theirs if is_near else issue, minutes, "heir", now=now)
    arrival = transfer_id
    if not is_near:
        source = f"estate:{estate.pk}"
        arrival = issue_to(theirs, minutes, Purpose.PASSED_ON, source, f"{source}:in", now)
    _note(heir, arrival, minutes, now=now)
    return transfer_id


def _move(
    estate: Estate, own: Account, receiver: Account, minutes: int, name: str, *, now: datetime
) -> int:
    transfer_id = ledger.post_transfer(
        order=TransferOrder(
            cell=own.cell,
            key=f"estate:{estate.pk}:{name}",
            debit_id=own.pk,
            credit_id=receiver.pk,
            amount=minutes,
            purpose=Purpose.PASSED_ON,
            source=f"estate:{estate.pk}",
        ),
        now=now,
    )
    if own.kind == AccountKind.PERSONAL:
        _note(estate.person, transfer_id, -minutes, now=now)
    return transfer_id


def _note(person: Person, transfer_id: int, minutes: int, *, now: datetime) -> None:
    note_movements(
        orders=[
            MovementOrder(
                cell=person.cell,
                transfer_id=transfer_id,
                person_id=person.pk,
                minutes=minutes,
                purpose=Purpose.PASSED_ON,
                branch=rules.branch_of(person.region_id),
                home=person.region_id,
            )
        ],
        now=now,
    )


def _require_staff(person: Person, heir_id: int | None, by: Actor) -> int:
    if by.person_id is None or not by.may(Permission.VERIFY_RECORDS, region=person.region_id):
        raise NotAllowed
    rules.require_bystander(by.person_id, concerned=(person.pk, heir_id))
    return by.person_id


def _record(estate: Estate, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"time_bank.{action}",
        subject=estate,
        region_code=estate.region_id,
        detail={"heir": estate.heir_id, "minutes": estate.minutes, "cause": estate.cause},
        now=now,
    )


def _tell(estate: Estate, heir: Person, minutes: int, *, now: datetime) -> None:
    notify_many(
        orders=[
            NoticeOrder(
                person_id=heir.pk,
                kind=NoticeKind.RECORD,
                template="savings_passed",
                params={"minutes": minutes},
                url="/love-savings/",
                key=f"savings_passed:{estate.pk}",
            )
        ],
        now=now,
    )
