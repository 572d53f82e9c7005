"""The red card: whose number it is, and which visit it may confirm."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import profile_of
from linbang.operations.service import queries as service
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import SavingsCard
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.wallets import units_in, wallet_of
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class RedCard:
    """A saver's red card as it stands on her phone; ``number`` is None before it is issued."""

    name: str
    number: str | None
    scheme: Scheme
    units: Decimal
    minutes: int


def red_card_of(person: Person, *, now: datetime) -> RedCard:
    """Return a person's red card; six small queries."""
    wallet = wallet_of(person, served_at=now)
    free = wallet.own_free + wallet.grant_free
    scheme = scheme_of(person.region_id, at=now)
    return RedCard(
        name=person.name,
        number=card_number_of(person),
        scheme=scheme,
        units=units_in(scheme, free),
        minutes=free,
    )


def card_number_of(person: Person) -> str | None:
    """Return the number on a person's card: a volunteer's is that of her identity card."""
    profile = profile_of(person.pk)
    if profile is not None:
        return str(profile.number)
    card = SavingsCard.objects.filter(cell=person.cell, person=person).first()
    return card.number if card else None


def card_holder_id(text: str) -> int | None:
    """Return whose card was scanned, or whose number was typed; nobody's who is gone."""
    number = rules.number_on_card(text)
    if rules.is_savings_number(number):
        return (
            SavingsCard.objects.filter(
                cell=rules.cell_of_card(number), number=number, person__closed_at=None
            )
            .values_list("person_id", flat=True)
            .first()
        )
    holder = service.card_holder(number)
    return holder.pk if holder else None


def record_ended_today(actor: Actor, visit_id: UUID, now: datetime) -> ServiceRecord | None:
    """Return the actor's own record of a visit that she ended on this day."""
    starts, ends = day_window(local_date(now))
    return ServiceRecord.objects.filter(
        cell=actor.cell,
        person_id=actor.person_id or 0,
        visit__public_id=visit_id,
        visit__check_out__at__gte=starts,
        visit__check_out__at__lt=ends,
    ).first()
