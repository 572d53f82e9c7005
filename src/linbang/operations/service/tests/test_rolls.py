"""The leader's roll: marks with a phone that may have been offline, settling, closing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.intake.activities.factories import SATURDAY, make_activity, make_post
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, errors, queries
from linbang.operations.service.actions import RollAnswer
from linbang.operations.service.choices import AttendanceMethod, RollMark, RollState
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence, Attendance, ClosedRoll
from linbang.operations.service.rules import RollLine
from linbang.operations.service.tests.cast import actor, after, codes_of, lead, placed

pytestmark = pytest.mark.django_db

PRESENT, LEFT, ABSENT = RollMark.PRESENT, RollMark.LEFT, RollMark.ABSENT
EXCUSED, TAKE_BACK = RollMark.EXCUSED, RollMark.TAKE_BACK


def call(
    by: Actor, *lines: tuple[SignUp, RollMark] | RollLine, now: datetime | None = None
) -> list[RollAnswer]:
    told = [
        line if isinstance(line, RollLine) else RollLine(sign_up=line[0].public_id, mark=line[1])
        for line in lines
    ]
    activity = SignUp.objects.get(public_id=told[0].sign_up).shift.activity
    return actions.call_roll(activity_id=activity.pk, lines=told, by=by, now=now or after(30))


def state_of(sign_up: SignUp, now: datetime) -> RollState:
    roll = queries.roll_of(sign_up.shift.activity, local_date(SATURDAY), now)
    rows = {row.sign_up: row for shift in roll.shifts for row in shift.rows}
    return rows[sign_up.public_id].state


def test_leader_marks_who_came_and_who_left() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    came = call(leader, (sign_up, PRESENT), now=after(5))
    left = call(leader, (sign_up, LEFT), now=after(100))

    row = Attendance.objects.get()
    assert [came[0].at, left[0].at] == [row.in_at, row.out_at] == [after(5), after(100)]
    assert (row.in_method, row.in_by_id) == (AttendanceMethod.ROLL, leader.person_id)
    assert AuditEvent.objects.get(action="service.check_in").on_behalf_of_id == sign_up.person_id


@pytest.mark.parametrize("who", ["leader", "team_leader", "worker", "street", "system"])
def test_who_leads_calls_the_roll(who: str) -> None:
    team = make_team()
    sign_up = placed(make_open_shift(activity=make_activity(organiser=team)))
    by = {
        "leader": lambda: lead(sign_up.shift.activity),
        "team_leader": lambda: make_actor(
            make_person("韦队长"), Role.TEAM_LEADER, organisation_path=team.path
        ),
        "worker": make_worker,
        "street": lambda: make_worker(region="450103001", role=Role.STREET_OFFICER),
        "system": lambda: Actor(person_id=make_person("导入").pk, is_system=True),
    }[who]()

    assert codes_of(call(by, (sign_up, PRESENT))) == [""]


@pytest.mark.parametrize("who", ["outsider", "other_team", "other_community", "volunteer"])
def test_nobody_else_calls_the_roll(who: str) -> None:
    sign_up = placed()
    by = {
        "outsider": lambda: actor(make_person("路人甲")),
        "other_team": lambda: make_actor(
            make_person("别队"), Role.TEAM_LEADER, organisation_path=make_team().path
        ),
        "other_community": lambda: make_worker(region="450103001006"),
        "volunteer": lambda: actor(sign_up.person),
    }[who]()

    with pytest.raises(NotFound):
        call(by, (sign_up, PRESENT))
    assert not Attendance.objects.exists()


def test_one_refused_mark_spoils_no_other() -> None:
    shift = make_open_shift()
    first, second = placed(shift), placed(shift)
    leader = lead(shift.activity)
    stranger = placed()

    answers = actions.call_roll(
        activity_id=shift.activity_id,
        lines=[
            RollLine(sign_up=first.public_id, mark=LEFT),
            RollLine(sign_up=stranger.public_id, mark=PRESENT),
            RollLine(sign_up=second.public_id, mark=PRESENT),
        ],
        by=leader,
        now=after(30),
    )

    assert codes_of(answers) == ["not_on_shift", "not_found", ""]
    assert Attendance.objects.get().sign_up_id == second.pk


def test_marks_about_one_person_are_taken_in_their_order() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    times = [(PRESENT, 0), (LEFT, 20), (PRESENT, 25), (LEFT, 50)]

    answers = call(
        leader,
        *(
            RollLine(sign_up=sign_up.public_id, mark=mark, at=after(at), key=f"k{at}")
            for mark, at in times
        ),
        now=after(60),
    )

    assert codes_of(answers) == [""] * 4
    pairs = Attendance.objects.order_by("pair").values_list("in_at", "out_at")
    assert list(pairs) == [(after(0), after(20)), (after(25), after(50))]


def test_queue_that_is_sent_again_changes_nothing() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    queue = [
        RollLine(sign_up=sign_up.public_id, mark=mark, at=after(at), key=mark)
        for mark, at in ((PRESENT, 0), (LEFT, 60))
    ]

    first = call(leader, *queue, now=after(90))
    again = call(leader, *queue, now=after(1000))

    assert [answer.at for answer in first] == [answer.at for answer in again]
    assert Attendance.objects.count() == 1


def test_going_stands_by_itself_when_the_coming_never_arrived() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    gone = RollLine(sign_up=sign_up.public_id, mark=LEFT, at=after(125), came_at=after(3))

    assert codes_of(call(leader, gone, now=after(200))) == [""]

    row = Attendance.objects.get()
    assert (row.in_at, row.out_at) == (after(3), after(125))
    late = RollLine(sign_up=sign_up.public_id, mark=PRESENT, at=after(3), key="late")
    assert call(leader, late, now=after(201))[0].at == after(3)
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "now", "code"),
    [
        (0, 90, ""),
        (93, 90, ""),  # a phone that runs three minutes ahead
        (96, 90, "outside_the_day"),
        (-9 * 60, 90, "too_early_for_shift"),  # midnight: of the day, but far too early
        (-9 * 60 - 1, 90, "outside_the_day"),
        (120 + 12 * 60, 2000, "outside_the_day"),
        (130, 2000, "too_late_for_shift"),
    ],
)
def test_moment_of_a_mark_is_on_the_day_of_the_shift(at: float, now: float, code: str) -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    line = RollLine(sign_up=sign_up.public_id, mark=PRESENT, at=after(at))

    assert codes_of(call(leader, line, now=after(now))) == [code]


def test_leader_is_no_witness_of_the_leader() -> None:
    shift = make_open_shift()
    own = placed(shift)
    by = actor(own.person)
    type(shift.activity).objects.filter(pk=shift.activity_id).update(leader=own.person)

    answers = call(by, *((own, mark) for mark in RollMark))

    assert codes_of(answers) == ["not_for_oneself"] * len(RollMark)


def test_absent_and_excused_are_noted_until_the_roll_is_closed() -> None:
    shift = make_open_shift()
    absent, excused, undecided = placed(shift), placed(shift), placed(shift)
    leader = lead(shift.activity)

    answers = call(
        leader,
        (absent, ABSENT),
        RollLine(sign_up=excused.public_id, mark=EXCUSED, note="家里有急事"),
        (undecided, ABSENT),
        RollLine(sign_up=undecided.public_id, mark=EXCUSED, note="生病"),
    )

    assert codes_of(answers) == [""] * 4
    assert [state_of(one, after(40)) for one in (absent, excused, undecided)] == [
        RollState.ABSENT,
        RollState.EXCUSED,
        RollState.EXCUSED,
    ]
    assert not Absence.objects.exclude(counted_at=None).exists()
    assert AuditEvent.objects.filter(action="service.mark_absent").count() == 3


@pytest.mark.parametrize(
    ("came", "mark", "note", "now", "code"),
    [
        (True, ABSENT, "", 30, "already_came"),
        (True, EXCUSED, "急事", 30, "already_came"),
        (False, ABSENT, "", -1, "shift_not_begun"),
        (False, EXCUSED, " ", 30, "excuse_missing"),
        (False, EXCUSED, "急事", -1, ""),
    ],
)
def test_absence_that_cannot_be_is_refused(
    came: bool, mark: RollMark, note: str, now: float, code: str
) -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    if came:
        make_attendance(sign_up)
    line = RollLine(sign_up=sign_up.public_id, mark=mark, note=note)

    assert codes_of(call(leader, line, now=after(now))) == [code]


def test_having_been_there_outweighs_a_mark_of_absence() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    call(leader, (sign_up, ABSENT), now=after(10))

    call(leader, (sign_up, PRESENT), now=after(20))

    assert state_of(sign_up, after(30)) == RollState.HERE


def test_what_was_tapped_by_mistake_is_taken_back() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    call(leader, (sign_up, PRESENT))

    assert codes_of(call(leader, (sign_up, TAKE_BACK))) == [""]
    assert state_of(sign_up, after(31)) == RollState.EXPECTED
    assert codes_of(call(leader, (sign_up, TAKE_BACK))) == ["not_on_shift"]


def test_what_a_person_proved_is_not_taken_back() -> None:
    sign_up = placed()
    make_attendance(sign_up)

    answers = call(lead(sign_up.shift.activity), (sign_up, TAKE_BACK))

    assert codes_of(answers) == ["presence_proved"]
    assert Attendance.objects.get().out_at is None


def settle(by: Actor, sign_up: SignUp, **how: Any) -> list[str]:
    how.setdefault("now", after(200))
    return codes_of(actions.settle_forgotten(activity_id=sign_up.shift.activity_id, by=by, **how))


def test_everybody_who_forgot_is_settled_at_the_planned_end() -> None:
    shift = make_open_shift()
    forgot, also, gone = placed(shift), placed(shift), placed(shift)
    for one in (forgot, also):
        make_attendance(one)
    make_attendance(gone, left_at=after(100))

    assert settle(lead(shift.activity), forgot, note=" 已核实 ") == ["", ""]

    settled = Attendance.objects.filter(out_method=AttendanceMethod.SETTLED)
    assert {(one.out_at, one.out_note) for one in settled} == {(after(120), "已核实")}
    assert settled.count() == 2


def test_one_is_settled_earlier_but_never_later() -> None:
    sign_up = placed()
    make_attendance(sign_up)
    leader = lead(sign_up.shift.activity)
    only = {"sign_ups": [sign_up.public_id]}

    assert settle(leader, sign_up, **only, at=after(121)) == ["beyond_shift_end"]
    assert settle(leader, sign_up, **only, at=after(-1)) == ["too_short_on_shift"]
    assert settle(leader, sign_up, **only, at=after(80)) == [""]
    assert settle(leader, sign_up, **only) == []


def test_shift_that_still_runs_is_not_settled() -> None:
    sign_up = placed()
    make_attendance(sign_up)

    assert settle(lead(sign_up.shift.activity), sign_up, now=after(119)) == []


def test_leader_does_not_settle_the_leader() -> None:
    shift = make_open_shift()
    own = placed(shift)
    make_attendance(own)
    type(shift.activity).objects.filter(pk=shift.activity_id).update(leader=own.person)

    assert settle(actor(own.person), own) == ["not_for_oneself"]


def close(by: Actor, sign_up: SignUp, now: datetime) -> int:
    return actions.close_roll(
        activity_id=sign_up.shift.activity_id, day=local_date(SATURDAY), by=by, now=now
    )


def test_closing_the_roll_counts_who_never_came() -> None:
    shift = make_open_shift()
    came, missed = placed(shift), placed(shift)
    make_attendance(came, left_at=after(100))
    leader = lead(shift.activity)

    assert close(leader, missed, after(130)) == 1

    absence = Absence.objects.get()
    assert (absence.person_id, absence.counted_at, absence.by_id) == (
        missed.person_id,
        after(130),
        leader.person_id,
    )
    assert ClosedRoll.objects.get().closed_by_id == leader.person_id
    assert close(leader, missed, after(140)) == 0
    assert Notice.objects.get(template="absence_counted").person_id == missed.person_id


def test_roll_that_still_runs_is_not_closed() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)

    with pytest.raises(errors.RollStillRuns):
        close(leader, sign_up, after(119))
    make_attendance(sign_up)
    with pytest.raises(errors.RollStillRuns):
        close(leader, sign_up, after(130))
    settle(leader, sign_up)
    assert close(leader, sign_up, after(210)) == 0


def test_closed_roll_takes_no_marks() -> None:
    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    close(leader, sign_up, after(130))

    line = RollLine(sign_up=sign_up.public_id, mark=PRESENT, at=after(60))

    assert codes_of(call(leader, line, now=after(140))) == ["roll_closed"]


def test_system_closes_no_roll_by_hand() -> None:
    sign_up = placed()

    with pytest.raises(NotAllowed):
        close(Actor.system(), sign_up, after(130))


def test_roll_is_closed_once_a_shift() -> None:
    sign_up = placed()
    close(lead(sign_up.shift.activity), sign_up, after(130))

    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedRoll.objects.create(
            cell=sign_up.cell, shift=sign_up.shift, closed_at=after(131), closed_by_id=1
        )


def test_leader_is_told_once_that_the_roll_is_open() -> None:
    activity = make_activity()
    leader = lead(activity)
    post = make_post(activity)
    for start in (0, 60):
        placed(make_open_shift(post=post, starts_at=after(start), minutes=60))

    assert actions.remind_rolls(now=after(170)) == 0
    for now in (after(180), after(300)):
        assert actions.remind_rolls(now=now) == 1

    notice = Notice.objects.get(template="roll_to_close")
    assert notice.person_id == leader.person_id
    assert notice.url == f"/lead/{activity.public_id}/?day=2026-05-16"


def test_day_to_lead_is_that_of_what_runs_else_of_what_is_next() -> None:
    activity = make_activity()
    assert queries.day_to_lead(activity, after(0)) == local_date(SATURDAY)
    for days in (0, 7):
        make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(days=days))

    found = [queries.day_to_lead(activity, after(at)) for at in (-5000, 130, 310, 40000)]

    assert [day.day for day in found] == [16, 16, 23, 23]


def test_overnight_shift_stands_on_both_days() -> None:
    sign_up = placed(make_open_shift(starts_at=after(13 * 60), minutes=8 * 60))
    activity = sign_up.shift.activity

    for days in (0, 1):
        day = local_date(SATURDAY) + timedelta(days=days)
        assert queries.roll_of(activity, day, after(0)).expected == 1
    assert (
        queries.roll_of(activity, local_date(SATURDAY) + timedelta(days=2), after(0)).shifts == ()
    )


def test_roll_counts_and_says_how_many_are_wanting() -> None:
    activity = make_activity()
    shift = make_open_shift(post=make_post(activity, places_min=3))
    here, left, forgot, _missing = (placed(shift) for _ in range(4))
    make_attendance(here)
    make_attendance(left, left_at=after(30))
    make_attendance(forgot)

    roll = queries.roll_of(activity, local_date(SATURDAY), after(60))
    late = queries.roll_of(activity, local_date(SATURDAY), after(121))

    assert (roll.expected, roll.here, roll.missing, roll.forgotten) == (4, 2, 1, 0)
    assert (roll.shifts[0].came, roll.shifts[0].short_of, roll.may_close) == (3, 1, False)
    assert (late.forgotten, late.may_close, late.is_closed) == (2, False, False)


@pytest.mark.parametrize("people", [1, 3])
def test_roll_costs_the_same_for_one_and_three(people: int, django_assert_num_queries: Any) -> None:
    shift = make_open_shift()
    for _ in range(people):
        make_attendance(placed(shift))
    activity = shift.activity

    with django_assert_num_queries(4):
        roll = queries.roll_of(activity, local_date(SATURDAY), after(30))

    assert roll.here == people
