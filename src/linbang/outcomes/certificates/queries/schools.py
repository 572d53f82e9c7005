"""What pupils served, for their own school's practice credit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, day_window
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records import queries as service_records
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.certificates.models import Certificate, CertificateEnding


@dataclass(frozen=True, slots=True)
class Served:
    """One service of a pupil."""

    starts: str
    ends: str
    content: str
    unit: str
    minutes: int
    proved: bool


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil's sums in a period, the services behind them, and the newest valid certificate."""

    name: str
    number: str
    group: str
    proved: int
    entered: int
    served: tuple[Served, ...]
    certificate: str


def schools_to_export_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the schools whose pupils' hours the actor may take out: a school's own people, and
    who exports figures where it lies.
    """
    seen = within_any("region_id", actor.regions_for(Permission.EXPORT))
    for path in actor.organisations_for(Permission.SEE_PEOPLE):
        seen |= Q(path__gte=path, path__lt=path + ":")
    schools = Organisation.objects.filter(seen, kind=OrganisationKind.SCHOOL, closed_at=None)
    return schools.order_by("path")


def pupils_of(school: Organisation, first: date, last: date) -> list[Pupil]:
    """Return the members of a school and its classes with what counts of a period, by class and
    name; three queries. Those without hours are listed too: a teacher looks for each name.
    """
    members = (
        Membership.objects.filter(
            organisation__path__gte=school.path,
            organisation__path__lt=school.path + ":",
            approved_at__isnull=False,
            ended_at=None,
        )
        .select_related("person__volunteer", "organisation")
        .order_by(Length("organisation__path"), "id")
    )
    # The deepest membership comes last and names the class.
    deepest = {one.person_id: one for one in members}
    ids = list(deepest)
    served = _served_by(ids, first, last)
    certificates = _certificates_by(ids, first, last)
    rows = [
        _pupil(one, school, served[one.person_id], certificates.get(one.person_id, ""))
        for one in deepest.values()
    ]
    return sorted(rows, key=lambda row: (row.group, row.name, row.number))


def _served_by(ids: Iterable[int], first: date, last: date) -> dict[int, list[Served]]:
    records = (
        service_records.records_with_facts()  # type: ignore[misc]  # annotated
        .filter(
            person_id__in=list(ids),
            verification__isnull=False,
            counts_minutes__gt=0,
            starts_at__gte=day_window(first)[0],
            starts_at__lt=day_window(last)[1],
        )
        .order_by("starts_at", "id")
    )
    found: dict[int, list[Served]] = defaultdict(list)
    for record in records:
        found[record.person_id].append(_served(record))
    return found


def _served(record: ServiceRecord) -> Served:
    starts, ends = (at.astimezone(CHINA) for at in (record.starts_at, record.ends_at))
    return Served(
        starts=f"{starts:%Y-%m-%d %H:%M}",
        ends=f"{ends:%H:%M}",
        content=record.title or record.visit.assignment.need.item.name,  # type: ignore[union-attr]  # record_has_one_source
        unit=record.recording_unit,
        minutes=record.counts_minutes,  # type: ignore[attr-defined]  # annotated
        proved=record.kind == RecordKind.PROVED,
    )


def _certificates_by(ids: Iterable[int], first: date, last: date) -> dict[int, str]:
    ended = CertificateEnding.objects.filter(cell=OuterRef("cell"), certificate=OuterRef("pk"))
    found = (
        Certificate.objects.filter(
            person_id__in=list(ids), first_date__lte=last, last_date__gte=first
        )
        .exclude(Exists(ended))
        .order_by("issued_at", "id")
    )
    return dict(found.values_list("person_id", "number"))


def _pupil(
    member: Membership, school: Organisation, served: list[Served], certificate: str
) -> Pupil:
    profile = getattr(member.person, "volunteer", None)
    return Pupil(
        name=member.person.name,
        number=profile.number if profile else "",
        group="" if member.organisation_id == school.pk else member.organisation.name,
        proved=sum(one.minutes for one in served if one.proved),
        entered=sum(one.minutes for one in served if not one.proved),
        served=tuple(served),
        certificate=certificate,
    )
