"""What somebody could pay with, and for whom: books, relatives, the month's grant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.models import Kinship, Person
from linbang.foundation.people.rules import age_on
from linbang.foundation.places.queries import within_any
from linbang.intake.care.models import CareListing
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Grant
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a payer may promise: her own book, and this month's grant if she has one."""

    own: Account | None
    grant: Account | None

    @property
    def own_free(self) -> int:
        """Minutes of her own that are not promised; nothing while frozen."""
        return _free(self.own)

    @property
    def grant_free(self) -> int:
        """What is left of the month's grant."""
        return _free(self.grant)


@dataclass(frozen=True, slots=True)
class Kin:
    """A registered relative: what that person is to the saver."""

    person: Person
    relation: Relation


def lock_accounts(account_ids: Collection[int]) -> dict[int, Account]:
    """Return books as they are now, locked in the order in which transfers lock them."""
    found = (
        Account.objects.select_for_update(no_key=True)
        .filter(pk__in=account_ids)
        .order_by("cell", "id")
    )
    return {account.pk: account for account in found}


def wallet_of(person: Person, *, served_at: datetime) -> Wallet:
    """Return what a person may pay with for a service at that time; two queries."""
    own = Account.objects.filter(
        cell=person.cell,
        owner=rules.owner_of(person.pk),
        unit=Unit.MINUTES,
        kind=AccountKind.PERSONAL,
    ).first()
    grant = (
        Grant.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=served_at),
            cell=person.cell,
            person=person,
            returned=None,
        )
        .select_related("account")
        .order_by("month")
        .first()
    )
    return Wallet(own, grant.account if grant else None)


def kin_with_relation(person: Person) -> list[Kin]:
    """Return a person's confirmed relatives, whichever side registered them; one query."""
    rows = (
        Kinship.objects.filter(
            Q(cell=person.cell, person=person) | Q(relative=person),
            confirmed_at__isnull=False,
            ended_at=None,
            person__closed_at=None,
            relative__closed_at=None,
        )
        .select_related("person", "relative")
        .order_by("id")
    )
    found: dict[int, Kin] = {}
    for row in rows:
        relation = Relation(row.relation)
        other, is_to = (
            (row.relative, relation)
            if row.person_id == person.pk
            else (row.person, rules.inverse(relation))
        )
        found.setdefault(other.pk, Kin(other, is_to))
    return list(found.values())


def relation_to(person: Person, other_id: int) -> Relation | None:
    """Return what another is to a person, if they are registered relatives."""
    return next(
        (one.relation for one in kin_with_relation(person) if one.person.pk == other_id), None
    )


def people_acted_for(actor: Actor) -> QuerySet[Person]:
    """Return whose savings the actor may use for them at a station (代办)."""
    return Person.objects.filter(
        within_any("region_id", actor.regions_for(Permission.TAKE_NEEDS)), closed_at=None
    )


def savers_kept_by(actor: Actor) -> QuerySet[Person]:
    """Return whose savings the actor may freeze or pass on, closed records too."""
    return Person.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    )


def units_in(scheme: Scheme, minutes: int) -> Decimal:
    """Return minutes as a scheme speaks of them."""
    return rules.units_of(minutes, per=scheme.minutes_per_unit, step=scheme.step_minutes)


def age_of(person: Person, now: datetime) -> int:
    """Return a person's age in full years."""
    return age_on(person.birth_date, local_date(now))


def is_hardship(person: Person) -> bool:
    """Tell whether a person stands on the care register; for the age of paying only."""
    return CareListing.objects.filter(cell=person.cell, person_id=person.pk, ended_on=None).exists()


def _free(account: Account | None) -> int:
    if account is None or account.frozen_at is not None:
        return 0
    return account.balance - account.held
