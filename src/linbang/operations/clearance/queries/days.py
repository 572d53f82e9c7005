"""Days as sentences speak of them, in the reader's language."""

from datetime import date, datetime

from django.utils.translation import get_language

from linbang.foundation import clock
from linbang.foundation.shell.rules import LOCALES, day_text


def day_words(value: date | datetime, *, now: datetime) -> str:
    """Return a day in China as 5月16日 周六, with its year when that is not this year's."""
    day = clock.local_date(value) if isinstance(value, datetime) else value
    language = get_language() or "zh-hans"
    known = language if language in LOCALES else "en"
    return day_text(day, language=known, today=clock.local_date(now))
