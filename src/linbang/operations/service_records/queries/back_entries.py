"""Who may be entered afterwards, for what, and what was."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people import queries as people
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.models import Attendance
from linbang.operations.service_records.models import (
    BackEntry,
    BackEntryProof,
    BackEntrySegment,
    ServiceRecord,
)
from linbang.operations.service_records.rules import Window

_UNITS_MAX = 200


@dataclass(frozen=True)
class EntryRow:
    """A submission in a list."""

    public_id: UUID
    title: str
    organiser: str
    entered_at: datetime
    people: int
    waiting: int
    refused: int


@dataclass(frozen=True)
class RefusedLine:
    """A person of the list who was not entered, and why."""

    who: str
    code: str
    reason: str


@dataclass(frozen=True)
class EntrySheet:
    """A submission as its page tells it; names in full, for who entered or looks after it."""

    entry: BackEntry
    entered_by: str
    segments: tuple[BackEntrySegment, ...]
    refused: tuple[RefusedLine, ...]
    media_type: str
    size: int
    waiting: int


def activities_to_enter(actor: Actor) -> QuerySet[Activity]:
    """Return the activities, once published, whose people the actor may enter afterwards."""
    return (
        Activity.objects.select_related("organiser")
        .exclude(state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW])
        .filter(dispatch.led_by(actor))
    )


def units_to_enter_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the open organisations for whose work the actor may enter people; 200 at most."""
    scope = within_any("region_id", actor.regions_for(Permission.LEAD_SHIFTS))
    for path in actor.organisations_for(Permission.LEAD_SHIFTS):
        low, high = prefix_range(path)
        scope |= Q(path__gte=low, path__lt=high)
    return Organisation.objects.filter(scope, closed_at=None).order_by("path")[:_UNITS_MAX]


def entries_visible_to(actor: Actor) -> QuerySet[BackEntry]:
    """Return what the actor entered, or looks after as records, the latest first."""
    scope = within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    if actor.person_id is not None:
        scope |= Q(entered_by_id=actor.person_id)
    return BackEntry.objects.filter(scope).select_related("organiser").order_by("-id")


def entry_visible_to(actor: Actor, entry: UUID) -> BackEntry:
    """Return one submission. Raises NotFound."""
    found = entries_visible_to(actor).filter(public_id=entry).first()
    if found is None:
        raise NotFound
    return found


def entry_with_key(entered_by_id: int, cell: str, key: str) -> BackEntry | None:
    """Return what was entered with a key before."""
    return BackEntry.objects.filter(cell=cell, entered_by_id=entered_by_id, key=key).first()


def entry_rows(entries: Iterable[BackEntry]) -> list[EntryRow]:
    """Return one page of submissions as lines; one query more."""
    shown = list(entries)
    counts = {
        row["back_entry_id"]: (row["people"], row["waiting"])
        for row in BackEntrySegment.objects.filter(back_entry__in=shown)
        .values("back_entry_id")
        .annotate(
            people=Count("person", distinct=True),
            waiting=Count("records", filter=Q(records__verification=None)),
        )
    }
    return [
        EntryRow(
            public_id=one.public_id,
            title=one.title,
            organiser=one.organiser.name,
            entered_at=one.entered_at,
            people=counts.get(one.pk, (0, 0))[0],
            waiting=counts.get(one.pk, (0, 0))[1],
            refused=len(refused_lines(one)),
        )
        for one in shown
    ]


def entry_sheet(entry: BackEntry) -> EntrySheet:
    """Return all of a submission but its proof itself; four queries."""
    segments = tuple(
        BackEntrySegment.objects.filter(cell=entry.cell, back_entry=entry)
        .select_related("person")
        .order_by("person__pinyin", "starts_at", "id")
    )
    proof = BackEntryProof.objects.defer("content").get(cell=entry.cell, back_entry=entry)
    waiting = ServiceRecord.objects.filter(entry__in=segments, verification=None)
    return EntrySheet(
        entry=entry,
        entered_by=Person.objects.values_list("name", flat=True).get(pk=entry.entered_by_id),
        segments=segments,
        refused=tuple(refused_lines(entry)),
        media_type=proof.media_type,
        size=proof.size,
        waiting=waiting.count(),
    )


def refused_lines(entry: BackEntry) -> list[RefusedLine]:
    """Return the people of a list who were not entered."""
    return [RefusedLine(**one) for one in json.loads(entry.refusals or "[]")]


def people_named(
    words: Collection[str], *, organiser: Organisation, activity: Activity | None, by: Actor
) -> Mapping[str, list[Person]]:
    """Return by number or name the people who may be entered: of the actor's region, of the team,
    or with a place at the activity; two queries.

    Each way in is asked of the few who are so called: joined to one another, the ways multiply.
    """
    low, high = prefix_range(organiser.path)
    mine = {"person": OuterRef("pk")}
    members = Membership.objects.filter(
        **mine,
        organisation__path__gte=low,
        organisation__path__lt=high,
        approved_at__isnull=False,
        ended_at=None,
    )
    scope = Q(pk__in=people.people_visible_to(by).values("pk")) | Q(Exists(members))
    if activity is not None:
        scope |= Q(Exists(SignUp.objects.filter(**mine, shift__activity=activity)))
    numbers = {word: word.upper() for word in words}
    numbered = VolunteerProfile.objects.filter(number__in=set(numbers.values()))
    ids = list(numbered.values_list("person_id", flat=True))
    named = Person.objects.filter(Q(name__in=words) | Q(pk__in=ids), scope, closed_at=None)
    found: dict[str, list[Person]] = defaultdict(list)
    for person in named.select_related("volunteer").order_by("id"):
        number = person.volunteer.number if hasattr(person, "volunteer") else ""
        for word in words:
            if word == person.name or numbers[word] == number:
                found[word].append(person)
    return found


def shifts_around(activity: Activity, days: Collection[date]) -> list[Shift]:
    """Return the shifts of an activity that touch some days; index ``shift_by_activity``."""
    return list(
        Shift.objects.filter(
            cell=activity.cell,
            activity=activity,
            state=ShiftState.PLANNED,
            starts_at__lt=day_window(max(days))[1],
            ends_at__gt=day_window(min(days))[0],
        )
        .select_related("post")
        .order_by("starts_at", "id")
    )


def is_taken(person_id: int, window: Window) -> bool:
    """Tell whether a person served or was somewhere in a window; two queries."""
    records = ServiceRecord.objects.filter(
        person_id=person_id,
        minutes__gt=0,
        starts_at__lt=window.ends_at,
        ends_at__gt=window.starts_at,
    )
    presence = (
        Attendance.objects.filter(person_id=person_id, in_at__lt=window.ends_at)
        .filter(Q(out_at=None) | Q(out_at__gt=window.starts_at))
        .exclude(out_method=AttendanceMethod.VOID)
    )
    return records.exists() or presence.exists()


def pairs_on(person_id: int, activity: Activity | None, day: date) -> int:
    """Count how often a person came to a known activity on a day (rule 32); one query."""
    if activity is None:
        return 0
    starts_at, ends_at = day_window(day)
    return (
        ServiceRecord.objects.filter(
            person_id=person_id, part=1, starts_at__gte=starts_at, starts_at__lt=ends_at
        )
        .filter(
            Q(attendance__sign_up__shift__activity=activity)
            | Q(entry__back_entry__activity=activity)
        )
        .count()
    )
