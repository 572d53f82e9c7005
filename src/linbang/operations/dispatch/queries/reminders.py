"""Who is to be reminded of a shift, and whose leader of open requests."""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, CharField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from linbang.foundation.messaging.models import Notice
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Reminder, SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.dispatch.queries.sign_ups import sign_ups_with_shifts

# A request is told of within a day of coming in; the sweep looks every minute.
_REQUESTS_LOOK_BACK = timedelta(days=1)


def sign_ups_to_remind(reminder: Reminder, *, now: datetime) -> QuerySet[SignUp]:
    """Return the places whose reminder is due and was not given; indexes ``shift_by_time``,
    ``sign_up_by_shift`` and ``notice_key_once``.
    """
    before, until = rules.REMINDERS[reminder]
    # As ``rules.reminder_key``. Django's own Extract would count from the wall clock.
    epoch = Func(
        OuterRef("shift__starts_at"),
        template="EXTRACT(EPOCH FROM %(expressions)s)::bigint",
        output_field=BigIntegerField(),
    )
    key = Concat(
        Value("sign-up:"), Cast(OuterRef("pk"), CharField()), Value(f":{reminder}:"),
        Cast(epoch, CharField()),
    )  # fmt: skip
    given = Notice.objects.filter(
        cell=OuterRef("person__cell"), person_id=OuterRef("person_id"), key=key
    )
    return (
        sign_ups_with_shifts()
        .filter(
            state=SignUpState.CONFIRMED,
            shift__state=ShiftState.PLANNED,
            shift__starts_at__gt=now + until,
            shift__starts_at__lte=now + before,
            confirmed_at__lte=F("shift__starts_at") - before,
        )
        .filter(~Exists(given))
        .order_by("id")
    )


def activities_to_decide(*, now: datetime) -> list[Activity]:
    """Return the activities for which requests came in that nobody has decided."""
    asked = SignUp.objects.filter(
        state=SignUpState.REQUESTED,
        ended_at=None,
        asked_at__gt=now - _REQUESTS_LOOK_BACK,
        shift__activity__state=ActivityState.PUBLISHED,
    )
    activities = Activity.objects.select_related("organiser")
    return list(
        activities.filter(pk__in=asked.values("shift__activity_id").distinct()).order_by("id")
    )
