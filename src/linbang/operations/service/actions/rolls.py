"""The leader calls the roll, settles who forgot to check out, and closes it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed, NotFound, Refused
from linbang.foundation.events import announce
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions import telling
from linbang.operations.service.actions.absences import mark_absent, record_absences_on
from linbang.operations.service.actions.attendances import (
    Call,
    PresenceAnswer,
    check_in_all,
    check_out_all,
)
from linbang.operations.service.choices import AttendanceMethod, RollMark
from linbang.operations.service.errors import REFUSALS
from linbang.operations.service.events import RollsClosed
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.rules import RollLine

_METHODS: Mapping[RollMark, AttendanceMethod] = {
    RollMark.PRESENT: AttendanceMethod.ROLL,
    RollMark.LEFT: AttendanceMethod.ROLL,
    RollMark.TAKE_BACK: AttendanceMethod.VOID,
}


@dataclass(frozen=True)
class RollAnswer:
    """What became of one mark: written (now or before) at a time, or refused."""

    sign_up: UUID
    at: datetime | None = None
    refusal: Refused | None = None


@transaction.atomic
def call_roll(
    *, activity_id: int, lines: Sequence[RollLine], by: Actor, now: datetime
) -> list[RollAnswer]:
    """Take a leader's marks, each with an answer of its own: one refused spoils no other.

    Marks about one person are taken in their order. Repeating changes nothing. Raises NotFound
    for who does not lead the activity.
    """
    activity = queries.activity_led_by(by, activity_id)
    seats = queries.seats_named(activity, [line.sign_up for line in lines])
    answers: dict[int, RollAnswer] = {}
    people = [seats[line.sign_up].person_id if line.sign_up in seats else None for line in lines]
    for turn in rules.in_turns(people):
        turn_of_roll = _Turn(activity, seats, {n: lines[n] for n in turn}, by, now)
        answers.update(turn_of_roll.take())
    return [answers[n] for n in range(len(lines))]


@transaction.atomic
def settle_forgotten(
    *,
    activity_id: int,
    sign_ups: Collection[UUID] | None = None,
    at: time | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> list[RollAnswer]:
    """Check out who forgot, at the planned end or earlier (rule 33); ``None`` means everybody.

    ``at``: what the clock showed, if not the planned end. Shifts that still run are left alone.
    Raises NotFound for who does not lead the activity.
    """
    activity = queries.activity_led_by(by, activity_id)
    open_ = queries.forgotten_on(activity, sign_ups, now)
    calls = {
        one.sign_up.public_id: Call(
            person_id=one.person_id,
            method=AttendanceMethod.SETTLED,
            at=rules.on_shift_clock(at, one.sign_up.shift.starts_at)
            if at
            else one.sign_up.shift.ends_at,
            sign_up=one.sign_up.public_id,
            note=note.strip(),
        )
        for one in open_
        if one.person_id != by.person_id
    }
    answers = check_out_all(activity=activity, calls=list(calls.values()), by=by, now=now)
    own = [one.sign_up.public_id for one in open_ if one.sign_up.public_id not in calls]
    return [
        *(_told(sign_up, answer) for sign_up, answer in zip(calls, answers, strict=True)),
        *(RollAnswer(sign_up, refusal=errors.NotForOneself()) for sign_up in own),
    ]


@transaction.atomic
def close_roll(*, activity_id: int, day: date, by: Actor, now: datetime) -> int:
    """Close the rolls of the shifts that are over on a day: who never came is absent.

    Returns how many absences were recorded. Raises NotFound, RollStillRuns.
    """
    activity = queries.activity_led_by(by, activity_id)
    if by.person_id is None:
        raise NotAllowed
    over = [shift for shift in queries.shifts_on(activity, day) if shift.ends_at <= now]
    if not over or queries.open_attendances(over).exists():
        raise errors.RollStillRuns
    rolls = ClosedRoll.objects.bulk_create(
        [
            ClosedRoll(cell=shift.cell, shift=shift, closed_at=now, closed_by_id=by.person_id)
            for shift in over
        ],
        ignore_conflicts=True,
    )
    audit.record(
        by=by,
        action="service.close_roll",
        subject=activity,
        detail={"day": day.isoformat(), "shifts": len(rolls)},
        now=now,
    )
    announce(RollsClosed(shift_ids=tuple(one.pk for one in over), cell=activity.cell, at=now))
    return record_absences_on(over, by=by, now=now)


@transaction.atomic
def remind_rolls(*, now: datetime) -> int:
    """Tell whoever leads that the roll of a day is not closed two hours after; once a day."""
    shifts = queries.rolls_to_close(now)
    for shift in shifts:
        telling.tell_unclosed(shift, now=now)
    return len(shifts)


@dataclass(frozen=True)
class _Turn:
    """Marks about different people, taken together."""

    activity: Activity
    seats: Mapping[UUID, SignUp]
    lines: Mapping[int, RollLine]
    by: Actor
    now: datetime

    def take(self) -> Iterator[tuple[int, RollAnswer]]:
        """Return the answers by the positions of the lines."""
        comings: dict[int, Call] = {}
        goings: dict[int, Call] = {}
        for n, line in self.lines.items():
            try:
                call = self._call(line)
            except Refused as refusal:
                yield n, RollAnswer(line.sign_up, refusal=refusal)
                continue
            if call is None:
                yield n, RollAnswer(line.sign_up, at=self.now)
            elif line.mark == RollMark.PRESENT:
                comings[n] = call
            else:
                goings[n] = call
        yield from self._ask(check_in_all, comings)
        yield from self._go(goings)

    def _call(self, line: RollLine) -> Call | None:
        """Return what the line asks of the database; None when an absence was noted."""
        seat = self.seats.get(line.sign_up)
        if seat is None:
            raise NotFound
        if getattr(seat.shift, "closed_roll", None) is not None:
            raise errors.RollClosed
        rules.require_others([seat.person_id], by=self.by.person_id)
        window = {"starts_at": seat.shift.starts_at, "ends_at": seat.shift.ends_at}
        at = rules.roll_moment(line.at, **window, now=self.now)
        rules.roll_moment(line.came_at, **window, now=self.now)
        if line.mark == RollMark.TAKE_BACK:
            _require_marked(seat)
        if line.mark not in _METHODS:
            mark_absent(seat, line.mark, note=line.note, by=self.by, now=self.now)
            return None
        return Call(
            person_id=seat.person_id,
            method=_METHODS[line.mark],
            at=at,
            sign_up=line.sign_up,
            note=line.note.strip(),
            key=line.key,
        )

    def _go(self, goings: Mapping[int, Call]) -> Iterator[tuple[int, RollAnswer]]:
        """Check people out; who went before her coming reached us comes and goes at once."""
        for n, answer in self._ask(check_out_all, goings):
            came_at = self.lines[n].came_at
            if isinstance(answer.refusal, errors.NotOnShift) and came_at is not None:
                whole = {n: self._whole(goings[n], came_at)}
                yield from self._ask(check_in_all, whole)
            else:
                yield n, answer

    def _whole(self, going: Call, came_at: datetime) -> Call:
        return Call(
            person_id=going.person_id,
            method=going.method,
            at=came_at,
            sign_up=going.sign_up,
            note=going.note,
            until=going.at,
        )

    def _ask(
        self, door: Callable[..., list[PresenceAnswer]], calls: Mapping[int, Call]
    ) -> Iterator[tuple[int, RollAnswer]]:
        answers = door(activity=self.activity, calls=list(calls.values()), by=self.by, now=self.now)
        for n, answer in zip(calls, answers, strict=True):
            yield n, _told(self.lines[n].sign_up, answer)


def _require_marked(seat: SignUp) -> None:
    presence = queries.attendances_that_count(seat)
    if presence and presence[-1].in_method not in rules.MARKED_METHODS:
        raise errors.ProvedPresence


def _told(sign_up: UUID, answer: PresenceAnswer) -> RollAnswer:
    refusal = REFUSALS.get(answer.verdict)
    return RollAnswer(sign_up, at=answer.at, refusal=refusal() if refusal else None)
