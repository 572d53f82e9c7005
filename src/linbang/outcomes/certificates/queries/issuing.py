"""What can be certified to somebody."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max, Min, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, day_window, local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import found_people
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records import queries as service_records
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.certificates import rules
from linbang.outcomes.certificates.rules import Contents, Line


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when somebody's counting records reach, and which units recorded them."""

    first: date
    last: date
    units: tuple[str, ...]


def people_to_certify(actor: Actor) -> QuerySet[Person]:
    """Return whom the actor may issue certificates to: oneself, and the station's people."""
    own = Person.objects.filter(cell=actor.cell, pk=actor.person_id or 0, closed_at=None)
    regions = actor.regions_for(Permission.VERIFY_RECORDS)
    if not regions:
        return own
    return own | Person.objects.filter(within_any("region_id", regions), closed_at=None)


def people_found(actor: Actor, text: str, *, limit: int = 20) -> list[Person]:
    """Return the station's volunteers that a worker's words fit."""
    visible = people_to_certify(actor).values("pk")
    found = found_people(actor, text).filter(pk__in=visible, volunteer__isnull=False)
    return list(found.select_related("volunteer")[:limit])


def person_to_certify(actor: Actor, person_id: int) -> Person:
    """Return a person the actor may certify, with the profile. Raises NotFound."""
    found = people_to_certify(actor).filter(pk=person_id).select_related("volunteer").first()
    if found is None:
        raise NotFound
    return found


def counting_records(person: Person) -> QuerySet[ServiceRecord]:
    """Return a person's verified records that count something, the oldest first.

    ``counts_minutes`` is what each counts now, corrections included.
    """
    return (
        service_records.records_with_facts()  # type: ignore[misc]  # annotated
        .filter(cell=person.cell, person=person, verification__isnull=False, counts_minutes__gt=0)
        .order_by("starts_at", "id")
    )


def records_to_certify(
    person: Person, first: date, last: date, *, unit: str = ""
) -> list[ServiceRecord]:
    """Return the records of a period, of one unit or of all; one query."""
    found = counting_records(person).filter(
        starts_at__gte=day_window(first)[0], starts_at__lt=day_window(last)[1]
    )
    return list(found.filter(recording_unit=unit) if unit else found)


def contents(records: list[ServiceRecord]) -> Contents:
    """Return records as the lines of a certificate."""
    return rules.contents_of(_line(record) for record in records)


def span_of(person: Person) -> Span | None:
    """Return what there is to certify at all; two queries, none for who has no record."""
    records = counting_records(person).order_by()
    ends = records.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if ends["first"] is None:
        return None
    units = records.values_list("recording_unit", flat=True).distinct().order_by("recording_unit")
    return Span(local_date(ends["first"]), local_date(ends["last"]), tuple(units))


def _line(record: ServiceRecord) -> Line:
    starts, ends = (at.astimezone(CHINA) for at in (record.starts_at, record.ends_at))
    return Line(
        day=starts.date().isoformat(),
        starts=_clock(starts),
        ends="24:00" if ends.time() == time() else _clock(ends),
        content=record.title or record.visit.assignment.need.item.name,  # type: ignore[union-attr]  # record_has_one_source
        unit=record.recording_unit,
        minutes=record.counts_minutes,  # type: ignore[attr-defined]  # annotated
        proved=record.kind == RecordKind.PROVED,
    )


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
