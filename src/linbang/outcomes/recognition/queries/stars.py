"""Stars and what leads to them: a person's standing, applications, the public notice."""

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
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import short_name
from linbang.foundation.workdays import add_workdays
from linbang.operations.service_records.queries import Totals
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import (
    ApplicationState,
    ChangeKind,
    Hindrance,
    ObjectionOutcome,
    SchemeCode,
    StarTab,
)
from linbang.outcomes.recognition.models import StarApplication, StarChange, StarObjection
from linbang.outcomes.recognition.queries.ratings import rating_of
from linbang.outcomes.recognition.queries.schemes import SchemeHere, minutes_under, scheme_at
from linbang.outcomes.recognition.rules import LevelTable, Standing


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
class ChangeRow:
    """One step of a person's stars, newest first on the page."""

    kind: ChangeKind
    star: int
    scheme: str
    minutes: int
    reason: str
    at: datetime


@dataclass(frozen=True)
class StarPage:
    """A person's own page: where she stands, what the next star needs, what came before.

    ``asked``: the star that can be asked for; ``hindrances`` say why none can, or not yet.
    """

    scheme: SchemeHere
    standing: Standing
    rating: str
    next_star: int | None
    next_minutes: int
    missing_minutes: int
    asked: int | None
    hindrances: tuple[Hindrance, ...]
    open_from: date | None
    application: ApplicationRow | None
    last: ApplicationRow | None
    history: tuple[ChangeRow, ...]

    @property
    def may_ask_for(self) -> int | None:
        """The star whose application would be taken now."""
        return None if self.hindrances else self.asked

    @property
    def levels(self) -> list[tuple[int, int]]:
        """The stars of the table with their hours."""
        return list(enumerate(self.scheme.table.hours, 1))


@dataclass(frozen=True)
class Check:
    """How an application's conditions stand today: what counts now, and what stands against it."""

    standing: Standing
    rating: str
    needed_minutes: int
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True)
class ObjectionRow:
    """An objection as the station sees it; without who made it."""

    public_id: UUID
    text: str
    made_at: datetime
    outcome: ObjectionOutcome | None
    answer: str


def barred_until(person_id: int) -> date | None:  # noqa: ARG001 - kept for whoever keeps bars
    """Return until when false hours bar a person from stars (rule 55); None for nobody yet.

    The bar is a row of ``service_records``, which announces and keeps it; this is the one place
    that asks for it.
    """
    return None


def star_of(person: Person) -> int:
    """Return the star a person holds, 0 for none; one query."""
    newest = newest_change(person)
    return newest.star if newest else 0


def newest_change(person: Person) -> StarChange | None:
    """Return what last happened to a person's star; index ``star_change_by_person``."""
    changes = StarChange.objects.filter(cell=person.cell, person=person)
    return changes.order_by("-id").first()


def standing_of(
    person: Person, *, table: LevelTable, now: datetime, year: int | None = None
) -> Standing:
    """Return where a person stands under a table, whose year is this one unless told; five
    queries.
    """
    year = year or local_date(now).year
    totals = minutes_under(table, [person.pk], year=year).get(person.pk, Totals(0, 0, 0))
    profile = VolunteerProfile.objects.filter(
        cell=person.cell, person=person, ended_at=None
    ).first()
    return Standing(
        star=star_of(person),
        proved=totals.proved,
        entered=totals.entered,
        rating_tenths=rating_of(person, now=now).tenths,
        member_since=local_date(profile.activated_at) if profile else None,
        barred_until=barred_until(person.pk),
        has_open=open_application(person) is not None,
    )


def check_of(application: StarApplication, *, now: datetime) -> Check:
    """Return how an application's conditions stand today; for whoever checks it."""
    table = rules.table_named(application.scheme, application.scheme_version)
    standing = rules.without_open(
        standing_of(
            application.person,
            table=table,
            now=now,
            year=local_date(application.applied_at).year,
        )
    )
    return Check(
        standing=standing,
        rating=rules.tenths_text(standing.rating_tenths),
        needed_minutes=table.minutes_for(application.star),
        hindrances=rules.reasons_against(
            application.star, table=table, standing=standing, today=local_date(now)
        ),
    )


def open_application(person: Person) -> StarApplication | None:
    """Return the application of a person that is being dealt with."""
    return _applications().filter(cell=person.cell, person=person, closed_at=None).first()


def star_page(person: Person, *, now: datetime) -> StarPage:
    """Return a person's own page of stars; a fixed number of queries."""
    scheme = scheme_at(person.region_id)
    table = scheme.table
    standing = standing_of(person, table=table, now=now)
    next_star = table.next_star(standing.star)
    asked = rules.star_to_ask_for(table=table, standing=standing)
    wanted = asked or next_star
    today = local_date(now)
    latest = list(_applications().filter(cell=person.cell, person=person).order_by("-id")[:1])
    row = next(iter(application_rows(latest)), None)
    return StarPage(
        scheme=scheme,
        standing=standing,
        rating=rules.tenths_text(standing.rating_tenths),
        next_star=next_star,
        next_minutes=table.minutes_for(next_star) if next_star else 0,
        missing_minutes=max(0, table.minutes_for(next_star) - standing.minutes) if next_star else 0,
        asked=asked,
        hindrances=(
            rules.reasons_against(wanted, table=table, standing=standing, today=today)
            if wanted
            else ()
        ),
        open_from=table.open_from(standing.member_since) if standing.member_since else None,
        application=row if row and row.closed_at is None else None,
        last=row if row and row.closed_at is not None else None,
        history=tuple(star_history(person)),
    )


def star_history(person: Person) -> list[ChangeRow]:
    """Return what happened to a person's stars, the newest first."""
    changes = StarChange.objects.filter(cell=person.cell, person=person).order_by("-id")
    return [
        ChangeRow(
            kind=ChangeKind(one.kind),
            star=one.star,
            scheme=str(SchemeCode(one.scheme).label),
            minutes=one.minutes,
            reason=one.reason,
            at=one.at,
        )
        for one in changes
    ]


def applications_looked_after_by(actor: Actor) -> QuerySet[StarApplication]:
    """Return the applications of the regions where the actor checks records."""
    applications = _applications()
    if actor.is_system:
        return applications
    return applications.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    )


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


def application_rows(applications: Iterable[StarApplication]) -> list[ApplicationRow]:
    """Return what lists and pages show of applications from one of the queries here."""
    return [_row(one) for one in applications]


def own_applications(actor: Actor) -> QuerySet[StarApplication]:
    """Return what the actor asked for."""
    if actor.person_id is None:
        return StarApplication.objects.none()
    return _applications().filter(cell=actor.cell, person_id=actor.person_id)


def applications_on_notice(now: datetime, *, community: str = "") -> QuerySet[StarApplication]:
    """Return what is on public notice today, in one region or everywhere, the newest first.

    Whoever closed the registration is hidden at once (rule 9). Index
    ``star_application_on_notice``.
    """
    found = _applications().filter(
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
    found = _applications().filter(
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


def _applications() -> QuerySet[StarApplication]:
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
