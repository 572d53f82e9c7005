"""What a leader's marks mean, and in which order they are taken, over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linbang.operations.service import errors
from linbang.operations.service.choices import AttendanceMethod, CardDirection, RollMark
from linbang.operations.service.rules.attendances import CARD_PAUSE

# What closes or opens presence; the other marks say why there is none.
PRESENCE_MARKS = frozenset({RollMark.PRESENT, RollMark.LEFT, RollMark.TAKE_BACK})
# What a leader's hand can have got wrong.
MARKED_METHODS = frozenset({AttendanceMethod.ROLL, AttendanceMethod.CARD})


@dataclass(frozen=True, kw_only=True)
class RollLine:
    """One mark of a leader about one place.

    ``at`` is when it was made, told by a phone that may have been offline; ``came_at`` lets a
    going stand by itself when the coming never arrived.
    """

    sign_up: UUID
    mark: RollMark
    at: datetime | None = None
    came_at: datetime | None = None
    note: str = ""
    key: str = ""


def in_turns(people: Sequence[int | None]) -> list[list[int]]:
    """Part calls into rounds in which each person stands once, by their positions, in order.

    Calls about nobody (None) come in the first round.
    """
    seen: dict[int | None, int] = {}
    rounds: list[list[int]] = []
    for position, person in enumerate(people):
        turn = 0 if person is None else seen.get(person, 0)
        seen[person] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(position)
    return rounds


def require_markable(
    mark: RollMark, *, note: str, has_come: bool, starts_at: datetime, now: datetime
) -> None:
    """Refuse a mark of absence that cannot be true, or an excuse without a reason.

    Raises AlreadyCame, NotBegunYet, ExcuseMissing.
    """
    if mark in PRESENCE_MARKS:
        return
    if has_come:
        raise errors.AlreadyCame
    if mark == RollMark.ABSENT and now < starts_at:
        raise errors.NotBegunYet
    if mark == RollMark.EXCUSED and not note.strip():
        raise errors.ExcuseMissing(field="note")


def card_says_out(
    direction: CardDirection,
    *,
    open_since: datetime | None,
    left_at: datetime | None,
    now: datetime,
) -> bool:
    """Tell whether a scanned card means going.

    A card that is scanned again within five minutes says again what it said: a hand that slipped
    must not send somebody home.
    """
    if direction != CardDirection.EITHER:
        return direction == CardDirection.OUT
    if open_since is not None:
        return now - open_since >= CARD_PAUSE
    return left_at is not None and now - left_at < CARD_PAUSE


def require_others(people: Iterable[int], *, by: int | None) -> None:
    """Refuse a leader's word about the leader (rule 39). Raises NotForOneself."""
    if by in set(people):
        raise errors.NotForOneself
