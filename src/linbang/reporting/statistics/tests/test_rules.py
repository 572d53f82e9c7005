from datetime import date, datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import (
    ACTIVITY_DEFINITIONS,
    DEFINITIONS,
    ActivityMeasure,
    Measure,
    PeriodKind,
)
from linbang.reporting.statistics.errors import PeriodUnknown
from linbang.reporting.statistics.rules import ActivityTally, Period, Tally


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_before"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_period_is_read_and_written(text, starts_on, ends_before):
    period = rules.period_named(text)

    assert (period.starts_on, period.ends_before, period.text) == (starts_on, ends_before, text)
    assert period.starts_at == datetime.combine(starts_on, datetime.min.time(), CHINA)
    assert period.next().previous() == period


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "26", "1999", "２０２６", "2026-1"]
)
def test_period_unknown_is_refused(text):
    with pytest.raises(PeriodUnknown) as refused:
        rules.period_named(text)

    assert (refused.value.code, refused.value.status) == ("period_unknown", 422)


@pytest.mark.parametrize(
    ("last", "starts_on", "before"),
    [
        ("2026-11-25", date(2025, 11, 26), "to-2025-11-25"),
        ("2026-12-31", date(2026, 1, 1), "to-2025-12-31"),
        ("2024-02-29", date(2023, 3, 1), "to-2023-02-28"),
        ("2025-02-28", date(2024, 2, 29), "to-2024-02-28"),
    ],
)
def test_twelve_months_end_on_any_day(last, starts_on, before):
    period = rules.period_named(f"to-{last}")

    assert (period.kind, period.text, period.starts_on) == (
        PeriodKind.TWELVE_MONTHS, f"to-{last}", starts_on,
    )  # fmt: skip
    assert period.ends_before == date.fromisoformat(last) + timedelta(days=1)
    assert period.previous().text == before
    assert rules.period_at(PeriodKind.TWELVE_MONTHS, period.ends_before) == period


@pytest.mark.parametrize("text", ["to-2026-02-30", "to-2026", "to-1999-01-01", "to-2026-11-25x"])
def test_twelve_months_to_no_day_are_refused(text):
    with pytest.raises(PeriodUnknown):
        rules.period_named(text)


@pytest.mark.parametrize(
    ("first", "last", "above"),
    [
        ("0000000001", "0000000001", ""),
        ("00000000010000000002", "00000000010000000002", "0000000001"),
        ("00000000010000000002", "00000000010000000003", "0000000001"),
        ("0000000001", "00000000010000000003", "0000000001"),
        ("0000000001", "0000000002", ""),
    ],
)
def test_common_path_is_the_lowest_above(first, last, above):
    assert rules.common_path(first, last) == above


def test_rates_of_activities_need_a_whole():
    some = ActivityTally(places=8, filled=6, no_shows=3)

    assert (ActivityTally().fill_rate, ActivityTally().no_show_rate) == (None, None)
    assert (some.fill_rate, some.no_show_rate) == (0.75, 0.5)
    assert (ActivityTally().is_empty, some.is_empty) == (True, False)


def test_recent_periods_cross_the_year():
    found = rules.recent_periods(PeriodKind.QUARTER, date(2026, 2, 1), count=3)

    assert [period.text for period in found] == ["2026-Q1", "2025-Q4", "2025-Q3"]


def test_previous_year_and_month():
    assert Period(PeriodKind.YEAR, 2026).previous().text == "2025"
    assert Period(PeriodKind.MONTH, 2026, 1).previous().text == "2025-12"


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (12, "12")])
def test_small_group_is_not_told(count, text):
    # Rule 93.
    assert rules.public_count(count) == text


def test_rates_need_a_whole():
    empty, some = Tally(), Tally(verified=4, fulfilled=3, volunteers=8, active_volunteers=2)

    assert (empty.fulfilment_rate, empty.activity_rate, empty.in_time_rate) == (None, None, None)
    assert (some.fulfilment_rate, some.activity_rate) == (0.75, 0.25)
    assert (empty.is_empty, some.is_empty) == (True, False)


def test_kinds_of_time_add_up():
    assert Tally(proved_minutes=90, entered_minutes=30).minutes == 120


def test_age_bands_are_the_national_ones():
    # Domain handbook §6.4.
    assert list(rules.age_bands()) == [
        (0, 7), (8, 13), (14, 17), (18, 27), (28, 34), (35, 39), (40, 44), (45, 59), (60, None),
    ]  # fmt: skip


def test_every_measure_of_activities_is_defined():
    assert list(ACTIVITY_DEFINITIONS) == list(ActivityMeasure)
    assert all(hasattr(ActivityTally(), measure.value) for measure in ActivityMeasure)


def test_year_of_months_is_that_of_the_last_instant():
    assert rules.last_year_of(datetime(2027, 1, 1, tzinfo=CHINA)) == 2026


def test_every_measure_is_defined():
    assert list(DEFINITIONS) == list(Measure)
    assert all(hasattr(Tally(), measure.value) for measure in Measure)


def test_year_is_the_one_in_china():
    starts_at, _ends_at = rules.year_of(datetime(2026, 1, 1, 0, 30, tzinfo=CHINA))

    assert starts_at == datetime(2026, 1, 1, tzinfo=CHINA)
