"""Trainings as workers keep them: the list, the sheet of a sitting, what there is to choose."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name, mask_phone
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.queries import people_visible_to
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import QualificationKind
from linbang.intake.activities.models import Qualification
from linbang.operations.clearance.choices import RESULT_TONES, SittingTab
from linbang.operations.clearance.models import Enrolment, Training, TrainingSession
from linbang.operations.clearance.queries.sessions import with_places_left

CHOICES_MAX = 300


def trainings_kept_by(actor: Actor) -> QuerySet[Training]:
    """Return the open trainings of the regions where the actor clears volunteers, by name."""
    return trainings_kept(actor).filter(ended_at=None).order_by("name", "id")


def trainings_kept(actor: Actor) -> QuerySet[Training]:
    """Return the trainings of the actor's regions, the ended ones too."""
    trainings = Training.objects.select_related("organiser", "qualification", "region")
    if not actor.is_system:
        regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
        trainings = trainings.filter(within_any("region_id", regions))
    return trainings


def sessions_kept_by(actor: Actor) -> QuerySet[TrainingSession]:
    """Return the sittings of the actor's trainings, with how many are enrolled."""
    sessions = with_places_left(TrainingSession.objects.all()).select_related(
        "training__organiser", "training__qualification"
    )
    if actor.is_system:
        return sessions
    regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    return sessions.filter(within_any("training__region_id", regions))


def sittings_on_tab(
    sessions: QuerySet[TrainingSession], tab: SittingTab, *, now: datetime
) -> QuerySet[TrainingSession]:
    """Keep the sittings of one tab: those to come by time, the others the newest first."""
    undecided = Exists(
        Enrolment.objects.filter(
            cell=OuterRef("cell"), session=OuterRef("pk"), left_at=None, result=""
        )
    )
    if tab == SittingTab.AHEAD:
        ahead = sessions.filter(starts_at__gt=now, cancelled_at=None)
        return ahead.order_by("starts_at", "id")
    if tab == SittingTab.UNSETTLED:
        begun = sessions.filter(undecided, starts_at__lte=now, cancelled_at=None)
        return begun.order_by("starts_at", "id")
    over = sessions.filter(Q(starts_at__lte=now) & ~undecided | Q(cancelled_at__isnull=False))
    return over.order_by("-starts_at", "-id")


@dataclass(frozen=True)
class SittingRow:
    """A sitting in the console's list."""

    public_id: UUID
    training: str
    training_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str
    places: int
    enrolled: int
    undecided: int
    is_cancelled: bool
    is_ahead: bool


def sitting_rows(sessions: QuerySet[TrainingSession], *, now: datetime) -> list[SittingRow]:
    """Return one page of sittings as rows; one query more for those without a result."""
    found = list(sessions)
    open_ones = dict(
        Enrolment.objects.filter(
            session__in=[session.pk for session in found], left_at=None, result=""
        )
        .order_by()
        .values_list("session_id")
        .annotate(Count("id"))
    )
    return [
        SittingRow(
            public_id=session.public_id,
            training=session.training.name,
            training_id=session.training.public_id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            place=session.place,
            places=session.places,
            enrolled=session.enrolled,  # type: ignore[attr-defined]  # annotated
            undecided=open_ones.get(session.pk, 0) if session.starts_at <= now else 0,
            is_cancelled=session.cancelled_at is not None,
            is_ahead=session.starts_at > now,
        )
        for session in found
    ]


@dataclass(frozen=True)
class SheetLine:
    """One person on a sitting's sheet; minors and people from elsewhere are masked."""

    public_id: UUID
    name: str
    number: str
    phone: str
    result: str
    result_label: str
    tone: str


def sheet_of(session: TrainingSession, *, actor: Actor, today: date) -> list[SheetLine]:
    """Return who is enrolled in a sitting, in order of enrolment; two queries."""
    enrolments = list(
        Enrolment.objects.select_related("person__volunteer")
        .filter(cell=session.cell, session=session, left_at=None)
        .order_by("id")
    )
    ids = [enrolment.person_id for enrolment in enrolments]
    known = set(people_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        _sheet_line(enrolment, is_known=enrolment.person_id in known, today=today)
        for enrolment in enrolments
    ]


def _sheet_line(enrolment: Enrolment, *, is_known: bool, today: date) -> SheetLine:
    person = enrolment.person
    is_shown = is_known and not needs_guardian(person.birth_date, today=today)
    profile = getattr(person, "volunteer", None)
    return SheetLine(
        public_id=enrolment.public_id,
        name=person.name if is_shown else mask_name(person.name),
        number=profile.number if profile else "",
        phone=mask_phone(person.phone) if is_shown and person.phone else "",
        result=enrolment.result,
        result_label=enrolment.get_result_display(),
        tone=RESULT_TONES.get(enrolment.result, "grey"),
    )


def enrolments_kept_by(actor: Actor) -> QuerySet[Enrolment]:
    """Return the enrolments in the sittings the actor keeps."""
    enrolments = Enrolment.objects.select_related("session__training")
    if actor.is_system:
        return enrolments
    regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    return enrolments.filter(within_any("session__training__region_id", regions))


def qualifications_taught() -> list[tuple[str, str]]:
    """Return the qualifications a training can lead to, as choices."""
    taught = Qualification.objects.filter(kind=QualificationKind.TRAINING)
    return [(one.code, one.label) for one in taught.order_by("position", "code")]


def regions_to_teach_in(actor: Actor) -> list[tuple[str, str]]:
    """Return the regions where the actor may hold trainings, the largest first."""
    codes = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    regions = Region.objects.current().filter(
        within_any("code", codes), level__lte=RegionLevel.COMMUNITY
    )
    return list(regions.order_by("level", "code").values_list("code", "name")[:CHOICES_MAX])


def organisers_for(actor: Actor) -> list[tuple[str, str]]:
    """Return the units and teams of the actor's regions, as choices of an organiser."""
    codes = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    units = Organisation.objects.filter(within_any("region_id", codes), closed_at=None)
    return [(str(one.public_id), one.name) for one in units.order_by("path")[:CHOICES_MAX]]


def organiser_with(actor: Actor, public_id: UUID | str) -> Organisation:
    """Return one of the actor's organisers. Raises NotFound."""
    codes = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    units = Organisation.objects.filter(closed_at=None)
    if not actor.is_system:
        units = units.filter(within_any("region_id", codes))
    organiser = units.filter(public_id=public_id).first()
    if organiser is None:
        raise NotFound
    return organiser
