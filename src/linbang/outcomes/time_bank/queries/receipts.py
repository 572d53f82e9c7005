"""One movement with both sides, as its receipt says it; and the front page of the savings."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.crypto import blind_index
from linbang.foundation.errors import NotFound
from linbang.foundation.ledger.models import Entry
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import lineage
from linbang.foundation.places.rules import short_name
from linbang.intake.needs.queries import items_offered
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Grant, Movement
from linbang.outcomes.time_bank.queries.disputes import dispute_of_transfer, matter_of
from linbang.outcomes.time_bank.queries.gifts import GiftRow, gift_rows, gifts_waiting_for
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.statements import (
    Statement,
    StatementLine,
    account_of,
    line_of,
    statement_of,
)
from linbang.outcomes.time_bank.queries.wallets import units_in, wallet_of
from linbang.outcomes.time_bank.rules import Scheme

RECENT = 5
_EXAMPLES = 3
_CHECK_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Receipt:
    """A movement as its receipt says it; ``other`` is the other side, masked.

    ``check_words`` prove it at the station: nobody can make them up for another amount.
    """

    number: str
    holder: str
    line: StatementLine
    other: str
    branch: str
    scheme: Scheme
    check_words: str
    transfer_id: int
    cell: str
    may_dispute: bool
    dispute_id: UUID | None


@dataclass(frozen=True, slots=True)
class Example:
    """What the balance would pay: a service, and how often."""

    name: str
    icon: str
    minutes: int
    times: int


@dataclass(frozen=True, slots=True)
class SavingsHome:
    """The front page of somebody's savings."""

    statement: Statement
    scheme: Scheme
    free: int
    units: Decimal
    grant_free: int
    grant_until: datetime | None
    gifts: tuple[GiftRow, ...]
    examples: tuple[Example, ...]


def savings_home(person: Person, *, now: datetime) -> SavingsHome:
    """Return what a saver sees first: ten queries, however long the history is."""
    statement = statement_of(person, limit=RECENT)
    scheme = scheme_of(person.region_id, at=now)
    wallet = wallet_of(person, served_at=now)
    free = wallet.own_free + wallet.grant_free
    until = _grant_until(wallet.grant.pk) if wallet.grant else None
    return SavingsHome(
        statement=statement,
        scheme=scheme,
        free=free,
        units=units_in(scheme, free),
        grant_free=wallet.grant_free,
        grant_until=until,
        gifts=tuple(gift_rows(gifts_waiting_for(person, now), viewer_id=person.pk, now=now)),
        examples=_examples(free, scheme),
    )


def receipt_of(person: Person, version: int, *, now: datetime) -> Receipt:
    """Return one movement of a person's book. Raises NotFound."""
    account = account_of(person.pk, cell=person.cell)
    entry = (
        Entry.objects.filter(cell=account.cell, account=account, account_version=version)
        .select_related("transfer")
        .first()
        if account
        else None
    )
    if entry is None:
        raise NotFound
    transfer = entry.transfer
    scheme = scheme_of(person.region_id, at=now)
    dispute = dispute_of_transfer(transfer.pk, cell=transfer.cell)
    number = f"{transfer.cell}-{transfer.pk:08d}"
    return Receipt(
        number=number,
        holder=mask_name(person.name),
        line=line_of(entry),
        other=_other_side(entry, person, scheme),
        branch=_branch(entry, person),
        scheme=scheme,
        check_words=_check_words(number, entry),
        transfer_id=transfer.pk,
        cell=transfer.cell,
        may_dispute=dispute is None
        and rules.may_dispute(transfer.purpose, transfer.posted_at, scheme=scheme, now=now),
        dispute_id=dispute.public_id if dispute else None,
    )


def _other_side(entry: Entry, person: Person, scheme: Scheme) -> str:
    if entry.transfer.purpose not in rules.DISPUTABLE:
        return str(scheme.name)
    matter = matter_of(entry.transfer_id, cell=entry.cell)
    other = next((one for one in matter.sides if one and one.pk != person.pk), None)
    return mask_name(other.name) if other else _("公共池")


def _branch(entry: Entry, person: Person) -> str:
    movement = Movement.objects.filter(cell=entry.cell, transfer_id=entry.transfer_id).first()
    code = movement.branch_id if movement else person.region_id
    return "".join(short_name(region.name) for region in lineage(code)[3:5])


def _check_words(number: str, entry: Entry) -> str:
    words = f"{number}:{entry.amount}:{entry.balance_after}"
    digest = blind_index(words, purpose="time_bank.receipt")[:_CHECK_LENGTH].upper()
    return f"{digest[:4]} {digest[4:]}"


def _grant_until(account_id: int) -> datetime | None:
    return Grant.objects.filter(account_id=account_id).values_list("expires_at", flat=True).first()


def _examples(free: int, scheme: Scheme) -> tuple[Example, ...]:
    items = items_offered().order_by("position")
    if scheme.items:
        items = items.filter(code__in=scheme.items)
    return tuple(
        Example(item.label, item.icon, item.usual_minutes, free // item.usual_minutes)
        for item in items.filter(usual_minutes__lte=free)[:_EXAMPLES]
    )
