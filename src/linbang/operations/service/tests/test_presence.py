"""The verdicts of ``service_check_in_v1`` and ``service_check_out_v1``, case by case.

Saturday's shift runs from 9 to 11; moments are minutes after its start.
"""

from datetime import timedelta
from typing import Any

import pytest

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
)
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.clearance.models import InsuredList, InsuredListEntry
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import Commitment, SignUp
from linbang.operations.service import rules
from linbang.operations.service.actions import Call, PresenceAnswer, check_in_all
from linbang.operations.service.choices import AttendanceMethod, PresenceVerdict
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Attendance, WrongTry
from linbang.operations.service.tests.cast import (
    CODE,
    ROLL,
    actor,
    after,
    come,
    go,
    placed,
)

pytestmark = pytest.mark.django_db


def test_coming_is_written_audited_and_told_with_its_shift() -> None:
    sign_up = placed()

    answer = come(sign_up, 5, key="k1")

    row = Attendance.objects.get()
    assert (row.in_at, row.in_method, row.in_key, row.pair) == (after(5), "code", "k1", 1)
    assert answer == PresenceAnswer(
        PresenceVerdict.DONE, row.pk, row.public_id, after(5), None, sign_up.shift.public_id
    )
    event = AuditEvent.objects.get(action="service.check_in")
    assert (event.about_id, event.subject_id) == (sign_up.person_id, str(row.pk))
    assert event.detail == {"method": "code"}


def test_going_is_written_beside_the_coming_and_audited() -> None:
    sign_up = placed()
    came = come(sign_up)

    answer = go(sign_up, 119, key="k2")

    row = Attendance.objects.get()
    assert (row.out_at, row.out_method, row.out_key) == (after(119), "code", "k2")
    assert (answer.verdict, answer.attendance_id) == (PresenceVerdict.DONE, came.attendance_id)
    assert AuditEvent.objects.get(action="service.check_out").about_id == sign_up.person_id


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        (-61, "too_early"),
        (-60, "done"),  # an hour before, to the second
        (0, "done"),
        (119.99, "done"),
        (120, "too_late"),  # the end is outside
    ],
)
def test_check_in_window_is_an_hour_before_to_the_end(at: float, verdict: str) -> None:
    sign_up = placed()

    assert come(sign_up, at).verdict == verdict
    is_open = rules.is_check_in_open(SATURDAY, after(120), now=after(at))
    assert is_open is (verdict == "done")


@pytest.mark.parametrize(
    ("at", "method", "verdict"),
    [
        (0.99, CODE, "too_short"),
        (1, CODE, "done"),
        (24 * 60, CODE, "done"),
        (24 * 60 + 0.1, CODE, "too_late"),
        (24 * 60 + 0.1, ROLL, "too_late"),
        (0, AttendanceMethod.SETTLED, "too_short"),
        (0.5, AttendanceMethod.SETTLED, "done"),
        (120, AttendanceMethod.SETTLED, "done"),
        (120.1, AttendanceMethod.SETTLED, "beyond_planned_end"),
        (120, AttendanceMethod.SHEET, "done"),
        (120.1, AttendanceMethod.SHEET, "beyond_planned_end"),
    ],
)
def test_check_out_window(at: float, method: AttendanceMethod, verdict: str) -> None:
    sign_up = placed()
    come(sign_up)

    assert go(sign_up, at, method=method).verdict == verdict


def test_settling_reaches_back_any_time() -> None:
    sign_up = placed()
    come(sign_up)

    answer = go(sign_up, 120, method=AttendanceMethod.SETTLED, now=60 * 24 * 30)

    row = Attendance.objects.get()
    assert answer.verdict == PresenceVerdict.DONE
    assert (row.out_at, row.out_recorded_at) == (after(120), after(60 * 24 * 30))


# Every check stands before the ones below it: what is broken twice is told once, in this order.
# Source: choices.PresenceVerdict.
@pytest.mark.parametrize(
    ("broken", "verdict"),
    [
        ({"cancelled", "no_place", "wrong_code", "late"}, "cancelled"),
        ({"no_place", "wrong_code", "late"}, "no_place"),
        ({"tries", "wrong_code", "late"}, "too_many_wrong_codes"),
        ({"wrong_code", "late", "elsewhere"}, "wrong_code"),
        ({"late", "elsewhere", "pairs"}, "too_late"),
        ({"elsewhere", "pairs", "uninsured"}, "open_elsewhere"),
        ({"pairs", "uninsured"}, "pairs_used"),
        ({"uninsured"}, "not_insured"),
        (set(), "done"),
    ],
)
def test_verdicts_of_coming_stand_in_order(broken: set[str], verdict: str) -> None:
    sign_up = placed()
    shift, person = sign_up.shift, sign_up.person
    if "elsewhere" in broken:
        other = placed(make_open_shift(starts_at=SATURDAY - timedelta(hours=3)), person)
        make_attendance(other, came_at=after(-200))
    if "pairs" in broken:
        for pair in (1, 2, 3):
            came_at = after(-60 + 10 * pair)
            make_attendance(sign_up, pair=pair, came_at=came_at, left_at=came_at + MINUTE)
    if "uninsured" in broken:
        freeze_list(shift)
    if "tries" in broken:
        make_wrong_tries(sign_up, 5, at=130)
    if "no_place" in broken:
        SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.REQUESTED)
    if "cancelled" in broken:
        Activity.objects.filter(pk=shift.activity_id).update(state=ActivityState.CANCELLED)

    answer = come(sign_up, 130 if "late" in broken else 30, is_right="wrong_code" not in broken)

    assert answer.verdict == verdict


MINUTE = timedelta(minutes=1)


def freeze_list(shift: Shift, *insured: Person) -> None:
    Activity.objects.filter(pk=shift.activity_id).update(hazards=["traffic"])
    policy = make_policy(shift.activity.organiser)
    frozen = InsuredList.objects.create(
        cell=shift.cell, shift=shift, policy=policy, frozen_at=shift.starts_at
    )
    for person in insured:
        InsuredListEntry.objects.create(cell=shift.cell, insured_list=frozen, person=person)


def make_wrong_tries(sign_up: SignUp, count: int, *, at: float = 30) -> None:
    for _ in range(count):
        WrongTry.objects.create(
            cell=sign_up.cell,
            activity=sign_up.shift.activity,
            person=sign_up.person,
            at=after(at) - timedelta(seconds=30),
        )


def test_insured_person_may_come_after_the_list_was_frozen() -> None:
    sign_up = placed()
    freeze_list(sign_up.shift, sign_up.person)

    assert come(sign_up, 30).verdict == PresenceVerdict.DONE


@pytest.mark.parametrize(("tries", "verdict"), [(4, "done"), (5, "too_many_wrong_codes")])
@pytest.mark.parametrize("door", [come, go])
def test_five_wrong_codes_a_minute_close_the_entry(door: Any, tries: int, verdict: str) -> None:
    sign_up = placed()
    if door is go:
        come(sign_up)
    make_wrong_tries(sign_up, tries)

    assert door(sign_up, 30).verdict == verdict
    # Who is not asked for a code is not kept out by wrong ones, and a minute later all is well.
    assert door(sign_up, 30, method=ROLL).is_taken
    assert door(sign_up, 31.6).is_taken


@pytest.mark.parametrize("is_right", [False, None])
def test_wrong_code_is_counted_though_refused(is_right: bool | None) -> None:
    sign_up = placed()

    assert come(sign_up, is_right=is_right).verdict == PresenceVerdict.WRONG_CODE
    come(sign_up)
    assert go(sign_up, is_right=is_right).verdict == PresenceVerdict.WRONG_CODE
    assert WrongTry.objects.filter(person=sign_up.person).count() == 2


def test_who_never_signed_up_has_no_place() -> None:
    sign_up = placed()
    stranger = make_person("路人甲")
    call = Call(person_id=stranger.pk, method=ROLL, at=after(5), sign_up=sign_up.public_id)

    [answer] = check_in_all(
        activity=sign_up.shift.activity, calls=[call], by=actor(stranger), now=after(5)
    )

    assert (answer.verdict, answer.attendance_id) == (PresenceVerdict.NO_PLACE, None)


def test_held_place_is_none_until_it_is_taken() -> None:
    sign_up = placed()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUpState.HELD, held_until=after(30), confirmed_at=None
    )

    assert come(sign_up).verdict == PresenceVerdict.NO_PLACE


def test_who_was_freed_by_a_cancelled_shift_hears_so() -> None:
    sign_up = placed()
    shift = sign_up.shift
    Shift.objects.filter(pk=shift.pk).update(
        state=ShiftState.CANCELLED, cancelled_at=BEFORE, cancel_reason="暴雨"
    )
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.RELEASED, ended_at=BEFORE)
    Commitment.objects.filter(source_id=sign_up.pk).update(released_at=BEFORE)

    assert come(sign_up).verdict == PresenceVerdict.CANCELLED


def test_unknown_activity_gives_no_place() -> None:
    sign_up = placed()
    nowhere = Activity(public_id=make_activity().public_id, cell="450103")

    assert come(sign_up, activity=nowhere).verdict == PresenceVerdict.NO_PLACE
    assert go(sign_up, activity=nowhere).verdict == PresenceVerdict.NOT_CHECKED_IN


def adjacent() -> tuple[SignUp, SignUp]:
    """Sign one person up from 9 to 11 and from 11 to 13."""
    activity = make_activity()
    person = make_volunteer().person
    first = placed(make_open_shift(activity=activity), person)
    second = placed(make_open_shift(activity=activity, starts_at=after(120)), person)
    return first, second


@pytest.mark.parametrize(
    ("at", "which"),
    [(-30, 0), (0, 0), (90, 0), (119, 0), (120, 1), (150, 1)],
)
def test_of_two_adjacent_shifts_the_running_one_is_meant(at: float, which: int) -> None:
    pair = adjacent()

    assert come(pair[0], at).shift == pair[which].shift.public_id


def test_between_two_adjacent_shifts_one_goes_and_comes() -> None:
    first, second = adjacent()
    come(first)

    assert come(first, 119).verdict == PresenceVerdict.REPLAYED
    assert come(second, 121).verdict == PresenceVerdict.OPEN_ELSEWHERE
    assert go(first, 121).shift == first.shift.public_id
    assert come(second, 121).verdict == PresenceVerdict.DONE
    assert go(second, 240).shift == second.shift.public_id


def test_going_from_a_shift_one_never_came_to_is_not_taken_for_the_one_before() -> None:
    first, second = adjacent()
    come(first)
    go(first, 120)

    assert go(first, 240).verdict == PresenceVerdict.NOT_CHECKED_IN
    assert go(first, 240, sign_up=first.public_id).verdict == PresenceVerdict.REPLAYED
    assert go(first, 240, sign_up=second.public_id).verdict == PresenceVerdict.NOT_CHECKED_IN


def test_overnight_shift_is_one_shift() -> None:
    sign_up = placed(make_open_shift(starts_at=after(13 * 60), minutes=8 * 60))

    assert come(sign_up, 12 * 60).verdict == PresenceVerdict.DONE
    assert go(sign_up, 15 * 60).verdict == PresenceVerdict.DONE
    assert come(sign_up, 20 * 60).verdict == PresenceVerdict.DONE
    assert go(sign_up, 21 * 60).verdict == PresenceVerdict.DONE
    assert list(Attendance.objects.order_by("pair").values_list("pair", flat=True)) == [1, 2]


def test_three_pairs_a_day_and_no_more() -> None:
    sign_up = placed()
    for pair in range(3):
        assert come(sign_up, 20 * pair).verdict == PresenceVerdict.DONE
        assert go(sign_up, 20 * pair + 10).verdict == PresenceVerdict.DONE

    assert come(sign_up, 70).verdict == PresenceVerdict.PAIRS_USED


def test_pairs_are_counted_by_activity_and_day() -> None:
    activity = make_activity()
    person = make_volunteer().person
    morning, evening, tomorrow = (
        placed(make_open_shift(activity=activity, starts_at=after(start)), person)
        for start in (0, 600, 1440)
    )
    elsewhere = placed(make_open_shift(starts_at=after(300)), person)
    for at in (0, 20, 40):
        come(morning, at)
        go(morning, at + 10)

    assert come(elsewhere, 300).verdict == PresenceVerdict.DONE
    go(elsewhere, 310)
    assert come(evening, 600).verdict == PresenceVerdict.PAIRS_USED
    assert come(tomorrow, 1440).verdict == PresenceVerdict.DONE


def test_repetition_finds_what_stands_there() -> None:
    sign_up = placed()
    first = come(sign_up)

    assert come(sign_up, 10).verdict == PresenceVerdict.REPLAYED
    assert come(sign_up, 10).public_id == first.public_id
    gone = go(sign_up, 60)
    again = go(sign_up, 61)
    assert (again.verdict, again.at) == (PresenceVerdict.REPLAYED, gone.at)
    # Having been there at that moment is known: a mark that arrives late adds nothing.
    late = come(sign_up, 30, now=70, method=ROLL)
    assert (late.verdict, late.public_id) == (PresenceVerdict.REPLAYED, first.public_id)
    assert Attendance.objects.count() == 1


def test_repetition_by_key_finds_its_row_whenever_it_comes() -> None:
    sign_up = placed()
    came = come(sign_up, 5, key="in")
    gone = go(sign_up, 65, key="out")

    again = come(sign_up, 60 * 24 * 3, key="in")
    out_again = go(sign_up, 60 * 24 * 3, key="out")

    assert (again.verdict, again.public_id) == (PresenceVerdict.REPLAYED, came.public_id)
    assert (again.at, again.shift) == (after(5), sign_up.shift.public_id)
    assert (out_again.verdict, out_again.at) == (PresenceVerdict.REPLAYED, gone.at)


def test_key_of_another_call_is_refused() -> None:
    person = make_volunteer().person
    first = placed(person=person)
    second = placed(make_open_shift(starts_at=after(180)), person)
    come(first, key="in")
    go(first, key="out")

    assert come(second, 180, key="in").verdict == PresenceVerdict.KEY_REUSED
    come(second, 180)
    assert go(second, 240, key="out").verdict == PresenceVerdict.KEY_REUSED


def test_key_of_another_sign_up_of_the_activity_is_refused_when_it_is_named() -> None:
    first, second = adjacent()
    come(first, key="in", sign_up=first.public_id)
    go(first, 100, key="out", sign_up=first.public_id)

    verdict = come(second, 121, key="in", sign_up=second.public_id, method=ROLL).verdict

    assert verdict == PresenceVerdict.KEY_REUSED


def test_person_twice_in_one_call_is_told_to_come_again() -> None:
    sign_up = placed()
    call = Call(person_id=sign_up.person_id, method=ROLL, at=after(0))

    answers = check_in_all(
        activity=sign_up.shift.activity, calls=[call, call], by=actor(sign_up.person), now=after(0)
    )

    assert [answer.verdict.value for answer in answers] == ["done", "again"]


def test_crowd_in_one_call_gets_an_answer_each() -> None:
    shift = make_open_shift()
    sign_ups = [placed(shift) for _ in range(3)]
    stranger = make_person("路人甲")
    calls = [
        Call(person_id=person_id, method=CODE, at=after(0), is_right=is_right)
        for person_id, is_right in (
            (sign_ups[2].person_id, True),
            (stranger.pk, True),
            (sign_ups[0].person_id, False),
            (sign_ups[1].person_id, True),
        )
    ]

    answers = check_in_all(
        activity=shift.activity, calls=calls, by=actor(sign_ups[0].person), now=after(0)
    )

    told = [answer.verdict.value for answer in answers]
    assert told == ["done", "no_place", "wrong_code", "done"]
    assert Attendance.objects.count() == 2


def test_offline_going_that_arrives_before_the_coming_waits_for_it() -> None:
    sign_up = placed()

    assert go(sign_up, 60, now=90, method=ROLL, key="o").verdict == PresenceVerdict.NOT_CHECKED_IN
    assert come(sign_up, 0, now=91, method=ROLL, key="i").verdict == PresenceVerdict.DONE
    assert go(sign_up, 60, now=92, method=ROLL, key="o").verdict == PresenceVerdict.DONE


def test_coming_and_going_entered_at_once_absorbs_the_coming_that_arrives_late() -> None:
    sign_up = placed()

    whole = come(sign_up, 0, now=90, method=ROLL, until=after(60))
    late = come(sign_up, 0, now=91, method=ROLL, key="i")

    assert (whole.verdict, late.verdict) == (PresenceVerdict.DONE, PresenceVerdict.REPLAYED)
    assert late.public_id == whole.public_id
    assert Attendance.objects.get().out_at == after(60)


SHEET = AttendanceMethod.SHEET


@pytest.mark.parametrize(
    ("came", "left", "verdict"),
    [
        (-60, 120, "done"),
        (-61, 120, "too_early"),
        (0, 0.5, "too_short"),
        (0, 121, "beyond_planned_end"),
        (30, 60, "replayed"),  # the very pair that is known
        (0, 30, "done"),  # touching its start
        (60, 90, "done"),  # touching its end
        (0, 31, "overlaps"),
        (59, 90, "overlaps"),
        (40, 50, "overlaps"),  # within
        (0, 90, "overlaps"),  # around
        (30, 61, "overlaps"),
    ],
)
def test_whole_pairs_fit_beside_what_is_known(came: float, left: float, verdict: str) -> None:
    sign_up = placed()
    if verdict in {"replayed", "overlaps"} or (came, left) in {(0, 30), (60, 90)}:
        make_attendance(sign_up, came_at=after(30), left_at=after(60))

    answer = come(sign_up, came, now=3000, method=SHEET, until=after(left))

    assert answer.verdict == verdict


def test_sheet_of_yesterday_is_entered_while_one_is_on_duty_today() -> None:
    person = make_volunteer().person
    yesterday = placed(person=person)
    today = placed(make_open_shift(starts_at=after(1440)), person)
    come(today, 1440)

    assert come(yesterday, 0, now=1500, method=SHEET, until=after(60)).verdict == "done"
    assert come(yesterday, 70, now=1500, method=ROLL).verdict == "open_elsewhere"
    assert go(today, 1500).verdict == "done"


def test_going_over_what_a_sheet_entered_meanwhile_overlaps() -> None:
    person = make_volunteer().person
    first = placed(person=person)
    other = placed(make_open_shift(starts_at=after(120)), person)
    come(first)
    make_attendance(other, came_at=after(130), left_at=after(200))

    assert go(first, 140).verdict == PresenceVerdict.OVERLAPS
    assert go(first, 125).verdict == PresenceVerdict.DONE


def test_what_was_taken_back_counts_for_nothing() -> None:
    sign_up = placed()
    come(sign_up, 0, method=ROLL)

    back = go(sign_up, 0, method=AttendanceMethod.VOID)
    row = Attendance.objects.get()

    assert back.verdict == PresenceVerdict.DONE
    assert (row.out_method, row.out_at - row.in_at) == ("void", timedelta(microseconds=1))
    assert go(sign_up, 60).verdict == PresenceVerdict.NOT_CHECKED_IN
    assert go(sign_up, 0, method=AttendanceMethod.VOID).verdict == PresenceVerdict.NOT_CHECKED_IN
    assert come(sign_up, 0).verdict == PresenceVerdict.DONE
    assert AuditEvent.objects.filter(action="service.take_back").count() == 1
