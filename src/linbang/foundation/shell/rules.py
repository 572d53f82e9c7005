"""How a person wishes to read, and how times and amounts are written in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time, format_timedelta

WORDS = {
    "theme": ("auto", "light", "dark"),
    "text": ("standard", "large", "largest"),
    "elder": ("on", "off"),
}
# Each in its own words, so that everyone finds the way back.
LANGUAGE_NAMES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "en": "en_GB"}
MINUTES_SHOWN_AS_DECIMAL_HOURS = 6  # a tenth of an hour; anything finer is told in minutes

_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
_DAY_WITH_YEAR = {"zh": "y年M月d日 EEE", "en": "EEE d MMM y"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one browser wishes to be served; kept in cookies, never in the account."""

    theme: str = "auto"
    text: str = "standard"
    elder: bool = False

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
