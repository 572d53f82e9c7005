"""A small world to count, for tests."""

from datetime import datetime, timedelta

from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Shift
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_item, make_need
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.models import Absence, Attendance
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import (
    RecordCorrection,
    RecordVerification,
    ServiceRecord,
)


def make_service(
    volunteer: Person,
    beneficiary: Person,
    *,
    starts_at: datetime,
    item: str = "shopping",
    minutes: int = 60,
    kind: RecordKind = RecordKind.PROVED,
    verified: bool = True,
    corrected_to: tuple[int, ...] = (),
    opened_at: datetime | None = None,
    **need_fields: object,
) -> ServiceRecord:
    """Store a fulfilled request with its visit and record; verified unless told otherwise."""
    need = make_need(
        beneficiary,
        item=make_item(item),
        state=NeedState.FULFILLED,
        starts_at=starts_at,
        opened_at=opened_at or starts_at - timedelta(days=1),
        **need_fields,  # type: ignore[arg-type]  # columns of a need
    )
    visit = make_presence(make_visit(need=need, volunteer=volunteer))
    record = ServiceRecord.objects.create(
        cell=volunteer.cell,
        person=volunteer,
        visit=visit,
        beneficiary=beneficiary,
        category=need.item.category,
        item_code=need.item_id,
        region_id=need.region_id,
        recording_unit="新竹社区志愿服务站",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=60),
        minutes=minutes,
        credited_minutes=minutes,
        kind=kind,
        policy="plain",
        policy_version=1,
        drafted_at=starts_at + timedelta(hours=2),
        entered_by_id=None if kind == RecordKind.PROVED else beneficiary.pk,
    )
    if verified:
        RecordVerification.objects.create(
            cell=record.cell, record=record, verified_at=record.drafted_at, minutes=minutes
        )
    for corrected in corrected_to:
        RecordCorrection.objects.create(
            cell=record.cell,
            record=record,
            credited_minutes=corrected,
            reason="回访核实",
            by_id=beneficiary.pk,
            at=record.drafted_at,
        )
    return record


def make_seat(
    shift: Shift,
    person: Person,
    *,
    minutes: tuple[int | None, ...] = (),
    absence: AbsenceKind | None = None,
    state: SignUpState = SignUpState.CONFIRMED,
    out_method: str = AttendanceMethod.CODE,
) -> SignUp:
    """Store a person's place on a shift, with a pair of check-ins for each of ``minutes``.

    None leaves a pair open; ``absence`` says that she never came.
    """
    ended = state == SignUpState.WITHDRAWN
    seat = SignUp.objects.create(
        cell=shift.cell,
        shift=shift,
        person=person,
        state=state,
        channel=SignUpChannel.SELF,
        asked_at=shift.starts_at - timedelta(days=3),
        confirmed_at=shift.starts_at - timedelta(days=3),
        ended_at=shift.starts_at - timedelta(days=1) if ended else None,
    )
    in_at = shift.starts_at
    for pair, length in enumerate(minutes, start=1):
        out_at = in_at + timedelta(minutes=length) if length else None
        Attendance.objects.create(
            cell=shift.cell,
            sign_up=seat,
            person=person,
            pair=pair,
            in_at=in_at,
            in_recorded_at=in_at,
            in_method=AttendanceMethod.CODE,
            in_by_id=person.pk,
            out_at=out_at,
            out_recorded_at=out_at,
            out_method=out_method if out_at else "",
            out_by_id=person.pk if out_at else None,
        )
        in_at = (out_at or in_at) + timedelta(minutes=5)
    if absence:
        Absence.objects.create(
            cell=shift.cell,
            sign_up=seat,
            person=person,
            kind=absence,
            shift_started_at=shift.starts_at,
            recorded_at=shift.ends_at,
            counted_at=shift.ends_at if absence == AbsenceKind.NO_SHOW else None,
            note="发烧" if absence == AbsenceKind.EXCUSED else "",
        )
    return seat
