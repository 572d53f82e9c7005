"""Reads of visits: whose they are, where they stand, and the code of the moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.intake.needs import queries as needs
from linbang.intake.needs.models import Need
from linbang.operations.service import rules
from linbang.operations.service.choices import ConsoleTab, VisitState
from linbang.operations.service.models import CheckIn, CheckOut, Visit, WrongCode


@dataclass(frozen=True)
class CodeNow:
    """The six digits of the moment and for how many seconds they hold."""

    digits: str
    seconds_left: int


@dataclass(frozen=True)
class VisitRow:
    """One visit as lists and pages show it.

    ``volunteer`` is the full name, for the station; ``helper`` and ``beneficiary`` are masked.
    """

    id: int
    public_id: UUID
    need_id: UUID
    item: str
    icon: str
    starts_at: datetime
    ends_at: datetime
    state: VisitState
    opens_at: datetime
    is_open: bool
    volunteer: str
    helper: str
    beneficiary: str
    checked_in: CheckIn | None
    checked_out: CheckOut | None


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """Return the visits the actor gives, receives for self or kin, or handles at a station."""
    return _visits().filter(_given_by(actor) | _received_by(actor) | _handled_by(actor))


def visits_given_by(actor: Actor) -> QuerySet[Visit]:
    """Return the visits the actor makes as a volunteer."""
    return _visits().filter(_given_by(actor))


def visits_received_by(actor: Actor) -> QuerySet[Visit]:
    """Return the visits to the actor, or to somebody the actor may speak for.

    A volunteer who is a relative does not speak about an own visit (rule 39).
    """
    return _visits().filter(_received_by(actor))


def visits_handled_by(actor: Actor) -> QuerySet[Visit]:
    """Return the visits in the regions where the actor may act on somebody's behalf."""
    return _visits().filter(_handled_by(actor))


def visit_just_ended(actor: Actor, now: datetime) -> Visit | None:
    """Return the visit the actor checked out of last, today."""
    ended = visits_given_by(actor).filter(check_out__at__gte=day_window(local_date(now))[0])
    return ended.order_by("-check_out__at", "-id").first()


def unsettled(visits: QuerySet[Visit], now: datetime) -> QuerySet[Visit]:
    """Keep visits past their planned end without check-out, the oldest first (rule 33)."""
    return visits.filter(cancelled_at=None, ends_at__lte=now, check_out=None).order_by(
        "starts_at", "id"
    )


def under_way_or_ahead(visits: QuerySet[Visit], now: datetime) -> QuerySet[Visit]:
    """Keep visits whose planned end lies ahead and that are not over, the next first."""
    return visits.filter(cancelled_at=None, ends_at__gt=now, check_out=None).order_by(
        "starts_at", "id"
    )


def behind(visits: QuerySet[Visit], now: datetime) -> QuerySet[Visit]:
    """Keep visits that are over or whose planned end has passed, the latest first."""
    return visits.filter(
        Q(cancelled_at__isnull=False) | Q(check_out__isnull=False) | Q(ends_at__lte=now)
    ).order_by("-starts_at", "-id")


def over(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Keep visits that are checked out or cancelled, the latest first."""
    return visits.filter(Q(cancelled_at__isnull=False) | Q(check_out__isnull=False)).order_by(
        "-starts_at", "-id"
    )


def visits_on_tab(visits: QuerySet[Visit], tab: ConsoleTab, now: datetime) -> QuerySet[Visit]:
    """Keep the visits that lie on one heap of the station's desk."""
    if tab == ConsoleTab.UNSETTLED:
        return unsettled(visits, now)
    return under_way_or_ahead(visits, now) if tab == ConsoleTab.AHEAD else over(visits)


def visit_rows(visits: Iterable[Visit], now: datetime) -> list[VisitRow]:
    """Return what a list shows of visits that came from one of the queries above."""
    return [visit_row(visit, now) for visit in visits]


def visit_row(visit: Visit, now: datetime) -> VisitRow:
    """Return what a page shows of a visit that came from one of the queries above."""
    need = visit.assignment.need
    check_in, check_out = _presence(visit)
    return VisitRow(
        id=visit.id,
        public_id=visit.public_id,
        need_id=need.public_id,
        item=need.item.label,
        icon=need.item.icon,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        state=rules.visit_state(
            ends_at=visit.ends_at,
            checked_in=check_in is not None,
            checked_out=check_out is not None,
            cancelled=visit.cancelled_at is not None,
            now=now,
        ),
        opens_at=check_in_opens_at(visit),
        is_open=check_in_opens_at(visit) <= now < visit.ends_at,
        volunteer=visit.volunteer.name,
        helper=mask_name(visit.volunteer.name),
        beneficiary=mask_name(need.beneficiary.name),
        checked_in=check_in,
        checked_out=check_out,
    )


def code_now(visit: Visit, now: datetime) -> CodeNow:
    """Return the visit's code of the moment."""
    return CodeNow(rules.code_at(visit.code_secret, now), rules.seconds_left(now))


def lock_visit(visit_id: int) -> tuple[Visit, Need]:
    """Lock a visit for a change, and its need before it.

    Whoever changes an assignment locks the need first, so this order cannot deadlock.
    Raises Visit.DoesNotExist.
    """
    need_id = Visit.objects.values_list("assignment__need_id", flat=True).get(pk=visit_id)
    need = needs.lock_need(need_id)
    return Visit.objects.select_for_update(of=("self",)).get(pk=visit_id), need


def wrong_codes_lately(visit: Visit, now: datetime) -> int:
    """Count the wrong codes of the last minute."""
    return WrongCode.objects.filter(
        cell=visit.cell, visit=visit, at__gt=now - rules.WRONG_CODES_WINDOW
    ).count()


def building_point(region_id: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) of a building; None when it has no point on the map."""
    point = Region.objects.filter(code=region_id).values_list("latitude", "longitude").first()
    if point is None or point[0] is None or point[1] is None:
        return None
    return point[0], point[1]


def visits_forgotten(now: datetime) -> QuerySet[Visit]:
    """Return the visits whose volunteers should have checked out, within the last day."""
    return (
        _visits()
        .filter(
            cancelled_at=None,
            check_in__isnull=False,
            check_out=None,
            ends_at__lte=now - rules.CHECK_OUT_REMINDER,
            ends_at__gt=now - rules.CHECK_OUT_CLOSES,
        )
        .order_by("id")
    )


def is_need_served(need: Need) -> bool:
    """Tell whether every visit of the need that was not cancelled is checked out."""
    visits = Visit.objects.filter(cell=need.cell, assignment__need=need, cancelled_at=None)
    return visits.exists() and not visits.filter(check_out=None).exists()


def has_open_visits(need: Need) -> bool:
    """Tell whether a visit of the need is not cancelled."""
    return Visit.objects.filter(cell=need.cell, assignment__need=need, cancelled_at=None).exists()


def check_in_opens_at(visit: Visit) -> datetime:
    """Return from when the visit can be checked in."""
    return visit.starts_at - timedelta(minutes=rules.CHECK_IN_OPENS_MINUTES)


def _visits() -> QuerySet[Visit]:
    return Visit.objects.select_related(
        "volunteer",
        "assignment__need__item",
        "assignment__need__beneficiary",
        "check_in",
        "check_out",
    )


def _presence(visit: Visit) -> tuple[CheckIn | None, CheckOut | None]:
    return getattr(visit, "check_in", None), getattr(visit, "check_out", None)


def _given_by(actor: Actor) -> Q:
    return Q(volunteer_id=actor.person_id) if actor.is_signed_in else Q(pk__in=[])


def _received_by(actor: Actor) -> Q:
    if not actor.is_signed_in:
        return Q(pk__in=[])
    # Looked up first, so that each branch of the condition is an index scan.
    spoken_for = needs.people_spoken_for(actor.person_id).values_list("pk", flat=True)
    return Q(assignment__need__beneficiary_id__in=[actor.person_id, *spoken_for]) & ~Q(
        volunteer_id=actor.person_id
    )


def _handled_by(actor: Actor) -> Q:
    if actor.is_system:
        return Q(pk__isnull=False)
    return within_any("assignment__need__region_id", actor.regions_for(Permission.HANDLE_VISITS))
