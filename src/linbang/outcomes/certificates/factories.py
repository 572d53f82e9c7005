"""Verified records and certificates for tests and benchmarks."""

from datetime import date, datetime, timedelta

from linbang.foundation.access.rules import Actor
from linbang.foundation.events import announce
from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import make_activity
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service_records.choices import Approval, RecordKind
from linbang.operations.service_records.events import RecordsVerified
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.certificates import actions
from linbang.outcomes.certificates.models import Certificate


def make_served(
    person: Person | None = None,
    *,
    starts_at: datetime,
    minutes: int = 120,
    title: str = "清洁家园 · 清扫",
    unit: str = "新竹社区服务站",
    proved: bool = True,
    verified: bool = True,
) -> ServiceRecord:
    """Write a shift's record as it is once the roll is closed; it counts unless told otherwise."""
    person = person or make_volunteer().person
    shift = make_open_shift(activity=make_activity(), starts_at=starts_at)
    sign_up = make_sign_up(shift, person, now=starts_at - timedelta(days=2))
    ends_at = starts_at + timedelta(minutes=max(minutes, 1))
    by = AttendanceMethod.CODE if proved else AttendanceMethod.ROLL
    record = ServiceRecord.objects.create(
        cell=person.cell,
        person=person,
        attendance=make_attendance(sign_up, left_at=ends_at, came_by=by, left_by=by),
        title=title,
        category="0006",
        region_id=person.region_id,
        recording_unit=unit,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        credited_minutes=minutes,
        kind=RecordKind.PROVED if proved else RecordKind.ENTERED,
        policy="xinzhu",
        policy_version=1,
        drafted_at=ends_at,
        entered_by_id=None if proved else person.pk + 1,
    )
    if verified:
        RecordVerification.objects.create(
            cell=record.cell,
            record=record,
            approval=Approval.POLICY,
            verified_at=ends_at,
            minutes=minutes,
        )
        announce(RecordsVerified(record_ids=(record.pk,), cell=record.cell, at=ends_at))
    return record


def make_certificate(
    person: Person,
    *,
    first: date,
    last: date,
    now: datetime,
    by: Actor | None = None,
    **wish: object,
) -> Certificate:
    """Issue a certificate as the volunteer would, through the action itself."""
    by = by or Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)
    return actions.issue_certificate(
        person_id=person.pk,
        first=first,
        last=last,
        by=by,
        now=now,
        **wish,  # type: ignore[arg-type]  # columns of a wish
    )
