"""The 24 availability slots: Monday to Sunday and holidays, each morning, afternoon, evening."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

AFTERNOON = time(12)
EVENING = time(18)
_PARTS = 3
_HOLIDAY = 7


def slot_bit(day: int, part: int) -> int:
    """Give the bit of one slot; day 0 is Monday and 7 a holiday, part 0 is the morning."""
    return 1 << (day * _PARTS + part)


def slots_between(
    starts_at: datetime, ends_at: datetime, *, holidays: Collection[date] = ()
) -> int:
    """Gather every slot that a half-open window in local time touches into a mask."""
    mask = 0
    moment = starts_at
    while moment < ends_at:
        day = _HOLIDAY if moment.date() in holidays else moment.weekday()
        part, moment = _part_and_its_end(moment)
        mask |= slot_bit(day, part)
    return mask


def _part_and_its_end(moment: datetime) -> tuple[int, datetime]:
    zone = moment.tzinfo
    if moment.time() < AFTERNOON:
        return 0, datetime.combine(moment.date(), AFTERNOON, zone)
    if moment.time() < EVENING:
        return 1, datetime.combine(moment.date(), EVENING, zone)
    return 2, datetime.combine(moment.date() + timedelta(days=1), time(), zone)
