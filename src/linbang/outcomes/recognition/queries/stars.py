"""Stars: where a person stands, what the next one asks for, what came before."""

from dataclasses import dataclass
from datetime import date, datetime

from linbang.foundation.clock import local_date
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.operations.service_records.queries import Totals, barred_until
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import ChangeKind, Hindrance, SchemeCode
from linbang.outcomes.recognition.models import StarApplication, StarChange
from linbang.outcomes.recognition.queries.applications import (
    ApplicationRow,
    application_rows,
    applications,
    open_application,
)
from linbang.outcomes.recognition.queries.ratings import rating_of
from linbang.outcomes.recognition.queries.schemes import SchemeHere, minutes_under, scheme_at
from linbang.outcomes.recognition.rules import LevelTable, Standing


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
    """Return where a person stands under a table, whose year is this one unless told; six
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
        barred_until=barred_until(person.pk, local_date(now)),
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


def star_page(person: Person, *, now: datetime) -> StarPage:
    """Return a person's own page of stars; a fixed number of queries."""
    scheme = scheme_at(person.region_id)
    table = scheme.table
    standing = standing_of(person, table=table, now=now)
    next_star = table.next_star(standing.star)
    asked = rules.star_to_ask_for(table=table, standing=standing)
    wanted = asked or next_star
    today = local_date(now)
    latest = list(applications().filter(cell=person.cell, person=person).order_by("-id")[:1])
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
