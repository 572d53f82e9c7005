"""What people are told about presence, absence and incidents; many of them in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.messaging.actions import (
    NoticeOrder,
    SmsOrder,
    notify_many,
    send_sms_many,
)
from linbang.foundation.messaging.choices import NoticeKind
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.service import queries
from linbang.operations.service.models import Absence, Attendance, Incident


def tell_absent(absences: Iterable[Absence], *, now: datetime) -> None:
    """Tell people that they were missed, and how to object."""
    _tell(
        "absence_counted",
        [
            (one.person_id, one.sign_up.shift, f"/shifts/{one.sign_up.public_id}/", one.pk)
            for one in absences
        ],
        now=now,
    )


def tell_decided(absence: Absence, template: str, *, now: datetime) -> None:
    """Tell a person how it was decided about an absence."""
    shift = absence.sign_up.shift
    url = f"/shifts/{absence.sign_up.public_id}/"
    _tell(template, [(absence.person_id, shift, url, absence.pk)], now=now, answer=absence.answer)


def tell_forgotten(attendances: Iterable[Attendance], *, now: datetime) -> None:
    """Remind people who have not checked out, once."""
    _tell(
        "shift_forgotten",
        [
            (one.person_id, one.sign_up.shift, f"/shifts/{one.sign_up.public_id}/", one.pk)
            for one in attendances
        ],
        now=now,
    )


def tell_leaders_of_objection(absence: Absence, *, now: datetime) -> None:
    """Tell whoever leads the shift that somebody objects; her name comes masked."""
    shift = absence.sign_up.shift
    tell_leaders(
        shift.activity,
        "absence_objected",
        {**shift_params(shift), "name": mask_name(absence.person.name)},
        url="/console/absences/",
        key=f"absence:{absence.pk}:objected",
        now=now,
    )


def alarm(incident: Incident, *, now: datetime) -> None:
    """Tell everybody who leads the activity of an incident, by inbox and text message at once.

    Nothing of what happened leaves the record: the message only sends people there.
    """
    told = queries.people_to_alarm(incident.activity)
    params = {"item": incident.activity.name}
    _tell_all(
        [person.pk for person in told],
        "incident_alarm",
        params,
        url=incident_url(incident),
        key=f"incident:{incident.pk}",
        now=now,
    )
    orders = [
        SmsOrder(
            phone=person.phone,
            template="incident_alarm",
            params=params,
            key=f"incident:{incident.pk}:{person.pk}",
            cell=incident.cell,
        )
        for person in told
        if person.phone
    ]
    if orders:
        send_sms_many(orders=orders, now=now)


def tell_due(incident: Incident, template: str, *, now: datetime) -> None:
    """Tell whoever leads that the record of an incident is not complete."""
    tell_leaders(
        incident.activity,
        template,
        {"item": incident.activity.name, "due_at": incident.due_at},
        url=incident_url(incident),
        key=f"incident:{incident.pk}:{template}",
        now=now,
    )


def tell_unclosed(roll: Shift, *, now: datetime) -> None:
    """Tell whoever leads that the roll of a shift that is over was not closed."""
    tell_leaders(
        roll.activity,
        "roll_to_close",
        shift_params(roll),
        url=f"/lead/{roll.activity.public_id}/?day={local_date(roll.starts_at).isoformat()}",
        key=f"roll:{roll.activity_id}:{local_date(roll.starts_at).isoformat()}",
        now=now,
    )


def incident_url(incident: Incident) -> str:
    """Return the address of an incident's page."""
    return f"/incidents/{incident.public_id}/"


def tell_leaders(
    activity: Activity,
    template: str,
    params: Mapping[str, Any],
    *,
    url: str,
    key: str,
    now: datetime,
) -> None:
    """Put a task into the inboxes of whoever leads an activity's shifts."""
    _tell_all(dispatch.leaders_at(activity), template, params, url=url, key=key, now=now)


def _tell_all(
    person_ids: Iterable[int],
    template: str,
    params: Mapping[str, Any],
    *,
    url: str,
    key: str,
    now: datetime,
) -> None:
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=NoticeKind.TASK,
            template=template,
            params=params,
            url=url,
            key=key,
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
    }


def _tell(
    template: str,
    about: Sequence[tuple[int, Shift, str, int]],
    *,
    now: datetime,
    **params: Any,
) -> None:
    """Tell each (person, shift, address, row) once for a template and row."""
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=NoticeKind.SHIFT,
            template=template,
            params={**shift_params(shift), **params},
            url=url,
            key=f"{template}:{row}",
        )
        for person_id, shift, url, row in about
    ]
    if orders:
        notify_many(orders=orders, now=now)
