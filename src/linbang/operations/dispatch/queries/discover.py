"""What one may take now: the shifts of published activities, for a person or a stranger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from linbang.foundation.clock import CHINA, day_window, local_date
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.choices import Audience
from linbang.intake.activities.models import Qualification
from linbang.operations.clearance.choices import Cause
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    CATEGORY_ICONS,
    CHANCES_OPEN,
    Chance,
    SignUpState,
    SortBy,
    When,
)
from linbang.operations.dispatch.rules import OpenShift

_OPEN_SHIFTS = (Path(__file__).parents[1] / "sql" / "open_shifts.sql").read_text("utf-8")
SHIFTS_SHOWN_MAX = 300
SHIFTS_OF_A_MONTH_MAX = 1500
COUNTY_DIGITS, _COMMUNITY_DIGITS = 6, 12
NEAR_METRES = 3_000
_DOTS_MAX = 500
SHIFTS_ON_A_CARD = 3


@dataclass(frozen=True, kw_only=True)
class Look:
    """What somebody looks for; empty means all. ``region`` is a prefix of region codes; ``digits``
    says how many the reader's home shares: 6 for the county, 9 the street, 12 the community.
    """

    region: str = ""
    digits: int = 0
    when: When = When.ANY
    category: str = ""
    near: bool = False
    skilled: bool = False
    possible: bool = False
    sort: SortBy = SortBy.FIT
    month: date | None = None


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift, what the reader may do with it, and every reason why not, in words."""

    shift: OpenShift
    chance: Chance
    reasons: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """One may press the button."""
        return self.chance in CHANCES_OPEN

    @property
    def may_be_helped(self) -> bool:
        """There is something one can do about it, or at least to be told."""
        return self.chance not in (Chance.CANCELLED, Chance.OVER)

    @property
    def is_held(self) -> bool:
        """A freed place is kept for the reader, for minutes."""
        return self.shift.my_state == SignUpState.HELD

    @property
    def state_words(self) -> str:
        """Where the reader's own sign-up stands."""
        return str(SignUpState(self.shift.my_state).label) if self.shift.my_state else ""


@dataclass(frozen=True)
class ActivityCard:
    """An activity in the list, with those of its shifts that were found."""

    rows: list[ShiftRow] = field(default_factory=list)

    @property
    def first(self) -> OpenShift:
        """The shift that stands for the activity's own facts."""
        return self.rows[0].shift

    @property
    def category(self) -> str:
        """The first service category by name."""
        codes = self.first.categories
        return str(ServiceCategory(codes[0]).label) if codes else ""

    @property
    def icon(self) -> str:
        """The icon of the first service category."""
        codes = self.first.categories
        return CATEGORY_ICONS.get(codes[0] if codes else "", "heart-handshake")

    @property
    def shown(self) -> list[ShiftRow]:
        """The shifts that stand on the card."""
        return self.rows[:SHIFTS_ON_A_CARD]

    @property
    def more(self) -> int:
        """How many shifts the activity's own page has besides."""
        return len(self.rows[SHIFTS_ON_A_CARD:])


def open_shifts(
    person_id: int | None,
    look: Look,
    *,
    now: datetime,
    cell: str = "",
    limit: int = SHIFTS_SHOWN_MAX,
) -> list[ShiftRow]:
    """Return the shifts one may look at, in the order wished: one statement, and one more for the
    names of qualifications where some are missing. ``cell`` is the reader's own.
    """
    starts_from, until = _window(look, now=now)
    low, high = prefix_range(look.region) if look.region else ("", "")
    rows = rows_of(
        person_id,
        now=now,
        starts_from=starts_from,
        until=until,
        low=low,
        high=high,
        county=_county(look, cell),
        digits=look.digits,
        category=look.category,
        weekend=look.when == When.WEEKEND,
        skilled=look.skilled,
        limit=limit,
    )
    shown = [row for row in rows if _passes(row, look)]
    return sorted(shown, key=lambda row: rules.sort_key(row.shift, row.chance, look.sort))


def _county(look: Look, cell: str) -> str:
    """Return the county to look in, so that ``shift_by_time`` serves; empty for everywhere."""
    if len(look.region) >= COUNTY_DIGITS:
        return look.region[:COUNTY_DIGITS]
    return cell if look.digits >= COUNTY_DIGITS else ""


def _passes(row: ShiftRow, look: Look) -> bool:
    if row.shift.audience == Audience.MEMBERS and not _is_member(row):
        return False
    if look.possible and not row.is_open:
        return False
    return not look.near or (row.shift.metres is not None and row.shift.metres <= NEAR_METRES)


def _is_member(row: ShiftRow) -> bool:
    # What recruits members alone clutters nobody else's list; by its link everybody may read it.
    return row.shift.is_for_reader and Cause.NOT_MEMBER not in row.shift.causes


def _window(look: Look, *, now: datetime) -> tuple[datetime, datetime | None]:
    if look.month is not None:
        begins = day_window(look.month.replace(day=1))[0]
        after = (look.month.replace(day=28) + timedelta(days=4)).replace(day=1)
        return max(begins, now), day_window(after)[0]
    days = {When.TODAY: 1, When.WEEK: 7, When.WEEKEND: 14}.get(look.when)
    if days is None:
        return now, None
    return now, day_window(local_date(now))[0] + timedelta(days=days)


def rows_of(person_id: int | None, *, now: datetime, **wanted: object) -> list[ShiftRow]:
    """Return shifts as one reader may see them; ``wanted`` are parameters of the statement."""
    found = _fetch(person_id, now=now, **wanted)
    names = _names_in(shift.causes for shift in found)
    return [
        ShiftRow(
            shift,
            chance := rules.chance_of(shift, now=now),
            _reasons(shift, chance, names),
        )
        for shift in found
    ]


def _fetch(person_id: int | None, *, now: datetime, **wanted: object) -> list[OpenShift]:
    parameters: dict[str, Any] = {
        "person": person_id,
        "now": now,
        "starts_from": now,
        "until": None,
        "activity": None,
        "shift": None,
        "county": "",
        "digits": 0,
        "low": "",
        "high": "",
        "category": "",
        "weekend": False,
        "skilled": False,
        "limit": SHIFTS_SHOWN_MAX,
        **wanted,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SHIFTS, parameters)
        return [OpenShift(*row) for row in cursor.fetchall()]


def _names_in(causes: Iterable[Sequence[str]]) -> Mapping[str, str]:
    """Return the names of the qualifications that causes speak of; none asked, no query."""
    codes = {code for one in causes for cause in one if (code := cause.partition(":")[2])}
    if not codes:
        return {}
    return {one.code: one.label for one in Qualification.objects.filter(pk__in=codes)}


def _reasons(shift: OpenShift, chance: Chance, names: Mapping[str, str]) -> tuple[str, ...]:
    """Say why the button is not there; a barred person hears every reason at once."""
    if chance in CHANCES_OPEN or chance == Chance.MINE:
        return ()
    if chance == Chance.BARRED:
        return cause_texts(rules.causes_in_the_way(shift.causes), names)
    if chance == Chance.CANCELLED and shift.cancel_reason:
        return (f"{chance.label}：{shift.cancel_reason}",)
    return (str(chance.label),)


def cause_texts(causes: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Put causes into words, one by one; a qualification's with its name."""
    told = []
    for cause in causes:
        kind, _, code = cause.partition(":")
        label = str(Cause(kind).label)
        told.append(f"{label}（{names.get(code, code)}）" if code else label)
    return tuple(told)


def cards_of_shifts(rows: Iterable[ShiftRow]) -> list[ActivityCard]:
    """Gather shifts under their activities, in the order in which the first of each came."""
    cards: dict[int, ActivityCard] = {}
    for row in rows:
        cards.setdefault(row.shift.activity_id, ActivityCard()).rows.append(row)
    return list(cards.values())


def shift_row(person_id: int | None, shift: UUID, *, now: datetime) -> ShiftRow | None:
    """Return one published shift as one reader may see it, over or not; None when there is none."""
    rows = rows_of(person_id, now=now, shift=shift, starts_from=_EVER, limit=1)
    return rows[0] if rows else None


_EVER = datetime(2000, 1, 1, tzinfo=CHINA)


def calendar_entries(rows: Iterable[ShiftRow]) -> list[dict[str, Any]]:
    """Return shifts as a calendar shows them, one entry for an activity and time of a day."""
    entries: dict[tuple[date, int, datetime], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.shift.starts_at, row.shift.id)):
        shift = row.shift
        key = (local_date(shift.starts_at), shift.activity_id, shift.starts_at)
        entry = entries.setdefault(
            key,
            {
                "day": key[0],
                "title": shift.name,
                "url": f"/activities/{shift.activity_public_id}/",
                "time": f"{shift.starts_at.astimezone(CHINA):%H:%M}",
                "tone": "grey",
            },
        )
        if row.chance == Chance.MINE:
            entry["tone"] = "red"
        elif row.is_open and entry["tone"] == "grey":
            entry["tone"] = "jade" if shift.left else "gold"
    return list(entries.values())


def map_points(rows: Iterable[ShiftRow]) -> list[dict[str, Any]]:
    """Return the places of activities as a map shows them, with what begins there next; what has
    no place on earth is left out.
    """
    points: dict[tuple[float, float, int], dict[str, Any]] = {}
    for row in rows:
        shift = row.shift
        if shift.latitude is None or shift.longitude is None:
            continue
        key = (shift.latitude, shift.longitude, shift.activity_id)
        point = points.setdefault(
            key,
            {
                "id": f"{shift.activity_public_id}-{len(points)}",
                "lat": shift.latitude,
                "lon": shift.longitude,
                "label": shift.name,
                "place": shift.point_name or shift.place_name,
                "note": "",
                "starts_at": shift.starts_at,
                "url": f"/activities/{shift.activity_public_id}/",
                "tone": "grey",
            },
        )
        point["starts_at"] = min(point["starts_at"], shift.starts_at)
        if row.is_open and point["tone"] == "grey":
            point["tone"] = "jade" if shift.left else "gold"
    return list(points.values())


def map_of(rows: Iterable[ShiftRow], *, region: str) -> dict[str, Any]:
    """Return what a map of shifts shows: their places, and the buildings to find one's way by."""
    return {"points": map_points(rows), "dots": buildings_in(region)}


def buildings_in(region: str) -> list[list[float]]:
    """Return where the buildings of a region stand, for people to find their way on a map; none
    for a region too large to draw.
    """
    if len(region) < _COMMUNITY_DIGITS:
        return []
    buildings = (
        Region.objects.current()
        .within(region)
        .filter(level=RegionLevel.BUILDING, latitude__isnull=False)
    )
    at = buildings.order_by("code").values_list("latitude", "longitude")[:_DOTS_MAX]
    return [[latitude, longitude] for latitude, longitude in at if latitude and longitude]
