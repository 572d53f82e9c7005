"""Gifts: what was offered to whom, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import GiftOutcome
from linbang.outcomes.time_bank.models import Gift
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.wallets import Kin, age_of, kin_with_relation
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class GiftRow:
    """A gift as one of its sides sees it; ``other`` is the other side: to its own
    sides by name, who chose each other; to a worker masked.
    """

    public_id: UUID
    is_mine: bool
    other: str
    minutes: int
    note: str
    offered_at: datetime
    expires_at: datetime
    outcome: GiftOutcome | None
    answered_at: datetime | None
    is_open: bool


def gifts_visible_to(actor: Actor) -> QuerySet[Gift]:
    """Return the gifts from and to the actor, or of people the actor acts for at a station."""
    own = Q(receiver_id=actor.person_id) | Q(cell=actor.cell, giver_id=actor.person_id)
    regions = actor.regions_for(Permission.TAKE_NEEDS)
    handled = within_any("giver__region_id", regions) | within_any("receiver__region_id", regions)
    return _gifts().filter(own | handled if actor.is_signed_in else Q(pk__in=[]))


def gifts_of(person: Person) -> QuerySet[Gift]:
    """Return the gifts from and to a person, the newest first."""
    return (
        _gifts()
        .filter(Q(cell=person.cell, giver=person) | Q(receiver=person))
        .order_by("-offered_at", "-id")
    )


def gifts_waiting_for(person: Person, now: datetime) -> QuerySet[Gift]:
    """Return what waits for a person's answer."""
    return _gifts().filter(receiver=person, answer=None, expires_at__gt=now).order_by("id")


def gift_rows(gifts: Iterable[Gift], *, viewer_id: int, now: datetime) -> list[GiftRow]:
    """Return gifts as one of their sides sees them; no query of its own."""
    return [gift_row(gift, viewer_id=viewer_id, now=now) for gift in gifts]


def gift_row(gift: Gift, *, viewer_id: int, now: datetime) -> GiftRow:
    """Return a gift as one of its sides sees it."""
    answer = getattr(gift, "answer", None)
    is_mine = gift.giver_id == viewer_id
    name = (gift.receiver if is_mine else gift.giver).name
    is_side = viewer_id in (gift.giver_id, gift.receiver_id)
    return GiftRow(
        public_id=gift.public_id,
        is_mine=is_mine,
        other=name if is_side else mask_name(name),
        minutes=gift.minutes,
        note=gift.note,
        offered_at=gift.offered_at,
        expires_at=gift.expires_at,
        outcome=GiftOutcome(answer.outcome) if answer else None,
        answered_at=answer.at if answer else None,
        is_open=answer is None and now < gift.expires_at,
    )


def receivers_for(person: Person, *, now: datetime) -> list[Kin]:
    """Return the registered relatives whom a person's scheme lets her give to; two queries."""
    scheme = scheme_of(person.region_id, at=now)
    return [
        kin
        for kin in kin_with_relation(person)
        if rules.gift_kind(scheme, relation=kin.relation, age=age_of(kin.person, now))
    ]


def gift_told(
    told: Mapping[str, Any], receivers: Sequence[Kin], *, scheme: Scheme
) -> dict[str, Any]:
    """Return what a form about a gift told, as ``offer_gift`` takes it. Raises NotWholeSteps."""
    by_id = {str(kin.person.public_id): kin.person.pk for kin in receivers}
    return {
        **donation_told({key: told[key] for key in told if key != "receiver"}, scheme=scheme),
        "receiver_id": by_id[told["receiver"]],
    }


def donation_told(told: Mapping[str, Any], *, scheme: Scheme) -> dict[str, Any]:
    """Return what a form told, with its units as minutes. Raises NotWholeSteps."""
    minutes = rules.minutes_of(told["units"], scheme=scheme)
    return {"minutes": minutes, **{key: told[key] for key in told if key != "units"}}


def gifts_offered_on(person: Person, now: datetime) -> int:
    """Count what a person offered on the day of an instant. Index: gift_by_giver."""
    starts, ends = day_window(local_date(now))
    return Gift.objects.filter(
        cell=person.cell, giver=person, offered_at__gte=starts, offered_at__lt=ends
    ).count()


def lock_gift(gift_id: int) -> Gift:
    """Return a gift, locked until the transaction ends, with its answer as it is then."""
    Gift.objects.select_for_update(no_key=True).get(pk=gift_id)
    return _gifts().select_related("hold").get(pk=gift_id)


def lock_gifts_expired(now: datetime) -> list[Gift]:
    """Return the gifts whose time is over without an answer, locked; those being answered wait."""
    return _locked(Q(expires_at__lte=now, expires_at__gt=now - 30 * rules.GIFT_OPEN))


def lock_open_gifts_of(person: Person) -> list[Gift]:
    """Return the open gifts from or to a person, locked."""
    return _locked(Q(giver=person) | Q(receiver=person))


def _locked(which: Q) -> list[Gift]:
    found = Gift.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    ids = list(found.filter(which, answer=None).order_by("id").values_list("pk", flat=True))
    # Asked again under the locks: an answer may have come in between.
    return list(_gifts().filter(pk__in=ids, answer=None).order_by("id"))


def _gifts() -> QuerySet[Gift]:
    return Gift.objects.select_related("giver", "receiver", "answer")
