"""What people are told about who may go. Other people's names come masked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.messaging.actions import NoticeOrder, notify_many, send_sms
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity
from linbang.operations.clearance import queries
from linbang.operations.clearance.models import ConsentRequest

MINE = "/clearance/"


def tell_guardians(
    request: ConsentRequest,
    activity: Activity,
    person: Person,
    guardians: Iterable[int],
    *,
    now: datetime,
) -> None:
    """Tell the guardians that a child waits for their consent, also by text message."""
    tell(
        "consent_asked",
        guardians,
        {"name": mask_name(person.name), "activity": activity.name},
        url=f"/clearance/activities/{activity.public_id}/?person={person.public_id}",
        key=f"consent-request:{request.pk}",
        now=now,
        by_sms=True,
    )


def tell_minor(
    template: str, source_id: int, activity: Activity, person: Person, *, now: datetime
) -> None:
    """Tell a minor what the guardian answered."""
    tell(
        template,
        [person.pk],
        {"activity": activity.name},
        url=f"/activities/{activity.public_id}/",
        key=f"{template}:{source_id}",
        now=now,
    )


def tell(
    template: str,
    people: Iterable[int],
    params: dict[str, Any],
    *,
    url: str,
    key: str,
    now: datetime,
    kind: NoticeKind = NoticeKind.CLEARANCE,
    by_sms: bool = False,
) -> None:
    """Put one line into each inbox, once per key; ``by_sms`` sends a text message as well."""
    told = sorted(set(people))
    orders = [
        NoticeOrder(person_id=one, kind=kind, template=template, params=params, url=url, key=key)
        for one in told
    ]
    if orders:
        notify_many(orders=orders, now=now)
    if by_sms:
        for person in queries.people_with_phones(told):
            send_sms(
                phone=person.phone,
                template=template,
                params=params,
                key=f"{key}:{person.pk}",
                cell=person.cell,
                now=now,
            )
