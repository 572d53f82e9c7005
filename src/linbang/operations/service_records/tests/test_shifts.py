"""What closed rolls say: records from shifts, what counts by itself, and what waits."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import SATURDAY, make_activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import actions as service
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import lead, placed
from linbang.operations.service_records import actions, errors, queries
from linbang.operations.service_records.choices import RecordKind, RecordState, Wait
from linbang.operations.service_records.models import RecordVerification, ServiceRecord

pytestmark = pytest.mark.django_db

CELL = "450103"
ROLL, SHEET, VOID = AttendanceMethod.ROLL, AttendanceMethod.SHEET, AttendanceMethod.VOID
END = SATURDAY + timedelta(hours=2)
CLOSED = END + timedelta(minutes=30)


@pytest.fixture
def shift():
    return make_open_shift(activity=make_activity("清洁家园"), places=200)


@pytest.fixture
def worker() -> Actor:
    person = make_person("张敏", region="450103001005")
    return make_actor(person, Role.STATION_WORKER)


def came(shift, *, minutes: int = 120, by: AttendanceMethod = AttendanceMethod.CODE, **columns):
    sign_up = placed(shift)
    at = shift.starts_at
    return make_attendance(
        sign_up,
        came_at=at,
        left_at=at + timedelta(minutes=minutes),
        came_by=by,
        left_by=by,
        **columns,
    )


def close(shift) -> int:
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=CLOSED)
    return actions.draft_shift_records(cell=shift.cell, now=CLOSED)


def record_of(attendance) -> ServiceRecord:
    return queries.records_visible_to(Actor.system(CELL)).get(attendance=attendance)


def test_what_a_machine_proved_counts_at_once(shift):
    attendance = came(shift, minutes=106)

    assert close(shift) == 1

    record = record_of(attendance)
    assert (record.title, record.recording_unit) == (
        "清洁家园 · 清扫",
        shift.activity.organiser.name,
    )
    assert (record.minutes, record.credited_minutes, record.kind) == (106, 120, RecordKind.PROVED)
    assert (record.policy, record.policy_version) == ("xinzhu", 2)
    assert queries.state_of(record) == RecordState.VERIFIED
    assert queries.verified_minutes(attendance.person_id) == 120


def test_what_a_leader_entered_waits_for_a_second_person(shift, worker):
    leader = lead(shift.activity)
    attendance = came(shift, by=ROLL, in_by_id=leader.person_id, out_by_id=leader.person_id)
    close(shift)

    record = record_of(attendance)
    row = queries.record_row(record)
    assert (record.kind, row.state) == (RecordKind.ENTERED, RecordState.UNVERIFIED)
    assert row.waits == (Wait.ENTERED,)
    assert queries.verified_minutes(attendance.person_id) == 0

    actions.verify_record(record_id=record.pk, by=worker, now=CLOSED)

    assert queries.verified_minutes(attendance.person_id) == 120


def test_neither_who_entered_nor_who_gains_approves(shift):
    enterer = make_volunteer("张敏", region="450103001005").person
    by = make_actor(enterer, Role.STATION_WORKER)
    entered = came(shift, by=ROLL, in_by_id=enterer.pk, out_by_id=enterer.pk)
    own = make_attendance(
        placed(shift, enterer),
        left_at=END,
        came_by=ROLL,
        left_by=ROLL,
        in_by_id=entered.person_id,
    )
    close(shift)

    with pytest.raises(errors.SecondPersonNeeded):
        actions.verify_record(record_id=record_of(entered).pk, by=by, now=CLOSED)
    with pytest.raises(errors.OwnRecord):
        actions.verify_record(record_id=record_of(own).pk, by=by, now=CLOSED)


def test_mistakes_and_open_rolls_are_no_records(shift):
    came(shift, minutes=1, by=VOID)
    elsewhere = make_open_shift(activity=make_activity("别的活动"))
    came(elsewhere)

    assert close(shift) == 0
    assert not ServiceRecord.objects.exists()


def test_each_presence_is_recorded_once_and_a_late_sheet_too(shift):
    came(shift)
    close(shift)
    assert actions.draft_shift_records(cell=CELL, now=CLOSED) == 0

    late = came(shift, by=SHEET)

    assert actions.draft_shift_records(cell=CELL, now=CLOSED + timedelta(days=3)) == 1
    assert record_of(late).kind == RecordKind.ENTERED
    assert ServiceRecord.objects.count() == 2


def test_roll_that_was_closed_long_ago_is_left_alone(shift):
    came(shift)
    ClosedRoll.objects.create(cell=CELL, shift=shift, closed_at=CLOSED)

    assert actions.draft_shift_records(cell=CELL, now=CLOSED + timedelta(days=31)) == 0


def test_presence_is_cut_to_the_shift_and_to_the_other_pairs(shift):
    sign_up = placed(shift)
    early = SATURDAY - timedelta(minutes=40)
    first = make_attendance(sign_up, came_at=early, left_at=SATURDAY + timedelta(minutes=60))
    second = make_attendance(sign_up, pair=2, came_at=SATURDAY + timedelta(minutes=70), left_at=END)
    close(shift)

    assert [record_of(one).minutes for one in (first, second)] == [75, 50]
    assert record_of(first).cuts == ["before"]


def test_day_above_eight_hours_waits_for_the_station():
    sign_ups = []
    volunteer = make_volunteer("王建国").person
    for hour in (0, 5):
        shift = make_open_shift(starts_at=SATURDAY + timedelta(hours=hour), minutes=285, places=2)
        sign_ups.append(placed(shift, volunteer))
        make_attendance(sign_ups[-1], left_at=shift.ends_at)
        ClosedRoll.objects.create(cell=CELL, shift=shift, closed_at=SATURDAY + timedelta(hours=12))

    actions.draft_shift_records(cell=CELL, now=SATURDAY + timedelta(hours=12))

    counted = RecordVerification.objects.values_list("record__attendance__sign_up", flat=True)
    assert list(counted) == [sign_ups[0].pk]


def test_closing_the_roll_asks_for_the_records(shift):
    came(shift)
    with CaptureQueriesContext(connection) as captured:
        service.close_roll(
            activity_id=shift.activity_id,
            day=SATURDAY.date(),
            by=lead(shift.activity),
            now=CLOSED,
        )

    deferred = [
        one["sql"] for one in captured if "service_records.draft_shift_records" in one["sql"]
    ]
    assert deferred


def test_crowd_costs_as_many_queries_as_one(shift):
    def cost(people: int) -> int:
        for _ in range(people):
            came(shift)
        with CaptureQueriesContext(connection) as captured:
            actions.draft_shift_records(cell=CELL, now=CLOSED)
        return len(captured)

    ClosedRoll.objects.create(cell=CELL, shift=shift, closed_at=CLOSED)
    came(shift)
    actions.draft_shift_records(cell=CELL, now=CLOSED)  # opens the issuer's book

    one, three = cost(1), cost(3)
    assert three - one <= 2 * 3  # the trail and the news of each movement are written one by one


def test_worker_approves_what_is_ticked(shift, worker):
    leader = lead(shift.activity)
    made = [
        came(shift, by=ROLL, in_by_id=leader.person_id, out_by_id=leader.person_id)
        for _ in range(3)
    ]
    close(shift)
    client = client_of(Person.objects.get(pk=worker.person_id))
    page = client.get("/console/records/?tab=verify").content.decode()
    ids = [str(record_of(one).public_id) for one in made]
    assert all(one in page for one in ids)
    assert "清洁家园 · 清扫" in page

    answer = client.post("/console/records/verifications/", {"records": ids[:2]}, follow=True)

    assert "已通过 2 条" in answer.content.decode()
    assert RecordVerification.objects.count() == 2
    refused = client.post("/console/records/verifications/", {}, follow=True)
    assert "请先勾选要通过的记录" in refused.content.decode()


def test_volunteer_reads_what_the_shift_was(shift):
    attendance = came(shift)
    close(shift)
    client = client_of(attendance.person)

    assert "清洁家园 · 清扫" in client.get("/records/").content.decode()
    page = client.get(f"/records/{record_of(attendance).public_id}/").content.decode()
    assert shift.activity.organiser.name in page
    assert "清洁家园 · 清扫" in client.get("/love-savings/").content.decode()


def test_record_has_one_source(shift):
    attendance = came(shift)
    close(shift)
    record = record_of(attendance)
    record.pk, record.public_id = None, attendance.public_id
    record.attendance = None

    with pytest.raises(IntegrityError, match="record_has_one_source"), transaction.atomic():
        record.save(force_insert=True)


def test_attendance_is_recorded_once_by_the_database(shift):
    attendance = came(shift)
    close(shift)
    record = record_of(attendance)
    record.pk, record.public_id, record.minutes = None, attendance.public_id, 0

    with pytest.raises(IntegrityError, match="record_once_an_attendance"), transaction.atomic():
        record.save(force_insert=True)
