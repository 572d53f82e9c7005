"""What can happen to a visit: planned, cancelled, begun, ended."""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people import queries as people
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.models import Assignment
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions import telling
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.events import (
    VisitCancelled,
    VisitEnded,
    VisitPlanned,
    VisitStarted,
)
from linbang.operations.service.models import CheckIn, CheckOut, Visit, WrongCode
from linbang.operations.service.rules import Proof

PresenceT = TypeVar("PresenceT", CheckIn, CheckOut)


@transaction.atomic
def plan_visit(*, assignment_id: int, now: datetime) -> Visit:
    """Plan the visit of an assignment in its need's window; a second call returns the first."""
    assignment = Assignment.objects.select_related("need__item").get(pk=assignment_id)
    visit, is_new = Visit.objects.get_or_create(
        cell=assignment.cell,
        assignment=assignment,
        defaults={
            "volunteer_id": assignment.volunteer_id,
            "starts_at": assignment.need.starts_at,
            "ends_at": assignment.need.ends_at,
            "code_secret": rules.new_secret(),
            "planned_at": now,
        },
    )
    if is_new:
        _record(visit, assignment.need, "plan_visit", by=Actor.system(visit.cell), now=now)
        announce(VisitPlanned(visit_id=visit.id, cell=visit.cell, at=now))
        _notify("visit_planned", visit, assignment.need, [visit.volunteer_id], now=now)
    return visit


@transaction.atomic
def cancel_visit(*, assignment_id: int, now: datetime) -> Visit | None:
    """Cancel the visit of an assignment that ended; None when none was planned.

    Idempotent. Raises VisitAlreadyStarted: who has checked in, checks out.
    """
    visit_id = (
        Visit.objects.filter(assignment_id=assignment_id).values_list("id", flat=True).first()
    )
    if visit_id is None:
        return None
    visit, need = queries.lock_visit(visit_id)
    if visit.cancelled_at is not None:
        return visit
    if CheckIn.objects.filter(cell=visit.cell, visit=visit).exists():
        raise errors.VisitAlreadyStarted
    visit.cancelled_at = now
    visit.save(update_fields=["cancelled_at"])
    system = Actor.system(visit.cell)
    _record(visit, need, "cancel_visit", by=system, now=now)
    announce(VisitCancelled(visit_id=visit.id, cell=visit.cell, at=now))
    return visit


@transaction.atomic
def record_absence(*, visit_id: int, note: str, by: Actor, now: datetime) -> Visit:
    """Write down that the volunteer never came, so that the need does not stay open for ever.

    What another helper did is served; where nobody came the need lapses. Idempotent.
    Raises NotAllowed, NotMissed, ReasonMissing.
    """
    visit, need = queries.lock_visit(visit_id)
    if not _may_prove(visit, need, PresenceMethod.STAFF, by):
        raise NotAllowed
    if visit.cancelled_at is not None:
        return visit
    if not note.strip():
        raise errors.ReasonMissing(field="note")
    if now < visit.ends_at or CheckIn.objects.filter(cell=visit.cell, visit=visit).exists():
        raise errors.NotMissed
    visit.cancelled_at = now
    visit.save(update_fields=["cancelled_at"])
    _record(visit, need, "record_absence", by=by, now=now, detail={"note": note.strip()})
    announce(VisitCancelled(visit_id=visit.id, cell=visit.cell, at=now))
    _close_when_served(need, by=by, now=now)
    if need.state == NeedState.ASSIGNED and not queries.has_open_visits(need):
        needs.advance_need(need=need, state=NeedState.LAPSED, by=by, now=now, reason=note.strip())
    return visit


def check_in(  # noqa: PLR0913 - a proof has these parts, each named by the caller
    *,
    visit_id: int,
    method: PresenceMethod,
    code: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    at: datetime | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> CheckIn:
    """Record that the volunteer is there; a second call returns the first check-in.

    ``at`` and ``note`` are for staff, who may write down later what was, and say why.
    Raises NotAllowed, TooEarly, TooLateToCheckIn, and the refusals of the proof.
    """
    proof = Proof(method, code, latitude, longitude, at, note.strip())
    _require_right_code(visit_id, proof, CheckIn, by=by, now=now)
    with transaction.atomic():
        visit, need = _open_visit(visit_id, proof, by=by)
        first = CheckIn.objects.filter(cell=visit.cell, visit=visit).first()
        if first is not None:
            return first
        at = proof.moment(now)
        rules.require_check_in_time(at, starts_at=visit.starts_at, ends_at=visit.ends_at)
        if need.state not in rules.STATES_READY:
            raise errors.HelpersMissing
        presence = CheckIn.objects.create(
            visit=visit, **_presence_fields(visit, need, proof, by=by, now=now)
        )
        if need.state == NeedState.ASSIGNED:
            needs.advance_need(need=need, state=NeedState.UNDER_WAY, by=by, now=now)
        _record_presence(visit, need, "check_in", presence, by=by, now=now)
        announce(VisitStarted(visit_id=visit.id, cell=visit.cell, at=now))
        _notify("visit_started", visit, need, _askers(need, by), now=now)
    return presence


def check_out(  # noqa: PLR0913 - a proof has these parts, each named by the caller
    *,
    visit_id: int,
    method: PresenceMethod,
    code: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    at: datetime | None = None,
    note: str = "",
    report: str = "",
    by: Actor,
    now: datetime,
) -> CheckOut:
    """Record that the volunteer has finished; a second call returns the first check-out.

    Raises NotCheckedIn, TooShort, TooLateToCheckOut, BeyondPlannedEnd, NotAllowed, and the
    refusals of the proof.
    """
    proof = Proof(method, code, latitude, longitude, at, note.strip())
    _require_right_code(visit_id, proof, CheckOut, by=by, now=now)
    with transaction.atomic():
        visit, need = _open_visit(visit_id, proof, by=by)
        first = CheckOut.objects.filter(cell=visit.cell, visit=visit).first()
        if first is not None:
            return first
        _require_check_out_time(visit, proof, now=now)
        presence = CheckOut.objects.create(
            visit=visit,
            report=report.strip(),
            **_presence_fields(visit, need, proof, by=by, now=now),
        )
        _close_when_served(need, by=by, now=now)
        _record_presence(visit, need, "check_out", presence, by=by, now=now)
        announce(VisitEnded(visit_id=visit.id, cell=visit.cell, at=now))
        _notify("visit_ended", visit, need, _askers(need, by), now=now)
    return presence


@transaction.atomic
def remind_check_outs(*, now: datetime) -> int:
    """Remind volunteers who forgot to check out, half an hour after the planned end; once."""
    visits = list(queries.visits_forgotten(now))
    for visit in visits:
        need = visit.assignment.need
        _notify("visit_forgotten", visit, need, [visit.volunteer_id], now=now)
    attendances = list(queries.shifts_forgotten(now))
    telling.tell_forgotten(attendances, now=now)
    return len(visits) + len(attendances)


def _require_right_code(
    visit_id: int, proof: Proof, kind: type[PresenceT], *, by: Actor, now: datetime
) -> None:
    """Compare the code under the visit's lock; a wrong one is kept although the call is refused.

    A transaction of its own: the refusal would roll the counted try back.
    """
    if proof.method != PresenceMethod.CODE:
        return
    with transaction.atomic():
        visit, _ = _open_visit(visit_id, proof, by=by)
        if kind.objects.filter(cell=visit.cell, visit=visit).exists():
            return
        rules.require_another_try(queries.wrong_codes_lately(visit, now))
        is_right = rules.is_right_code(visit.code_secret, proof.code, now)
        if not is_right:
            WrongCode.objects.create(cell=visit.cell, visit=visit, by_id=_person_id(by), at=now)
    if not is_right:
        raise errors.CodeIsWrong(field="code")


def _open_visit(visit_id: int, proof: Proof, *, by: Actor) -> tuple[Visit, Need]:
    """Lock a visit on which this actor may give this kind of proof."""
    visit, need = queries.lock_visit(visit_id)
    if not _may_prove(visit, need, proof.method, by):
        raise NotAllowed
    if visit.cancelled_at is not None:
        raise errors.VisitCancelledAlready
    return visit, need


def _may_prove(visit: Visit, need: Need, method: PresenceMethod, by: Actor) -> bool:
    """Tell who may: a machine's proof is the volunteer's, a word never the volunteer's own."""
    is_volunteer = by.person_id == visit.volunteer_id
    if method in (PresenceMethod.CODE, PresenceMethod.LOCATION):
        return is_volunteer
    if is_volunteer or not by.is_signed_in:
        return False
    if method == PresenceMethod.WORD:
        return people.may_speak_for(by, need.beneficiary_id)
    return by.may(Permission.HANDLE_VISITS, region=need.region_id)


def _person_id(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed
    return by.person_id


def _require_check_out_time(visit: Visit, proof: Proof, *, now: datetime) -> None:
    check_in = CheckIn.objects.filter(cell=visit.cell, visit=visit).first()
    if check_in is None:
        raise errors.NotCheckedIn
    at = proof.moment(now)
    if proof.method == PresenceMethod.STAFF:
        ends_shown = timezone.localtime(visit.ends_at).strftime("%H:%M")
        rules.require_settlement_time(
            at, checked_in_at=check_in.at, ends_at=visit.ends_at, ends_shown=ends_shown
        )
    else:
        rules.require_check_out_time(at, checked_in_at=check_in.at)


def _presence_fields(
    visit: Visit, need: Need, proof: Proof, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Return the columns of a check-in or check-out. Raises the refusals of the proof."""
    rules.require_past(proof.moment(now), now=now)
    is_staff = proof.method == PresenceMethod.STAFF
    if is_staff and not proof.note:
        raise errors.ReasonMissing(field="note")
    distance_m = None
    if proof.method == PresenceMethod.LOCATION:
        distance_m = _distance_m(need.region_id, proof)
    return {
        "cell": visit.cell,
        "at": proof.moment(now),
        "recorded_at": now,
        "method": proof.method,
        "by_id": _person_id(by),
        "on_behalf_of_id": visit.volunteer_id if is_staff else None,
        "distance_m": distance_m,
        "note": proof.note if is_staff else "",
    }


def _distance_m(region_id: str, proof: Proof) -> int:
    if proof.point is None:
        raise errors.LocationMissing
    building = queries.building_point(region_id)
    if building is None:
        raise errors.LocationUnknown
    metres = rules.distance_m(proof.point, building)
    rules.require_near(metres)
    return metres


def _close_when_served(need: Need, *, by: Actor, now: datetime) -> None:
    if need.state == NeedState.UNDER_WAY and queries.is_need_served(need):
        needs.advance_need(need=need, state=NeedState.SERVED, by=by, now=now)


def _askers(need: Need, by: Actor) -> list[int]:
    """Return who waits for news: the resident and who asked for her, without who acts now."""
    return sorted({need.beneficiary_id, need.requested_by_id} - {by.person_id})


def _notify(
    template: str, visit: Visit, need: Need, person_ids: Iterable[int], *, now: datetime
) -> None:
    params = {
        "item": need.item.name,
        "item_en": need.item.name_en,
        "starts_at": visit.starts_at,
    }
    for person_id in person_ids:
        messaging.notify(
            person_id=person_id,
            kind=NoticeKind.VISIT,
            template=template,
            params=params,
            url=f"/visits/{visit.public_id}/",
            key=f"{template}:{visit.id}",
            now=now,
        )


def _record_presence(
    visit: Visit,
    need: Need,
    action: str,
    presence: CheckIn | CheckOut,
    *,
    by: Actor,
    now: datetime,
) -> None:
    # A request's actor is a lazy wrapper, which ``replace`` does not take; its copy is the actor.
    actor = replace(copy(by), on_behalf_of_id=presence.on_behalf_of_id or by.on_behalf_of_id)
    _record(visit, need, action, by=actor, now=now, detail={"method": presence.method})


def _record(
    visit: Visit,
    need: Need,
    action: str,
    *,
    by: Actor,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        by=by,
        action=f"service.{action}",
        subject=visit,
        region_code=need.region_id,
        about_id=need.beneficiary_id,
        detail=detail,
        now=now,
    )
