"""Duty points, who keeps them, and the policies organisers hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.models import (
    DutyPoint,
    InsurancePolicy,
    PointPairing,
    Qualification,
    Shift,
)
from linbang.intake.activities.queries.activities import within_reach


def points_visible_to(actor: Actor) -> QuerySet[DutyPoint]:
    """Return the duty points of the actor's regions, and those the actor's teams keep, by name."""
    points = DutyPoint.objects.select_related("region").order_by("region_id", "name", "id")
    if actor.is_system:
        return points
    scope = within_any("region_id", actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        kept = PointPairing.objects.filter(
            cell=OuterRef("cell"),
            point=OuterRef("pk"),
            until_date=None,
            organisation__path__gte=path,
            organisation__path__lt=path + ":",
        )
        scope |= Q(Exists(kept))
    return points.filter(scope)


def points_found(
    actor: Actor, *, kind: str = "", text: str = "", unpaired: bool = False
) -> QuerySet[DutyPoint]:
    """Return the visible open points by kind and a part of the name; those nobody keeps alone."""
    points = points_visible_to(actor).filter(closed_at=None)
    if kind:
        points = points.filter(kind=kind)
    if text:
        points = points.filter(Q(name__contains=text) | Q(address__contains=text))
    if unpaired:
        points = points.filter(~Exists(_pairings_now()))
    return points


def _pairings_now() -> QuerySet[PointPairing]:
    return PointPairing.objects.filter(cell=OuterRef("cell"), point=OuterRef("pk"), until_date=None)


@dataclass(frozen=True)
class PointRow:
    """A duty point as lists show it, with the units that keep it and the shifts ahead."""

    point: DutyPoint
    keepers: tuple[PointPairing, ...]
    shifts: int

    @property
    def is_shared(self) -> bool:
        """Several units keep the point together (N-to-one)."""
        return len(self.keepers) > 1


def point_rows(points: Iterable[DutyPoint], *, now: datetime) -> list[PointRow]:
    """Return points with their keepers and shifts ahead: two queries for a page."""
    found = list(points)
    ids, cells = [point.pk for point in found], {point.cell for point in found}
    keepers: dict[int, list[PointPairing]] = {}
    pairings = PointPairing.objects.select_related("organisation").defer(
        "organisation__contact_phone"
    )
    for pairing in pairings.filter(cell__in=cells, point__in=ids, until_date=None).order_by("id"):
        keepers.setdefault(pairing.point_id, []).append(pairing)
    counted = (
        Shift.objects.filter(
            cell__in=cells, post__point__in=ids, state=ShiftState.PLANNED, starts_at__gt=now
        )
        .order_by()
        .values_list("post__point_id")
        .annotate(n=Count("id"))
    )
    shifts = dict(counted)
    return [
        PointRow(point, tuple(keepers.get(point.pk, ())), shifts.get(point.pk, 0))
        for point in found
    ]


def lock_point(point_id: int) -> DutyPoint:
    """Return a duty point, locked. Raises NotFound."""
    point = DutyPoint.objects.select_for_update(no_key=True).filter(pk=point_id).first()
    if point is None:
        raise NotFound
    return point


def lock_pairing(pairing_id: int) -> PointPairing:
    """Return a pairing with its point and unit, locked. Raises NotFound."""
    pairings = PointPairing.objects.select_for_update(of=("self",), no_key=True)
    found = pairings.select_related("point", "organisation").filter(pk=pairing_id).first()
    if found is None:
        raise NotFound
    return found


def pairings_of(point: DutyPoint) -> QuerySet[PointPairing]:
    """Return who keeps and kept a point, those of today first."""
    pairings = PointPairing.objects.filter(cell=point.cell, point=point)
    return pairings.select_related("organisation").order_by("until_date", "since_date", "id")


def open_points(point_ids: Iterable[int], *, cell: str) -> dict[int, DutyPoint]:
    """Return the points among the ids that are staffed, by id."""
    points = DutyPoint.objects.filter(cell=cell, pk__in=set(point_ids), closed_at=None)
    return {point.pk: point for point in points}


def policies_visible_to(actor: Actor) -> QuerySet[InsurancePolicy]:
    """Return the policies of the organisations the actor plans for, the latest end first."""
    policies = InsurancePolicy.objects.select_related("organiser", "region")
    policies = policies.defer("organiser__contact_phone").order_by("-ends_at", "-id")
    if actor.is_system:
        return policies
    return policies.filter(within_reach(actor, region="region_id", organiser="organiser"))


def policies_in_force(actor: Actor, *, now: datetime) -> QuerySet[InsurancePolicy]:
    """Return the visible policies that still cover something."""
    return policies_visible_to(actor).filter(ended_at=None, ends_at__gt=now)


def lock_policy(policy_id: int) -> InsurancePolicy:
    """Return a policy with its organiser, locked. Raises NotFound."""
    policies = InsurancePolicy.objects.select_for_update(of=("self",), no_key=True)
    policy = policies.select_related("organiser").filter(pk=policy_id).first()
    if policy is None:
        raise NotFound
    return policy


def qualifications() -> list[Qualification]:
    """Return what a post may ask for, in the order of the list."""
    return list(Qualification.objects.order_by("position", "code"))


def known_qualifications(codes: Iterable[str]) -> set[str]:
    """Return the codes that are on the list."""
    wanted = set(codes)
    if not wanted:
        return set()
    return set(Qualification.objects.filter(pk__in=wanted).values_list("code", flat=True))
