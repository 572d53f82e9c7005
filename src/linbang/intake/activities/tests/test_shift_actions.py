"""Planning, moving, cancelling shifts; series; rosters."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.people.factories import make_worker
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries, rules
from linbang.intake.activities.actions import SeriesEdit
from linbang.intake.activities.choices import DayRule, EditScope
from linbang.intake.activities.factories import SATURDAY, make_policy, make_shift
from linbang.intake.activities.models import DutyPoint, Series, Shift
from linbang.intake.activities.rules import (
    DutyCalendar,
    DutyTime,
    PlanParts,
    PostDetails,
    Rhythm,
    SeriesChange,
    Window,
)
from linbang.intake.activities.tests.cast import (
    DAY,
    HOUR,
    MORNING,
    NOW,
    WEEK,
    heard,
    later,
    make_draft,
    make_published,
    planned,
    refused,
)

pytestmark = pytest.mark.django_db
SATURDAYS = Rhythm(
    "FREQ=WEEKLY;BYDAY=SA;COUNT=4", date(2026, 5, 12), date(2026, 12, 31), time(9), 120
)


@pytest.fixture
def worker():
    return make_worker()


@pytest.fixture
def activity(worker):
    return make_published(worker)


def names(told):
    return [type(event).__name__ for event in told]


def times(activity, **filters):
    shifts = Shift.objects.filter(activity=activity, **filters).order_by("starts_at", "id")
    return [f"{rules.local_time(shift.starts_at):%m-%d %H:%M}" for shift in shifts]


def on(text):
    return date.fromisoformat(f"2026-{text}")


def plan(activity, by, *windows, **more):
    return actions.plan_shifts(activity_id=activity.pk, windows=windows, by=by, now=NOW, **more)


def add(activity, by, rhythm=SATURDAYS, **more):
    return actions.add_series(activity_id=activity.pk, rhythm=rhythm, by=by, now=NOW, **more)


def edit(shift, by, *, now=NOW, **told):
    change = {key: told.pop(key) for key in list(told) if key in SeriesChange.__dataclass_fields__}
    return actions.edit_series(
        shift_id=shift.pk, edit=SeriesEdit(SeriesChange(**change), **told), by=by, now=now
    )


def shift_at(activity, text):
    return next(
        shift
        for shift in Shift.objects.filter(activity=activity).order_by("id")
        if f"{rules.local_time(shift.starts_at):%m-%d}" == text
    )


def test_shifts_are_planned_once_for_chosen_posts(worker, activity, monkeypatch):
    (post,) = queries.posts_of(activity)

    with heard(monkeypatch) as told:
        planned_now = plan(activity, worker, later(MORNING, DAY), post_ids=[post.pk])
        again = plan(activity, worker, later(MORNING, DAY))

    assert (len(planned_now), again) == (1, [])
    assert names(told) == ["ShiftsPlanned"]
    assert times(activity) == ["05-16 09:00", "05-17 09:00"]


def test_plans_for_unknown_posts_strangers_and_past_times_are_refused(worker, activity):
    outsider = make_worker("何平", region=NEIGHBOUR_COMMUNITY)
    empty = make_draft(worker, key="empty", parts=PlanParts())

    with refused("post_unknown"):
        plan(activity, worker, later(MORNING, DAY), post_ids=[0])
    with refused("post_unknown"):
        plan(empty, worker, later(MORNING, DAY))
    with refused("not_allowed"):
        plan(activity, outsider, later(MORNING, DAY))
    with refused("shift_window_past"):
        plan(activity, worker, Window(NOW, NOW + HOUR))


def make_risky(by, *, until=SATURDAY + 3 * DAY):
    from linbang.foundation.organisations.factories import make_unit

    organiser = make_unit()
    policy = make_policy(organiser, ends_at=until)
    return make_published(
        by, organiser=organiser, hazards=("traffic",), policy_id=policy.pk,
        parts=planned(posts=(PostDetails("劝导", 5, age_min=18),)),
    )  # fmt: skip


def test_high_risk_shifts_stay_within_the_policy_until_it_is_extended(worker):
    activity = make_risky(worker)
    (shift,) = activity.shifts.all()
    beyond = later(MORNING, WEEK)

    with refused("shifts_beyond_policy"):
        plan(activity, worker, beyond)
    with refused("shifts_beyond_policy"):
        actions.move_shifts(activity_id=activity.pk, moves={shift.pk: beyond}, by=worker, now=NOW)
    with refused("shifts_beyond_policy"):
        add(activity, worker)
    actions.extend_policy(
        policy_id=activity.policy_id, ends_at=SATURDAY + 2 * WEEK, by=worker, now=NOW
    )

    actions.move_shifts(activity_id=activity.pk, moves={shift.pk: beyond}, by=worker, now=NOW)
    assert times(activity) == ["05-23 09:00"]


def test_draft_may_be_planned_before_it_is_insured(worker):
    draft = make_draft(worker, hazards=("traffic",))

    assert len(plan(draft, worker, later(MORNING, 30 * DAY))) == 1


def test_moving_tells_later_steps_once(worker, activity, monkeypatch):
    plan(activity, worker, later(MORNING, DAY))
    shifts = list(activity.shifts.order_by("starts_at"))
    moves = {shift.pk: later(Window(shift.starts_at, shift.ends_at), HOUR) for shift in shifts}

    with heard(monkeypatch) as told:
        moved = actions.move_shifts(activity_id=activity.pk, moves=moves, by=worker, now=NOW)
        same = actions.move_shifts(activity_id=activity.pk, moves=moves, by=worker, now=NOW)

    (event,) = told
    assert event.shift_ids == tuple(shift.pk for shift in shifts)
    assert (len(moved), same) == (2, [])
    assert times(activity, is_moved=False) == ["05-16 10:00", "05-17 10:00"]


def test_begun_cancelled_and_foreign_shifts_do_not_move(worker, activity):
    plan(activity, worker, later(MORNING, DAY))
    first, second = activity.shifts.order_by("starts_at")
    cancel(activity, [second], worker)
    foreign = make_shift()

    for shift, code, now in (
        (first, "shift_started", SATURDAY),
        (second, "shift_not_planned", NOW),
        (foreign, "not_found", NOW),
    ):
        with refused(code):
            actions.move_shifts(
                activity_id=activity.pk, moves={shift.pk: later(MORNING, WEEK)}, by=worker, now=now
            )


def cancel(activity, shifts, by, *, reason="下雨", now=NOW):
    return actions.cancel_shifts(
        activity_id=activity.pk, shift_ids=[shift.pk for shift in shifts], reason=reason, by=by,
        now=now,
    )  # fmt: skip


def test_cancelling_needs_a_reason_and_is_told(worker, activity, monkeypatch):
    shifts = list(activity.shifts.all())

    with refused("activity_reason_missing"):
        cancel(activity, shifts, worker, reason=" ")
    with heard(monkeypatch) as told:
        assert cancel(activity, shifts, worker) == 1

    assert names(told) == ["ShiftsCancelled"]
    assert activity.shifts.filter(cancel_reason="下雨", cancelled_at=NOW).count() == 1


def test_shifts_of_a_draft_are_dropped_without_a_reason(worker, monkeypatch):
    draft = make_draft(worker)

    with heard(monkeypatch) as told:
        cancel(draft, draft.shifts.all(), worker, reason="")
        cancel(draft, [], worker, reason="")

    assert (draft.shifts.count(), names(told)) == (0, ["ShiftsDropped"])


def test_places_change_with_their_minimum(worker, activity, monkeypatch):
    (shift,) = activity.shifts.all()

    def give(places, places_min=None):
        actions.set_places(
            activity_id=activity.pk, shift_ids=[shift.pk], places=places, places_min=places_min,
            by=worker, now=NOW,
        )  # fmt: skip

    with heard(monkeypatch) as told:
        give(9, 4)
        give(9, 4)
        give(2)

    assert names(told) == ["ShiftPlacesChanged"] * 2
    shift.refresh_from_db()
    assert (shift.places, shift.places_min) == (2, 2)
    for wrong in ((0, None), (5, 6), (5001, None)):
        with refused("post_places_impossible"):
            give(*wrong)


def test_series_is_planned_once_with_its_dates(worker, activity, monkeypatch):
    with heard(monkeypatch) as told:
        series = add(activity, worker)
        again = add(activity, worker)

    assert again == series
    assert (series.rule, series.starts_on, series.ends_on) == (
        "FREQ=WEEKLY;BYDAY=SA",
        on("05-16"),
        on("06-06"),
    )
    # The first Saturday was planned by hand before, and is not planned twice.
    assert times(activity) == ["05-16 09:00", "05-23 09:00", "05-30 09:00", "06-06 09:00"]
    assert names(told) == ["ShiftsPlanned"]


def test_series_of_past_days_is_empty(worker, activity):
    past = Rhythm("FREQ=DAILY", date(2026, 5, 1), date(2026, 5, 11), time(9), 60)

    with refused("rhythm_empty"):
        add(activity, worker, past)


def test_series_over_a_month_asks_for_an_agreement(worker, activity):
    assert not activity.needs_agreement

    add(activity, worker, Rhythm("FREQ=DAILY", on("05-16"), on("06-16"), time(9), 60))

    activity.refresh_from_db()
    assert activity.needs_agreement


@pytest.fixture
def series(worker):
    parts = planned(posts=(PostDetails("清扫", 5), PostDetails("后勤", 2)))
    activity = make_published(worker, key="series", parts=parts)
    by_hand = list(activity.shifts.all())
    add(activity, worker, Rhythm("FREQ=WEEKLY;BYDAY=SA", on("05-23"), on("06-13"), time(9), 120))
    cancel(activity, by_hand, worker)
    return activity


def test_one_date_moves_with_all_its_posts(worker, series, monkeypatch):
    with heard(monkeypatch) as told:
        edit(shift_at(series, "05-30"), worker, on=on("05-31"), start_time=time(14))

    assert names(told) == ["ShiftsMoved"]
    assert len(told[0].shift_ids) == 2
    assert times(series, is_moved=True) == ["05-31 14:00"] * 2
    assert series.series.count() == 1


def test_following_dates_split_the_series(worker, series, monkeypatch):
    with heard(monkeypatch) as told:
        edit(
            shift_at(series, "06-06"), worker, scope=EditScope.FOLLOWING,
            rule="FREQ=WEEKLY;BYDAY=SU", start_time=time(10), places=7,
        )  # fmt: skip

    assert names(told) == ["ShiftsMoved", "ShiftPlacesChanged"]
    old, new = series.series.order_by("id")
    assert (old.ends_on, old.replaced_at) == (on("05-30"), None)
    assert (new.rule, new.starts_on, new.ends_on) == (
        "FREQ=WEEKLY;BYDAY=SU",
        on("06-07"),
        on("06-14"),
    )
    assert times(series, series=new, places=7) == ["06-07 10:00"] * 2 + ["06-14 10:00"] * 2


def test_following_dates_that_go_are_cancelled_with_a_reason(worker, series):
    june = shift_at(series, "06-06")

    with refused("activity_reason_missing"):
        edit(june, worker, scope="following", rule="FREQ=MONTHLY;BYDAY=2SA")
    plan = edit(june, worker, scope="following", rule="FREQ=MONTHLY;BYDAY=2SA", reason="人手不够")

    assert (len(plan.cancels), len(plan.stays)) == (2, 2)
    assert times(series, cancel_reason="人手不够") == ["06-06 09:00"] * 2


def test_all_dates_take_new_ones_with_their_places(worker, series, monkeypatch):
    with heard(monkeypatch) as told:
        edit(shift_at(series, "05-23"), worker, scope="all", ends_on=on("06-27"), places=3)

    assert names(told) == ["ShiftsPlanned", "ShiftPlacesChanged"]
    (first, second) = series.series.order_by("id")
    assert (first.replaced_at, second.replaced_at) == (NOW, None)
    assert times(series, series=second, places=3, places_min=1)[-4:] == [
        "06-20 09:00", "06-20 09:00", "06-27 09:00", "06-27 09:00",
    ]  # fmt: skip


def test_places_alone_change_without_moving_anybody(worker, series, monkeypatch):
    with heard(monkeypatch) as told:
        edit(shift_at(series, "05-30"), worker, scope="one", places=6, places_min=2)

    assert names(told) == ["ShiftPlacesChanged"]
    assert times(series, places=6, places_min=2) == ["05-30 09:00"] * 2


def test_new_dates_take_the_minimum_told(worker, series):
    edit(
        shift_at(series, "05-23"), worker, scope="all", ends_on=on("06-20"), places=6, places_min=4
    )

    assert times(series, places_min=4)[-1] == "06-20 09:00"


def test_moved_date_keeps_its_time_and_goes_loose_when_its_date_goes(worker, series):
    edit(shift_at(series, "05-30"), worker, on=on("05-31"))

    edit(
        shift_at(series, "05-23"), worker, scope="all",
        rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", reason="隔周办",
    )  # fmt: skip

    assert times(series, series=None, cancelled_at=None) == ["05-31 09:00"] * 2
    assert times(series, series__isnull=False, cancelled_at=None) == [
        "05-23 09:00", "05-23 09:00", "06-06 09:00", "06-06 09:00",
    ]  # fmt: skip


def test_series_without_a_day_left_ends(worker, series):
    plan = edit(
        shift_at(series, "06-13"), worker, scope="following", rule="FREQ=WEEKLY;BYDAY=MO",
        now=SATURDAY + 27 * DAY, reason="改期",
    )  # fmt: skip

    assert (len(plan.cancels), plan.rhythm) == (2, None)
    assert Series.objects.filter(activity=series, replaced_at=None).count() == 1


def test_series_for_one_post_grows_for_that_post_alone(worker):
    parts = planned(posts=(PostDetails("清扫", 5), PostDetails("后勤", 2)))
    activity = make_published(worker, parts=parts)
    first, _second = queries.posts_of(activity)
    add(activity, worker, post_ids=[first.pk])

    edit(shift_at(activity, "05-23"), worker, scope="all", ends_on=on("06-13"))

    assert times(activity, post=first)[-1] == "06-13 09:00"
    assert times(activity, post__name="后勤") == ["05-16 09:00"]


def test_window_outside_a_series_moves_alone(worker, activity, monkeypatch):
    (shift,) = activity.shifts.all()

    with heard(monkeypatch) as told:
        edit(shift, worker, on=on("05-17"), minutes=90, places=4, scope="all")

    assert names(told) == ["ShiftsMoved", "ShiftPlacesChanged"]
    shift.refresh_from_db()
    assert (shift.starts_at, shift.ends_at - shift.starts_at, shift.is_moved) == (
        SATURDAY + DAY,
        timedelta(minutes=90),
        False,
    )
    with refused("shift_not_planned"):
        edit(shift, worker, minutes=60, now=SATURDAY + WEEK)
    with refused("not_found"):
        actions.edit_series(shift_id=0, edit=SeriesEdit(SeriesChange()), by=worker, now=NOW)


def test_one_date_that_stays_tells_nobody(worker, series, monkeypatch):
    with heard(monkeypatch) as told:
        edit(shift_at(series, "05-30"), worker)

    assert told == []


def test_edits_beyond_the_policy_are_refused(worker):
    activity = make_risky(worker, until=SATURDAY + 10 * DAY)
    add(activity, worker, Rhythm("FREQ=DAILY", on("05-17"), on("05-20"), time(9), 60))

    with refused("shifts_beyond_policy"):
        edit(shift_at(activity, "05-18"), worker, scope="all", ends_on=on("06-17"))


def make_points(*points):
    return [
        DutyPoint.objects.create(
            cell="450103", region_id="450103001005", name=name, kind="crossing", opened_at=NOW
        )
        for name in points
    ]


def duty(points, **changes):
    told = {
        "points": tuple(point.pk for point in points),
        "times": (DutyTime(time(7, 30), time(9)), DutyTime(time(17, 30), time(19), 3, 2)),
        "starts_on": on("09-28"),
        "ends_on": on("10-12"),
        "day_rule": DayRule.WORKDAYS,
        **changes,
    }
    return DutyCalendar(**told)


def test_roster_makes_a_post_a_point_and_every_shift_once(worker, monkeypatch):
    draft = make_draft(worker, kind="duty", parts=PlanParts(), hazards=("traffic",))
    points = make_points("民族大道路口", "古城路口")

    with heard(monkeypatch) as told:
        made = actions.plan_roster(activity_id=draft.pk, calendar=duty(points), by=worker, now=NOW)
        again = actions.plan_roster(activity_id=draft.pk, calendar=duty(points), by=worker, now=NOW)

    assert (made, again) == (7 * 2 * 2, 0)
    assert names(told) == ["ShiftsPlanned"]
    posts = list(queries.posts_of(draft).values_list("name", "point__name", "places", "age_min"))
    assert posts == [
        ("民族大道路口", "民族大道路口", 3, 18),
        ("古城路口", "古城路口", 3, 18),
    ]


def test_roster_fills_what_is_missing(worker):
    draft = make_draft(worker, kind="duty", parts=PlanParts())
    points = make_points("民族大道路口", "古城路口")
    actions.plan_roster(activity_id=draft.pk, calendar=duty(points[:1]), by=worker, now=NOW)

    made = actions.plan_roster(activity_id=draft.pk, calendar=duty(points), by=worker, now=NOW)

    assert made == 14
    gone = DutyPoint(pk=0)
    with refused("not_found"):
        actions.plan_roster(activity_id=draft.pk, calendar=duty([gone]), by=worker, now=NOW)
    with refused("roster_empty"):
        actions.plan_roster(activity_id=draft.pk, calendar=duty([]), by=worker, now=NOW)


def test_year_of_forty_crossings_is_a_fixed_number_of_statements(worker):
    draft = make_draft(worker, kind="duty", parts=PlanParts())
    points = make_points(*(f"路口{n}" for n in range(40)))
    weeks = {"day_rule": DayRule.ANY, "starts_on": on("06-01")}

    with CaptureQueriesContext(connection) as one:
        actions.plan_roster(
            activity_id=draft.pk, by=worker, now=NOW,
            calendar=duty(points, **weeks, ends_on=on("06-07")),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        made = actions.plan_roster(
            activity_id=draft.pk, by=worker, now=NOW,
            calendar=duty(points, **weeks, ends_on=on("09-08")),
        )  # fmt: skip

    assert made == 93 * 40 * 2
    # Four batches of 2,000 rows instead of one; the posts were there already.
    assert len(many) <= len(one) + 3
