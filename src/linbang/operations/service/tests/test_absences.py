"""People who never came: counted after the roll, told, objected to, excused; three pause."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_kinship, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.choices import SuspensionCause
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, errors, queries, rules
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod, RollMark
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence, ClosedRoll
from linbang.operations.service.tests.cast import actor, after, lead, placed

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DUE = after(120) + DAY


def missed(
    person: Person | None = None, *, days: int = 0, activity: Activity | None = None
) -> SignUp:
    """Let somebody miss a shift that another person came to."""
    shift = make_open_shift(activity=activity or make_activity(), starts_at=SATURDAY - days * DAY)
    make_attendance(placed(shift), left_at=shift.ends_at)
    return placed(shift, person)


def counted(person: Person, *, days: int = 0) -> Absence:
    sign_up = missed(person, days=days)
    now = sign_up.shift.ends_at + DAY
    actions.record_absences(now=now)
    return Absence.objects.get(sign_up=sign_up)


def test_who_never_came_is_absent_a_day_after_the_end() -> None:
    sign_up = missed()

    assert actions.record_absences(now=DUE - timedelta(minutes=1)) == 0
    assert actions.record_absences(now=DUE) == 1
    assert actions.record_absences(now=DUE + DAY) == 0

    absence = Absence.objects.get()
    assert (absence.sign_up_id, absence.kind, absence.counted_at, absence.by_id) == (
        sign_up.pk,
        AbsenceKind.NO_SHOW,
        DUE,
        None,
    )
    notice = Notice.objects.get(template="absence_counted")
    assert (notice.person_id, notice.url) == (sign_up.person_id, f"/shifts/{sign_up.public_id}/")
    assert ClosedRoll.objects.get().closed_by_id is None
    assert AuditEvent.objects.get(action="service.record_absence").about_id == sign_up.person_id


def test_day_on_which_nobody_was_written_down_says_nothing() -> None:
    activity = make_activity()
    leader = lead(activity)
    sign_up = placed(make_open_shift(activity=activity))

    assert actions.record_absences(now=DUE) == 0
    assert not ClosedRoll.objects.exists()
    # The leader may say so.
    closed = actions.close_roll(activity_id=activity.pk, day=SATURDAY.date(), by=leader, now=DUE)
    assert closed == 1
    assert Absence.objects.get().sign_up_id == sign_up.pk


def test_another_post_of_the_day_shows_that_the_roll_was_called() -> None:
    activity = make_activity()
    make_attendance(placed(make_open_shift(activity=activity)), left_at=after(100))
    placed(make_open_shift(activity=activity, starts_at=after(180)))

    assert actions.record_absences(now=after(300) + DAY) == 1


@pytest.mark.parametrize(
    "why", ["came", "taken_back", "withdrawn", "cancelled", "entered_late", "excused", "old"]
)
def test_who_counts_as_absent(why: str) -> None:
    sign_up = missed(days=9 if why == "old" else 0)
    now = sign_up.shift.ends_at + (9 * DAY if why == "old" else DAY)
    if why == "came":
        make_attendance(sign_up)
    if why == "taken_back":
        make_attendance(
            sign_up, left_at=after(1), left_by=AttendanceMethod.VOID, came_by=AttendanceMethod.ROLL
        )
    if why == "withdrawn":
        SignUp.objects.filter(pk=sign_up.pk).update(state="withdrawn", ended_at=after(-60))
    if why == "cancelled":
        Activity.objects.filter(pk=sign_up.shift.activity_id).update(state=ActivityState.CANCELLED)
    if why == "entered_late":
        SignUp.objects.filter(pk=sign_up.pk).update(confirmed_at=after(121))
    if why == "excused":
        mark(sign_up, RollMark.EXCUSED, after(20))

    assert actions.record_absences(now=now) == (why == "taken_back")


def mark(sign_up: SignUp, mark: RollMark, now: datetime) -> Absence:
    seat = queries.seats_named(sign_up.shift.activity, [sign_up.public_id])[sign_up.public_id]
    return actions.mark_absent(
        seat, mark, note="家里有急事", by=Actor(person_id=make_person("负责人").pk), now=now
    )


def test_leaders_mark_counts_only_when_the_roll_is_closed() -> None:
    sign_up = missed()
    absence = mark(sign_up, RollMark.ABSENT, after(20))
    assert absence.counted_at is None

    assert actions.record_absences(now=DUE) == 1

    absence.refresh_from_db()
    assert (absence.recorded_at, absence.counted_at) == (after(20), DUE)


def test_who_came_after_all_is_excused_by_the_count() -> None:
    sign_up = missed()
    mark(sign_up, RollMark.ABSENT, after(20))
    make_attendance(sign_up, came_at=after(30))

    assert actions.record_absences(now=DUE) == 0

    absence = Absence.objects.get()
    assert (absence.excused_at, absence.counted_at, absence.answer) == (DUE, None, "后来到岗")


# Rule 28: three no-shows in 90 days pause sign-ups for 30 days.
@pytest.mark.parametrize(
    ("days", "pauses"),
    [
        ([0, 10], False),
        ([0, 10, 20], True),
        ([0, 10, 90], True),
        ([0, 10, 91], False),
        ([0, 10, 91, 92], False),
    ],
)
def test_three_in_ninety_days_pause(days: list[int], pauses: bool) -> None:
    missed_at = [SATURDAY - day * DAY for day in days]

    assert rules.pauses_sign_ups(missed_at, now=SATURDAY) is pauses


def test_third_no_show_pauses_sign_ups_once() -> None:
    person = make_volunteer("韦健").person
    for days in (40, 20):
        counted(person, days=days)
    assert not Suspension.objects.exists()

    third = counted(person)

    pause = Suspension.objects.get()
    assert (pause.person_id, pause.cause) == (person.pk, SuspensionCause.NO_SHOWS)
    assert (pause.starts_at, pause.ends_at) == (third.counted_at, third.counted_at + 30 * DAY)


def test_what_led_to_one_pause_leads_to_no_second() -> None:
    person = make_volunteer("韦健").person
    for days in (80, 70, 60):
        counted(person, days=days)
    Suspension.objects.update(lifted_at=SATURDAY - 50 * DAY, lift_reason="申诉成立")

    for days in (10, 5):
        counted(person, days=days)
    assert Suspension.objects.count() == 1
    counted(person)
    assert Suspension.objects.count() == 2


def test_who_has_closed_the_record_is_not_paused() -> None:
    person = make_volunteer("韦健", now=BEFORE).person
    for days in (40, 20):
        counted(person, days=days)
    missed(person)
    Person.objects.filter(pk=person.pk).update(closed_at=DUE)

    assert actions.record_absences(now=DUE) == 1
    assert not Suspension.objects.exists()


def test_excuse_that_comes_later_ends_a_pause_that_rested_on_it() -> None:
    person = make_volunteer("韦健").person
    first, _second, third = (counted(person, days=days) for days in (40, 20, 0))
    leader = lead(first.sign_up.shift.activity)

    actions.excuse_absence(absence=first.public_id, answer="当天住院", by=leader, now=DUE + DAY)

    pause = Suspension.objects.get()
    assert (pause.lifted_at, third.kind) == (DUE + DAY, AbsenceKind.NO_SHOW)
    assert Notice.objects.get(template="absence_excused").params["answer"] == "当天住院"


def test_pause_that_rests_on_enough_stays() -> None:
    person = make_volunteer("韦健").person
    absences = [counted(person, days=days) for days in (40, 30, 20)]
    extra = missed(person, days=25)
    Absence.objects.create(
        cell=extra.cell,
        sign_up=extra,
        person=person,
        kind=AbsenceKind.NO_SHOW,
        shift_started_at=extra.shift.starts_at,
        recorded_at=extra.shift.ends_at,
        counted_at=extra.shift.ends_at,
    )
    leader = lead(absences[0].sign_up.shift.activity)
    now = absences[2].counted_at + DAY

    actions.excuse_absence(absence=absences[0].public_id, answer="住院", by=leader, now=now)

    assert Suspension.objects.get().lifted_at is None


def test_person_objects_and_the_leader_is_told() -> None:
    activity = make_activity()
    leader = lead(activity)
    sign_up = missed(activity=activity)
    actions.record_absences(now=DUE)
    absence = Absence.objects.get()

    for text in (" 我去了，扫码没反应 ", "又说一次"):
        actions.object_to_absence(
            absence=absence.public_id, text=text, by=actor(sign_up.person), now=DUE + DAY
        )

    absence.refresh_from_db()
    assert (absence.objection, absence.objected_at) == ("我去了，扫码没反应", DUE + DAY)
    notice = Notice.objects.get(template="absence_objected")
    assert notice.person_id == leader.person_id
    assert sign_up.person.name not in str(notice.params)
    assert list(queries.awaiting_answer(queries.absences_led_by(leader))) == [absence]


def test_parent_objects_for_the_child_and_nobody_else() -> None:
    absence = counted(make_volunteer("韦健").person)
    parent, other = make_person("陈晓燕"), make_person("路人甲")
    make_kinship(absence.person, parent)

    with pytest.raises(NotFound):
        actions.object_to_absence(absence=absence.public_id, text="不对", by=actor(other), now=DUE)
    with pytest.raises(errors.ExcuseMissing):
        actions.object_to_absence(absence=absence.public_id, text=" ", by=actor(parent), now=DUE)
    told = actions.object_to_absence(
        absence=absence.public_id, text="在的", by=actor(parent), now=DUE
    )
    assert told.objection == "在的"


def test_objection_is_upheld_with_an_answer() -> None:
    absence = counted(make_volunteer("韦健").person)
    leader = lead(absence.sign_up.shift.activity)
    answered = {"absence": absence.public_id, "answer": "现场三人证明未到", "by": leader}

    with pytest.raises(errors.AbsenceDecided):
        actions.uphold_absence(**answered, now=DUE)
    actions.object_to_absence(
        absence=absence.public_id, text="在的", by=actor(absence.person), now=DUE
    )
    upheld = actions.uphold_absence(**answered, now=DUE + DAY)

    assert (upheld.upheld_at, upheld.upheld_by_id) == (DUE + DAY, leader.person_id)
    assert actions.uphold_absence(**answered, now=DUE + 2 * DAY).upheld_at == DUE + DAY
    assert Notice.objects.get(template="absence_upheld").person_id == absence.person_id
    with pytest.raises(errors.AbsenceDecided):
        actions.object_to_absence(
            absence=absence.public_id, text="还是不服", by=actor(absence.person), now=DUE
        )


def test_deciding_is_for_who_leads_with_a_reason_and_for_others() -> None:
    absence = counted(make_volunteer("韦健").person)
    activity = absence.sign_up.shift.activity
    leader = lead(activity)

    for decide in (actions.excuse_absence, actions.uphold_absence):
        with pytest.raises(NotFound):
            decide(absence=absence.public_id, answer="好", by=actor(make_person("路人甲")), now=DUE)
        with pytest.raises(errors.ExcuseMissing):
            decide(absence=absence.public_id, answer=" ", by=leader, now=DUE)
        Activity.objects.filter(pk=activity.pk).update(leader=absence.person)
        with pytest.raises(errors.NotForOneself):
            decide(absence=absence.public_id, answer="好", by=actor(absence.person), now=DUE)
        Activity.objects.filter(pk=activity.pk).update(leader_id=leader.person_id)
    with pytest.raises(NotFound):
        actions.excuse_absence(absence=activity.public_id, answer="好", by=leader, now=DUE)


def test_excusing_twice_changes_nothing() -> None:
    absence = counted(make_volunteer("韦健").person)
    leader = lead(absence.sign_up.shift.activity)

    for days in (1, 2):
        actions.excuse_absence(
            absence=absence.public_id, answer="住院", by=leader, now=DUE + days * DAY
        )

    absence.refresh_from_db()
    assert absence.excused_at == DUE + DAY
    assert Notice.objects.filter(template="absence_excused").count() == 1


def test_own_absences_and_those_one_leads_are_seen() -> None:
    absence = counted(make_volunteer("韦健").person)

    for who in (actor(absence.person), lead(absence.sign_up.shift.activity)):
        assert list(queries.absences_visible_to(who)) == [absence]
    assert not queries.absences_visible_to(actor(make_person("路人甲"))).exists()
    assert not queries.absences_led_by(actor(absence.person)).exists()


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("absence_excused_says_why", {"kind": "excused", "counted_at": None, "note": ""}),
        ("absence_excused_never_counts", {"kind": "excused", "note": "急事"}),
        ("absence_decided_says_why", {"excused_at": DUE}),
        ("absence_decided_says_why", {"upheld_at": DUE}),
    ],
)
def test_database_keeps_what_an_absence_says(constraint: str, columns: dict[str, object]) -> None:
    absence = counted(make_volunteer("韦健").person)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Absence.objects.filter(pk=absence.pk).update(**columns)
