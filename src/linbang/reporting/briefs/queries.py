"""Reads of the briefs, and the figures a new one is written from."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import translation

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, prefix_range
from linbang.reporting.briefs import rules
from linbang.reporting.briefs.models import Brief
from linbang.reporting.briefs.rules import Measures, Part, Snapshot
from linbang.reporting.statistics import queries as statistics
from linbang.reporting.statistics.queries import Period

# A name of one character is found in every other word.
_NAME_LENGTH_MIN = 2
# A unit is named from its street down.
_UNIT_DIGITS = 9

# Whoever asked for help or received it in the window; their needs and records come by
# need_by_region_and_time, need_by_region_and_state and record_by_region_and_time.
_NAMED = """
    SELECT person.name
    FROM people_person person
    WHERE length(person.name) >= %(length_min)s
      AND strpos(%(text)s, person.name) > 0
      AND person.id IN (
          SELECT need.beneficiary_id
          FROM needs_need need
          WHERE need.region_id >= %(low)s AND need.region_id < %(high)s
            AND (need.opened_at >= %(starts_at)s AND need.opened_at < %(ends_at)s
                 OR need.starts_at >= %(starts_at)s AND need.starts_at < %(ends_at)s)
          UNION
          SELECT record.beneficiary_id
          FROM service_records_servicerecord record
          WHERE record.region_id >= %(low)s AND record.region_id < %(high)s
            AND record.starts_at >= %(starts_at)s AND record.starts_at < %(ends_at)s
      )
    ORDER BY length(person.name) DESC, person.name
    LIMIT 1
"""


@dataclass(frozen=True)
class Span:
    """The half-open window of a brief and the one before it, with the period's official name."""

    name: str
    starts_at: datetime
    ends_at: datetime
    before_starts_at: datetime


@dataclass(frozen=True)
class Paragraph:
    """One line of a brief's body; ``is_heading`` is set in another type."""

    text: str
    is_heading: bool


@dataclass(frozen=True)
class Sheet:
    """A brief as it is read: the parts between head and foot."""

    unit: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    figures: list[tuple[str, str, str]]
    categories: list[tuple[str, str, str, str]]
    asked_on: str
    distribution: tuple[str, ...]
    issued_on: str = ""


def briefs_visible_to(actor: Actor) -> QuerySet[Brief]:
    """Return the briefs of the regions whose figures the actor may see, the newest first."""
    return (
        Brief.objects.filter(within_any("region_id", actor.regions_for(Permission.SEE_REPORTS)))
        .select_related("region")
        .order_by("-issued_at", "-id")
    )


def span_of(period: Period) -> Span:
    """Return the window of a calendar period and of the one before it."""
    return Span(
        name=rules.period_text(period.kind, period.year, period.number),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        before_starts_at=period.previous().starts_at,
    )


def snapshot_of(region: Region, *, span: Span, asked_at: datetime) -> Snapshot:
    """Return the figures of a region and of the time before it, as a brief freezes them."""
    now = statistics.figures(
        prefix=region.code, starts_at=span.starts_at, ends_at=span.ends_at, asked_at=asked_at
    )
    before = statistics.figures(
        prefix=region.code,
        starts_at=span.before_starts_at,
        ends_at=span.starts_at,
        asked_at=asked_at,
    )
    # A brief is written in Chinese whatever the writer reads.
    with translation.override("zh-hans"):
        categories = tuple(Part(one.label, _measures(one.tally)) for one in now.categories)
    return Snapshot(
        place=region.name,
        period=span.name,
        asked_on=rules.asked_text(asked_at),
        total=_measures(now.total, now.activities),
        before=_measures(before.total, before.activities),
        categories=categories,
        brands=tuple(
            Part(one.name, _measures(statistics.Tally(), one.tally))
            for one in now.brands
            if one.name
        ),
        places=tuple(Part(one.name, _measures(one.tally)) for one in now.regions if one.name),
    )


def proposal_for(region: Region, snapshot: Snapshot) -> dict[str, str]:
    """Return a first wording for the editor: unit, title and body; two queries."""
    draft = rules.draft_of(snapshot)
    return {"unit": unit_of(region), "title": draft.title, "body": draft.body}


def sheet_of(brief: Brief) -> Sheet:
    """Return an issued brief as it is read, with the figures it was issued with."""
    facts = Snapshot.from_json(brief.figures)
    sheet = sheet_of_text(brief.unit, brief.title, brief.body, brief.distribution, facts=facts)
    return replace(sheet, issued_on=rules.day_text(local_date(brief.issued_at)))


def sheet_of_text(unit: str, title: str, body: str, foot: str, *, facts: Snapshot) -> Sheet:
    """Return a text with figures as it would be read."""
    return Sheet(
        unit=unit,
        title=title,
        paragraphs=tuple(Paragraph(line, rules.is_heading(line)) for line in body.split("\n")),
        figures=rules.figure_rows(facts),
        categories=rules.category_rows(facts),
        asked_on=facts.asked_on,
        distribution=tuple(foot.split("\n")) if foot else (),
    )


def beneficiary_named_in(
    text: str, *, prefix: str, starts_at: datetime, ends_at: datetime
) -> str | None:
    """Return the name of a beneficiary of the region and window that stands in the text."""
    low, high = prefix_range(prefix)
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED,
            {
                "text": text,
                "low": low,
                "high": high,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "length_min": _NAME_LENGTH_MIN,
            },
        )
        row = cursor.fetchone()
    return row[0] if row else None


def lock_region(code: str) -> Region:
    """Lock a region while its next brief is numbered; others may still point at it."""
    return Region.objects.select_for_update(no_key=True).get(code=code)


def last_number(region: Region, *, year: int) -> int:
    """Return the number of the region's last brief of a year; 0 before the first."""
    found = Brief.objects.filter(cell=region.cell, region=region, year=year)
    number: int | None = found.aggregate(last=Max("number"))["last"]
    return number or 0


def newest_of(region: Region) -> Brief | None:
    """Return the brief the region issued last."""
    found = Brief.objects.filter(cell=region.cell, region=region)
    return found.order_by("-year", "-number").first()


def unit_of(region: Region) -> str:
    """Propose who edits the briefs of a region: the unit of its last brief, else its own name."""
    newest = newest_of(region)
    if newest is not None:
        return newest.unit
    above = Region.objects.filter(code__in=ancestor_codes(region.code)).order_by("code")
    return "".join(one.name for one in above if len(one.code) >= _UNIT_DIGITS) or region.name


def _measures(
    tally: statistics.Tally, activities: statistics.ActivityTally | None = None
) -> Measures:
    of_activities = activities or statistics.ActivityTally()
    return Measures(
        activities=of_activities.activities,
        activity_person_times=of_activities.person_times,
        activity_people=of_activities.people,
        people_served=of_activities.people_served,
        volunteers=tally.volunteers,
        active_volunteers=tally.active_volunteers,
        requests=tally.requests,
        verified=tally.verified,
        fulfilled=tally.fulfilled,
        unserved=tally.declined + tally.withdrawn + tally.lapsed,
        response_minutes_median=tally.response_minutes_median,
        answers_due=tally.answers_due,
        answered_in_time=tally.answered_in_time,
        visits=tally.visits,
        person_times=tally.person_times,
        proved_minutes=tally.proved_minutes,
        entered_minutes=tally.entered_minutes,
        beneficiaries=tally.beneficiaries,
    )
