"""Cards scanned by the leader, and paper sheets typed in afterwards."""

from datetime import date, datetime, time
from typing import Any

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, errors, rules
from linbang.operations.service.actions import CardAnswer, SheetLine
from linbang.operations.service.choices import AttendanceMethod, CardDirection, RollMark
from linbang.operations.service.events import AttendanceEnded
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence, Attendance
from linbang.operations.service.rules import RollLine
from linbang.operations.service.tests.cast import actor, after, codes_of, hearing, lead, placed

pytestmark = pytest.mark.django_db


def number_of(sign_up: SignUp) -> str:
    return VolunteerProfile.objects.get(person=sign_up.person).number


def scan(by: Actor, sign_up: SignUp, at: float, **how: Any) -> CardAnswer:
    how.setdefault("card", f"https://linbang.example/card/{number_of(sign_up)}/")
    return actions.scan_card(activity_id=sign_up.shift.activity_id, by=by, now=after(at), **how)


def test_card_lets_in_and_later_out() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    came = scan(leader, sign_up, 0, key="a")
    again = scan(leader, sign_up, 4)
    left = scan(leader, sign_up, 5)
    left_again = scan(leader, sign_up, 9)

    row = Attendance.objects.get()
    assert [one.is_out for one in (came, again, left, left_again)] == [False, False, True, True]
    assert (row.in_method, row.in_key, row.out_at) == (AttendanceMethod.CARD, "a", after(5))
    assert came.name == sign_up.person.name
    assert scan(leader, sign_up, 20).is_out is False
    assert Attendance.objects.count() == 2


def test_gate_may_say_which_way_it_goes() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    with pytest.raises(errors.NotOnShift):
        scan(leader, sign_up, 0, direction=CardDirection.OUT)
    assert scan(leader, sign_up, 0, direction=CardDirection.IN).is_out is False
    assert scan(leader, sign_up, 30, direction=CardDirection.IN).attendance.out_at is None
    assert scan(leader, sign_up, 31, direction=CardDirection.OUT).is_out is True


@pytest.mark.parametrize("card", ["V0000000000", "", "https://elsewhere.example/x/", "V12"])
def test_card_that_nobody_holds_is_refused(card: str) -> None:
    sign_up = placed()

    with pytest.raises(errors.CardUnknown):
        scan(lead(sign_up.shift.activity), sign_up, 0, card=card)


def test_card_of_who_stopped_is_refused() -> None:
    sign_up = placed()
    VolunteerProfile.objects.filter(person=sign_up.person).update(ended_at=after(0))

    with pytest.raises(errors.CardUnknown):
        scan(lead(sign_up.shift.activity), sign_up, 0)


def test_card_without_a_place_is_told_so() -> None:
    sign_up = placed()
    other = make_volunteer("路人甲")

    with pytest.raises(errors.NoPlaceOnShift):
        scan(lead(sign_up.shift.activity), sign_up, 0, card=f" {other.number.lower()} ")


def test_own_card_and_strangers_hands_are_refused() -> None:
    sign_up = placed()
    Activity.objects.filter(pk=sign_up.shift.activity_id).update(leader=sign_up.person)

    with pytest.raises(errors.NotForOneself):
        scan(actor(sign_up.person), sign_up, 0)
    with pytest.raises(NotFound):
        scan(actor(make_person("路人甲")), sign_up, 0)


def enter(
    by: Actor,
    *lines: tuple[SignUp, list[tuple[float, float]]],
    note: str = "纸质签到表第 3 页，存社区",
    now: float = 3000,
) -> list[str]:
    told = [
        SheetLine(sign_up.public_id, tuple((after(came), after(left)) for came, left in segments))
        for sign_up, segments in lines
    ]
    activity = lines[0][0].shift.activity
    return codes_of(
        actions.enter_sheet(activity_id=activity.pk, lines=told, note=note, by=by, now=after(now))
    )


def test_sheet_is_entered_with_its_reason_and_told_as_one() -> None:
    shift = make_open_shift()
    sign_ups = [placed(shift) for _ in range(2)]
    leader = lead(shift.activity)

    with hearing(AttendanceEnded) as heard:
        assert enter(leader, (sign_ups[0], [(0, 100)]), (sign_ups[1], [(5, 120)])) == ["", ""]

    row = Attendance.objects.get(sign_up=sign_ups[0])
    assert (row.in_at, row.out_at) == (after(0), after(100))
    assert (row.in_method, row.out_method) == (AttendanceMethod.SHEET, AttendanceMethod.SHEET)
    assert row.in_note == row.out_note == "纸质签到表第 3 页，存社区"
    assert (row.in_recorded_at, row.in_by_id) == (after(3000), leader.person_id)
    assert sum(len(event.attendance_ids) for event in heard) == 2
    assert AuditEvent.objects.get(action="service.enter_sheet").detail["people"] == 2


def test_sheet_is_all_or_nothing_for_each_person() -> None:
    shift = make_open_shift()
    good, bad, stranger = placed(shift), placed(shift), placed()
    leader = lead(shift.activity)

    codes = enter(
        leader,
        (bad, [(0, 30), (20, 60)]),
        (good, [(0, 30), (40, 60)]),
        (stranger, [(0, 30)]),
    )

    assert codes == ["presence_overlaps", "", "not_found"]
    assert set(Attendance.objects.values_list("sign_up_id", flat=True)) == {good.pk}
    assert Attendance.objects.count() == 2


def test_sheet_entered_twice_changes_nothing() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    for _ in range(2):
        assert enter(leader, (sign_up, [(0, 30), (40, 60)])) == ["", ""][:1]

    assert Attendance.objects.count() == 2


def test_sheet_closes_what_a_telephone_opened() -> None:
    sign_up = placed()
    make_attendance(sign_up, came_at=after(2))

    assert enter(lead(sign_up.shift.activity), (sign_up, [(0, 110)])) == [""]

    row = Attendance.objects.get()
    assert (row.in_at, row.in_method, row.out_at, row.out_method) == (
        after(2),
        AttendanceMethod.CODE,
        after(110),
        AttendanceMethod.SHEET,
    )


@pytest.mark.parametrize(
    ("segments", "now", "code"),
    [
        ([(0, 121)], 3000, "beyond_shift_end"),
        ([(0, 100)], 90, "outside_the_day"),
        ([(-61, 100)], 3000, "too_early_for_shift"),
        ([(10, 10)], 3000, "too_short_on_shift"),
    ],
)
def test_lines_that_cannot_be_are_refused_by_name(
    segments: list[tuple[float, float]], now: float, code: str
) -> None:
    sign_up = placed()

    assert enter(lead(sign_up.shift.activity), (sign_up, segments), now=now) == [code]
    assert not Attendance.objects.exists()


def test_sheet_of_the_leader_needs_another_hand() -> None:
    sign_up = placed()
    Activity.objects.filter(pk=sign_up.shift.activity_id).update(leader=sign_up.person)

    assert enter(actor(sign_up.person), (sign_up, [(0, 60)])) == ["not_for_oneself"]


def test_sheet_needs_a_reason_and_has_a_size() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    with pytest.raises(errors.ExcuseMissing):
        enter(leader, (sign_up, [(0, 60)]), note=" ")
    for too_many in ([(sign_up, [(0, 1)])] * 51, [(sign_up, [(0, 1)] * 11)], [(sign_up, [])]):
        with pytest.raises(errors.SheetTooLong):
            enter(leader, *too_many)
    with pytest.raises(NotFound):
        enter(actor(make_person("路人甲")), (sign_up, [(0, 60)]))


def test_who_stands_on_the_sheet_was_not_absent() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    line = RollLine(sign_up=sign_up.public_id, mark=RollMark.ABSENT)
    actions.call_roll(activity_id=sign_up.shift.activity_id, lines=[line], by=leader, now=after(30))

    enter(leader, (sign_up, [(40, 100)]))

    absence = Absence.objects.get()
    assert (absence.excused_at, absence.answer) == (after(3000), "后来到岗")


@pytest.mark.parametrize(
    ("came", "left", "hours"),
    [("08:30", "11:00", 2.5), ("22:00", "06:00", 8), ("09:00", "09:00", 24)],
)
def test_times_of_a_sheet_may_pass_midnight(came: str, left: str, hours: float) -> None:
    window = rules.sheet_window(
        date(2026, 5, 16), time.fromisoformat(came), time.fromisoformat(left)
    )

    assert (window[1] - window[0]).total_seconds() / 3600 == hours
    assert window[0].astimezone(after(0).tzinfo) == datetime.combine(
        date(2026, 5, 16), time.fromisoformat(came), after(0).tzinfo
    )
