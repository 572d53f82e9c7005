"""The Chinese workday calendar, including make-up days, from ``chinese_calendar``."""

from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class CalendarYearMissing(Refused):
    """The State Council's holiday notice of that year is not in the calendar library yet."""

    code = "calendar_year_missing"
    status = 503
    message = _("系统还没有 %(year)s 年的法定节假日安排，请联系管理员更新后再试。")


def is_workday(day: date) -> bool:
    """Tell whether the day is worked in China.

    Raises CalendarYearMissing instead of guessing from the weekday.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise CalendarYearMissing(year=day.year) from error


def add_workdays(day: date, count: int) -> date:
    """Return the day that is ``count`` ≥ 0 workdays after ``day`` (rule 41: an activity ending
    2025-09-26 is due 2025-10-16 at ten workdays).
    """
    while count > 0:
        day += timedelta(days=1)
        if is_workday(day):
            count -= 1
    return day


def is_public_holiday(day: date) -> bool:
    """Tell whether the day is a named holiday, such as the Spring Festival; plain weekends are not.

    Raises CalendarYearMissing.
    """
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError as error:
        raise CalendarYearMissing(year=day.year) from error
    return bool(off) and name is not None
