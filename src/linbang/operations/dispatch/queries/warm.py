"""Arrays of the counties that are asked for often, kept in this process, never stale (ADR 0027).

Before each use the rows are fetched that were written by transactions which the last look could
not see. A county becomes warm after it, or a street of it, was asked for twice.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection, transaction

from linbang.operations.dispatch.queries.pool import Wanted, area_range
from matching import Busy, Fitting, Volunteers
from matching import Pool as Bitmaps

Facts = npt.NDArray[np.void]
BoolArray = npt.NDArray[np.bool_]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Beyond this many changed rows anywhere, a county is read anew when it is asked for again.
_NEWS_MAX = 2_000
# From here on building all bitmaps is quicker than changing some.
_ANEW_FROM = 500
COUNTY_DIGITS = 6

# What is read of each volunteer, as PostgreSQL sends it: big-endian, each after its length.
_READ = (
    ("person_id", "i8", "person_id"),
    ("place", "i8", "place"),
    ("skills", "i4", "skills"),
    ("categories", "i4", "categories"),
    ("availability", "i4", "availability"),
    ("sex", "i2", "sex"),
    ("languages", "i4", "languages"),
    ("born", "i4", "birth_date"),
    ("paused_until", "i8", "coalesce(paused_until, '-infinity')"),
    ("active", "?", "is_active"),
    ("open", "?", "{is_open}"),  # told by the index itself where all must be
)
_SENT = np.dtype(
    [
        ("columns", ">i2"),
        *(part for name, kind, _ in _READ for part in ((f"{name}_", ">i4"), (name, f">{kind}"))),
    ]
)
_FACTS = np.dtype([(name, kind) for name, kind, _ in _READ])
_HEAD, _TAIL = 19, 2  # bytes around the rows of a binary copy


def fitting(wanted: Wanted, *, area: str, now: datetime) -> Fitting | None:
    """Return who fits but for time and way from memory, or None if the county is not warm.

    None too while this transaction has itself changed volunteers: what it may yet take back must
    not get into the memory that all requests share. One query, two after a change.
    """
    county = area[:COUNTY_DIGITS]
    kept = _KEPT.find(county)
    if kept is None:
        if _KEPT.is_wanted(county):
            transaction.on_commit(
                lambda: warm_up(county, now=now, adult_since=wanted.adult_since), robust=True
            )
        return None
    try:
        with kept.lock:
            if kept.is_lost:
                return None
            return kept.fitting(wanted, places=area_range(area), now=now)
    except BaseException:
        kept.is_lost = True  # nobody can tell how much was taken in
        raise
    finally:
        if kept.is_lost:
            _KEPT.forget(county, kept)


def warm_up(county: str, *, now: datetime, adult_since: date) -> bool:
    """Read a county into memory, unless it is larger than all that may be kept; two queries.

    Outside of any transaction, so that nothing is read that may be taken back.
    """
    limit = settings.LINBANG_WARM_HELPERS
    with connection.cursor() as cursor:
        # Before the rows: what is written in between is read once more.
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
    low, high = area_range(county)
    facts = _read(
        "is_open AND place >= %(low)s AND place < %(high)s LIMIT %(limit)s",
        {"low": low, "high": high, "limit": limit + 1},
        is_open="true",
    )
    if len(facts) > limit:
        return False
    kept = _County.of(
        facts, places=(low, high), snapshot=snapshot, now=now, adult_since=adult_since
    )
    _KEPT.keep(county, kept)
    return True


def go_cold() -> None:
    """Forget every county."""
    _KEPT.forget_all()


@dataclass(slots=True, eq=False)
class _County:
    """One county: its facts by rising id, their bitmaps, and the snapshot they were read in.

    ``asleep`` and ``adult`` are what the bitmaps hold: both change with time alone, so that what
    they come from has columns of its own, to be compared at each use.
    """

    places: tuple[int, int]
    snapshot: str
    facts: Facts
    paused_until: Int64Array
    born: Int32Array
    asleep: BoolArray
    adult: BoolArray
    bitmaps: Bitmaps
    lock: Lock = field(default_factory=Lock)
    is_lost: bool = False

    @classmethod
    def of(
        cls,
        facts: Facts,
        *,
        places: tuple[int, int],
        snapshot: str,
        now: datetime,
        adult_since: date,
    ) -> Self:
        facts = facts[np.argsort(facts["person_id"])]
        paused_until, born = facts["paused_until"].copy(), facts["born"].copy()
        asleep, adult = paused_until > _moment(now), born <= _day(adult_since)
        return cls(
            places=places,
            snapshot=snapshot,
            facts=facts,
            paused_until=paused_until,
            born=born,
            asleep=asleep,
            adult=adult,
            bitmaps=Bitmaps.of(_volunteers(facts, asleep, adult)),
        )

    def fitting(self, wanted: Wanted, *, places: tuple[int, int], now: datetime) -> Fitting | None:
        if not self._catch_up():
            return None
        self._tell_time(now, wanted.adult_since)
        return self.bitmaps.fitting(wanted.request, places=places)

    def _catch_up(self) -> bool:
        """Take in what was committed since; False if this must not or cannot be done."""
        with connection.cursor() as cursor:
            cursor.execute(_NEWS.format(news=_IS_NEWS), {"seen": self.snapshot})
            snapshot, count, is_own = cursor.fetchone()
        if is_own:
            return False
        if count > _NEWS_MAX:
            self.is_lost = True
            return False
        if count:
            self._take(_read(_IS_NEWS, {"seen": self.snapshot}))
        self.snapshot = snapshot
        return True

    def _take(self, changed: Facts) -> None:
        ids, (low, high) = changed["person_id"], self.places
        is_here = changed["open"] & (changed["place"] >= low) & (changed["place"] < high)
        is_known = np.isin(ids, self.facts["person_id"])
        if not (is_here | is_known).any():
            return
        stays = ~np.isin(self.facts["person_id"], ids)
        come = changed[is_here]
        unknown = np.zeros(len(come), np.bool_)
        facts = np.concatenate([self.facts[stays], come])
        order = np.argsort(facts["person_id"])
        self.facts = facts[order]
        self.paused_until, self.born = self.facts["paused_until"].copy(), self.facts["born"].copy()
        self.asleep = np.concatenate([self.asleep[stays], unknown])[order]
        self.adult = np.concatenate([self.adult[stays], unknown])[order]
        self.bitmaps.drop(ids[is_known & ~is_here].tolist())
        self.bitmaps.put(_volunteers(come, unknown, unknown))

    def _tell_time(self, now: datetime, adult_since: date) -> None:
        """Let who slept wake up, and who has a birthday come of age by the day of the visit."""
        asleep, adult = self.paused_until > _moment(now), self.born <= _day(adult_since)
        differ = np.flatnonzero((asleep != self.asleep) | (adult != self.adult))
        self.asleep, self.adult = asleep, adult
        if len(differ) > _ANEW_FROM:
            self.bitmaps = Bitmaps.of(_volunteers(self.facts, asleep, adult))
        elif len(differ):
            self.bitmaps.put(_volunteers(self.facts[differ], asleep[differ], adult[differ]))


def _moment(now: datetime) -> int:
    return (now - _EPOCH) // datetime.resolution


def _day(day: date) -> int:
    return (day - _EPOCH.date()).days


_IS_NEWS = """
    changed_in >= pg_snapshot_xmin(%(seen)s::pg_snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(changed_in::text::xid8, %(seen)s::pg_snapshot)
"""
_NEWS = """
    SELECT
        pg_current_snapshot()::text,
        count(*),
        coalesce(bool_or(changed_in = pg_current_xact_id_if_assigned()::text::bigint), false)
    FROM dispatch_helperfacts
    WHERE {news}
"""


def _read(condition: str, params: dict[str, Any], *, is_open: str = "is_open") -> Facts:
    columns = ", ".join(column for *_, column in _READ).format(is_open=is_open)
    query = f"SELECT {columns} FROM dispatch_helperfacts WHERE {condition}"  # noqa: S608 - our own
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)", params) as copy,
    ):
        sent = np.frombuffer(b"".join(copy)[_HEAD:-_TAIL], _SENT)
    facts = np.zeros(len(sent), _FACTS)
    for name, *_ in _READ:
        facts[name] = sent[name]
    return facts


def _volunteers(facts: Facts, asleep: BoolArray, adult: BoolArray) -> Volunteers:
    """Return what the bitmaps hold; where people live and what they promised is asked later."""
    count = len(facts)
    return Volunteers(
        ids=facts["person_id"].copy(),
        place=facts["place"].copy(),
        x=np.full(count, np.nan, np.float32),
        y=np.full(count, np.nan, np.float32),
        skills=facts["skills"].astype(np.uint32),
        categories=facts["categories"].astype(np.uint32),
        availability=facts["availability"].astype(np.uint32),
        active=facts["active"].copy(),
        paused=asleep,
        adult=adult,
        sex=facts["sex"].astype(np.uint8),
        languages=facts["languages"].astype(np.uint32),
        orders30=np.zeros(count, np.int16),
        rating=np.zeros(count, np.int16),
        # A single request does not ask how many visits a plan may give.
        day_cap=np.zeros(count, np.uint8),
        week_cap=np.zeros(count, np.uint8),
        busy=Busy(
            ptr=np.zeros(count + 1, np.int64),
            start=np.zeros(0, np.int32),
            end=np.zeros(0, np.int32),
        ),
    )


class _Kept:
    """The warm counties, the one that was asked for longest ago first."""

    _ASKED_MAX = 1_000

    def __init__(self) -> None:
        self._lock = Lock()
        self._counties: OrderedDict[str, _County] = OrderedDict()
        self._asked: set[str] = set()

    def find(self, county: str) -> _County | None:
        with self._lock:
            if county in self._counties:
                self._counties.move_to_end(county)
            return self._counties.get(county)

    def is_wanted(self, county: str) -> bool:
        """Tell whether a county was asked for before: a single question warms nothing."""
        if not settings.LINBANG_WARM_HELPERS:
            return False
        with self._lock:
            if county in self._asked:
                # Whoever asks next while it is being read starts from the beginning.
                self._asked.discard(county)
                return True
            if len(self._asked) >= self._ASKED_MAX:
                self._asked.clear()
            self._asked.add(county)
            return False

    def keep(self, county: str, kept: _County) -> None:
        """Keep a county; the ones asked for longest ago go when there are too many volunteers."""
        with self._lock:
            self._counties[county] = kept
            self._counties.move_to_end(county)
            while sum(len(one.facts) for one in self._counties.values()) > (
                settings.LINBANG_WARM_HELPERS
            ):
                self._counties.popitem(last=False)

    def forget(self, county: str, lost: _County) -> None:
        with self._lock:
            if self._counties.get(county) is lost:
                del self._counties[county]

    def forget_all(self) -> None:
        with self._lock:
            self._counties.clear()
            self._asked.clear()


_KEPT = _Kept()
