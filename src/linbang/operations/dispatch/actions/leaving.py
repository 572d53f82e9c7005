"""A volunteer, a need or a pair steps back."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import notify
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch.actions.closing import withdraw_open_offers
from linbang.operations.dispatch.actions.seeking import escalate
from linbang.operations.dispatch.choices import CommitmentSource, EscalationCause
from linbang.operations.dispatch.errors import ReasonMissing, VisitBegun
from linbang.operations.dispatch.events import AssignmentEnded
from linbang.operations.dispatch.models import Assignment, BlockedPair, Commitment, Escalation


@transaction.atomic
def leave_assignment(*, assignment_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Give an accepted need back before the visit begins; the next helper is sought at once.

    Raises NotFound, ReasonMissing, VisitBegun.
    """
    assignment = Assignment.objects.select_related("need__item").filter(pk=assignment_id).first()
    if assignment is None or not _may_end(assignment, by):
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    need = lock_need(assignment.need_id)
    if need.state not in (NeedState.ASSIGNED, NeedState.OFFERED, NeedState.ESCALATED):
        raise VisitBegun
    if _end(assignment, reason=reason, by=by, now=now) and need.state == NeedState.ASSIGNED:
        _seek_again(need, reason=reason, by=by, now=now)


def _seek_again(need: Need, *, reason: str, by: Actor, now: datetime) -> None:
    """Let the system look once more, unless the station had to find the helper who left."""
    if Escalation.objects.filter(cell=need.cell, need_id=need.pk).exists():
        escalate(need, cause=EscalationCause.HELPER_LEFT, by=by, now=now)
    else:
        advance_need(need=need, state=NeedState.OFFERED, by=by, now=now, reason=reason)


@transaction.atomic
def stand_down(*, need_id: int, by: Actor, now: datetime) -> None:
    """Free everybody who was asked or promised for a need that is no longer wanted."""
    need = lock_need(need_id)
    withdraw_open_offers(need, now=now)
    for assignment in Assignment.objects.filter(
        cell=need.cell, need_id=need.pk, ended_at=None
    ).order_by("id"):
        _end(assignment, reason="", by=by, now=now)
        notify(
            person_id=assignment.volunteer_id,
            kind=NoticeKind.VISIT,
            template="visit_cancelled",
            params={"item": need.item.name, "starts_at": need.starts_at.isoformat()},
            url="/visits/",
            key=f"assignment:{assignment.pk}:ended",
            now=now,
        )


def _may_end(assignment: Assignment, by: Actor) -> bool:
    return by.person_id == assignment.volunteer_id or by.may(
        Permission.DISPATCH, region=assignment.need.region_id
    )


def _end(assignment: Assignment, *, reason: str, by: Actor, now: datetime) -> bool:
    """End an assignment once; tell whether it was still running."""
    ended = Assignment.objects.filter(
        cell=assignment.cell, pk=assignment.pk, ended_at=None
    ).update(ended_at=now, end_reason=reason.strip()[:200])
    if not ended:
        return False
    Commitment.objects.filter(
        source=CommitmentSource.ASSIGNMENT, source_id=assignment.pk, released_at=None
    ).update(released_at=now)
    record(
        by=by,
        action="dispatch.end_assignment",
        subject=assignment,
        region_code=assignment.need.region_id,
        now=now,
    )
    announce(
        AssignmentEnded(
            assignment_id=assignment.pk, need_id=assignment.need_id, cell=assignment.cell
        )
    )
    return True


@transaction.atomic
def block_pair(*, need_id: int, volunteer_id: int, by: Actor, now: datetime) -> BlockedPair:
    """Never again bring this beneficiary and this volunteer together. Raises NotAllowed."""
    need = Need.objects.get(pk=need_id)
    if not by.may(Permission.DISPATCH, region=need.region_id):
        raise NotAllowed
    if not Person.objects.filter(pk=volunteer_id).exists():
        raise NotFound
    pair, created = BlockedPair.objects.get_or_create(
        cell=need.cell,
        beneficiary_id=need.beneficiary_id,
        volunteer_id=volunteer_id,
        ended_at=None,
        defaults={"since": now, "by_id": by.person_id},
    )
    if created:
        record(by=by, action="dispatch.block_pair", subject=pair, region_code=need.region_id, now=now)
    return pair
