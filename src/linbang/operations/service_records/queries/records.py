"""Whose records they are, and what they wait for."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.db import among
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region, Station
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes
from linbang.foundation.workdays import add_workdays
from linbang.intake.activities.models import Shift
from linbang.intake.needs import queries as needs
from linbang.intake.needs.models import Need
from linbang.operations.service.choices import (
    PROVED_ATTENDANCE,
    PROVED_METHODS,
    AttendanceMethod,
)
from linbang.operations.service.models import Attendance, Visit
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import (
    RecordState,
    RecordTab,
    Verdict,
)
from linbang.operations.service_records.models import RecordClaim, RecordCorrection, ServiceRecord
from linbang.operations.service_records.queries.standing import standing_columns
from linbang.operations.service_records.rules import Doubt, Window

# Ten working days are at most so many, with a holiday week and a late job (rule 41).
_RECORDED_WITHIN = timedelta(days=30)
# What a record is made of; its notes, keys and distances stay where they are.
_OF_ATTENDANCE = (
    *("cell", "person_id", "in_at", "in_method", "in_by_id", "out_at", "out_method", "out_by_id"),
)


def records_visible_to(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records the actor earned, received as a service, or looks after."""
    return records_with_facts().filter(
        _earned_by(actor) | _received_by(actor) | _looked_after_by(actor)
    )


def records_earned_by(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the actor's own records, the latest first."""
    return records_with_facts().filter(_earned_by(actor)).order_by("-starts_at", "-id")


def records_received_by(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records of services to the actor, or to whom the actor may speak for.

    Without the actor's own work: nobody confirms what they gain from (rule 39).
    """
    return records_with_facts().filter(_received_by(actor)).order_by("-starts_at", "-id")


def records_looked_after_by(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records in the regions where the actor verifies."""
    return records_with_facts().filter(_looked_after_by(actor)).order_by("starts_at", "id")


def records_awaiting_answer(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    """Keep records without the resident's word, the oldest first; nobody is asked of a shift."""
    unanswered = records.filter(Q(is_voided=False), visit__isnull=False, confirmation=None)
    return unanswered.order_by("drafted_at", "id")


def records_awaiting_call(actor: Actor, now: datetime) -> QuerySet[ServiceRecord]:
    """Return the records the station has to phone about (rule 64), the oldest first.

    The resident had a working day to answer; the call is due on the third (``call_due_date``).
    """
    return records_awaiting_answer(records_looked_after_by(actor)).filter(
        drafted_at__lt=unanswered_before(now)
    )


def records_awaiting_verification(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return records that need a person's approval (rules 37 and 39): those of visits once they
    are confirmed, those of shifts and back entries at once.
    """
    return records_looked_after_by(actor).filter(
        Q(confirmation__verdict=Verdict.CONFIRMED)
        | Q(attendance__isnull=False)
        | Q(entry__isnull=False),
        # Doubts are decided first, on a desk of their own (rule 45).
        Q(is_held=False, is_voided=False),
        verification=None,
    )


def records_disputed(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return records the resident objects to and the station has not settled."""
    return records_looked_after_by(actor).filter(
        Q(is_voided=False), confirmation__verdict=Verdict.DISPUTED, verification=None
    )


def records_verified(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records that count, the latest first."""
    return (
        records_looked_after_by(actor)
        .filter(Q(is_voided=False), verification__isnull=False)
        .order_by("-starts_at", "-id")
    )


def records_claimed(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records with a claim that waits for an answer; index ``claim_open``."""
    claims = RecordClaim.objects.filter(answered_at=None).values("record_id")
    return records_looked_after_by(actor).filter(pk__in=claims)


def records_on_tab(actor: Actor, tab: RecordTab, now: datetime) -> QuerySet[ServiceRecord]:
    """Return the records of one heap of the station's desk."""
    if tab == RecordTab.CALL:
        return records_awaiting_call(actor, now)
    if tab == RecordTab.VERIFY:
        return records_awaiting_verification(actor)
    if tab == RecordTab.CLAIMED:
        return records_claimed(actor)
    return records_disputed(actor) if tab == RecordTab.DISPUTED else records_verified(actor)


def unanswered_before(now: datetime) -> datetime:
    """Return the instant before which a record must be drafted to be due for a call.

    Raises CalendarYearMissing.
    """
    today = local_date(now)
    day = today - timedelta(days=1)
    while add_workdays(day, rules.ANSWER_WORKDAYS) > today:
        day -= timedelta(days=1)
    # Working days count from the day after the service, so that whole day is over.
    return day_window(day)[1]


def call_due_date(record: ServiceRecord) -> date:
    """Return the last day for the station's call (rule 64). Raises CalendarYearMissing."""
    return add_workdays(local_date(record.drafted_at), rules.CALL_WORKDAYS)


def lock_record(record_id: int) -> tuple[ServiceRecord, Need | None]:
    """Lock a record for its next step: the need first, if it answers one, then the volunteer whose
    day it fills.

    Raises ServiceRecord.DoesNotExist.
    """
    record = ServiceRecord.objects.select_related("visit__assignment").get(pk=record_id)
    need = needs.lock_need(record.visit.assignment.need_id) if record.visit else None
    lock_person(record.person_id)
    return records_with_facts().get(pk=record_id), need


def attendances_to_record(cell: str, now: datetime, *, most: int) -> list[Attendance]:
    """Return the earliest comings and goings whose roll was closed lately and without a record.

    A sheet may be typed in for ten working days after the roll was closed, and a job be late. Only
    what is due is read whole.
    """
    records = ServiceRecord.objects.filter(attendance=OuterRef("pk"))
    due = (
        Attendance.objects.filter(
            cell=cell,
            out_at__isnull=False,
            sign_up__shift__closed_roll__closed_at__gt=now - _RECORDED_WITHIN,
        )
        .exclude(out_method=AttendanceMethod.VOID)
        # Looked up one by one: joined, the guess about a young table decided, once a second long.
        .annotate(record=Subquery(records.values("pk")[:1]))
        .filter(record=None)
        .order_by("in_at", "id")
    )
    ids = list(due.values_list("pk", flat=True)[:most])
    if not ids:
        return []
    return list(
        Attendance.objects.filter(among("pk", ids), cell=cell)
        .annotate(person_cell=F("person__cell"), shift_id=F("sign_up__shift_id"))
        .only(*_OF_ATTENDANCE)
        .order_by("in_at", "id")
    )


def shifts_of(attendances: Iterable[Attendance]) -> dict[int, Shift]:
    """Return the shifts of attendances to record, with what was done for whom; one query."""
    ids = {one.shift_id for one in attendances}  # type: ignore[attr-defined]  # annotated
    shifts = Shift.objects.select_related("post", "activity__organiser")
    return {shift.pk: shift for shift in shifts.filter(among("pk", ids))}


def attendances_recorded(attendances: Iterable[Attendance]) -> set[int]:
    """Return which of the attendances have a record."""
    rows = ServiceRecord.objects.filter(among("attendance_id", [one.pk for one in attendances]))
    return {one for one in rows.values_list("attendance_id", flat=True) if one is not None}


def lock_people(person_ids: Collection[int]) -> None:
    """Lock the days of many people, always in the same order."""
    list(
        Person.objects.select_for_update(no_key=True, of=("self",))
        .filter(among("pk", person_ids))
        .order_by("pk")
        .values_list("pk")
    )


def lock_person(person_id: int) -> Person:
    """Lock a person's day: no two segments of it are counted at the same time."""
    return Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person_id)


def state_of(record: ServiceRecord) -> RecordState:
    """Tell where a record stands; it came with confirmation and verification."""
    return rules.record_state(
        verdict=verdict_of(record),
        is_verified=getattr(record, "verification", None) is not None,
        is_voided=record.is_voided,  # type: ignore[attr-defined]  # annotated
    )


def verdict_of(record: ServiceRecord) -> Verdict | None:
    """Return the resident's word on a record, if there is one; of a shift, the closed roll's, of a
    back entry, the word of who declared it.
    """
    if record.visit_id is None:
        return Verdict.CONFIRMED
    confirmation = getattr(record, "confirmation", None)
    return Verdict(confirmation.verdict) if confirmation else None


def doubt_of(record: ServiceRecord) -> Doubt:
    """Tell what about a record's source asks for a person."""
    if record.entry is not None:
        return Doubt(back_entered=True, is_late=record.entry.is_late)
    if record.attendance is None:
        return rules.NO_DOUBT
    ends = (record.attendance.in_method, record.attendance.out_method)
    return Doubt(by_location=AttendanceMethod.LOCATION in ends)


def planned_window(record: ServiceRecord) -> Window:
    """Return the window that was agreed: of the visit, of the shift, or as entered."""
    if record.entry is not None:
        return Window(record.entry.planned_starts_at, record.entry.planned_ends_at)
    if record.attendance is not None:
        shift = record.attendance.sign_up.shift
        return Window(shift.starts_at, shift.ends_at)
    visit = cast("Visit", record.visit)  # record_has_one_source
    return Window(visit.starts_at, visit.ends_at)


def entered_by_ids(record: ServiceRecord) -> frozenset[int]:
    """Return who gave their word for either end instead of a machine's proof."""
    if record.entry is not None:
        return frozenset({record.entry.back_entry.entered_by_id})
    if record.attendance is not None:
        return words_given(record.attendance)
    ends = (record.visit.check_in, record.visit.check_out) if record.visit else ()
    return frozenset(presence.by_id for presence in ends if presence.method not in PROVED_METHODS)


def words_given(attendance: Attendance) -> frozenset[int]:
    """Return who gave their word for a coming or going instead of a machine's proof."""
    ends = (
        (attendance.in_method, attendance.in_by_id),
        (attendance.out_method, attendance.out_by_id),
    )
    return frozenset(by for method, by in ends if method not in PROVED_ATTENDANCE and by)


def is_need_confirmed(need: Need) -> bool:
    """Tell whether every visit of a need has a record that was confirmed, or settled.

    A disputed record is settled when the station has verified it with what it found.
    """
    visits = Visit.objects.filter(cell=need.cell, assignment__need=need, cancelled_at=None)
    settled = Q(records__confirmation__verdict=Verdict.CONFIRMED) | Q(
        records__verification__isnull=False
    )
    return (
        visits.exists() and not visits.exclude(pk__in=visits.filter(settled).values("pk")).exists()
    )


def recording_unit(region_code: str) -> str:
    """Return who records there (Order 67, article 15): the nearest station, else the community."""
    codes = ancestor_codes(region_code)
    station = Station.objects.filter(region_id__in=codes).order_by("-region_id", "id").first()
    if station is not None:
        return station.name
    # A longer code sorts after its own prefix, so the last one up to 12 digits is the community.
    community = [code for code in codes if len(code) <= 12][-1]
    return Region.objects.values_list("name", flat=True).get(code=community)


def people_to_remind(now: datetime) -> QuerySet[ServiceRecord]:
    """Return the records whose residents are reminded: unanswered for a working day."""
    return records_awaiting_answer(records_with_facts()).filter(
        drafted_at__lt=unanswered_before(now)
    )


def records_with_facts() -> QuerySet[ServiceRecord]:
    """Return all records with what pages need, and ``counts_minutes``: what each counts for.

    Newest correction, else verified, else credited; the subquery reads ``correction_by_record``.
    A void record counts for nothing (rule 55). What else stands against it: ``standing_columns``.
    """
    newest = RecordCorrection.objects.filter(cell=OuterRef("cell"), record=OuterRef("pk"))
    return ServiceRecord.objects.select_related(
        "person",
        "beneficiary",
        "region",
        "confirmation",
        "verification",
        "visit__check_in",
        "visit__check_out",
        "visit__assignment__need__item",
        "attendance__sign_up__shift__activity",
        "entry__back_entry",
    ).annotate(
        **standing_columns(),
        counts_minutes=Case(
            When(is_voided=True, then=Value(0)),
            default=Coalesce(
                Subquery(newest.order_by("-id").values("credited_minutes")[:1]),
                F("verification__minutes"),
                F("credited_minutes"),
            ),
            output_field=IntegerField(),
        ),
    )


def _earned_by(actor: Actor) -> Q:
    return Q(person_id=actor.person_id) if actor.is_signed_in else Q(pk__in=[])


def _received_by(actor: Actor) -> Q:
    if not actor.is_signed_in:
        return Q(pk__in=[])
    spoken_for: Iterable[int] = needs.people_spoken_for(actor.person_id).values_list(
        "pk", flat=True
    )
    return Q(beneficiary_id__in=[actor.person_id, *spoken_for]) & ~Q(person_id=actor.person_id)


def _looked_after_by(actor: Actor) -> Q:
    if actor.is_system:
        return Q(pk__isnull=False)
    return within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
