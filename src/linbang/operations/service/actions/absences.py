"""People who never came: noted, counted, objected to, excused; and what three of them lead to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotFound
from linbang.foundation.events import announce
from linbang.foundation.people import queries as people
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import actions as clearance
from linbang.operations.clearance.choices import SuspensionCause
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions import telling
from linbang.operations.service.choices import AbsenceKind, RollMark
from linbang.operations.service.events import RollsClosed
from linbang.operations.service.models import Absence, ClosedRoll

# What a worker would have typed, in the language of the register.
CAME_AFTER_ALL = "后来到岗"  # untranslated: stored, as a worker would type it
PAUSE_UNFOUNDED = "未到记录已更正"  # untranslated: stored, as a worker would type it


@transaction.atomic
def mark_absent(sign_up: SignUp, mark: RollMark, *, note: str, by: Actor, now: datetime) -> Absence:
    """Note that somebody has not come, or is excused; who leads is the caller's to check.

    An excuse outweighs a no-show noted before, never the other way round. Raises AlreadyCame,
    NotBegunYet, ExcuseMissing.
    """
    rules.require_markable(
        mark,
        note=note,
        has_come=bool(queries.attendances_that_count(sign_up)),
        starts_at=sign_up.shift.starts_at,
        now=now,
    )
    kind = AbsenceKind.EXCUSED if mark == RollMark.EXCUSED else AbsenceKind.NO_SHOW
    absence, is_new = Absence.objects.get_or_create(
        cell=sign_up.cell,
        sign_up=sign_up,
        defaults={
            "person_id": sign_up.person_id,
            "kind": kind,
            "shift_started_at": sign_up.shift.starts_at,
            "recorded_at": now,
            "by_id": by.person_id,
            "note": note.strip(),
        },
    )
    if is_new:
        _record(absence, "mark_absent", by=by, now=now, detail={"kind": kind})
    elif kind == AbsenceKind.EXCUSED and absence.kind == AbsenceKind.NO_SHOW:
        _excuse(absence, note.strip(), by=by, now=now)
    return absence


@transaction.atomic
def record_absences_on(shifts: Sequence[Shift], *, by: Actor, now: datetime) -> int:
    """Count who never came to shifts whose roll is closed; return how many. Safe to run twice.

    Everybody is told, with how to object; three in 90 days pause sign-ups (rule 28).
    """
    noted = queries.absences_on(shifts)
    queries.absent_who_came(noted).update(
        excused_at=now, excused_by_id=by.person_id, answer=CAME_AFTER_ALL
    )
    Absence.objects.bulk_create(
        [
            Absence(
                cell=sign_up.cell,
                sign_up=sign_up,
                person_id=sign_up.person_id,
                kind=AbsenceKind.NO_SHOW,
                shift_started_at=sign_up.shift.starts_at,
                recorded_at=now,
                by_id=by.person_id,
            )
            for sign_up in queries.missed_places(shifts)
        ],
        ignore_conflicts=True,
    )
    counted = list(noted.filter(counted_at=None).order_by("id").select_for_update(of=("self",)))
    Absence.objects.filter(pk__in=[one.pk for one in counted]).update(counted_at=now)
    audit.record_many(by=by, action="service.record_absence", subjects=counted, now=now)
    telling.tell_absent(counted, now=now)
    _pause_who_missed({one.person_id for one in counted}, now=now)
    return len(counted)


@transaction.atomic
def record_absences(*, now: datetime) -> int:
    """Close the rolls nobody closed within a day of the end; return how many absences counted."""
    shifts = queries.rolls_due(now)
    ClosedRoll.objects.bulk_create(
        [ClosedRoll(cell=shift.cell, shift=shift, closed_at=now) for shift in shifts],
        ignore_conflicts=True,
    )
    for cell in sorted({shift.cell for shift in shifts}):
        closed = tuple(shift.pk for shift in shifts if shift.cell == cell)
        announce(RollsClosed(shift_ids=closed, cell=cell, at=now))
    return record_absences_on(shifts, by=Actor.system(), now=now)


@transaction.atomic
def object_to_absence(*, absence: UUID, text: str, by: Actor, now: datetime) -> Absence:
    """Let the person say that she was there, or why not; whoever leads the shift answers.

    Raises NotFound, ExcuseMissing, AbsenceDecided.
    """
    found = queries.lock_absence(absence)
    if not people.may_speak_for(by, found.person_id):
        raise NotFound
    if found.kind == AbsenceKind.EXCUSED or found.excused_at or found.upheld_at:
        raise errors.AbsenceDecided
    if not text.strip():
        raise errors.ExcuseMissing(field="text")
    if found.objected_at is None:
        found.objection, found.objected_at = text.strip(), now
        found.save(update_fields=["objection", "objected_at"])
        _record(found, "object_to_absence", by=by, now=now)
        telling.tell_leaders_of_objection(found, now=now)
    return found


@transaction.atomic
def excuse_absence(*, absence: UUID, answer: str, by: Actor, now: datetime) -> Absence:
    """Excuse somebody who never came: it counts no more, and a pause that rested on it ends.

    Raises NotFound, NotForOneself, ExcuseMissing. Excusing twice changes nothing.
    """
    found = _decidable(absence, answer, by=by)
    if found.excused_at is None:
        _excuse(found, answer.strip(), by=by, now=now)
    return found


@transaction.atomic
def uphold_absence(*, absence: UUID, answer: str, by: Actor, now: datetime) -> Absence:
    """Answer an objection with no; the person may still appeal against a pause (rule 28).

    Raises NotFound, NotForOneself, ExcuseMissing, AbsenceDecided.
    """
    found = _decidable(absence, answer, by=by)
    if found.objected_at is None or found.excused_at is not None:
        raise errors.AbsenceDecided
    if found.upheld_at is None:
        found.upheld_at, found.upheld_by_id, found.answer = now, by.person_id, answer.strip()
        found.save(update_fields=["upheld_at", "upheld_by_id", "answer"])
        _record(found, "uphold_absence", by=by, now=now)
        telling.tell_decided(found, "absence_upheld", now=now)
    return found


def _decidable(absence: UUID, answer: str, *, by: Actor) -> Absence:
    found = queries.lock_absence(absence)
    if not dispatch.leads(by, found.sign_up.shift.activity):
        raise NotFound
    rules.require_others([found.person_id], by=by.person_id)
    if not answer.strip():
        raise errors.ExcuseMissing(field="answer")
    return found


def excuse_who_came(sign_ups: Iterable[SignUp], *, by: Actor, now: datetime) -> None:
    """Excuse people whose presence was entered afterwards."""
    for sign_up in sign_ups:
        absence: Absence | None = getattr(sign_up, "absence", None)
        if absence and absence.kind == AbsenceKind.NO_SHOW and absence.excused_at is None:
            _excuse(absence, CAME_AFTER_ALL, by=by, now=now)


def _excuse(absence: Absence, answer: str, *, by: Actor, now: datetime) -> None:
    absence.excused_at, absence.excused_by_id, absence.answer = now, by.person_id, answer
    absence.save(update_fields=["excused_at", "excused_by_id", "answer"])
    _record(absence, "excuse_absence", by=by, now=now)
    if absence.counted_at is not None:
        telling.tell_decided(absence, "absence_excused", now=now)
        _lift_if_unfounded(absence.person_id, cell=absence.cell, now=now)


def _pause_who_missed(person_ids: set[int], *, now: datetime) -> None:
    missed = queries.missed_lately(person_ids, now)
    for person_id, missed_at in sorted(missed.items()):
        if rules.pauses_sign_ups(missed_at, now=now):
            clearance.suspend(
                person_id=person_id, cause=SuspensionCause.NO_SHOWS, by=Actor.system(), now=now
            )


def _lift_if_unfounded(person_id: int, *, cell: str, now: datetime) -> None:
    pause = queries.running_pause(person_id, now)
    if pause is None:
        return
    founded_on = queries.that_count([person_id], pause.starts_at).filter(
        counted_at__lte=pause.starts_at
    )
    missed_at = founded_on.values_list("shift_started_at", flat=True)
    if not rules.pauses_sign_ups(missed_at, now=pause.starts_at):
        clearance.lift_suspension(
            suspension_id=pause.pk, reason=PAUSE_UNFOUNDED, by=Actor.system(cell), now=now
        )


def _record(
    absence: Absence, action: str, *, by: Actor, now: datetime, detail: dict[str, str] | None = None
) -> None:
    audit.record(
        by=by,
        action=f"service.{action}",
        subject=absence,
        region_code=absence.sign_up.shift.activity.region_id,
        detail=detail,
        now=now,
    )
