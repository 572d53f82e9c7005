"""The register of honours: one's own, the station's, and what an officer takes along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range, short_name
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity, Project
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import (
    HonourLevel,
    HonourState,
    HonourTarget,
    HonourVerdict,
)
from linbang.outcomes.recognition.models import Honour, HonourProof

EXPORT_MAX = 5_000


@dataclass(frozen=True)
class HonourFilters:
    """What of the register is wanted; empty means all of it."""

    region: str = ""
    level: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True)
class HonourRow:
    """One honour as lists and pages show it."""

    public_id: UUID
    name: str
    granted_date: date
    granted_by: str
    document_name: str
    document_number: str
    level: HonourLevel
    target: HonourTarget
    whose: str
    community: str
    state: HonourState
    reason: str
    entered_at: datetime
    has_proof: bool


def honours_of(actor: Actor) -> QuerySet[Honour]:
    """Return the actor's own honours in any state, and what her teams were honoured for."""
    if not actor.is_signed_in:
        return Honour.objects.none()
    teams = Membership.objects.filter(
        Q(person_id=actor.person_id, approved_at__isnull=False, ended_at=None)
    ).values("organisation_id")
    registered = Q(verdict=HonourVerdict.REGISTERED, struck_at=None)
    return (
        _honours()
        .filter(Q(person_id=actor.person_id) | registered & Q(team_id__in=teams))
        .order_by("-granted_date", "-id")
    )


def honours_of_team(team: Organisation) -> QuerySet[Honour]:
    """Return what a team was honoured for; index ``honour_by_team``."""
    found = _honours().filter(team=team, verdict=HonourVerdict.REGISTERED, struck_at=None)
    return found.order_by("-granted_date", "-id")


def register_visible_to(actor: Actor) -> QuerySet[Honour]:
    """Return the register of the actor's regions and teams, in any state, the latest first."""
    found = _honours().order_by("-granted_date", "-id")
    if actor.is_system:
        return found
    seen = within_any("region_id", actor.regions_for(Permission.SEE_PEOPLE))
    for path in actor.organisations_for(Permission.SEE_PEOPLE):
        low, high = prefix_range(path)
        seen |= Q(team__path__gte=low, team__path__lt=high)
    return found.filter(seen)


def register_to_export(actor: Actor) -> QuerySet[Honour]:
    """Return what the actor may take along of the register: where she may export."""
    return register_visible_to(actor).filter(
        within_any("region_id", actor.regions_for(Permission.EXPORT))
    )


def regions_of_register(actor: Actor) -> list[Region]:
    """Return the streets and communities the register may be filtered by; 200 by code."""
    return list(
        Region.objects.current()
        .filter(within_any("code", actor.regions_for(Permission.SEE_PEOPLE)))
        .filter(level__range=(RegionLevel.STREET, RegionLevel.COMMUNITY))
        .order_by("code")[:200]
    )


def honours_visible_to(actor: Actor) -> QuerySet[Honour]:
    """Return the honours whose page and proof the actor may see: own ones, and the register's."""
    mine = honours_of(actor).values("pk")
    return _honours().filter(Q(pk__in=mine) | Q(pk__in=register_visible_to(actor).values("pk")))


def honours_kept_by(actor: Actor) -> QuerySet[Honour]:
    """Return the honours the actor checks and strikes: those of regions whose records she does."""
    if actor.is_system:
        return _honours()
    return _honours().filter(within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)))


def waiting(honours: QuerySet[Honour]) -> QuerySet[Honour]:
    """Keep what waits to be checked, the oldest first."""
    return honours.filter(verdict="", struck_at=None).order_by("id")


def registered(honours: QuerySet[Honour]) -> QuerySet[Honour]:
    """Keep what stands in the register."""
    return honours.filter(verdict=HonourVerdict.REGISTERED, struck_at=None)


def filtered(honours: QuerySet[Honour], wanted: HonourFilters) -> QuerySet[Honour]:
    """Keep what was asked for."""
    if wanted.region:
        honours = honours.filter(within_any("region_id", [wanted.region]))
    if wanted.level:
        honours = honours.filter(level=wanted.level)
    if wanted.target:
        honours = honours.filter(target=wanted.target)
    if wanted.since:
        honours = honours.filter(granted_date__gte=wanted.since)
    if wanted.until:
        honours = honours.filter(granted_date__lte=wanted.until)
    if wanted.text:
        honours = honours.filter(
            Q(name__contains=wanted.text)
            | Q(granted_by__contains=wanted.text)
            | Q(person__name__contains=wanted.text)
            | Q(team__name__contains=wanted.text)
        )
    return honours


def honour_rows(honours: Iterable[Honour]) -> list[HonourRow]:
    """Return what lists and pages show of honours from one of the queries here."""
    return [_row(one) for one in honours]


def lock_honour(honour: UUID, among: QuerySet[Honour]) -> Honour:
    """Return an honour of a query with its row locked. Raises NotFound."""
    found = Honour.objects.select_for_update(of=("self",)).filter(public_id=honour).first()
    if found is None or not among.filter(pk=found.pk).exists():
        raise NotFound
    return found


def proof_of(honour: Honour) -> HonourProof:
    """Return an honour's proof. Raises NotFound."""
    found = HonourProof.objects.filter(cell=honour.cell, honour=honour).first()
    if found is None:
        raise NotFound
    return found


def people_to_honour(actor: Actor) -> QuerySet[Person]:
    """Return the volunteers a worker may enter an honour for."""
    return Person.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)),
        closed_at=None,
        volunteer__isnull=False,
    ).order_by("pinyin", "id")


def person_to_honour(actor: Actor, text: str) -> Person | None:
    """Return the one volunteer a number or a whole name means; None for none or several."""
    words = text.strip()
    found = people_to_honour(actor).filter(Q(volunteer__number=words.upper()) | Q(name=words))
    two = list(found[:2])
    return two[0] if len(two) == 1 else None


def teams_to_honour(actor: Actor) -> QuerySet[Organisation]:
    """Return the teams and units a worker may enter an honour for, by name."""
    found = Organisation.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)), closed_at=None
    )
    return found.order_by("name", "id")


def activities_to_honour(actor: Actor) -> QuerySet[Activity]:
    """Return the activities a worker may enter an honour for, the latest first."""
    found = Activity.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    ).exclude(state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW])
    return found.order_by("-id")


def projects_to_honour(actor: Actor) -> QuerySet[Project]:
    """Return the projects a worker may enter an honour for, the latest first."""
    found = Project.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    )
    return found.order_by("-id")


def _honours() -> QuerySet[Honour]:
    proofs = HonourProof.objects.filter(cell=OuterRef("cell"), honour=OuterRef("pk"))
    return Honour.objects.select_related(
        "person", "team", "activity", "project", "region"
    ).annotate(has_proof=Exists(proofs))


def _row(one: Honour) -> HonourRow:
    target = one.person or one.team or one.activity or one.project
    return HonourRow(
        public_id=one.public_id,
        name=one.name,
        granted_date=one.granted_date,
        granted_by=one.granted_by,
        document_name=one.document_name,
        document_number=one.document_number,
        level=HonourLevel(one.level),
        target=HonourTarget(one.target),
        whose=str(target),
        community=short_name(one.region.name),
        state=rules.honour_state(verdict=one.verdict, is_struck=one.struck_at is not None),
        reason=one.struck_reason or one.reason,
        entered_at=one.entered_at,
        has_proof=one.has_proof,  # type: ignore[attr-defined]  # annotated
    )
