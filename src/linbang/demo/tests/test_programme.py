from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from linbang.demo.actions.agenda import takes_place
from linbang.demo.rules import figures
from linbang.demo.rules.agenda import AGENDA, DESKS, NOW
from linbang.demo.rules.crowd import Crowd
from linbang.demo.rules.lines import BRANDS, LINES, Rhythm
from linbang.demo.rules.programme import YEAR, Calendar, invent_year
from linbang.demo.rules.trainings import valid_until
from linbang.foundation.clock import CHINA, local_date

LAST_DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=CHINA)


# The first and last days of years and months, leap days, and days around a festival.
@pytest.mark.parametrize(
    "last_day",
    [
        LAST_DAY, date(2026, 12, 31), date(2026, 1, 1), date(2026, 3, 5), date(2026, 3, 11),
        date(2026, 3, 31), date(2025, 2, 28), date(2024, 2, 29), date(2026, 10, 4),
    ],
)  # fmt: skip
def test_year_has_the_published_sums(last_day):
    year = invent_year(Random(1), last_day)

    assert len(year) == figures.ACTIVITIES
    assert len({held.name for held in year}) == figures.ACTIVITIES
    assert sum(turn.wanted for held in year for turn in held.turns) == figures.PERSON_TIMES
    assert sum(held.served for held in year) == figures.PEOPLE_SERVED
    days = [local_date(turn.starts_at) for held in year for turn in held.turns]
    assert last_day - YEAR <= min(days) <= max(days) == last_day


def test_year_is_the_same_for_the_same_seed():
    first, second = (invent_year(Random(5), LAST_DAY) for _ in range(2))

    assert first == second
    assert first != invent_year(Random(6), LAST_DAY)


def test_every_line_belongs_to_a_brand_and_a_team():
    brands = [name for name, _ in BRANDS]
    teams = [name for name, *_ in figures.TEAMS]

    assert {line.brand for line in LINES} == set(brands)
    assert {line.team for line in LINES} <= set(teams)
    assert sum(line.rhythm == Rhythm.WEEKLY for line in LINES) == 1


def test_festivals_are_kept_on_their_eve():
    found = dict(Calendar(LAST_DAY).festivals())

    assert found["端午"] == date(2026, 6, 18)
    assert found["国庆"] == date(2026, 9, 30)


def test_month_cut_by_the_year_gives_its_later_days():
    calendar = Calendar(date(2026, 11, 10))

    assert {day.year for day in calendar.in_month(11, (1,))} == {2026}
    assert calendar.nth(11, 4, 3) == date(2025, 11, 27)
    assert calendar.last_workday(9) == date(2026, 9, 30)


def test_agenda_names_its_teams_and_brands():
    brands, teams = {name for name, _ in BRANDS}, {name for name, *_ in figures.TEAMS}

    assert len(AGENDA) == 25
    assert all(one.brand in brands and one.team in teams for one in AGENDA)
    assert len({one.name for one in AGENDA}) == len(AGENDA)
    assert sum(one.starts == NOW for one in AGENDA) == 2
    assert len(DESKS) >= 8


@pytest.mark.parametrize(("hour", "minute"), [(0, 5), (12, 0), (23, 59)])
def test_what_goes_on_now_began_today(hour, minute):
    now = NOON.replace(hour=hour, minute=minute)
    coming = next(one for one in AGENDA if one.starts == NOW)

    starts_at, ends_at = coming.window(now.date(), now)

    assert local_date(starts_at) == now.date()
    assert starts_at <= now < ends_at


@pytest.mark.parametrize(
    ("day", "is_held"),
    [
        (date(2025, 10, 1), False),  # National Day, a Wednesday
        (date(2025, 9, 28), True),  # a Sunday made up for it
        (date(2199, 1, 4), True),  # a Friday of a year whose calendar is unknown
        (date(2199, 1, 5), False),
    ],
)
def test_classes_keep_to_workdays(day, is_held):
    classes = next(one for one in AGENDA if one.day_rule == "workdays")
    other = next(one for one in AGENDA if one.day_rule == "any")

    assert takes_place(classes, day) is is_held
    assert takes_place(other, day)


def test_recurring_activities_keep_to_their_weekdays():
    classes = next(one for one in AGENDA if one.repeats == (1, 3))

    days = classes.days(NOON.date())

    assert {day.weekday() for day in days} == {1, 3}
    assert len(days) == 2 * classes.weeks


def crowd(seed: int = 1) -> Crowd:
    return Crowd(Random(seed), NOON)


def windows(count: int) -> list[tuple[datetime, datetime]]:
    first = datetime(2026, 9, 1, 9, 0, tzinfo=CHINA)
    return [
        (first + timedelta(hours=3 * n), first + timedelta(hours=3 * n + 2)) for n in range(count)
    ]


def test_crowd_gives_exactly_as_many_as_wanted():
    gathered = crowd()
    people = list(range(400))

    for window in windows(30):
        seats = gathered.attend(window, 60, leader=1, worker=2, first=people[:50], others=people)
        assert sum(bool(seat.stays) for seat in seats) == 60
        assert len({seat.person for seat in seats}) == len(seats)


def test_crowd_never_promises_anybody_twice():
    gathered = crowd()
    booked = gathered.pick(windows(1)[0], 20, first=[], others=list(range(40)))
    again = gathered.pick(windows(1)[0], 40, first=booked, others=list(range(40)))

    assert set(booked).isdisjoint(again)
    for taken in gathered.busy.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(taken)))


def test_crowd_says_when_too_few_are_free():
    with pytest.raises(ValueError, match="5 people wanted"):
        crowd().attend(windows(1)[0], 5, leader=1, worker=2, first=[], others=[1, 2])


def test_nobody_misses_three_times_by_chance():
    gathered = crowd()

    for window in windows(120):
        gathered.attend(window, 20, leader=1, worker=2, first=[], others=list(range(30)))

    assert max(gathered.no_shows.values()) == 2


def test_places_to_come_were_asked_for_before_now():
    seats = crowd().book(
        (NOON + timedelta(days=20), NOON + timedelta(days=20, hours=2)), 30, first=[],
        others=list(range(100)),
    )  # fmt: skip

    assert len(seats) == 30
    assert all(seat.asked_at < NOON and not seat.stays for seat in seats)


def test_stays_are_noted_when_they_were_or_later():
    gathered = crowd()
    seats = [
        seat
        for window in windows(40)
        for seat in gathered.attend(window, 20, leader=1, worker=2, first=[], others=range(60))
    ]
    stays = [stay for seat in seats for stay in seat.stays]

    assert all(stay.out_at is None or stay.in_at < stay.out_at for stay in stays)
    assert all(stay.noted_at is None or stay.out_at <= stay.noted_at <= NOON for stay in stays)
    assert {stay.in_method for stay in stays} == {"code", "card", "roll", "sheet"}
    assert {stay.pair for stay in stays} == {1, 2}


def test_withdrawals_within_a_day_are_late():
    gathered = crowd()
    seats = [
        seat
        for window in windows(60)
        for seat in gathered.attend(window, 40, leader=1, worker=2, first=[], others=range(90))
        if seat.state == "withdrawn"
    ]

    assert {seat.is_late for seat in seats} == {True, False}
    assert all(seat.ended_at > seat.asked_at for seat in seats)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 3, 5), 12, date(2027, 3, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 3, 5), None, None),
    ],
)
def test_training_is_valid_for_whole_years(day, months, last):
    assert valid_until(day, months) == last


def test_invented_year_lies_in_the_past_of_its_day():
    assert invent_year(Random(1), LAST_DAY)[-1].turns[-1].ends_at < datetime(
        2026, 11, 26, tzinfo=UTC
    )
