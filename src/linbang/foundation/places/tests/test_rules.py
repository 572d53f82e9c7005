from datetime import date, time

import pytest

from linbang.foundation.places import rules
from linbang.foundation.places.errors import (
    LocationImpossible,
    OpeningHoursImpossible,
    PlaceFull,
    PlaceNameMissing,
    StationPhoneWrong,
)
from linbang.foundation.places.rules import OpeningWindow


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("45", True),
        ("450103001005001001", True),
        ("450", False),
        ("", False),
        ("45010３", False),  # a full-width digit
        ("4501x3", False),
    ],
)
def test_code_has_a_published_length(code, expected):
    assert rules.is_region_code(code) is expected


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("45", None),
        ("4501", "45"),
        ("450103001005", "450103001"),
        ("450103001005001001", "450103001005001"),
    ],
)
def test_parent_is_a_prefix(code, parent):
    assert rules.parent_code(code) == parent


def test_ancestors_begin_with_the_province():
    assert rules.ancestor_codes("450103001") == ("45", "4501", "450103", "450103001")


def test_prefix_range_holds_the_subtree_alone():
    low, high = rules.prefix_range("450103")

    assert (low, high) == ("450103", "450103:")
    assert high > "450103999999"


@pytest.mark.parametrize(
    ("published", "everyday"),
    [
        ("新竹社区居委会", "新竹社区"),
        ("北京路居委会", "北京路社区"),
        ("葛麻村委会", "葛麻村"),
        ("1栋", "1栋"),
    ],
)
def test_short_name_is_the_everyday_one(published, everyday):
    assert rules.short_name(published) == everyday


def test_spelling_gives_pinyin_and_initials():
    assert rules.spelling("新竹1栋") == rules.Spelling("xin zhu 1 dong", "xz1d")


def test_next_code_fills_the_lowest_gap():
    taken = {"450103001005001", "450103001005003"}

    assert rules.next_code("450103001005", taken) == "450103001005002"


def test_next_code_is_refused_after_999():
    with pytest.raises(PlaceFull):
        rules.next_code("1", {f"1{number:03d}" for number in range(1, 1000)})


@pytest.mark.parametrize(
    ("began", "ends"),
    [(date(2026, 1, 1), date(2026, 11, 22)), (date(2026, 11, 22), date(2026, 11, 23))],
)
def test_place_lasts_a_day_at_least(began, ends):
    assert rules.closing_date(began, today=date(2026, 11, 22)) == ends


def test_name_loses_outer_blanks():
    assert rules.require_place_name("  3 号  楼 ") == "3 号 楼"
    with pytest.raises(PlaceNameMissing):
        rules.require_place_name("  ")


@pytest.mark.parametrize("point", [(None, 22.8), (108.3, None), (181, 22.8), (108.3, -91)])
def test_half_a_point_is_refused(point):
    with pytest.raises(LocationImpossible):
        rules.require_location(*point)


@pytest.mark.parametrize(
    ("told", "kept"), [(" 0771-5530103 ", "0771-5530103"), ("", ""), ("+86 771 553", "+86 771 553")]
)
def test_phone_can_be_dialled(told, kept):
    assert rules.require_dialled(told) == kept


def test_words_are_no_phone():
    with pytest.raises(StationPhoneWrong):
        rules.require_dialled("找张敏")


def test_features_are_known_and_in_order():
    assert rules.known_features(["sign", "venue", "swimming_pool", "sign"]) == ["venue", "sign"]


def test_windows_are_read_as_people_type_them():
    windows = rules.windows_from("14：00-18:00，9:00至12:00", weekday=0)

    assert windows == (
        OpeningWindow(0, time(9), time(12)),
        OpeningWindow(0, time(14), time(18)),
    )
    assert rules.windows_text(windows) == "09:00-12:00, 14:00-18:00"
    assert rules.windows_from(" ", weekday=0) == ()


@pytest.mark.parametrize(
    "text",
    ["9", "nine-ten", "12:00-09:00", "09:00-09:00", "09:00-12:00,11:00-13:00", "25:00-26:00"],
)
def test_impossible_hours_are_refused(text):
    with pytest.raises(OpeningHoursImpossible):
        rules.windows_from(text, weekday=0)


def test_eighth_day_of_the_week_is_refused():
    with pytest.raises(OpeningHoursImpossible):
        rules.require_hours([OpeningWindow(7, time(9), time(12))])


@pytest.mark.parametrize(
    ("at", "expected"), [(time(8, 59), False), (time(9), True), (time(12), False)]
)
def test_opening_window_is_half_open(at, expected):
    windows = [OpeningWindow(0, time(9), time(12))]

    assert rules.is_open(windows, weekday=0, at=at) is expected
    assert rules.is_open(windows, weekday=1, at=at) is False
