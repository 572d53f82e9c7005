"""By when something is answered, recorded, shown."""

from datetime import datetime

from linbang.foundation.clock import local_date
from linbang.foundation.workdays import RECORD_WORKDAYS, add_workdays

# The resident has a working day to answer; the station's call is due on the third (rule 64).
ANSWER_WORKDAYS = 1
CALL_WORKDAYS = 3
# Who is behind is reminded on the seventh working day, and on the red list from the eleventh
# (rule 41).
REMINDER_WORKDAY = 7
RED_WORKDAY = RECORD_WORKDAYS + 1
# A claim of error is answered within ten working days, as disputes about hours are (rule 73).
CLAIM_WORKDAYS = 10
# The hours of an activity are on notice for five working days (rule 44).
NOTICE_WORKDAYS = 5


def is_on_notice(drafted_at: datetime, *, now: datetime) -> bool:
    """Tell whether hours recorded then are still on public notice (rule 44).

    Raises CalendarYearMissing.
    """
    return local_date(now) <= add_workdays(local_date(drafted_at), NOTICE_WORKDAYS)
