"""Reminders the day before and two hours before, and the minutely round of the shifts."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.clock import local_date
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.standing_in import lapse_searches
from linbang.operations.dispatch.actions.telling_shifts import (
    remind,
    tell_of_requests,
)
from linbang.operations.dispatch.actions.waiting import fill_places, lapse_held_places
from linbang.operations.dispatch.choices import Reminder


@transaction.atomic
def remind_people(*, now: datetime) -> int:
    """Remind everybody with a place of what begins within a day, and within two hours; once for
    each, and anew where a shift moved. Returns how many were reminded.

    Who joined after a mark is not reminded of it; who left is not reminded at all.
    """
    reminded = 0
    for reminder in Reminder:
        due = list(queries.sign_ups_to_remind(reminder, now=now))
        remind(reminder, due, now=now)
        reminded += len(due)
    return reminded


def sweep_shifts(*, now: datetime) -> int:
    """Make sure that no place stays empty while somebody waits, and that nobody waits for what
    has begun; tell leaders of requests. Returns how many sign-ups were touched.
    """
    touched = lapse_held_places(now=now)
    touched += lapse_searches(now=now)
    touched += fill_places(shift_ids=None, now=now)
    with transaction.atomic():
        for activity in queries.activities_to_decide(now=now):
            tell_of_requests(activity, day=f"{local_date(now):%Y%m%d}", now=now)
    return touched
