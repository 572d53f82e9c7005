"""Who sees which offers, assignments and contacts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.places.queries import within_any
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need, NeedStep
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.models import Assignment, Escalation, Offer, Ranking


@dataclass(frozen=True)
class Contact:
    """Where the helper goes and whom to ring, while it may be seen."""

    name: str
    address: str
    phone: str


def offers_visible_to(actor: Actor) -> QuerySet[Offer]:
    """Return the offers made to the actor, or in a region where the actor dispatches."""
    condition = within_any("need__region_id", actor.regions_for(Permission.DISPATCH))
    if actor.person_id is not None:
        condition |= Q(volunteer_id=actor.person_id)
    return Offer.objects.filter(condition).select_related("need__item", "need__region", "answer")


def open_offers_of(person_id: int, *, now: datetime) -> QuerySet[Offer]:
    """Return the offers a volunteer can answer now, the one that lapses first first."""
    return (
        Offer.objects.filter(volunteer_id=person_id, answer=None, expires_at__gt=now)
        .select_related("need__item", "need__region")
        .order_by("expires_at", "id")
    )


def assignments_visible_to(actor: Actor) -> QuerySet[Assignment]:
    """Return the assignments of the actor, or in a region where the actor dispatches."""
    condition = within_any("need__region_id", actor.regions_for(Permission.DISPATCH))
    if actor.person_id is not None:
        condition |= Q(volunteer_id=actor.person_id)
    return Assignment.objects.filter(condition).select_related("need__item", "need__region")


def escalations_visible_to(actor: Actor) -> QuerySet[Escalation]:
    """Return the open escalations a worker must take over, the earliest visit first."""
    return (
        Escalation.objects.filter(
            within_any("need__region_id", actor.regions_for(Permission.DISPATCH)), taken_at=None
        )
        .select_related("need__item", "need__region", "need__beneficiary")
        .order_by("need__starts_at", "id")
    )


def helpers_of(need: Need) -> QuerySet[Assignment]:
    """Return who goes for a need, by place."""
    return (
        Assignment.objects.filter(cell=need.cell, need_id=need.pk, ended_at=None)
        .select_related("volunteer__volunteer", "offer")
        .order_by("place")
    )


def latest_ranking(need: Need) -> Ranking | None:
    """Return the newest look for helpers, with its candidates by rank; two queries."""
    return (
        Ranking.objects.filter(cell=need.cell, need_id=need.pk)
        .prefetch_related("candidacies__volunteer__volunteer")
        .order_by("-id")
        .first()
    )


def contact_of(assignment: Assignment, *, now: datetime) -> Contact | None:
    """Return the beneficiary's contact while rule 62 keeps it open, else None.

    Whoever shows it calls ``actions.see_contact``, which writes the viewing down.
    """
    need = assignment.need
    ended = NeedStep.objects.filter(
        cell=assignment.cell,
        need_id=assignment.need_id,
        state__in=(NeedState.SERVED, NeedState.LAPSED, NeedState.WITHDRAWN),
    )
    done_at = ended.order_by("id").values_list("at", flat=True).last()
    if not rules.is_contact_open(
        accepted_at=assignment.accepted_at,
        ended_at=assignment.ended_at,
        done_at=done_at or need.ends_at,
        now=now,
    ):
        return None
    return Contact(name=need.beneficiary.name, address=need.address, phone=need.phone)


def assignments_to_leave(person_id: int) -> list[int]:
    """Return the running assignments a volunteer can still leave: the visit has not begun."""
    return list(
        Assignment.objects.filter(
            volunteer_id=person_id, ended_at=None, need__state__in=rules.LEAVABLE
        )
        .order_by("id")
        .values_list("pk", flat=True)
    )
