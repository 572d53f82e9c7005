"""A volunteer or a need steps back."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.foundation.events import announce
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.closing import close_escalation, withdraw_open_offers
from linbang.operations.dispatch.actions.seeking import escalate
from linbang.operations.dispatch.actions.telling import tell_askers, tell_not_going
from linbang.operations.dispatch.choices import SERVES_NO_MORE, CommitmentSource, EscalationCause
from linbang.operations.dispatch.errors import ReasonMissing, VisitBegun
from linbang.operations.dispatch.events import AssignmentEnded, OfferRefused
from linbang.operations.dispatch.models import Assignment, Commitment, Escalation


@transaction.atomic
def leave_assignment(*, assignment_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Give an accepted need back before the visit begins; the next helper is sought at once.

    A worker may do it for the volunteer. Leaving twice changes nothing.
    Raises NotFound, ReasonMissing, VisitBegun.
    """
    assignment = (
        Assignment.objects.select_related("need", "volunteer").filter(pk=assignment_id).first()
    )
    if assignment is None or not _may_end(assignment, by):
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    need = lock_need(assignment.need_id)
    if not queries.helpers_of(need).filter(pk=assignment_id).exists():
        return
    if NeedState(need.state) not in rules.LEAVABLE:
        raise VisitBegun
    _seek_again(need, reason=reason, by=by, now=now)
    _end(assignment, need, reason=reason, by=by, now=now)
    tell_askers("need_searching", need, now=now)
    if by.person_id != assignment.volunteer_id:
        tell_not_going(assignment, need, now=now)


def _seek_again(need: Need, *, reason: str, by: Actor, now: datetime) -> None:
    """Let the system look once more, unless the station had to find the helper who left."""
    if Escalation.objects.filter(cell=need.cell, need_id=need.pk).exists():
        escalate(need, cause=EscalationCause.HELPER_LEFT, by=by, now=now)
    else:
        advance_need(
            need=need, state=NeedState.OFFERED, by=by, now=now, reason=reason.strip()[:200]
        )


@transaction.atomic
def stand_down(*, need_id: int, by: Actor, now: datetime) -> None:
    """Free everybody who was asked or promised for a need that is no longer wanted."""
    release(lock_need(need_id), by=by, now=now)


def release(need: Need, *, by: Actor, now: datetime) -> None:
    """Free everybody who was asked or promised for a locked need, and tell them."""
    close_escalation(need, now=now)
    withdraw_open_offers(need, now=now)
    for assignment in queries.helpers_of(need):
        _end(assignment, need, reason="", by=by, now=now)
        tell_not_going(assignment, need, now=now)


@transaction.atomic
def release_volunteer(*, person_id: int, by: Actor, now: datetime) -> None:
    """Take back what is asked of somebody who serves no more; others are sought at once.

    A visit that has begun is finished: people are not left half-way.
    """
    for offer in queries.open_offers_of(person_id, now=now):
        need = lock_need(offer.need_id)
        withdraw_open_offers(need, now=now, volunteer_id=person_id)
        announce(OfferRefused(need_id=need.pk, cell=need.cell, at=now))
    for assignment_id in queries.assignments_to_leave(person_id):
        leave_assignment(assignment_id=assignment_id, reason=SERVES_NO_MORE, by=by, now=now)


def _may_end(assignment: Assignment, by: Actor) -> bool:
    return by.person_id == assignment.volunteer_id or by.may(
        Permission.DISPATCH, region=assignment.need.region_id
    )


def _end(assignment: Assignment, need: Need, *, reason: str, by: Actor, now: datetime) -> None:
    """End a running assignment of a locked need."""
    assignment.ended_at, assignment.end_reason = now, reason.strip()[:200]
    assignment.save(update_fields=["ended_at", "end_reason"])
    Commitment.objects.filter(
        cell=assignment.volunteer.cell,
        person_id=assignment.volunteer_id,
        source=CommitmentSource.ASSIGNMENT,
        source_id=assignment.pk,
        released_at=None,
    ).update(released_at=now)
    record(
        by=by.on_behalf_of(assignment.volunteer_id),
        action="dispatch.end_assignment",
        subject=assignment,
        region_code=need.region_id,
        about_id=assignment.volunteer_id,
        now=now,
    )
    announce(
        AssignmentEnded(assignment_id=assignment.pk, need_id=need.pk, cell=assignment.cell, at=now)
    )
