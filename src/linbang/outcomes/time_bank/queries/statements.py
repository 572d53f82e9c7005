"""A person's savings: who may see them, and what moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.choices import Unit
from linbang.foundation.ledger.models import Account, Entry
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.intake.needs.models import ServiceItem
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import PURPOSES_OF_KIND, Purpose
from linbang.outcomes.time_bank.queries.asides import branches_of

PAGE = 30


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement: when, why, for which service, how much, the balance after it, and where."""

    at: datetime
    purpose: str
    service: str
    served_at: datetime | None
    record_id: UUID | None
    minutes: int
    balance_after: int
    version: int
    branch: str = ""

    @property
    def spent(self) -> int:
        """What went out; 0 for what came in."""
        return max(-self.minutes, 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """A person's savings: the balance and one page of movements, newest first."""

    person: Person
    balance: int
    units: Decimal
    held: int
    is_frozen: bool
    lines: tuple[StatementLine, ...]
    older_before: int | None


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return whose savings the actor may see: one's own, and those of one's station's region."""
    regions = {
        prefix
        for permission in (Permission.HANDLE_VISITS, Permission.VERIFY_RECORDS)
        for prefix in actor.regions_for(permission)
    }
    own = Q(cell=actor.cell, pk=actor.person_id) if actor.is_signed_in else Q(pk__in=[])
    return Person.objects.filter(own | within_any("region_id", sorted(regions)))


def account_of(person_id: int, *, cell: str) -> Account | None:
    """Return a person's book of minutes, if one was opened."""
    return ledger.account_of(cell=cell, owner=rules.owner_of(person_id), unit=Unit.MINUTES)


def balance_of(person_id: int, *, cell: str) -> int:
    """Return the minutes a person has saved; one query."""
    return ledger.balance(cell=cell, owner=rules.owner_of(person_id), unit=Unit.MINUTES)


def statement_of(
    person: Person,
    *,
    before: int | None = None,
    limit: int = PAGE,
    kind: str = "",
    month: date | None = None,
) -> Statement:
    """Return a page of a person's savings. Five queries, however long the history is.

    ``kind`` (``StatementKind``) and ``month``, its first day, narrow it.
    """
    account = account_of(person.pk, cell=person.cell)
    if account is None:
        return Statement(person, 0, Decimal(0), 0, False, (), None)
    entries = list(
        ledger.entries_of(
            account,
            before=before,
            limit=limit + 1,
            purposes=PURPOSES_OF_KIND.get(kind, ()),
            posted=_month_window(month) if month else None,
        )
    )
    shown = entries[:limit]
    records = _records_of(shown, cell=person.cell)
    names = _item_names({record.item_code for record in records.values()})
    branches = branches_of(
        [entry.transfer_id for entry in shown], person_id=person.pk, cell=person.cell
    )
    return Statement(
        person=person,
        balance=account.balance,
        units=rules.units_of(account.balance),
        held=account.held,
        is_frozen=account.frozen_at is not None,
        lines=tuple(
            replace(_line(entry, records, names), branch=branches.get(entry.transfer_id, ""))
            for entry in shown
        ),
        older_before=shown[-1].account_version if len(entries) > limit else None,
    )


def _month_window(month: date) -> tuple[datetime, datetime]:
    """Return the half-open window of a month, named by its first day."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day_window(month)[0], day_window(after)[0]


def version_of(transfer_id: int, person: Person) -> int:
    """Return under which number a person's book keeps a transfer."""
    return Entry.objects.get(
        cell=person.cell, transfer_id=transfer_id, account__owner=rules.owner_of(person.pk)
    ).account_version


def line_of(entry: Entry) -> StatementLine:
    """Return one entry as a line; two queries where it is of a record."""
    records = _records_of([entry], cell=entry.cell)
    return _line(entry, records, _item_names({one.item_code for one in records.values()}))


def _records_of(entries: Sequence[Entry], *, cell: str) -> dict[int, ServiceRecord]:
    named = (rules.record_of(entry.transfer.source) for entry in entries)
    numbers = {number for number in named if number is not None}
    if not numbers:
        return {}
    return {r.pk: r for r in ServiceRecord.objects.filter(cell=cell, pk__in=numbers)}


def _service(record: ServiceRecord, names: Mapping[str, str]) -> str:
    return record.title or names.get(record.item_code, str(record.get_category_display()))


def _item_names(codes: set[str]) -> Mapping[str, str]:
    if not codes:
        return {}
    column = "name_en" if (get_language() or "").startswith("en") else "name"
    return dict(ServiceItem.objects.filter(code__in=codes).values_list("code", column))


def _line(
    entry: Entry, records: Mapping[int, ServiceRecord], names: Mapping[str, str]
) -> StatementLine:
    record = records.get(rules.record_of(entry.transfer.source) or 0)
    purpose: Purpose | None = rules.purpose_of(entry.transfer.purpose)
    return StatementLine(
        at=entry.transfer.posted_at,
        purpose=str(purpose.label) if purpose else entry.transfer.purpose,
        service=_service(record, names) if record else "",
        served_at=record.starts_at if record else None,
        record_id=record.public_id if record else None,
        minutes=entry.amount,
        balance_after=entry.balance_after,
        version=entry.account_version,
    )
