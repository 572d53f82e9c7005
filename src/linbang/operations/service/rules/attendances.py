"""When presence on a shift may be taken down, where a person stands, and when absences count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linbang.foundation.clock import CHINA, day_window, local_date
from linbang.foundation.people.choices import DayPart, ServiceCategory
from linbang.foundation.people.rules import PARTS, VolunteerDetails, availability_from_bits
from linbang.operations.service import errors
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod, RollState

# The windows of ``service_check_in_v1`` and ``…_out_v1``; a test holds the two together.
SHIFT_CHECK_IN_OPENS = timedelta(minutes=60)
PRESENCE_MIN = timedelta(minutes=1)
PAIRS_A_DAY_MAX = 3
PLACES_FOR_LOCATION_MIN = 100

SHIFT_DAY_LASTS = timedelta(hours=12)
# How far a leader's phone may run ahead of us; what it then says is taken as now.
CLOCK_LEAD_MAX = timedelta(minutes=5)
# Scanning a card again so soon is a hand that slipped, not somebody leaving.
CARD_PAUSE = timedelta(minutes=5)

NO_SHOWS_MAX = 3
NO_SHOW_WINDOW = timedelta(days=90)
# After so long without a closed roll, who never came is absent; what is older was looked at before.
ROLL_WAITS = timedelta(hours=24)
ABSENCE_LOOK_BACK = timedelta(days=8)

SHEET_PEOPLE_MAX = 50
SHEET_SEGMENTS_MAX = 10


@dataclass(frozen=True)
class OwnProof:
    """What a person's own telephone puts forward: the code of the moment, or where it is."""

    method: AttendanceMethod
    code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    key: str = ""


def check_in_opens_at(starts_at: datetime) -> datetime:
    """Return from when a shift can be checked in to."""
    return starts_at - SHIFT_CHECK_IN_OPENS


def is_check_in_open(starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Tell whether a shift can be checked in to: from an hour before to its end."""
    return check_in_opens_at(starts_at) <= now < ends_at


def roll_moment(
    at: datetime | None, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> datetime:
    """Return when a leader's mark was made: what the phone says, on the day of the shift.

    A phone may have been offline, and may run a little ahead. The day ends half a day after the
    shift, so that a late evening is one. Raises OutsideTheDay.
    """
    if at is None or now < at <= now + CLOCK_LEAD_MAX:
        return now
    day_starts_at, _ = day_window(local_date(starts_at))
    if at > now or not day_starts_at <= at < ends_at + SHIFT_DAY_LASTS:
        raise errors.OutsideTheDay(field="at")
    return at


def roll_state(
    *,
    is_open: bool,
    has_left: bool,
    absence: AbsenceKind | None,
    is_excused: bool,
    ends_at: datetime,
    now: datetime,
) -> RollState:
    """Tell where a person stands on a shift; having been there outweighs every mark."""
    if is_open:
        return RollState.HERE if now < ends_at else RollState.FORGOTTEN
    if has_left:
        return RollState.LEFT
    if absence is None:
        return RollState.EXPECTED
    return RollState.EXCUSED if is_excused or absence == AbsenceKind.EXCUSED else RollState.ABSENT


def counts(out_method: str) -> bool:
    """Tell whether an attendance counts: it was not taken back."""
    return out_method != AttendanceMethod.VOID


def pauses_sign_ups(missed_at: Iterable[datetime], *, now: datetime) -> bool:
    """Tell whether somebody missed so many shifts that sign-ups are paused (rule 28).

    ``missed_at``: the starts of shifts missed without excuse.
    """
    return sum(now - NO_SHOW_WINDOW <= at <= now for at in missed_at) >= NO_SHOWS_MAX


def number_on_card(text: str) -> str:
    """Return the volunteer number in what was scanned or typed: an address, or the number itself.

    Whether such a number exists is for the register to say.
    """
    return text.strip().rstrip("/").rpartition("/")[2].strip().upper()


def sheet_window(day: date, came: time, left: time) -> tuple[datetime, datetime]:
    """Return two times of a paper sheet as instants; a going before the coming is tomorrow's."""
    starts_at = datetime.combine(day, came, CHINA)
    ends_at = datetime.combine(day, left, CHINA)
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)


def require_sheet_size(segments: Iterable[int]) -> None:
    """Refuse more than 50 people or 10 segments each (rule 46). Raises SheetTooLong."""
    counted = list(segments)
    if len(counted) > SHEET_PEOPLE_MAX or any(
        not 1 <= count <= SHEET_SEGMENTS_MAX for count in counted
    ):
        raise errors.SheetTooLong


def offer_at(categories: Sequence[str], starts_at: datetime) -> VolunteerDetails:
    """Return what somebody who walked in offers for a start: this kind of work, at this time."""
    local = starts_at.astimezone(CHINA)
    part = DayPart.MORNING if local.hour < 12 else DayPart.AFTERNOON
    part = DayPart.EVENING if local.hour >= 18 else part
    return VolunteerDetails(
        categories=tuple(categories) or (ServiceCategory.COMMUNITY,),
        availability=availability_from_bits([local.weekday() * PARTS + part]),
    )
