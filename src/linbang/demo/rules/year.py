"""A year of requests as they would have gone: pure times, people and outcomes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from linbang.demo.rules import figures

# How requests end, out of a hundred.
_OUTCOMES = (("fulfilled", 90), ("withdrawn", 4), ("declined", 3), ("lapsed", 3))
_CHANNELS = (("phone", 46), ("self", 30), ("relative", 12), ("visit", 12))
_METHODS = (("code", 68), ("location", 20), ("word", 8), ("staff", 4))
_CONFIRMERS = (("resident", 70), ("relative", 12), ("station", 18))
_GAP = timedelta(minutes=30)
_STARTS = (8, 9, 9, 10, 10, 14, 14, 15, 15, 16, 19)


@dataclass(frozen=True)
class Giver:
    """A volunteer as the year sees one."""

    id: int
    region: str
    skills: frozenset[str]
    categories: frozenset[str]
    availability: int


@dataclass(frozen=True)
class Receiver:
    """A resident who may ask; ``weight`` is how often."""

    id: int
    region: str
    weight: int


@dataclass(frozen=True)
class Item:
    """A catalogue item: what is needed for it and how long it lasts."""

    code: str
    category: str
    skills: frozenset[str]
    minutes: int
    helpers: int


@dataclass(frozen=True)
class Approach:
    """One volunteer was asked, and answered."""

    giver: Giver
    at: datetime
    answer: str
    answered_at: datetime
    reasons: tuple[tuple[str, int | str | None], ...]


@dataclass
class Occasion:
    """One request and all that came of it."""

    item: Item
    receiver: Receiver
    channel: str
    opened_at: datetime
    answered_at: datetime
    starts_at: datetime
    ends_at: datetime
    outcome: str
    approaches: list[Approach] = field(default_factory=list)
    presence: list[tuple[Giver, datetime, datetime, str]] = field(default_factory=list)
    confirmed_at: datetime | None = None
    confirmed_by: str = ""

    @property
    def helpers(self) -> list[Giver]:
        """Those who accepted."""
        return [one.giver for one in self.approaches if one.answer == "accepted"]


def _draw(rng: Random, weighted: Sequence[tuple[str, int]]) -> str:
    return rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def slot_bit(moment: datetime) -> int:
    """Return the availability bit of a local moment: weekday × 3 + part of the day."""
    part = 0 if moment.hour < 12 else 1 if moment.hour < 18 else 2
    return 1 << (moment.weekday() * 3 + part)


def _tier(region: str, home: str) -> int:
    """Return 0 for the same building, 1 for the grid, 2 for the community, 3 for the street."""
    if region == home:
        return 0
    if region[:15] == home[:15]:
        return 1
    return 2 if region[:12] == home[:12] else 3


class Year:
    """Invents occasions so that no helper is in two places at once."""

    def __init__(
        self,
        rng: Random,
        givers: Sequence[Giver],
        receivers: Sequence[Receiver],
        items: Sequence[Item],
        *,
        last_day: datetime,
    ) -> None:
        self.rng = rng
        self.last_day = last_day
        self.receivers = receivers
        self.weights = [receiver.weight for receiver in receivers]
        self.items = items
        self.able: dict[str, list[Giver]] = {
            item.code: [
                giver
                for giver in givers
                if item.skills <= giver.skills and item.category in giver.categories
            ]
            for item in items
        }
        self.busy: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        self.asked_that_day: set[tuple[int, str, object]] = set()
        self.served: defaultdict[int, int] = defaultdict(int)

    def occasions(self) -> list[Occasion]:
        """Return the year up to the last day (a local midnight), in order of time."""
        rng = self.rng
        days = sorted(rng.randrange(1, 366) for _ in range(figures.OCCASIONS_A_YEAR))
        found = (self._occasion(self.last_day - timedelta(days=day)) for day in reversed(days))
        return [occasion for occasion in found if occasion]

    def _occasion(self, day: datetime) -> Occasion | None:
        rng = self.rng
        item = rng.choice(self.items)
        receiver = rng.choices(self.receivers, self.weights)[0]
        if (receiver.id, item.code, day.date()) in self.asked_that_day:
            return None
        self.asked_that_day.add((receiver.id, item.code, day.date()))
        starts = day.replace(hour=rng.choice(_STARTS), minute=rng.choice((0, 0, 30)))
        opened = starts - timedelta(days=rng.randrange(1, 4), minutes=rng.randrange(0, 240))
        opened = opened.replace(hour=rng.randrange(8, 18))
        occasion = Occasion(
            item=item,
            receiver=receiver,
            channel=_draw(rng, _CHANNELS),
            opened_at=opened,
            answered_at=opened + timedelta(minutes=int(rng.expovariate(1 / 55)) + 3),
            starts_at=starts,
            ends_at=starts + timedelta(minutes=item.minutes),
            outcome=_draw(rng, _OUTCOMES),
        )
        if occasion.outcome != "declined":
            self._find_helpers(occasion)
        return occasion

    def _find_helpers(self, occasion: Occasion) -> None:
        rng = self.rng
        at = occasion.answered_at + timedelta(seconds=rng.randrange(4, 40))
        wanted = occasion.item.helpers if occasion.outcome == "fulfilled" else 0
        misses = 0
        for giver in self._nearest(occasion):
            if not wanted and misses:
                break
            accepts = bool(wanted) and rng.random() < 0.78
            answer = "accepted" if accepts else rng.choice(("refused", "expired"))
            minutes = 30 if answer == "expired" else rng.randrange(1, 26)
            answered = at + timedelta(minutes=minutes)
            occasion.approaches.append(
                Approach(giver, at, answer, answered, self._reasons(giver, occasion))
            )
            at = answered + timedelta(seconds=rng.randrange(2, 20))
            if accepts:
                self._be_there(occasion, giver)
                wanted -= 1
            else:
                misses += 1
            if misses == 3 or not wanted:
                break
        if occasion.outcome == "fulfilled" and wanted:
            occasion.outcome = "lapsed"
            occasion.presence.clear()
        elif occasion.presence:
            self._confirm(occasion)

    def _nearest(self, occasion: Occasion) -> list[Giver]:
        """Return up to eight free givers, the nearest and least burdened first."""
        bit = slot_bit(occasion.starts_at)
        home = occasion.receiver.region

        def distance(giver: Giver) -> tuple[int, int, int]:
            return (_tier(giver.region, home), self.served[giver.id], giver.id)

        free = [
            giver
            for giver in self.able[occasion.item.code]
            if giver.availability & bit
            and giver.id != occasion.receiver.id
            and all(
                end <= occasion.starts_at or start >= occasion.ends_at
                for start, end in self.busy[giver.id]
            )
        ]
        return sorted(free, key=distance)[:8]

    def _reasons(
        self, giver: Giver, occasion: Occasion
    ) -> tuple[tuple[str, int | str | None], ...]:
        home = occasion.receiver.region
        near = {18: "same_building", 15: "same_grid", 12: "same_community", 9: "same_street"}
        tier = next((name for n, name in near.items() if giver.region[:n] == home[:n]), None)
        reasons: list[tuple[str, int | str | None]] = [(tier, None)] if tier else []
        reasons += [("has_skill", skill) for skill in sorted(occasion.item.skills)]
        return (*reasons, ("few_orders", self.served[giver.id] % 4))

    def _be_there(self, occasion: Occasion, giver: Giver) -> None:
        rng = self.rng
        # Early arrivals and late leavers must not meet the next visit.
        self.busy[giver.id].append((occasion.starts_at - _GAP, occasion.ends_at + _GAP))
        self.served[giver.id] += 1
        arrived = occasion.starts_at + timedelta(minutes=rng.randrange(-9, 10))
        left = occasion.ends_at + timedelta(minutes=rng.randrange(-14, 21))
        left = max(left, arrived + timedelta(minutes=12))
        occasion.presence.append((giver, arrived, left, _draw(rng, _METHODS)))

    def _confirm(self, occasion: Occasion) -> None:
        """Let the resident confirm within a day; of the last week's some have not answered yet."""
        rng = self.rng
        ended = max(left for _, _, left, _ in occasion.presence)
        confirmed_at = ended + timedelta(minutes=rng.randrange(2, 60 * 20))
        is_late = occasion.starts_at > self.last_day - timedelta(days=8) and rng.random() < 0.35
        if confirmed_at < self.last_day and not is_late:
            occasion.confirmed_at = confirmed_at
            occasion.confirmed_by = _draw(rng, _CONFIRMERS)
