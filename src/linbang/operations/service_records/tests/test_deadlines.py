"""Ten working days: the reminder, the red list, the sheet that comes too late."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock, workdays
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_volunteer, make_worker
from linbang.intake.activities.factories import make_activity as make_planned
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import actions as service
from linbang.operations.service.actions import SheetLine
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import lead, placed
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.models import ServiceRecord

# Rule 41: what ends on Friday 2025-09-26 is due on Thursday 2025-10-16; the seventh working day
# is Monday the 13th, the eleventh Friday the 17th. Two make-up days lie between.
ENDED = date(2025, 9, 26)


def at(day: int, month: int = 10) -> datetime:
    return datetime.combine(date(2025, month, day), time(9), CHINA)


def test_due_day_follows_the_holiday_calendar():
    assert workdays.record_due(ENDED) == date(2025, 10, 16)
    assert workdays.record_due(date(2090, 1, 1)) is None


@pytest.mark.parametrize(
    ("today", "since", "is_late"),
    [
        (date(2025, 9, 28), 1, False),
        (date(2025, 10, 13), 7, False),
        (date(2025, 10, 16), 10, False),
        (date(2025, 10, 17), 11, True),
        (date(2025, 12, 1), 42, True),
    ],
)
def test_working_days_are_counted_with_make_up_days(today, since, is_late):
    assert workdays.workdays_since(ENDED, today) == since
    assert workdays.is_record_late(ENDED, today) is is_late
    if since <= 11:
        assert workdays.day_before_workdays(today, since) >= ENDED
        assert workdays.day_before_workdays(today, since + 1) < ENDED


def test_missing_calendar_makes_nobody_late():
    assert not workdays.is_record_late(date(2090, 1, 1), date(2090, 1, 20))


def make_activity(name: str) -> Activity:
    """Plan it long before: what is planned and credited within the hour is doubted (rule 45)."""
    return make_planned(name, created_at=at(1, 9))


@pytest.fixture
def shift(db) -> Shift:
    return ended(make_open_shift(activity=make_activity("清洁家园"), places=50))


def ended(shift: Shift, day: date = ENDED) -> Shift:
    starts_at = datetime.combine(day, time(9), CHINA)
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
    )
    shift.refresh_from_db()
    return shift


def test_leader_is_reminded_once_on_the_seventh_day(shift):
    leader = lead(shift.activity)
    placed(shift)

    told = [actions.remind_records(now=at(day)) for day in (11, 13, 14, 16, 17)]

    assert told == [0, 1, 1, 1, 0]
    [notice] = Notice.objects.filter(template="hours_due")
    assert (notice.person_id, notice.params["day"], notice.params["count"]) == (
        leader.person_id,
        "2025-10-16",
        1,
    )


def test_red_list_tells_what_is_missing_from_the_eleventh_day(shift):
    worker = make_worker()
    roll = AttendanceMethod.ROLL
    make_attendance(placed(shift))
    make_attendance(placed(shift), left_at=shift.ends_at, came_by=roll, left_by=roll)
    unclosed = ended(make_open_shift(activity=make_activity("夜间巡逻")))
    placed(unclosed)
    settled = ended(make_open_shift(activity=make_activity("都办完了")))
    make_attendance(placed(settled), left_at=settled.ends_at)
    for one in (shift, settled):
        ClosedRoll.objects.create(cell=one.cell, shift=one, closed_at=one.ends_at)
    actions.draft_shift_records(cell=shift.cell, now=shift.ends_at + timedelta(hours=1))
    visit = make_presence(make_visit())
    type(visit).objects.filter(pk=visit.pk).update(starts_at=shift.starts_at, ends_at=shift.ends_at)

    assert queries.count_overdue(worker, at(16)) == 0
    late = queries.overdue_shifts(queries.shifts_overdue(worker, at(17)))
    [visiting] = queries.overdue_visits(queries.visits_overdue(worker, at(17)))

    assert [
        (one.activity.name, one.open_count, one.unverified, one.is_unclosed) for one in late
    ] == [
        ("清洁家园", 1, 1, False),
        ("夜间巡逻", 0, 0, True),
    ]
    assert {one.due for one in late} == {date(2025, 10, 16)}
    assert (visiting.volunteer, visiting.has_record) == ("王**", False)
    assert queries.count_overdue(worker, at(17)) == 3
    elsewhere = Actor(person_id=1, grants=(Grant(Role.STATION_WORKER, "450103002001"),))
    assert queries.count_overdue(elsewhere, at(17)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_red_list_costs_the_same_however_long(db, count):
    long_ago = local_date(clock.now()) - timedelta(days=60)
    for n in range(count):
        shift = ended(make_open_shift(activity=make_activity(f"活动{n}")), day=long_ago)
        make_attendance(placed(shift))
        visit = make_visit()
        type(visit).objects.filter(pk=visit.pk).update(
            starts_at=shift.starts_at, ends_at=shift.ends_at
        )
    client = client_of(make_worker())
    client.get("/console/records/overdue/")

    with CaptureQueriesContext(connection) as queried:
        page = client.get("/console/records/overdue/").content.decode()

    assert len(queried) <= 14
    words = ("1 人没有签退", "点名没有结束", "没有签到或签退")
    assert [page.count(word) for word in words] == [count] * 3


def test_sheet_comes_too_late_after_ten_working_days(shift):
    leader = lead(shift.activity)
    seat = placed(shift)
    line = SheetLine(seat.public_id, ((shift.starts_at, shift.ends_at),))

    def enter(now: datetime) -> list[str]:
        answers = service.enter_sheet(
            activity_id=shift.activity_id, lines=[line], note="停电", by=leader, now=now
        )
        return [one.refusal.code if one.refusal else "" for one in answers]

    # Rule 42: after the deadline only back entry.
    assert enter(at(17)) == ["sheet_too_late"]
    assert enter(at(16)) == [""]
    # A sheet of the last day is recorded too, however long the holiday was.
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)
    assert actions.draft_shift_records(cell=shift.cell, now=at(16)) == 1


def test_roll_page_names_the_due_day_and_leads_to_back_entry(db):
    late, fresh = (
        ended(make_open_shift(activity=make_activity(name)), day=local_date(moment))
        for name, moment in (("从前", at(1)), ("昨天", datetime.now(CHINA) - timedelta(days=1)))
    )
    leader = lead(late.activity)
    type(fresh.activity).objects.filter(pk=fresh.activity_id).update(leader_id=leader.person_id)
    client = client_of(leader)

    def page(shift: Shift, kind: str = "") -> str:
        day = local_date(shift.starts_at)
        return client.get(f"/lead/{shift.activity.public_id}/{kind}?day={day}").content.decode()

    assert "只能事后补录" in page(late)
    assert f"/activities/{late.activity.public_id}/back-entries/new/" in page(late)
    assert "服务记录要在" in page(fresh)
    assert "不能再登记签到表" in page(late, "sheet/")
    assert "不能再登记签到表" not in page(fresh, "sheet/")


def test_correction_does_not_change_what_stood_before(shift):
    worker = make_worker()
    person = make_volunteer("王建国").person
    make_attendance(placed(shift, person), left_at=shift.ends_at)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)
    actions.draft_shift_records(cell=shift.cell, now=at(29, month=9))
    [record] = ServiceRecord.objects.all()
    actions.correct_record(
        record_id=record.pk, credited_minutes=60, reason="早走了", by=worker, now=at(9)
    )

    stood = [queries.minutes_as_of(person.pk, at(day, month)) for day, month in ((29, 9), (9, 10))]

    assert stood == [0, 120]
    assert queries.minutes_as_of(person.pk, at(10)) == queries.verified_minutes(person.pk) == 60
    before, after = (
        queries.region_figures_as_of(["450103001"], moment, day=local_date(moment))
        for moment in (at(8), at(10))
    )
    assert (before.totals.proved, before.people, len(before.places)) == (120, 1, 1)
    assert after.totals.proved == 60
    console = client_of(worker)
    assert "2 小时" in console.get("/console/records/figures/?day=2025-10-08").content.decode()
    assert "1 小时" in console.get("/console/records/figures/?day=2025-10-09").content.decode()
    own = client_of(person)
    assert "2 小时" in own.get("/records/?as_of=2025-10-08").content.decode()
    assert "2 小时" not in own.get("/records/?as_of=2025-10-09").content.decode()
    assert (
        "到这一天还没有" in console.get("/console/records/figures/?day=2025-09-01").content.decode()
    )


def test_day_asked_is_never_ahead():
    now = at(10)

    assert queries.day_asked("2025-10-09", now) == date(2025, 10, 9)
    assert queries.day_asked("2025-10-11", now) == date(2025, 10, 10)
    assert queries.day_asked("gestern", now) == date(2025, 10, 10)
    # Today counts up to now, a past day to its end.
    assert queries.end_of(date(2025, 10, 10), now) == now
    assert queries.end_of(date(2025, 10, 9), now) == at(10) - timedelta(hours=9)
