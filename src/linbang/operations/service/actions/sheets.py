"""A paper sign-in sheet is typed in afterwards (rules 38, 39 and 46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound, Refused
from linbang.foundation.workdays import is_record_late
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions.absences import excuse_who_came
from linbang.operations.service.actions.attendances import (
    Call,
    attendance_of,
    check_in_all,
    check_out_all,
)
from linbang.operations.service.choices import AttendanceMethod


@dataclass(frozen=True)
class SheetLine:
    """What the sheet says of one place: when the person came and went, once or more often."""

    sign_up: UUID
    segments: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class SheetAnswer:
    """What became of a line; all of it was entered, or nothing and why."""

    sign_up: UUID
    name: str
    refusal: Refused | None = None


@transaction.atomic
def enter_sheet(
    *, activity_id: int, lines: Sequence[SheetLine], note: str, by: Actor, now: datetime
) -> list[SheetAnswer]:
    """Enter a sheet: for each person all or nothing, with a report of the lines refused.

    ``note`` says why, and where the sheet is kept. Entering it twice changes nothing. What a
    sheet says ends at the planned end, and is the leader's word about others. After ten working
    days a line is refused: only back entry is left (rule 42). Raises NotFound,
    ExcuseMissing, SheetTooLong.
    """
    activity = queries.activity_led_by(by, activity_id)
    if not note.strip():
        raise errors.ExcuseMissing(field="note")
    rules.require_sheet_size([len(line.segments) for line in lines])
    seats = queries.seats_named(activity, [line.sign_up for line in lines])
    # In the order of the people, as every call that takes their locks.
    order = sorted(
        range(len(lines)),
        key=lambda n: seats[lines[n].sign_up].person_id if lines[n].sign_up in seats else 0,
    )
    sheet = _Sheet(activity, note.strip()[:200], by, now)
    answers = {n: sheet.enter(lines[n], seats.get(lines[n].sign_up)) for n in order}
    entered = [lines[n].sign_up for n in order if answers[n].refusal is None]
    excuse_who_came((seats[sign_up] for sign_up in entered), by=by, now=now)
    audit.record(
        by=by,
        action="service.enter_sheet",
        subject=activity,
        detail={"people": len(entered), "note": note.strip()[:200]},
        now=now,
    )
    return [answers[n] for n in range(len(lines))]


@dataclass(frozen=True)
class _Sheet:
    activity: Activity
    note: str
    by: Actor
    now: datetime

    def enter(self, line: SheetLine, seat: SignUp | None) -> SheetAnswer:
        """Enter one person's line within a savepoint of its own."""
        name = seat.person.name if seat else ""
        try:
            with transaction.atomic():
                if seat is None:
                    raise NotFound
                rules.require_others([seat.person_id], by=self.by.person_id)
                if is_record_late(local_date(seat.shift.ends_at), local_date(self.now)):
                    raise errors.SheetTooLate
                for came_at, left_at in sorted(line.segments):
                    self._enter_segment(seat, came_at, left_at)
        except Refused as refusal:
            return SheetAnswer(line.sign_up, name, refusal)
        return SheetAnswer(line.sign_up, name)

    def _enter_segment(self, seat: SignUp, came_at: datetime, left_at: datetime) -> None:
        if left_at > self.now:
            raise errors.OutsideTheDay
        call = Call(
            person_id=seat.person_id,
            method=AttendanceMethod.SHEET,
            at=came_at,
            sign_up=seat.public_id,
            note=self.note,
            until=left_at,
        )
        [answer] = check_in_all(activity=self.activity, calls=[call], by=self.by, now=self.now)
        if attendance_of(answer, self.activity).out_at is None:
            # She had checked in by herself and never out: the sheet says when she went.
            self._close(seat, left_at)

    def _close(self, seat: SignUp, left_at: datetime) -> None:
        call = Call(
            person_id=seat.person_id,
            method=AttendanceMethod.SHEET,
            at=left_at,
            sign_up=seat.public_id,
            note=self.note,
        )
        [answer] = check_out_all(activity=self.activity, calls=[call], by=self.by, now=self.now)
        attendance_of(answer, self.activity)
