"""The home pages: what each reader has to do now, gathered from the steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.models import Person
from linbang.foundation.people.rules import age_on
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Station
from linbang.foundation.places.queries import lineage, within_any
from linbang.foundation.places.rules import short_name
from linbang.intake.activities.choices import Tab
from linbang.intake.activities.queries import tab_counts
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import needs_awaiting_verification, needs_of, station_for
from linbang.operations.clearance.queries import WardLine, request_lines
from linbang.operations.dispatch.models import Offer, SignUp
from linbang.operations.dispatch.queries import (
    ActivityCard,
    Look,
    PairingCard,
    cards_of_shifts,
    escalations_visible_to,
    open_offers_of,
    open_shifts,
    pairing_cards,
    places_held_for,
    requests_to_answer,
    shifts_short_of_people,
)
from linbang.operations.service.models import Visit
from linbang.operations.service.queries import (
    ShiftCard,
    VisitRow,
    days_looked_over,
    incidents_visible_to,
    incomplete,
    leads_something,
    next_shift_of,
    under_way_or_ahead,
    visit_rows,
    visits_given_by,
    visits_received_by,
)
from linbang.operations.service_records.queries import (
    RecordRow,
    count_overdue,
    integrity_count,
    record_rows,
    records_awaiting_answer,
    records_awaiting_call,
    records_awaiting_verification,
    records_received_by,
    verified_minutes,
)
from linbang.outcomes.recognition.queries import (
    applications_to_check,
    honours_kept_by,
    waiting,
)
from linbang.outcomes.time_bank.queries import balance_of

OPEN_STATES = (
    NeedState.OPENED,
    NeedState.VERIFIED,
    NeedState.OFFERED,
    NeedState.ESCALATED,
    NeedState.ASSIGNED,
    NeedState.UNDER_WAY,
    NeedState.SERVED,
)
_SHOWN = 3
_SUGGESTED = 2
_LOOKED_AT = 30


@dataclass(frozen=True)
class Reader:
    """Who reads: the name, the foremost role, and whether a volunteer."""

    name: str
    role: str | Promise
    is_volunteer: bool


@dataclass(frozen=True)
class Home:
    """What a resident or volunteer finds on the first page."""

    person: Person
    place: str
    station: Station | None
    is_volunteer: bool
    served_minutes: int
    balance_minutes: int
    offers: list[Offer]
    held: list[SignUp]
    asked_for_consent: list[WardLine]
    activities: list[ActivityCard]
    visits: list[VisitRow]
    next_shift: ShiftCard | None
    leads: bool
    received: list[VisitRow]
    to_confirm: list[RecordRow]
    needs: list[Need]
    pairings: list[PairingCard]
    age: int


@dataclass(frozen=True)
class Desk:
    """What a worker finds on the console's first page."""

    place: str
    to_verify: list[Need]
    to_verify_count: int
    escalated: list[Any]
    escalated_count: int
    visits_today: int
    to_call_count: int
    to_check_count: int
    overdue_count: int
    doubtful_count: int
    searching_count: int
    review_count: int
    request_count: int
    short_count: int
    unsettled_count: int
    incident_count: int
    star_count: int
    honour_count: int


def reader_of(actor: Actor) -> Reader:
    """Return the name and role shown around every page; one query."""
    person = (
        Person.objects.filter(cell=actor.cell, id=actor.person_id or 0)
        .values("name", "volunteer__id", "volunteer__ended_at")
        .get()
    )
    foremost = [role for role in Role if role in actor.roles()]
    return Reader(
        name=person["name"],
        role=foremost[-1].label if foremost else "",
        is_volunteer=person["volunteer__id"] is not None and person["volunteer__ended_at"] is None,
    )


def home_of(actor: Actor, *, now: datetime) -> Home:
    """Gather the first page of a resident or volunteer: a fixed number of queries."""
    person = Person.objects.select_related("volunteer").get(
        cell=actor.cell, id=actor.person_id or 0
    )
    volunteer = getattr(person, "volunteer", None)
    is_volunteer = volunteer is not None and volunteer.ended_at is None
    visits = under_way_or_ahead(visits_given_by(actor), now)[:_SHOWN] if is_volunteer else ()
    received = under_way_or_ahead(visits_received_by(actor), now)[:_SHOWN]
    to_confirm = records_awaiting_answer(records_received_by(actor))[:_SHOWN]
    return Home(
        person=person,
        place=place_name(person.region_id),
        station=station_for(person.region_id),
        is_volunteer=is_volunteer,
        served_minutes=verified_minutes(person.pk) if is_volunteer else 0,
        balance_minutes=balance_of(person.pk, cell=person.cell),
        offers=list(open_offers_of(person.pk, now=now)[:_SHOWN]) if is_volunteer else [],
        held=list(places_held_for(actor)[:_SHOWN]),
        asked_for_consent=request_lines(person.pk)[:_SHOWN],
        activities=cards_of_shifts(
            open_shifts(actor.person_id, Look(digits=6), now=now, cell=actor.cell, limit=_LOOKED_AT)
        )[:_SUGGESTED]
        if is_volunteer
        else [],
        visits=visit_rows(visits, now),
        next_shift=next_shift_of(actor, now) if is_volunteer else None,
        leads=is_volunteer and leads_something(actor, now),
        received=visit_rows(received, now),
        to_confirm=record_rows(to_confirm),
        needs=list(
            needs_of(actor)
            .filter(state__in=OPEN_STATES)
            .select_related("item", "beneficiary")
            .order_by("starts_at", "id")[:_SHOWN]
        ),
        pairings=pairing_cards(person.pk)[:_SHOWN],
        age=age_on(person.birth_date, local_date(now)),
    )


def desk_of(actor: Actor, *, now: datetime) -> Desk:
    """Gather the console's first page: a fixed number of queries."""
    today = day_window(local_date(now))
    visible = within_any("region_id", actor.regions_for(Permission.SEE_NEEDS))
    counts = Need.objects.filter(visible).aggregate(
        searching=Count("id", filter=Q(state__in=(NeedState.VERIFIED, NeedState.OFFERED))),
    )
    to_verify = needs_awaiting_verification(actor)
    escalated = escalations_visible_to(actor)
    visits = Visit.objects.filter(
        within_any("assignment__need__region_id", actor.regions_for(Permission.HANDLE_VISITS)),
        starts_at__gte=today[0],
        starts_at__lt=today[1],
        cancelled_at=None,
    )
    regions = [grant.region for grant in actor.grants if grant.region]
    return Desk(
        place=place_name(min(regions, key=len)) if regions else "",
        to_verify=list(to_verify.select_related("item", "beneficiary", "region")[:5]),
        to_verify_count=to_verify.count(),
        escalated=list(escalated[:5]),
        escalated_count=escalated.count(),
        visits_today=visits.count(),
        to_call_count=records_awaiting_call(actor, now).count(),
        to_check_count=records_awaiting_verification(actor).count(),
        overdue_count=count_overdue(actor, now),
        doubtful_count=integrity_count(actor),
        searching_count=counts["searching"],
        review_count=tab_counts(actor)[Tab.REVIEW],
        request_count=requests_to_answer(actor, now=now).count(),
        short_count=shifts_short_of_people(actor, now=now).count(),
        unsettled_count=days_looked_over(actor, now, unsettled=True).count(),
        incident_count=incomplete(incidents_visible_to(actor)).count(),
        star_count=applications_to_check(actor),
        honour_count=waiting(honours_kept_by(actor)).count(),
    )


def place_name(code: str) -> str:
    """Return where a code lies, from its community or its own level down: 新竹社区 · 第1网格."""
    regions = lineage(code)
    shown = [short_name(one.name) for one in regions if one.level >= RegionLevel.COMMUNITY]
    return " · ".join(shown or [regions[-1].name]) if regions else ""
