"""Who pays for a need with saved time, and what of it is still promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.db import among
from linbang.foundation.errors import Refused
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import ENDED_UNSERVED, NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.models import Assignment
from linbang.operations.service.models import Visit
from linbang.operations.service_records.models import RecordVerification
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Payment, Redemption, RedemptionPart, Refund
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.wallets import (
    age_of,
    is_hardship,
    relation_to,
    units_in,
    wallet_of,
)
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Whether one may pay for a need, what it costs, and what is there; ``why_not`` in words."""

    need: Need
    payer: Person
    scheme: Scheme
    minutes: int
    units: Decimal
    own_free: int
    grant_free: int
    why_not: str
    chosen: Redemption | None
    held: int
    is_open: bool


def choice_of(need: Need) -> Redemption | None:
    """Return the open choice to pay for a need."""
    return (
        Redemption.objects.filter(cell=need.cell, need_id=need.pk, ended_at=None)
        .select_related("payer")
        .first()
    )


def lock_redemption(need_id: int, *, cell: str) -> Redemption | None:
    """Return the open choice to pay for a need, locked."""
    return (
        Redemption.objects.select_for_update(of=("self",), no_key=True)
        .filter(cell=cell, need_id=need_id, ended_at=None)
        .select_related("payer", "need__item")
        .first()
    )


def open_parts(redemption: Redemption) -> list[RedemptionPart]:
    """Return what is still promised, by place, the grant's first; one query."""
    return list(
        RedemptionPart.objects.filter(redemption=redemption, hold__end=None)
        .select_related("account", "hold")
        .order_by("place", "-is_grant", "id")
    )


def parts_count(redemption: Redemption) -> int:
    """Count every promise ever made for a choice."""
    return RedemptionPart.objects.filter(redemption=redemption).count()


def verifications_to_pay(record_ids: Sequence[int]) -> list[RecordVerification]:
    """Return the verifications of visits among records, with need and place; one query."""
    return list(
        RecordVerification.objects.filter(
            among("record_id", record_ids), record__visit__isnull=False
        )
        .select_related("record__visit__assignment", "record__person")
        .order_by("record_id")
    )


def live_assignments(need: Need) -> list[Assignment]:
    """Return who is promised to a need now, by place."""
    return list(
        Assignment.objects.filter(cell=need.cell, need_id=need.pk, ended_at=None)
        .select_related("volunteer")
        .order_by("place")
    )


def payments_of_record(record_id: int) -> list[Payment]:
    """Return what was paid for a record, the newest first."""
    return list(
        Payment.objects.filter(record_id=record_id)
        .select_related(
            "helper", "part__account", "part__redemption__payer", "part__redemption__need__item"
        )
        .order_by("-id")
    )


def paid_of(redemption: Redemption) -> list[int]:
    """Return what was paid of a choice, payment by payment."""
    return list(
        Payment.objects.filter(part__redemption=redemption).values_list("minutes", flat=True)
    )


def refunded_of(payment: Payment) -> int:
    """Return what came back of a payment so far."""
    total = Refund.objects.filter(cell=payment.cell, payment=payment).aggregate(all=Sum("minutes"))
    return total["all"] or 0


def redemptions_left_over() -> QuerySet[Redemption]:
    """Return open choices of needs that ended: the round gives back what nobody will earn."""
    return Redemption.objects.filter(
        ended_at=None, need__state__in=(NeedState.FULFILLED, *ENDED_UNSERVED)
    ).order_by("id")


def places_to_come(need: Need) -> frozenset[int]:
    """Return the places of a need whose visit is not cancelled: a record comes, or has come."""
    visits = Visit.objects.filter(cell=need.cell, assignment__need=need, cancelled_at=None)
    return frozenset(visits.values_list("assignment__place", flat=True))


def payer_for(actor: Actor, need: Need) -> tuple[Person, bool]:
    """Return who would pay if the actor chooses, and whether she chooses for another (代办)."""
    if actor.person_id == need.beneficiary_id:
        return need.beneficiary, False
    mine = Person.objects.filter(cell=actor.cell, pk=actor.person_id or 0, closed_at=None)
    me = mine.first()
    if me is not None and relation_to(me, need.beneficiary_id) is not None:
        return me, False
    if me is not None and not may_choose_for(actor, need):
        return me, False
    return need.beneficiary, True


def may_choose_for(actor: Actor, need: Need) -> bool:
    """Tell whether the actor chooses for others at the station (代办)."""
    return actor.may(Permission.TAKE_NEEDS, region=need.region_id)


def payment_page(need: Need, *, payer: Person, now: datetime) -> PaymentPage:
    """Return what a payer is shown before she chooses; ten small queries."""
    scheme = scheme_of(payer.region_id, at=now)
    each = rules.cost_minutes(need.starts_at, need.ends_at, step=scheme.step_minutes)
    chosen = choice_of(need)
    parts = open_parts(chosen) if chosen else []
    wallet = wallet_of(payer, served_at=need.ends_at)
    return PaymentPage(
        need=need,
        payer=payer,
        scheme=scheme,
        minutes=each * need.helpers,
        units=units_in(scheme, each * need.helpers),
        own_free=wallet.own_free,
        grant_free=wallet.grant_free if payer.pk == need.beneficiary_id else 0,
        why_not=_why_not(need, payer, scheme, now=now),
        chosen=chosen,
        held=sum(part.minutes for part in parts),
        is_open=NeedState(need.state) in rules.PAYABLE,
    )


def shares_for(
    need: Need, payer: Person, scheme: Scheme, places: Sequence[int], *, now: datetime
) -> tuple[rules.Share, ...]:
    """Return what each of the payer's books is to promise for these places.

    Raises ItemNotPayable, TooYoungToRedeem, NotARelative, BelowMinRedeem, NotEnoughSaved.
    """
    beneficiary, is_own = need.beneficiary, payer.pk == need.beneficiary_id
    rules.require_redeemer(
        scheme,
        item_code=need.item_id,
        age=age_of(beneficiary, now),
        relation=None if is_own else _relation(payer, need),
        is_hardship=is_hardship(beneficiary),
    )
    wallet = wallet_of(payer, served_at=need.ends_at)
    # A grant is not for others (rule 71).
    grant_free = wallet.grant_free if is_own else 0
    own = wallet.own.balance if wallet.own else 0
    rules.require_min_redeem(scheme, balance=own, has_grant=grant_free > 0)
    each = rules.cost_minutes(need.starts_at, need.ends_at, step=scheme.step_minutes)
    return rules.allocate(each, places, grant_free=grant_free, own_free=wallet.own_free)


def _relation(payer: Person, need: Need) -> Relation:
    relation = relation_to(payer, need.beneficiary_id)
    return relation if relation is not None else Relation.OTHER


def _why_not(need: Need, payer: Person, scheme: Scheme, *, now: datetime) -> str:
    try:
        shares_for(need, payer, scheme, range(1, need.helpers + 1), now=now)
    except Refused as refusal:
        return str(refusal)
    return ""
