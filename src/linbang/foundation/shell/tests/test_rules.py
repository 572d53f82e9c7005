from datetime import UTC, date, datetime, timedelta

import pytest

from linbang.foundation.shell import rules

TODAY = date(2026, 11, 22)
SUNDAY = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, ("0", 0)),
        (45, ("", 45)),
        (60, ("1", 0)),
        (80, ("1", 20)),
        (90, ("1.5", 0)),
        (7590, ("126.5", 0)),
        (120_000, ("2,000", 0)),
        (-30, ("", -30)),
        (-80, ("-1", 20)),
    ],
)
def test_minutes_are_told_exactly(minutes, shown):
    assert rules.hours_and_minutes(minutes) == shown


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-hans", "11月22日 周日 08:30"),
        ("zh-hant", "11月22日 週日 08:30"),
        ("en", "Sun 22 Nov, 08:30"),
    ],
)
def test_moment_reads_as_its_language_does(language, text):
    assert rules.moment_text(SUNDAY, language=language, today=TODAY) == text


def test_day_of_another_year_tells_its_year():
    assert rules.day_text(date(2025, 1, 2), language="zh-hans", today=TODAY) == "2025年1月2日 周四"


def test_window_repeats_the_day_only_when_it_changes():
    same = rules.window_text(
        SUNDAY, SUNDAY + timedelta(minutes=90), language="zh-hans", today=TODAY
    )
    over = rules.window_text(SUNDAY, SUNDAY + timedelta(days=1), language="zh-hans", today=TODAY)

    assert same == "11月22日 周日 08:30–10:00"
    assert over == "11月22日 周日 08:30–11月23日 周一 08:30"


@pytest.mark.parametrize(
    ("language", "text"), [("zh-hans", "3分钟前"), ("zh-hant", "3 分鐘前"), ("en", "3 minutes ago")]
)
def test_ago_tells_the_distance_from_now(language, text):
    now = SUNDAY + timedelta(minutes=3)

    assert rules.ago_text(SUNDAY, language=language, now=now) == text


def test_this_very_instant_is_no_time_ago():
    assert rules.ago_text(SUNDAY, language="en", now=SUNDAY) == "in 0 seconds"


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "2026年11月"), ("en", "November 2026")])
def test_month_reads_as_its_language_does(language, text):
    assert rules.month_text(TODAY, language=language) == text


def test_cookies_with_unknown_words_change_nothing():
    cookies = {"lb_theme": "red", "lb_text": "<b>", "lb_elder": "yes"}

    assert rules.preferences_from(cookies) == rules.Preferences()


def test_elder_mode_never_goes_below_large_text():
    elder = rules.preferences_from({"lb_elder": "on"})
    largest = rules.preferences_from({"lb_elder": "on", "lb_text": "largest"})

    assert (elder.text_shown, largest.text_shown) == ("large", "largest")
    assert rules.Preferences().text_shown == "standard"


def test_only_what_was_asked_for_is_kept():
    assert rules.preference_cookies({"theme": "dark", "text": "huge"}) == {"lb_theme": "dark"}


@pytest.mark.parametrize(
    ("month", "first", "last", "weeks"),
    [
        (date(2026, 11, 15), date(2026, 10, 26), date(2026, 12, 6), 6),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28), 4),  # 28 days from a Monday
        (date(2026, 12, 31), date(2026, 11, 30), date(2027, 1, 3), 5),
        (date(2028, 2, 29), date(2028, 1, 31), date(2028, 3, 5), 5),
    ],
)
def test_month_shows_whole_weeks_from_monday(month, first, last, weeks):
    shown = rules.month_weeks(month)

    assert (shown[0][0], shown[-1][-1], len(shown)) == (first, last, weeks)
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in shown)


def test_week_runs_from_monday_to_sunday():
    assert rules.week_days(date(2026, 11, 22))[::6] == [date(2026, 11, 16), date(2026, 11, 22)]
    assert rules.week_days(date(2026, 11, 16))[::6] == [date(2026, 11, 16), date(2026, 11, 22)]


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        (date(2026, 1, 31), date(2025, 12, 1), date(2026, 2, 1)),
        (date(2026, 12, 1), date(2026, 11, 1), date(2027, 1, 1)),
        (date(2026, 2, 28), date(2026, 1, 1), date(2026, 3, 1)),
    ],
)
def test_months_around_cross_the_year(month, before, after):
    assert rules.months_around(month) == (before, after)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-02", date(2026, 2, 1)),
        ("2026-02-30", TODAY),
        ("2026-13", TODAY),
        ("1999-01-01", TODAY),
        ("9999-12", TODAY),
        ("２０２６-11", TODAY),
        ("2026-11-23\n", TODAY),
        ("", TODAY),
    ],
)
def test_day_of_an_address_is_a_day_or_the_default(text, day):
    assert rules.day_named(text, default=TODAY) == day


@pytest.mark.parametrize(
    ("language", "monday", "sunday"),
    [
        ("zh-hans", ("星期一", "一"), ("星期日", "日")),
        ("zh-hant", ("星期一", "一"), ("星期日", "日")),
        ("en", ("Monday", "Mon"), ("Sunday", "Sun")),
    ],
)
def test_weekdays_have_a_whole_and_a_short_name(language, monday, sunday):
    assert rules.weekday_names(language)[::6] == [monday, sunday]


@pytest.mark.parametrize(
    ("kind", "status", "is_page"),
    [
        ("text/html; charset=utf-8", 200, True),
        ("text/html", 404, True),
        ("text/html", 302, False),
        ("text/html", 500, False),
        ("application/json", 200, False),
    ],
)
def test_only_what_is_read_is_a_page(kind, status, is_page):
    assert rules.is_page(kind, status) is is_page


def test_camera_is_allowed_only_where_asked_for():
    assert rules.permissions_policy().startswith("camera=(), geolocation=(self)")
    assert rules.permissions_policy(camera=True).startswith("camera=(self), ")
