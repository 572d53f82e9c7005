"""Applications for stars: whose they are, what they wait for, what is said against them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import short_name
from linbang.foundation.workdays import add_workdays
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import (
    ApplicationState,
    ObjectionOutcome,
    SchemeCode,
    StarTab,
)
from linbang.outcomes.recognition.models import StarApplication, StarObjection


@dataclass(frozen=True)
class ApplicationRow:
    """An application as pages show it; ``masked`` for strangers, ``name`` for the station."""

    public_id: UUID
    person_id: int
    name: str
    masked: str
    community: str
    star: int
    scheme: str
    proved_minutes: int
    entered_minutes: int
    rating: str
    applied_at: datetime
    state: ApplicationState
    notice_until: date | None
    reason: str
    closed_at: datetime | None

    @property
    def minutes(self) -> int:
        """Both kinds of minutes together."""
        return self.proved_minutes + self.entered_minutes


@dataclass(frozen=True)
class ObjectionRow:
    """An objection as the station sees it; without who made it."""

    public_id: UUID
    text: str
    made_at: datetime
    outcome: ObjectionOutcome | None
    answer: str


def open_application(person: Person) -> StarApplication | None:
    """Return the application of a person that is being dealt with."""
    return applications().filter(cell=person.cell, person=person, closed_at=None).first()


def applications_looked_after_by(actor: Actor) -> QuerySet[StarApplication]:
    """Return the applications of the regions where the actor checks records."""
    found = applications()
    if actor.is_system:
        return found
    return found.filter(within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)))


def applications_on_tab(actor: Actor, tab: StarTab) -> QuerySet[StarApplication]:
    """Return one heap of the station's desk: the oldest first, what is done the latest first."""
    found = applications_looked_after_by(actor)
    if tab == StarTab.ENDED:
        return found.exclude(closed_at=None).order_by("-closed_at", "-id")
    waiting = found.filter(closed_at=None, person__closed_at=None).order_by("id")
    if tab == StarTab.WAITING:
        return waiting.filter(approved_at=None)
    return waiting.filter(Q(approved_at__isnull=False, is_objected=tab == StarTab.OBJECTED))


def heaps_of(actor: Actor) -> list[tuple[StarTab, int]]:
    """Return the heaps of the desk with their sizes; one query each."""
    counted = [
        (tab, applications_on_tab(actor, tab).count())
        for tab in (StarTab.WAITING, StarTab.OBJECTED, StarTab.ON_NOTICE)
    ]
    return [*counted, (StarTab.ENDED, 0)]


def applications_to_check(actor: Actor) -> int:
    """Return how many applications and objections wait for the actor's desk; one query."""
    waiting = applications_looked_after_by(actor).filter(closed_at=None, person__closed_at=None)
    return waiting.filter(Q(approved_at=None) | Q(is_objected=True)).count()


def application_rows(found: Iterable[StarApplication]) -> list[ApplicationRow]:
    """Return what lists and pages show of applications from one of the queries here."""
    return [_row(one) for one in found]


def own_applications(actor: Actor) -> QuerySet[StarApplication]:
    """Return what the actor asked for."""
    if actor.person_id is None:
        return StarApplication.objects.none()
    return applications().filter(cell=actor.cell, person_id=actor.person_id)


def applications_on_notice(now: datetime, *, community: str = "") -> QuerySet[StarApplication]:
    """Return what is on public notice today, in one region or everywhere, the newest first.

    Whoever closed the registration is hidden at once (rule 9). Index
    ``star_application_on_notice``.
    """
    found = applications().filter(
        closed_at=None, notice_until__gte=local_date(now), person__closed_at=None
    )
    if community:
        found = found.filter(within_any("region_id", [community]))
    return found.order_by("-approved_at", "-id")


def application_on_notice(application: UUID, *, now: datetime) -> StarApplication:
    """Return an application anybody may object to. Raises NotFound."""
    found = applications_on_notice(now).filter(public_id=application).first()
    if found is None:
        raise NotFound
    return found


def application_with(application: UUID) -> StarApplication:
    """Return an application, whoever it is about. Raises NotFound."""
    found = StarApplication.objects.filter(public_id=application).first()
    if found is None:
        raise NotFound
    return found


def applications_to_end(now: datetime) -> list[int]:
    """Return the applications whose notice is over without an open objection, the oldest first."""
    found = applications().filter(
        Q(closed_at=None, notice_until__lt=local_date(now), is_objected=False)
    )
    return list(found.order_by("id").values_list("pk", flat=True))


def lock_application(application_id: int) -> StarApplication:
    """Return an application with its row locked. Raises NotFound."""
    found = (
        StarApplication.objects.select_for_update(of=("self",))
        .select_related("person", "region")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def has_open_objection(application: StarApplication) -> bool:
    """Tell whether an objection waits for an answer."""
    return application.objections.filter(answered_at=None).exists()


def objection_with(objection: UUID) -> StarObjection:
    """Return an objection. Raises NotFound."""
    found = StarObjection.objects.filter(public_id=objection).first()
    if found is None:
        raise NotFound
    return found


def objection_rows(application: StarApplication) -> list[ObjectionRow]:
    """Return what was said against a star, the first first."""
    return [
        ObjectionRow(
            public_id=one.public_id,
            text=one.text,
            made_at=one.made_at,
            outcome=ObjectionOutcome(one.outcome) if one.outcome else None,
            answer=one.answer,
        )
        for one in application.objections.order_by("id")
    ]


def last_day_of_notice(now: datetime) -> date:
    """Return the last day of a notice that begins now. Raises CalendarYearMissing."""
    return add_workdays(local_date(now), rules.NOTICE_WORKDAYS)


def applications() -> QuerySet[StarApplication]:
    """Return all applications with what pages need, and ``is_objected``."""
    objections = StarObjection.objects.filter(
        cell=OuterRef("cell"), application=OuterRef("pk"), answered_at=None
    )
    return StarApplication.objects.select_related("person", "region").annotate(
        is_objected=Exists(objections)
    )


def _row(one: StarApplication) -> ApplicationRow:
    return ApplicationRow(
        public_id=one.public_id,
        person_id=one.person_id,
        name=one.person.name,
        masked=mask_name(one.person.name),
        community=short_name(one.region.name),
        star=one.star,
        scheme=str(SchemeCode(one.scheme).label),
        proved_minutes=one.proved_minutes,
        entered_minutes=one.entered_minutes,
        rating=rules.tenths_text(one.rating_tenths),
        applied_at=one.applied_at,
        state=rules.application_state(
            is_approved=one.approved_at is not None,
            outcome=one.outcome,
            has_open_objection=one.is_objected,  # type: ignore[attr-defined]  # annotated
        ),
        notice_until=one.notice_until,
        reason=one.reason,
        closed_at=one.closed_at,
    )
