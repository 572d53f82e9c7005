"""Region codes: the code is the path, so every question of place is a question of prefix."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol

from linbang.foundation.audit.rules import Viewer
from linbang.foundation.places.choices import RegionLevel, StationFeature, Weekday
from linbang.foundation.places.errors import (
    LocationImpossible,
    OpeningHoursImpossible,
    PlaceFull,
    PlaceNameMissing,
    StationPhoneWrong,
)

# 2-4-6-9-12 as published; then three digits for the grid and three for the building.
CODE_LENGTHS = (2, 4, 6, 9, 12, 15, 18)
LOCAL_LEVELS = frozenset({RegionLevel.GRID, RegionLevel.BUILDING})

# A string, because permissions are words of ``access``, which stands above.
EDIT_PLACES = "edit_places"


class Keeper(Viewer, Protocol):
    """Who keeps places; ``access.rules.Actor`` is one."""

    def may(self, permission: Any, *, region: str) -> bool: ...


@dataclass(frozen=True)
class Spelling:
    """A place's name in letters, to be found by."""

    pinyin: str
    initials: str


@dataclass(frozen=True, order=True)
class OpeningWindow:
    """One opening window on a weekday, half-open."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class StationDetails:
    """What is told of a station."""

    region_code: str
    name: str
    address: str
    phone: str = ""
    longitude: float | None = None
    latitude: float | None = None
    features: tuple[str, ...] = ()
    hours: tuple[OpeningWindow, ...] = ()


def is_region_code(code: str) -> bool:
    """Tell whether the text has the form of a region code."""
    return code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS


def parent_code(code: str) -> str | None:
    """Return the code one level up; None for a province."""
    steps = {child: parent for parent, child in pairwise(CODE_LENGTHS)}
    length = steps.get(len(code))
    return code[:length] if length else None


def ancestor_codes(code: str) -> tuple[str, ...]:
    """Return the codes above and including this one, the province first."""
    return tuple(code[:length] for length in CODE_LENGTHS if length <= len(code))


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the half-open range [low, high) that holds the subtree of a code.

    ``:`` follows ``9`` in the C collation the columns use.
    """
    return prefix, prefix + ":"


def short_name(name: str) -> str:
    """Return a community's everyday name: 新竹社区居委会 → 新竹社区, 葛麻村委会 → 葛麻村."""
    for suffix, kept in (("社区居委会", "社区"), ("居委会", "社区"), ("村委会", "村")):
        if name.endswith(suffix):
            return name[: -len(suffix)] + kept
    return name


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 55 MB of dictionaries, only for who spells

    return "".join(lazy_pinyin(character))


def spelling(name: str) -> Spelling:
    """Return the pinyin and initials of a place's name, as long as their columns."""
    syllables = [_syllable(character) for character in name]
    return Spelling(" ".join(syllables)[:160], "".join(s[:1] for s in syllables)[:40])


def next_code(parent: str, taken: Collection[str]) -> str:
    """Return the lowest free code under a parent; closed places keep theirs. Raises PlaceFull."""
    for number in range(1, 1000):
        code = f"{parent}{number:03d}"
        if code not in taken:
            return code
    raise PlaceFull


def closing_date(valid_from: date, *, today: date) -> date:
    """Return the day a place ends: today, but never the day it began."""
    return max(today, valid_from + timedelta(days=1))


def require_place_name(text: str) -> str:
    """Return the name without outer blanks. Raises PlaceNameMissing."""
    name = " ".join(text.split())
    if not name:
        raise PlaceNameMissing(field="name")
    return name


def require_location(longitude: float | None, latitude: float | None) -> tuple[float, float]:
    """Return the point when both degrees are told and lie on Earth. Raises LocationImpossible."""
    if (
        longitude is None
        or latitude is None
        or not (-180 <= longitude <= 180 and -90 <= latitude <= 90)
    ):
        raise LocationImpossible(field="longitude")
    return longitude, latitude


def require_dialled(phone: str) -> str:
    """Return a phone as people write it, or nothing. Raises StationPhoneWrong."""
    text = phone.strip()
    if text and not re.fullmatch(r"\+?[\d -]{5,20}", text, re.ASCII):
        raise StationPhoneWrong(field="phone")
    return text


def known_features(features: Iterable[str]) -> list[str]:
    """Return the known haves in their order, each once (rule 14)."""
    told = set(features)
    return [feature for feature in StationFeature.values if feature in told]


def require_hours(windows: Iterable[OpeningWindow]) -> tuple[OpeningWindow, ...]:
    """Return the windows by day and time. Raises OpeningHoursImpossible for one that overlaps."""
    ordered = tuple(sorted(windows))
    for window in ordered:
        if window.closes_at <= window.opens_at or window.weekday not in Weekday.values:
            raise OpeningHoursImpossible(field=f"hours_{window.weekday}")
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens_at < before.closes_at:
            raise OpeningHoursImpossible(field=f"hours_{after.weekday}")
    return ordered


def windows_from(text: str, *, weekday: int) -> tuple[OpeningWindow, ...]:
    """Read 09:00-12:00, 14:00-18:00 as one weekday's windows. Raises OpeningHoursImpossible."""
    parts = [part.strip() for part in re.split(r"[,，、;；]", text) if part.strip()]
    return require_hours(_window(part, weekday) for part in parts)


def _window(part: str, weekday: int) -> OpeningWindow:
    sides = re.split(r"\s*[-–—~～至]\s*", part.replace("：", ":"))
    try:
        opens_at, closes_at = (_time(side) for side in sides)
    except ValueError as error:
        raise OpeningHoursImpossible(field=f"hours_{weekday}") from error
    return OpeningWindow(weekday, opens_at, closes_at)


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def windows_text(windows: Iterable[OpeningWindow]) -> str:
    """Write windows of one day as they are typed: 09:00-12:00, 14:00-18:00."""
    return ", ".join(f"{w.opens_at:%H:%M}-{w.closes_at:%H:%M}" for w in windows)


def is_open(windows: Iterable[OpeningWindow], *, weekday: int, at: time) -> bool:
    """Tell whether a station is open at a weekday's time."""
    return any(w.weekday == weekday and w.opens_at <= at < w.closes_at for w in windows)
