"""Who was there: people picked for the turns of a past, so that nobody is in two places at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

Window = tuple[datetime, datetime]
# Early arrivals and late leavers must not meet what comes next.
GAP = timedelta(minutes=30)
_METHODS = (("code", 60), ("card", 12), ("roll", 20), ("sheet", 8))
# Of a hundred who came, how many more had signed up and did not come, and why.
_ABSENT, _EXCUSED, _WITHDREW = 0.025, 0.02, 0.05
_TWICE = 0.03
# Three in 90 days would have paused her sign-ups (rule 28).
_NO_SHOWS_MAX = 2
_EXCUSES = ("孩子发烧", "临时加班", "家里有事", "身体不舒服")
_CHANGES_OF_MIND = ("时间有冲突", "要出差", "")


@dataclass(frozen=True)
class Stay:
    """One coming and going; ``by`` entered it, ``noted_at`` says when if not at once."""

    pair: int
    in_at: datetime
    out_at: datetime | None
    in_method: str
    out_method: str
    by: int
    noted_at: datetime | None = None


@dataclass(frozen=True)
class Seat:
    """One person's place on a shift and what became of it.

    ``state`` is a sign-up's; ``absence`` is empty for whoever came or is still to come.
    """

    person: int
    state: str
    channel: str
    asked_at: datetime
    by: int
    held_until: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    is_late: bool = False
    absence: str = ""
    note: str = ""
    stays: tuple[Stay, ...] = ()


@dataclass
class Crowd:
    """Picks people and remembers when each is promised; nothing is later than ``now``."""

    rng: Random
    now: datetime
    busy: defaultdict[int, list[Window]] = field(default_factory=lambda: defaultdict(list))
    no_shows: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def promise(self, windows: Mapping[int, Sequence[Window]]) -> None:
        """Note what people are promised for already."""
        for person, taken in windows.items():
            self.busy[person].extend(taken)

    def is_free(self, person: int, window: Window) -> bool:
        """Tell whether nothing of a person's overlaps a window, with a margin on both sides."""
        starts_at, ends_at = window[0] - GAP, window[1] + GAP
        return all(end <= starts_at or start >= ends_at for start, end in self.busy[person])

    def pick(
        self, window: Window, count: int, *, first: Sequence[int], others: Sequence[int]
    ) -> list[int]:
        """Return up to ``count`` free people, about half of them of those who come first."""
        rng = self.rng
        own = rng.sample(first, min(len(first), count // 2 + 1))
        rest = rng.sample(others, min(len(others), count * 2 + 40))
        found: dict[int, None] = {}
        for person in (*own, *rest):
            if len(found) == count:
                break
            if person not in found and self.is_free(person, window):
                found[person] = None
        for person in found:
            self.busy[person].append(window)
        return list(found)

    def attend(
        self,
        window: Window,
        wanted: int,
        *,
        leader: int,
        worker: int,
        first: Sequence[int],
        others: Sequence[int],
    ) -> list[Seat]:
        """Return the places of one past turn: exactly ``wanted`` people came.

        Raises ValueError when there are not so many free ones.
        """
        rng = self.rng
        missing = [
            sum(rng.random() < chance for _ in range(wanted))
            for chance in (_ABSENT, _EXCUSED, _WITHDREW)
        ]
        found = self.pick(window, wanted + sum(missing), first=first, others=others)
        if len(found) < wanted:
            raise ValueError(f"{wanted} people wanted on {window[0]}, {len(found)} are free")
        seats = [self._came(person, window, leader, worker) for person in found[:wanted]]
        rest = found[wanted:]
        for count, make in zip(missing, (self._absent, self._excused, self._withdrew), strict=True):
            seats += [make(person, window) for person in rest[:count]]
            rest = rest[count:]
        return seats

    def book(
        self, window: Window, count: int, *, first: Sequence[int], others: Sequence[int]
    ) -> list[Seat]:
        """Return confirmed places of a turn still to come."""
        picked = self.pick(window, count, first=first, others=others)
        return [self._seat(person, window) for person in picked]

    def miss(self, person: int, window: Window) -> Seat:
        """Return the place of one who never came, whatever her tally says."""
        self.busy[person].append(window)
        return self._no_show(person, window)

    def _seat(self, person: int, window: Window, **columns: object) -> Seat:
        rng = self.rng
        asked = window[0] - timedelta(days=rng.randrange(2, 13), minutes=rng.randrange(720))
        if window[0] > self.now:
            asked = min(asked, self.now - timedelta(minutes=rng.randrange(30, 6_000)))
        channel = "self" if rng.random() < 0.75 else "team"
        seat = {"state": "confirmed", "channel": channel, "asked_at": asked, "by": person}
        return Seat(person, **{**seat, **columns})  # type: ignore[arg-type]  # columns of a seat

    def _came(self, person: int, window: Window, leader: int, worker: int) -> Seat:
        rng = self.rng
        starts_at, ends_at = window
        method = rng.choices([m for m, _ in _METHODS], [w for _, w in _METHODS])[0]
        came = starts_at + timedelta(minutes=rng.randrange(-22, 9), seconds=rng.randrange(60))
        left = ends_at + timedelta(minutes=rng.randrange(-6, 16), seconds=rng.randrange(60))
        by = {"code": person, "sheet": worker}.get(method, leader)
        noted = min(ends_at + timedelta(hours=2), self.now) if method == "sheet" else None
        if method != "sheet" and rng.random() < _TWICE:
            middle = starts_at + (ends_at - starts_at) / 2
            pause = middle + timedelta(minutes=10)
            stays: tuple[Stay, ...] = (
                Stay(1, came, middle, method, method, by),
                Stay(2, pause, max(left, pause + timedelta(minutes=5)), method, method, by),
            )
        else:
            stays = (Stay(1, came, left, method, method, by, noted),)
        return self._seat(person, window, stays=stays)

    def _absent(self, person: int, window: Window) -> Seat:
        if self.no_shows[person] >= _NO_SHOWS_MAX:
            return self._excused(person, window)
        return self._no_show(person, window)

    def _no_show(self, person: int, window: Window) -> Seat:
        self.no_shows[person] += 1
        return self._seat(person, window, absence="no_show")

    def _excused(self, person: int, window: Window) -> Seat:
        return self._seat(person, window, absence="excused", note=self.rng.choice(_EXCUSES))

    def _withdrew(self, person: int, window: Window) -> Seat:
        rng = self.rng
        seat = self._seat(person, window)
        left = seat.asked_at + (window[0] - seat.asked_at) * rng.uniform(0.2, 0.98)
        return replace(
            seat,
            state="withdrawn",
            ended_at=left,
            reason=rng.choice(_CHANGES_OF_MIND),
            is_late=left > window[0] - timedelta(hours=24),
        )
