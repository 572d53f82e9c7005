"""Trainings as people find them, and as they are recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from linbang.foundation.places.queries import within_any
from linbang.operations.clearance.choices import RESULT_TONES, TrainingResult
from linbang.operations.clearance.models import Enrolment, TrainingSession
from linbang.operations.clearance.queries.sessions import with_places_left


@dataclass(frozen=True)
class SessionLine:
    """A sitting as people see it, with the reader's own standing in it."""

    public_id: UUID
    training: str
    qualification: str
    content: str
    kind: str
    mode: str
    organiser: str
    learning_minutes: int
    starts_at: datetime
    ends_at: datetime
    place: str
    trainer: str
    places: int
    places_left: int
    is_mine: bool
    is_cancelled: bool
    cancel_reason: str
    has_begun: bool

    @property
    def is_open(self) -> bool:
        """One may enrol."""
        return not (self.is_cancelled or self.has_begun or self.is_mine) and self.places_left > 0


def sessions_shown(
    *, home: str, now: datetime, qualification: str = "", person_id: int | None = None
) -> QuerySet[TrainingSession]:
    """Return the sittings to come in a home's county: own community first, then by time."""
    sessions = _with_standing(TrainingSession.objects.all(), person_id).filter(
        cell=home[:6], cancelled_at=None, training__ended_at=None, starts_at__gt=now
    )
    if qualification:
        sessions = sessions.filter(training__qualification_id=qualification)
    rings = [home[:length] for length in (12, 9) if len(home) >= length]
    within = [
        When(within_any("training__region_id", [ring]), then=n) for n, ring in enumerate(rings)
    ]
    nearness = Case(*within, default=Value(len(rings)))
    return sessions.order_by(nearness, "starts_at", "id")


def sessions_of(person_id: int, *, now: datetime) -> QuerySet[TrainingSession]:
    """Return the sittings to come in which a person is enrolled, cancelled ones left out."""
    mine = Enrolment.objects.filter(person_id=person_id, left_at=None)
    return (
        _with_standing(TrainingSession.objects.all(), person_id)
        .filter(pk__in=mine.values("session_id"), ends_at__gt=now, cancelled_at=None)
        .order_by("starts_at", "id")
    )


def without_mine(sessions: QuerySet[TrainingSession], person_id: int) -> QuerySet[TrainingSession]:
    """Leave out the sittings a person is enrolled in."""
    mine = Enrolment.objects.filter(person_id=person_id, left_at=None)
    return sessions.exclude(pk__in=mine.values("session_id"))


def session_seen(person_id: int | None) -> QuerySet[TrainingSession]:
    """Return all sittings with one reader's standing: who is signed in may see each of them."""
    return _with_standing(TrainingSession.objects.all(), person_id)


def _with_standing(
    sessions: QuerySet[TrainingSession], person_id: int | None
) -> QuerySet[TrainingSession]:
    mine = Enrolment.objects.filter(
        cell=OuterRef("cell"), session=OuterRef("pk"), person_id=person_id or 0, left_at=None
    )
    return (
        with_places_left(sessions)
        .annotate(is_mine=Exists(mine))
        .select_related("training__organiser", "training__qualification")
    )


def session_lines(sessions: Iterable[TrainingSession], *, now: datetime) -> list[SessionLine]:
    """Return sittings as lines; no query beyond those of ``sessions``."""
    return [session_line(session, now=now) for session in sessions]


def session_line(session: TrainingSession, *, now: datetime) -> SessionLine:
    """Return one sitting, found with its standing, as a line."""
    training = session.training
    return SessionLine(
        public_id=session.public_id,
        training=training.name,
        qualification=training.qualification.label if training.qualification else "",
        content=training.content,
        kind=training.get_kind_display(),
        mode=training.get_mode_display(),
        organiser=training.organiser.name,
        learning_minutes=training.learning_minutes,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        trainer=session.trainer,
        places=session.places,
        places_left=max(session.places_left, 0),  # type: ignore[attr-defined]  # annotated
        is_mine=session.is_mine,  # type: ignore[attr-defined]  # annotated
        is_cancelled=session.cancelled_at is not None,
        cancel_reason=session.cancel_reason,
        has_begun=session.starts_at <= now,
    )


@dataclass(frozen=True)
class RecordLine:
    """One training of a person's record (Order 67, art. 8). Learning time is no service time."""

    name: str
    content: str
    kind: str
    learning_minutes: int
    organiser: str
    day: datetime
    result: str
    tone: str


def training_record_of(person_id: int) -> list[RecordLine]:
    """Return a person's passed trainings, the newest first; one query."""
    passed = (
        Enrolment.objects.select_related("session__training__organiser")
        .filter(person_id=person_id, left_at=None, result=TrainingResult.PASSED)
        .order_by("-session__starts_at", "-id")
    )
    return [_record_line(enrolment) for enrolment in passed]


def _record_line(enrolment: Enrolment) -> RecordLine:
    training = enrolment.session.training
    return RecordLine(
        name=training.name,
        content=training.content,
        kind=training.get_kind_display(),
        learning_minutes=training.learning_minutes,
        organiser=training.organiser.name,
        day=enrolment.session.starts_at,
        result=enrolment.get_result_display(),
        tone=RESULT_TONES[enrolment.result],
    )
