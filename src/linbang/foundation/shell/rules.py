"""How a person wishes to read, how times are written in each language, what browsers may do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time, format_timedelta, get_day_names

WORDS = {
    "theme": ("auto", "light", "dark"),
    "text": ("standard", "large", "largest"),
    "elder": ("on", "off"),
    "sunlight": ("on", "off"),
}
# Each in its own words, so that everyone finds the way back.
LANGUAGE_NAMES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "en": "en_GB"}
PROBLEM = "application/problem+json"  # RFC 9457
MINUTES_SHOWN_AS_DECIMAL_HOURS = 6  # a tenth of an hour; anything finer is told in minutes

_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
_DAY_WITH_YEAR = {"zh": "y年M月d日 EEE", "en": "EEE d MMM y"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one browser wishes to be served; kept in cookies, never in the account."""

    theme: str = "auto"
    text: str = "standard"
    elder: bool = False
    sunlight: bool = False

    @property
    def text_shown(self) -> str:
        """Give the text size to draw: elder mode never goes below large (18 px and more).

        Source: programme rule 101.
        """
        if self.elder and self.text == "standard":
            return "large"
        return self.text


def preferences_from(cookies: Mapping[str, str]) -> Preferences:
    """Read preferences from cookies, taking the default for anything unknown."""
    known = {
        name: cookies[f"lb_{name}"]
        for name, words in WORDS.items()
        if cookies.get(f"lb_{name}") in words
    }
    return Preferences(
        theme=known.get("theme", "auto"),
        text=known.get("text", "standard"),
        elder=known.get("elder") == "on",
        sunlight=known.get("sunlight") == "on",
    )


def preference_cookies(wishes: Mapping[str, str]) -> dict[str, str]:
    """Name the cookies that keep these wishes: only what was asked for, only known words.

    Two quick choices travel as two requests; neither may undo the other.
    """
    return {
        f"lb_{name}": wishes[name] for name, words in WORDS.items() if wishes.get(name) in words
    }


def hours_and_minutes(minutes: int) -> tuple[str, int]:
    """Split minutes for display into hours, decimal where exact to a tenth, and minutes left.

    90 becomes ("1.5", 0); 80 becomes ("1", 20); 45 becomes ("", 45).
    """
    if minutes and abs(minutes) < 60:
        return "", minutes
    if minutes % MINUTES_SHOWN_AS_DECIMAL_HOURS == 0:
        return f"{minutes / 60:,.1f}".removesuffix(".0"), 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{hours if minutes > 0 else -hours:,}", rest


def day_text(value: date, *, language: str, today: date) -> str:
    """Write a day as 11月23日 周日, with its year when that is not this year's."""
    patterns = _DAY if value.year == today.year else _DAY_WITH_YEAR
    return format_date(value, patterns[language[:2]], locale=LOCALES[language])


def time_text(value: datetime) -> str:
    """Write the time of day as 08:30; the instant must already be local."""
    return format_time(value.time(), "HH:mm", locale="zh_Hans_CN")


def moment_text(value: datetime, *, language: str, today: date) -> str:
    """Write a local instant as 11月23日 周日 08:30."""
    joint = ", " if language == "en" else " "
    return day_text(value.date(), language=language, today=today) + joint + time_text(value)


def window_text(starts: datetime, ends: datetime, *, language: str, today: date) -> str:
    """Write a local window as 11月23日 周日 08:30–10:00, repeating the day only when it changes."""
    end = (
        time_text(ends)
        if ends.date() == starts.date()
        else moment_text(ends, language=language, today=today)
    )
    return f"{moment_text(starts, language=language, today=today)}–{end}"


def ago_text(value: datetime, *, language: str, now: datetime) -> str:
    """Write how far an instant lies from now, as 3分钟前."""
    return format_timedelta(
        value - now if abs(value - now) >= timedelta(seconds=1) else timedelta(0),
        add_direction=True,
        locale=LOCALES[language],
    )


def month_text(value: date, *, language: str) -> str:
    """Write a month as 2026年11月."""
    pattern = "MMMM y" if language == "en" else "y年M月"
    return format_date(value, pattern, locale=LOCALES[language])


def month_weeks(month: date) -> list[list[date]]:
    """List the weeks, Monday first, on which this month shows; other months fill both ends."""
    first = month.replace(day=1)
    weeks = [week_days(first)]
    while (following := weeks[-1][-1] + timedelta(days=1)).month == month.month:
        weeks.append(week_days(following))
    return weeks


def week_days(day: date) -> list[date]:
    """List the seven days of the week around this one, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def months_around(month: date) -> tuple[date, date]:
    """Return the first days of the month before and of the month after."""
    first = month.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def day_named(text: str, *, default: date) -> date:
    """Read a day (2026-11-23) or a month (2026-11, its first day) of an address.

    Whatever else stands there, and a day of another century, is the default.
    """
    if not re.fullmatch(r"20\d\d-\d\d(-\d\d)?", text):
        return default
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return default


def weekday_names(language: str) -> list[tuple[str, str]]:
    """Name the weekdays, Monday first: whole for readers aloud, and short for a column."""
    locale = LOCALES[language]
    whole = get_day_names("wide", "stand-alone", locale)
    short = get_day_names("abbreviated" if language == "en" else "narrow", "stand-alone", locale)
    return [(whole[number], short[number]) for number in range(7)]


def permissions_policy(*, camera: bool = False) -> str:
    """Say what pages may ask of a device: where it is, and its camera where we scan."""
    return f"camera=({'self' if camera else ''}), geolocation=(self), microphone=(), payment=()"


def is_page(content_type: str, status: int) -> bool:
    """Tell whether an answer is a page to read: no file, no redirect, and nothing broke."""
    return content_type.startswith("text/html") and (status < 300 or 400 <= status < 500)


def wants_problem(accept: str) -> bool:
    """Tell whether an answer is read by a script of ours that wants its refusals as problems."""
    return accept.startswith(PROBLEM)
