"""Weekly free time in 24 bits: weekday × part of day, then three bits for holidays."""

from collections.abc import Iterable

from linbang.foundation.people.choices import DayPart

PARTS = len(DayPart)
WEEK_BITS = 7 * PARTS
HOLIDAY_BITS = PARTS
ALL_HOURS = (1 << (WEEK_BITS + HOLIDAY_BITS)) - 1


def availability_from_bits(bits: Iterable[int]) -> int:
    """Pack bit numbers 0-23 into one number; others are ignored."""
    return sum({1 << bit for bit in bits if 0 <= bit < WEEK_BITS + HOLIDAY_BITS})


def bits_of(availability: int) -> tuple[int, ...]:
    """Return the bit numbers that are set, ascending."""
    return tuple(bit for bit in range(WEEK_BITS + HOLIDAY_BITS) if availability >> bit & 1)


def is_free(availability: int, *, weekday: int, part: DayPart, is_holiday: bool) -> bool:
    """Tell whether somebody is free in a part of a day; Monday is 0."""
    row = 7 if is_holiday else weekday
    return bool(availability >> (row * PARTS + part) & 1)
