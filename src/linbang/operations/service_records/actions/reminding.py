"""Who leads is told before the ten working days are over (rule 41)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.clock import local_date
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.service_records import queries
from linbang.operations.service_records.queries import OverdueShift


@transaction.atomic
def remind_records(*, now: datetime) -> int:
    """Tell the leaders of activities with unsettled hours; once an activity and due day.

    Returns how many activities and days there are.
    """
    days: dict[tuple[int, str], list[OverdueShift]] = {}
    for one in queries.shifts_to_remind(now):
        day = local_date(one.ends_at).isoformat()
        days.setdefault((one.activity.pk, day), []).append(one)
    for (activity_id, day), shifts in days.items():
        activity, due = shifts[0].activity, shifts[0].due
        orders = [
            NoticeOrder(
                person_id=person_id,
                kind=NoticeKind.TASK,
                template="hours_due",
                params={
                    "item": activity.name,
                    "day": due.isoformat() if due else "",
                    "count": sum(one.count for one in shifts),
                },
                url=f"/lead/{activity.public_id}/?day={day}",
                key=f"hours_due:{activity_id}:{day}",
            )
            for person_id in sorted(dispatch.leaders_at(activity))
        ]
        if orders:
            notify_many(orders=orders, now=now)
    return len(days)
