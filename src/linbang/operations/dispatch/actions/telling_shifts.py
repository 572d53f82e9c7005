"""What people are told about their places on shifts; many of them in one statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.messaging.actions import (
    NoticeOrder,
    SmsOrder,
    notify_many,
    send_sms_many,
)
from linbang.foundation.messaging.choices import NoticeKind
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.choices import Reminder
from linbang.operations.dispatch.models import Reservation, SignUp, StandIn

# One line in place of many about shifts that changed together.
_SUMMARIES: Mapping[str, str] = {
    "shift_cancelled": "shifts_cancelled",
    "shift_moved": "shifts_moved",
    "shift_rostered": "shifts_rostered",
}


def tell(template: str, sign_ups: Iterable[SignUp], *, now: datetime, **params: Any) -> None:
    """Tell people about their sign-ups, once for each moment; many shifts make one line."""
    by_person: dict[int, list[SignUp]] = {}
    for sign_up in sign_ups:
        by_person.setdefault(sign_up.person_id, []).append(sign_up)
    orders = [
        order
        for _, theirs in sorted(by_person.items())
        for order in _orders(template, theirs, now=now, params=params)
    ]
    if orders:
        notify_many(orders=orders, now=now)


def _orders(
    template: str, sign_ups: Sequence[SignUp], *, now: datetime, params: Mapping[str, Any]
) -> Iterator[NoticeOrder]:
    if len(sign_ups) > 1 and template in _SUMMARIES:
        first = min(sign_ups, key=lambda one: one.shift.starts_at)
        counted = {**shift_params(first.shift), "count": len(sign_ups), **params}
        yield _order(first, _SUMMARIES[template], counted, now=now, url="/shifts/")
        return
    for sign_up in sign_ups:
        yield _order(sign_up, template, {**shift_params(sign_up.shift), **params}, now=now)


def _order(
    sign_up: SignUp, template: str, params: Mapping[str, Any], *, now: datetime, url: str = ""
) -> NoticeOrder:
    return NoticeOrder(
        person_id=sign_up.person_id,
        kind=NoticeKind.SHIFT,
        template=template,
        params=params,
        url=url or activity_url(sign_up.shift.activity),
        key=f"sign-up:{sign_up.pk}:{template}:{now.timestamp():.0f}",
    )


def text_message(template: str, sign_ups: Iterable[SignUp], *, key: str, now: datetime) -> None:
    """Send people a text message about their sign-ups, those who left a phone: once for a key
    and the time of the shift.
    """
    orders = [
        SmsOrder(
            phone=sign_up.person.phone,
            template=template,
            params=shift_params(sign_up.shift),
            key=f"sign-up:{sign_up.pk}:{key}:{sign_up.shift.starts_at.timestamp():.0f}",
            cell=sign_up.cell,
        )
        for sign_up in sign_ups
        if sign_up.person.phone
    ]
    if orders:
        send_sms_many(orders=orders, now=now)


def remind(reminder: Reminder, sign_ups: Sequence[SignUp], *, now: datetime) -> None:
    """Remind people of their places; the day before also by text message."""
    orders = [
        NoticeOrder(
            person_id=sign_up.person_id,
            kind=NoticeKind.SHIFT,
            template=f"shift_{reminder}",
            params={**shift_params(sign_up.shift), "place": sign_up.shift.activity.place_name},
            url=activity_url(sign_up.shift.activity),
            key=rules.reminder_key(sign_up.pk, reminder, starts_at=sign_up.shift.starts_at),
        )
        for sign_up in sign_ups
    ]
    if orders:
        notify_many(orders=orders, now=now)
    if reminder == Reminder.DAY_BEFORE:
        text_message("shift_day_before", sign_ups, key="day-before", now=now)


def tell_leaders(template: str, sign_up: SignUp, *, now: datetime, **params: Any) -> None:
    """Tell whoever leads a shift what became of somebody's place; her name comes masked."""
    name = mask_name(sign_up.person.name)
    tell_people(
        queries.leaders_at(sign_up.shift.activity),
        template,
        {**shift_params(sign_up.shift), "name": name, **params},
        url=activity_url(sign_up.shift.activity),
        key=f"sign-up:{sign_up.pk}:{template}:{now.timestamp():.0f}",
        now=now,
    )


def tell_of_requests(activity: Activity, *, day: str, now: datetime) -> None:
    """Tell whoever leads an activity that people wait for a decision, once a day."""
    tell_people(
        queries.leaders_at(activity),
        "sign_ups_to_decide",
        {"item": activity.name},
        url=f"/console/sign-ups/{activity.public_id}/",
        key=f"activity:{activity.pk}:to-decide:{day}",
        now=now,
        kind=NoticeKind.TASK,
    )


def tell_of_reservation(reservation: Reservation, *, now: datetime) -> None:
    """Tell whoever leads a unit or team that places are kept for it."""
    organisation, shift = reservation.organisation, reservation.shift
    tell_people(
        queries.holders_at(organisation.region_id, queries.paths_above(organisation.path)),
        "places_reserved",
        {**shift_params(shift), "count": reservation.places, "name": organisation.name},
        url=f"/reservations/{reservation.public_id}/",
        key=f"reservation:{reservation.pk}:{reservation.places}",
        now=now,
    )


def tell_swap_is_off(searches: Iterable[StandIn], *, now: datetime) -> None:
    """Tell those who asked for a swap that the other's place is gone."""
    tell("swap_off", [search.sign_up for search in searches], now=now)


def tell_people(
    person_ids: Iterable[int],
    template: str,
    params: Mapping[str, Any],
    *,
    url: str,
    key: str,
    now: datetime,
    kind: NoticeKind = NoticeKind.SHIFT,
) -> None:
    """Put one line into the inboxes of some people."""
    orders = [
        NoticeOrder(
            person_id=person_id, kind=kind, template=template, params=params, url=url, key=key
        )
        for person_id in sorted(set(person_ids))
    ]
    if orders:
        notify_many(orders=orders, now=now)


def shift_params(shift: Shift) -> dict[str, Any]:
    """Return what every line about a shift may name."""
    return {
        "item": shift.activity.name,
        "post": shift.post.name,
        "starts_at": shift.starts_at,
        "reason": shift.cancel_reason,
    }


def activity_url(activity: Activity) -> str:
    """Return the address of an activity's public page."""
    return f"/activities/{activity.public_id}/"
