"""How a shift stands to one reader: the order of the looks, and what comes first."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Chance, Reminder, SortBy
from linbang.operations.dispatch.rules import OpenShift, Window, chance_of
from linbang.operations.dispatch.tests.crowd import BEFORE, SATURDAY

PLAIN = OpenShift(
    public_id=uuid4(),
    id=1,
    activity_id=1,
    activity_public_id=uuid4(),
    activity_state="published",
    name="清洁家园",
    kind="gathering",
    categories=["0006"],
    place_name="小区广场",
    region_id="450103001005",
    audience="everyone",
    mode="instant",
    has_waiting_list=True,
    sign_up_opens_at=None,
    sign_up_closes_at=None,
    is_high_risk=False,
    organiser="居委会",
    post_id=1,
    post_name="清扫",
    skills=[],
    point_name=None,
    longitude=None,
    latitude=None,
    starts_at=SATURDAY,
    ends_at=SATURDAY + timedelta(hours=2),
    state="planned",
    cancel_reason="",
    places=5,
    taken=0,
    waiting=0,
    is_for_reader=True,
    fits_skills=None,
    fits_categories=None,
    metres=None,
    sign_up_id=None,
    my_state=None,
    held_until=None,
    position=None,
    is_busy=False,
    causes=[],
)
# Each fact overrules all that stand below it.
LOOKS = [
    (Chance.CANCELLED, {"state": "cancelled"}),
    (Chance.MINE, {"my_state": "waiting"}),
    (Chance.OVER, {"sign_up_closes_at": BEFORE}),
    (Chance.NOT_YET, {"sign_up_opens_at": BEFORE + timedelta(hours=1)}),
    (Chance.FULL, {"taken": 5, "has_waiting_list": False}),
    (Chance.BARRED, {"causes": ["suspended", "risk_not_accepted"]}),
    (Chance.BUSY, {"is_busy": True}),
    (Chance.WAIT, {"waiting": 1}),
]


def test_plain_shift_may_be_taken():
    assert chance_of(PLAIN, now=BEFORE) == Chance.TAKE


@pytest.mark.parametrize("place", range(len(LOOKS)))
def test_first_look_that_holds_decides(place: int):
    facts: dict[str, object] = {}
    for _, more in reversed(LOOKS[place:]):
        # Full without a list is not full with one.
        facts |= more

    assert chance_of(replace(PLAIN, **facts), now=BEFORE) == LOOKS[place][0]


@pytest.mark.parametrize(
    ("facts", "now", "chance"),
    [
        ({"activity_state": "cancelled"}, BEFORE, Chance.CANCELLED),
        ({"activity_state": "closed"}, BEFORE, Chance.OVER),
        ({}, SATURDAY, Chance.OVER),
        ({"sign_up_closes_at": SATURDAY + timedelta(days=1)}, SATURDAY, Chance.OVER),
        ({"mode": "approval"}, BEFORE, Chance.ASK),
        ({"mode": "approval", "taken": 5, "has_waiting_list": False}, BEFORE, Chance.ASK),
        ({"causes": ["risk_not_accepted", "agreement_missing"]}, BEFORE, Chance.TAKE),
        ({"taken": 5}, BEFORE, Chance.WAIT),
    ],
)
def test_what_else_decides(facts, now, chance):
    assert chance_of(replace(PLAIN, **facts), now=now) == chance


def test_place_is_free_for_who_comes_now_only_while_nobody_waits():
    assert (PLAIN.left, replace(PLAIN, waiting=1).left, replace(PLAIN, taken=7).left) == (5, 0, 0)


def test_fit_time_and_distance_sort_differently():
    near = replace(PLAIN, id=1, metres=100, starts_at=SATURDAY + timedelta(days=2))
    fitting = replace(
        PLAIN, id=2, metres=9000, fits_skills=True, starts_at=SATURDAY + timedelta(days=1)
    )
    soon = replace(PLAIN, id=3)
    barred = replace(PLAIN, id=4, metres=1, causes=["suspended"])
    held = replace(PLAIN, id=5, my_state="held", starts_at=SATURDAY + timedelta(days=9))
    shifts = [near, fitting, soon, barred, held]

    def order(by: SortBy) -> list[int]:
        keyed = [(rules.sort_key(one, chance_of(one, now=BEFORE), by), one.id) for one in shifts]
        return [one for _, one in sorted(keyed)]

    assert order(SortBy.FIT) == [2, 1, 3, 5, 4]
    assert order(SortBy.TIME) == [3, 4, 2, 1, 5]
    assert order(SortBy.DISTANCE) == [4, 1, 2, 3, 5]


@pytest.mark.parametrize(
    ("before", "hours"), [(timedelta(hours=2), 0.5), (timedelta(minutes=10), 1 / 6)]
)
def test_hold_lasts_half_an_hour_but_not_past_the_start(before, hours):
    now = SATURDAY - before

    assert rules.held_until(now=now, starts_at=SATURDAY) - now == timedelta(hours=hours)


def test_reminder_of_a_moved_shift_is_another_one():
    one = rules.reminder_key(7, Reminder.SOON, starts_at=SATURDAY)

    assert one == f"sign-up:7:soon:{SATURDAY.timestamp():.0f}"
    assert one != rules.reminder_key(7, Reminder.SOON, starts_at=SATURDAY + timedelta(hours=1))


def test_people_stand_once_in_each_round():
    assert rules.turns([(1, 7), (2, 7), (1, 8), (3, 7)]) == [
        [(1, 7), (1, 8)],
        [(2, 7)],
        [(3, 7)],
    ]
    assert rules.turns([]) == []


@pytest.mark.parametrize(
    ("start", "minutes", "clashes"),
    [(0, 60, True), (-60, 60, False), (60, 60, False), (-30, 120, True), (59, 5, True)],
)
def test_windows_that_touch_do_not_clash(start, minutes, clashes):
    mine = Window(1, SATURDAY, SATURDAY + timedelta(minutes=60))
    begins = SATURDAY + timedelta(minutes=start)
    other = Window(2, begins, begins + timedelta(minutes=minutes))

    assert rules.clashing({7: [mine]}, {7: [other]}) == (frozenset({1}) if clashes else frozenset())
    assert rules.clashing({7: [mine]}, {8: [other]}) == frozenset()
