"""How far the search for a need's helpers has got, and who is to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.access.rules import PERMISSIONS
from linbang.foundation.people.models import Person
from linbang.foundation.places.rules import ancestor_codes
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Answer, PlannedState, PlanState
from linbang.operations.dispatch.models import (
    Assignment,
    Escalation,
    Offer,
    PlanGap,
    PlannedVisit,
)

# Needs that look for somebody, by whoever.
WAITING = frozenset({NeedState.VERIFIED, NeedState.OFFERED, NeedState.ESCALATED})
_DISPATCHERS = tuple(role for role in Role if Permission.DISPATCH in PERMISSIONS[role])
_DISPATCHERS_TOLD_MAX = 20


@dataclass(frozen=True)
class Search:
    """The present round of asking; a helper who left began a new one.

    ``wanted``: places nobody has accepted or is being asked for. ``first_offered_at``: from when
    the two hours of rule 60 count.
    """

    wanted: int
    failed: int
    first_offered_at: datetime | None
    last_offered_at: datetime | None


def search_of(need: Need, *, now: datetime) -> Search:
    """Return how far the search for a need has got; two queries."""
    assigned = Assignment.objects.filter(cell=need.cell, need_id=need.pk)
    ends = list(assigned.values_list("ended_at", flat=True))
    begun_at = max((end for end in ends if end is not None), default=None)
    offers = list(
        Offer.objects.filter(cell=need.cell, need_id=need.pk)
        .order_by("id")
        .values_list("offered_at", "expires_at", "answer__answer", "answer__at")
    )
    asked = [offer for offer in offers if offer[2] is None and offer[1] > now]
    present = [offer for offer in offers if begun_at is None or offer[0] >= begun_at]
    failed = [
        offer
        for offer in present
        if offer[2] in (Answer.REFUSED, Answer.EXPIRED) or (offer[2] is None and offer[1] <= now)
    ]
    since = [
        rules.asked_since(offered_at=offer[0], expires_at=offer[1], answered_at=offer[3])
        for offer in present
    ]
    return Search(
        wanted=need.helpers - ends.count(None) - len(asked),
        failed=len(failed),
        first_offered_at=min(since, default=None),
        last_offered_at=present[-1][0] if present else None,
    )


def left_to_a_plan(*, now: datetime) -> Q:
    """Keep the needs for which nobody is asked by nearness yet: the nightly round plans them
    first, or a plan that has them awaits the station. What is urgent never waits.
    """
    left = Q(pk__in=[])
    for since, first in rules.waiting_for_night(now) if settings.LINBANG_PLANS_FIRST else ():
        left |= Q(state_since__gte=since, starts_at__gte=first)
    awaiting = {
        "cell": OuterRef("cell"),
        "need_id": OuterRef("pk"),
        "run__state": PlanState.READY,
        "run__made_at__gt": now - rules.PLAN_HOLDS,
    }
    left |= Q(starts_at__gt=now + rules.PLAN_HOLDS) & (
        Exists(PlannedVisit.objects.filter(state=PlannedState.PLANNED, **awaiting))
        | Exists(PlanGap.objects.filter(**awaiting))
    )
    offers = Offer.objects.filter(cell=OuterRef("cell"), need_id=OuterRef("pk"))
    return left & ~Exists(offers) & Q(state=NeedState.VERIFIED, urgency=Urgency.NORMAL)


def needs_left_to_plans(ids: Iterable[int], *, now: datetime) -> set[int]:
    """Return those of these needs that wait for a plan; one query."""
    waiting = Need.objects.filter(left_to_a_plan(now=now), pk__in=list(ids))
    return set(waiting.values_list("pk", flat=True))


def needs_waiting(*, now: datetime) -> list[tuple[int, datetime]]:
    """Return id and end of the needs for which something may have to be done now, by id.

    A need on the station's list waits for the station, until its time has passed.
    """
    listed = Escalation.objects.filter(cell=OuterRef("cell"), need_id=OuterRef("pk"), taken_at=None)
    return list(
        Need.objects.filter(state__in=WAITING)
        .filter(~Q(state=NeedState.ESCALATED) | Q(ends_at__lte=now) | ~Exists(listed))
        .exclude(left_to_a_plan(now=now))
        .order_by("id")
        .values_list("pk", "ends_at")
    )


def is_asked(need: Need, volunteer_id: int, *, now: datetime) -> bool:
    """Tell whether a volunteer has an open offer for a need."""
    return Offer.objects.filter(
        cell=need.cell,
        need_id=need.pk,
        volunteer_id=volunteer_id,
        answer=None,
        expires_at__gt=now,
    ).exists()


def dispatchers_at(region_code: str) -> list[int]:
    """Return the people who dispatch at a region, the nearest first; one query."""
    return list(
        RoleGrant.objects.filter(
            role__in=_DISPATCHERS,
            region_id__in=ancestor_codes(region_code),
            ended_at=None,
            account__person__isnull=False,
        )
        .order_by("-region_id", "id")
        .values_list("account__person__id", flat=True)[:_DISPATCHERS_TOLD_MAX]
    )


def phones_of(people: Iterable[int]) -> Mapping[int, str]:
    """Return the phones of people by id, for text messages; one query."""
    rows = Person.objects.filter(pk__in=list(people)).only("cell", "phone")
    return {person.pk: person.phone for person in rows}
