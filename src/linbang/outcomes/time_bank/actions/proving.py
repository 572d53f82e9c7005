"""The nightly proof of the books: what is wrong is told, nothing is repaired."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.ledger.rules import BookFault
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.outcomes.time_bank import queries


@transaction.atomic
def prove_books(*, now: datetime) -> list[BookFault]:
    """Check all books, leave the result in the trail, and tell who answers for them of faults.

    The districts concerned and the system administrators are told once a day.
    """
    faults = queries.check_books(now=now)
    audit.record(
        by=Actor.system(),
        action="time_bank.check_books",
        subject_type="time_bank.books",
        subject_id=local_date(now).isoformat(),
        detail={"faults": len(faults), "rules": dict(Counter(fault.rule for fault in faults))},
        now=now,
    )
    if faults:
        cells = {fault.cell for fault in faults}
        notify_many(
            orders=[
                NoticeOrder(
                    person_id=person_id,
                    kind=NoticeKind.TASK,
                    template="books_wrong",
                    params={"count": len(faults)},
                    url="/console/love-savings/",
                    key=f"books:{local_date(now)}",
                )
                for person_id in queries.who_answers_for_books(cells)
            ],
            now=now,
        )
    return faults
