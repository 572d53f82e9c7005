from datetime import date
from decimal import Decimal

import pytest

from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import Purpose


@pytest.mark.parametrize(
    ("minutes", "units"),
    [(0, "0"), (29, "0"), (30, "0.5"), (59, "0.5"), (60, "1"), (95, "1.5"), (-45, "-0.5")],
)
def test_units_come_in_halves(minutes, units):
    # Rule 66: one hour is one unit, half units allowed.
    assert rules.units_of(minutes) == Decimal(units)


def test_guangzhou_speaks_in_whole_hours():
    scheme = rules.GUANGZHOU

    units = rules.units_of(119, per=scheme.minutes_per_unit, step=scheme.step_minutes)

    assert units == Decimal(1)


@pytest.mark.parametrize(
    ("source", "record_id"), [("record:42", 42), ("record:x", None), ("gift:42", None), ("", None)]
)
def test_source_names_record(source, record_id):
    assert rules.record_of(source) == record_id


@pytest.mark.parametrize(("word", "purpose"), [("earned", Purpose.EARNED), ("other", None)])
def test_purpose_is_known_or_none(word, purpose):
    assert rules.purpose_of(word) == purpose


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0"), (30, "0.5"), (60, "1"), (90_000, "1500"), (45, "0.75")]
)
def test_hours_are_written_without_needless_end(minutes, text):
    assert rules.hours_text(minutes) == text


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 0, 0), (1, 2, 50), (2, 3, 67), (1, 3, 33), (1, 8, 13)]
)
def test_shares_are_whole_per_cents(part, whole, percent):
    assert rules.percent(part, whole) == percent


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5")])
def test_small_groups_are_not_counted_out(count, shown):
    # Rule 93.
    assert rules.shown_people(count) == shown


@pytest.mark.parametrize(
    ("requests", "unfilled", "helpers", "lacks"),
    [(0, 0, 0, False), (20, 1, 9, False), (20, 2, 9, True), (5, 0, 0, True), (5, 0, 1, False)],
)
def test_service_lacks_helpers_when_a_tenth_finds_nobody(requests, unfilled, helpers, lacks):
    assert rules.lacks_helpers(requests, unfilled=unfilled, helpers=helpers) is lacks


@pytest.mark.parametrize(
    ("region", "label"),
    [
        ("", "pool:450103"),
        ("45", "pool:450103"),
        ("450103", "pool:450103"),
        ("450103001", "pool:450103001"),
        # A saver who moved to another county keeps her books in her first.
        ("110105004", "pool:450103"),
    ],
)
def test_pools_are_kept_cell_by_cell(region, label):
    assert rules.pool_of(region, cell="450103") == label


def test_labels_name_teams_and_stations():
    assert (rules.team_of(7), rules.station_of("450103001005")) == (
        "team:7",
        "station:450103001005",
    )


@pytest.mark.parametrize(
    ("age", "today", "born"),
    [
        (60, date(2026, 11, 26), date(1966, 11, 26)),
        (1, date(2028, 2, 29), date(2027, 2, 28)),
        (4, date(2028, 2, 29), date(2024, 2, 29)),
    ],
)
def test_last_birthday_of_an_age(age, today, born):
    assert rules.born_by(age, today=today) == born
