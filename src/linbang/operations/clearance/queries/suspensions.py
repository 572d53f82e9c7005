"""Pauses of sign-ups, and the appeals against them (rule 28)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.queries import within_any
from linbang.operations.clearance.choices import APPEAL_TONES, AppealState, SuspensionCause
from linbang.operations.clearance.models import Appeal, Suspension


@dataclass(frozen=True)
class AppealLine:
    """What was said against a pause, and what was answered."""

    public_id: UUID
    text: str
    opened_at: datetime
    state: str
    label: str
    tone: str
    answer: str


@dataclass(frozen=True)
class SuspensionLine:
    """A pause as its person and its workers see it."""

    public_id: UUID
    person_id: UUID
    name: str
    cause: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    lifted_at: datetime | None
    lift_reason: str
    is_running: bool
    may_appeal: bool
    may_decide: bool
    appeal: AppealLine | None


def running(suspensions: QuerySet[Suspension], *, now: datetime) -> QuerySet[Suspension]:
    """Keep the pauses that hold now."""
    return suspensions.filter(lifted_at=None, starts_at__lte=now, ends_at__gt=now)


def suspensions_of(person_id: int) -> QuerySet[Suspension]:
    """Return a person's pauses with their appeals, the newest first."""
    return _with_appeal(Suspension.objects.filter(person_id=person_id)).order_by(
        "-starts_at", "-id"
    )


def suspensions_kept_by(actor: Actor) -> QuerySet[Suspension]:
    """Return the pauses of the people where the actor clears volunteers, open appeals first."""
    suspensions = _with_appeal(Suspension.objects.filter(person__closed_at=None))
    if not actor.is_system:
        regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
        suspensions = suspensions.filter(within_any("person__region_id", regions))
    return suspensions.order_by("-starts_at", "-id")


def with_open_appeal(suspensions: QuerySet[Suspension]) -> QuerySet[Suspension]:
    """Keep the pauses whose appeal waits, the oldest appeal first."""
    return suspensions.filter(appeal__state=AppealState.OPEN).order_by("appeal__opened_at", "id")


def without_open_appeal(suspensions: QuerySet[Suspension]) -> QuerySet[Suspension]:
    """Leave out the pauses whose appeal waits."""
    return suspensions.filter(Q(appeal=None) | ~Q(appeal__state=AppealState.OPEN))


def _with_appeal(suspensions: QuerySet[Suspension]) -> QuerySet[Suspension]:
    return suspensions.select_related("person", "appeal")


def suspension_lines(
    suspensions: Iterable[Suspension], *, reader: Actor, now: datetime
) -> list[SuspensionLine]:
    """Return pauses as lines; no query beyond those of ``suspensions``."""
    return [suspension_line(one, reader=reader, now=now) for one in suspensions]


def suspension_line(suspension: Suspension, *, reader: Actor, now: datetime) -> SuspensionLine:
    """Return one pause as a line, with what its reader may do; no query."""
    appeal = getattr(suspension, "appeal", None)
    person = suspension.person
    is_running = suspension.lifted_at is None and suspension.starts_at <= now < suspension.ends_at
    is_own = reader.person_id == person.pk
    is_masked = not is_own and needs_guardian(person.birth_date, today=clock.local_date(now))
    return SuspensionLine(
        public_id=suspension.public_id,
        person_id=person.public_id,
        name=mask_name(person.name) if is_masked else person.name,
        cause=str(SuspensionCause(suspension.cause).label),
        reason=suspension.reason,
        starts_at=suspension.starts_at,
        ends_at=suspension.ends_at,
        lifted_at=suspension.lifted_at,
        lift_reason=suspension.lift_reason,
        is_running=is_running,
        may_appeal=is_running and appeal is None,
        may_decide=appeal is not None
        and appeal.state == AppealState.OPEN
        and reader.person_id not in {suspension.by_id, person.pk},
        appeal=_appeal_line(appeal) if appeal is not None else None,
    )


def _appeal_line(appeal: Appeal) -> AppealLine:
    return AppealLine(
        public_id=appeal.public_id,
        text=appeal.text,
        opened_at=appeal.opened_at,
        state=appeal.state,
        label=str(AppealState(appeal.state).label),
        tone=APPEAL_TONES[appeal.state],
        answer=appeal.answer,
    )


def lock_suspension(suspension_id: int) -> Suspension:
    """Return a pause and its person with the pause locked. Raises NotFound."""
    suspension = (
        Suspension.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=suspension_id)
        .first()
    )
    if suspension is None:
        raise NotFound
    return suspension


def lock_appeal(appeal_id: int) -> Appeal:
    """Return an appeal with its row and its pause's locked. Raises NotFound."""
    appeal = (
        Appeal.objects.select_for_update(of=("self", "suspension"))
        .select_related("suspension__person")
        .filter(pk=appeal_id)
        .first()
    )
    if appeal is None:
        raise NotFound
    return appeal


def appeals_kept_by(actor: Actor) -> QuerySet[Appeal]:
    """Return the appeals of the people where the actor clears volunteers, the oldest first."""
    appeals = Appeal.objects.select_related("suspension__person")
    if not actor.is_system:
        regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
        appeals = appeals.filter(within_any("suspension__person__region_id", regions))
    return appeals.order_by("opened_at", "id")
