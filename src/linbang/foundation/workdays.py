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


# Records of service are complete within ten working days of its end (Order 67, article 11).
RECORD_WORKDAYS = 10


def record_due(ended_on: date) -> date | None:
    """Return by when records of what ended that day are due (rule 41); None where the calendar of
    the year is still missing: a page then names no day.
    """
    try:
        return add_workdays(ended_on, RECORD_WORKDAYS)
    except CalendarYearMissing:
        return None


def workdays_since(day: date, today: date) -> int:
    """Count the workdays after a day up to today, today included.

    Raises CalendarYearMissing.
    """
    return sum(is_workday(day + timedelta(days=n)) for n in range(1, (today - day).days + 1))


def day_before_workdays(today: date, count: int) -> date:
    """Return the last day that lies at least ``count`` workdays back, as ``workdays_since`` counts.

    Raises CalendarYearMissing.
    """
    day = today
    while count > 0:
        count -= is_workday(day)
        day -= timedelta(days=1)
    return day


def is_record_late(ended_on: date, today: date) -> bool:
    """Tell whether records of what ended that day are overdue (rule 41).

    What a missing calendar cannot tell is not held against anybody.
    """
    # So many days hold ten workdays whatever the holidays are.
    if (today - ended_on).days > 3 * RECORD_WORKDAYS:
        return True
    try:
        return workdays_since(ended_on, today) > RECORD_WORKDAYS
    except CalendarYearMissing:
        return False
