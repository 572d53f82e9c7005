"""Which days a rhythm means: months without the day, make-up days, holidays, bounds, words."""

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from linbang.foundation.workdays import CalendarYearMissing, is_public_holiday, is_workday
from linbang.intake.activities import errors, rules
from linbang.intake.activities.choices import DayRule, Repeat
from linbang.intake.activities.rules import Days, Rhythm, Wish

CHINA = Days(is_workday, is_public_holiday)


def days_of(rule, first, last, day_rule=DayRule.ANY):
    rhythm = Rhythm(
        rule, date.fromisoformat(first), date.fromisoformat(last), time(9), 120, day_rule
    )
    return [f"{day:%m-%d}" for day in rules.occurrences(rhythm, CHINA)]


LAST_WORKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1"


@pytest.mark.parametrize(
    ("rule", "first", "last", "day_rule", "expected"),
    [
        # Plain weeks.
        ("FREQ=WEEKLY;BYDAY=SA", "2026-05-11", "2026-05-31", "any", "05-16 05-23 05-30"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-05-12", "2026-05-20", "any", "05-13 05-18 05-20"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-06-02", "2026-06-30", "any", "06-02 06-16 06-30"),
        ("rrule:freq=weekly;byday=SU", "2026-06-01", "2026-06-14", "any", "06-07 06-14"),
        ("FREQ=DAILY", "2026-06-01", "2026-06-03", "any", "06-01 06-02 06-03"),
        ("FREQ=DAILY;INTERVAL=3", "2026-06-01", "2026-06-08", "any", "06-01 06-04 06-07"),
        # Months, also those without the day.
        ("FREQ=MONTHLY;BYDAY=-1SA", "2026-01-01", "2026-03-31", "any", "01-31 02-28 03-28"),
        ("FREQ=MONTHLY;BYDAY=2SU", "2026-05-01", "2026-07-31", "any", "05-10 06-14 07-12"),
        ("FREQ=MONTHLY;BYDAY=5SA", "2026-01-01", "2026-06-30", "any", "01-31 05-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-01", "2026-06-30", "any", "01-31 03-31 05-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=30", "2026-01-15", "2026-04-30", "any", "01-30 03-30 04-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "2028-01-01", "2028-03-31", "any", "01-29 02-29 03-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01", "2026-03-31", "any", "01-31 02-28 03-31"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=5", "2026-03-01", "2026-07-31", "any",
         "03-05 05-05 07-05"),
        ("FREQ=MONTHLY", "2026-01-31", "2026-05-31", "any", "01-31 03-31 05-31"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", "2026-01-01", "2026-12-31", "any", "03-05"),
        # Ends.
        ("FREQ=WEEKLY;BYDAY=SA;COUNT=2", "2026-05-11", "2026-12-31", "any", "05-16 05-23"),
        ("FREQ=WEEKLY;BYDAY=SA;UNTIL=20260523", "2026-05-11", "2026-12-31", "any", "05-16 05-23"),
        ("FREQ=DAILY;UNTIL=20260602T235959Z", "2026-06-01", "2026-06-30", "any", "06-01 06-02"),
        # Workdays: the Sunday 2026-09-20 and the Saturday 10-10 are worked, 10-01 to 10-07 are not.
        ("FREQ=DAILY", "2026-09-18", "2026-09-22", "workdays", "09-18 09-20 09-21 09-22"),
        ("FREQ=DAILY", "2026-09-29", "2026-10-12", "workdays",
         "09-29 09-30 10-08 10-09 10-10 10-12"),
        ("FREQ=WEEKLY;BYDAY=TH", "2026-09-24", "2026-10-15", "workdays", "09-24 10-08 10-15"),
        ("FREQ=WEEKLY;BYDAY=SA", "2026-10-01", "2026-10-31", "workdays", "10-10"),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=3", "2026-09-24", "2026-12-31", "workdays",
         "09-24 10-08 10-15"),
        # The month's last workday: January 2025 ends with the Spring Festival, and a make-up
        # Saturday may be it (2026-02-28 is worked).
        (LAST_WORKDAY, "2025-01-01", "2025-01-31", "workdays", "01-27"),
        (LAST_WORKDAY, "2026-01-01", "2026-03-31", "workdays", "01-30 02-28 03-31"),
        # Half months: the set is the whole month's, whatever the first and last day.
        (LAST_WORKDAY, "2026-01-31", "2026-03-30", "workdays", "02-28"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1", "2026-09-02", "2026-11-30",
         "workdays", "10-08 11-02"),
        (LAST_WORKDAY, "2026-01-01", "2026-03-31", "any", "01-31 02-28 03-31"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1", "2026-09-14", "2026-09-27",
         "workdays", "09-20 09-24"),
        ("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "2026-01-01", "2026-12-31", "workdays",
         "01-05 12-31"),
        ("FREQ=DAILY;BYDAY=SA;BYSETPOS=1", "2026-10-01", "2026-10-31", "workdays", "10-10"),
        # Holidays.
        ("FREQ=WEEKLY;BYDAY=FR", "2026-04-24", "2026-05-15", "not_holidays", "04-24 05-08 05-15"),
        ("FREQ=DAILY", "2026-04-29", "2026-05-07", "only_holidays",
         "05-01 05-02 05-03 05-04 05-05"),
        ("FREQ=WEEKLY;BYDAY=SA", "2026-05-01", "2026-05-31", "only_holidays", "05-02"),
    ],
)  # fmt: skip
def test_days_of_a_rhythm(rule, first, last, day_rule, expected):
    assert days_of(rule, first, last, day_rule) == expected.split()


@pytest.mark.parametrize(
    ("rule", "first", "last", "refusal"),
    [
        ("", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=HOURLY", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;BYHOUR=9", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;FREQ=WEEKLY", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;INTERVAL=0", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;INTERVAL=x", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;COUNT=0", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=WEEKLY;BYDAY=XX", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=WEEKLY;BYDAY=", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY;UNTIL=soon", "2026-05-01", "2026-05-31", errors.RhythmUnreadable),
        ("FREQ=DAILY", "2026-05-02", "2026-05-01", errors.RhythmEndsEarly),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-01-01", "2027-01-03", errors.RhythmTooLong),
        ("FREQ=DAILY;COUNT=401", "2024-01-01", "2025-01-01", None),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "2026-12-31", errors.RhythmEmpty),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5", "2026-01-01", "2026-06-30", errors.RhythmEmpty),
    ],
)
def test_impossible_rhythms_are_refused(rule, first, last, refusal):
    if refusal is None:
        assert len(days_of(rule, first, last)) == 367
        return
    with pytest.raises(refusal):
        days_of(rule, first, last)


def test_positions_are_read_when_workdays_are_picked():
    with pytest.raises(errors.RhythmUnreadable):
        days_of("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=x", "2026-01-01", "2026-03-31", "workdays")


def test_more_than_four_hundred_days_are_refused(monkeypatch):
    monkeypatch.setattr("linbang.intake.activities.rules.rhythms.SPAN_MAX", timedelta(days=500))

    with pytest.raises(errors.RhythmTooDense):
        days_of("FREQ=DAILY", "2024-01-01", "2025-03-01")


def test_year_without_calendar_is_refused_by_name():
    with pytest.raises(CalendarYearMissing) as refusal:
        days_of("FREQ=DAILY", "2199-01-01", "2199-01-05", "workdays")

    assert "2199" in str(refusal.value)
    assert days_of("FREQ=DAILY", "2199-01-01", "2199-01-02") == ["01-01", "01-02"]


WEEKDAYS = (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("wish", "rule", "day_rule"),
    [
        (Wish(Repeat.WEEKLY, weekdays=(5,)), "FREQ=WEEKLY;BYDAY=SA", "any"),
        (Wish(Repeat.WEEKLY, weekdays=(2, 0, 2), interval=2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
         "any"),
        (Wish(Repeat.WEEKLY, weekdays=WEEKDAYS), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "any"),
        (Wish(Repeat.WEEKLY, weekdays=WEEKDAYS, day_rule=DayRule.WORKDAYS), "FREQ=DAILY",
         "workdays"),
        (Wish(Repeat.WEEKLY, weekdays=WEEKDAYS, interval=2, day_rule=DayRule.WORKDAYS),
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "workdays"),
        (Wish(Repeat.WEEKLY, weekdays=(3,), day_rule=DayRule.NOT_HOLIDAYS), "FREQ=WEEKLY;BYDAY=TH",
         "not_holidays"),
        (Wish(Repeat.MONTHLY_NTH, weekdays=(5,), nth=-1), "FREQ=MONTHLY;BYDAY=-1SA", "any"),
        (Wish(Repeat.MONTHLY_NTH, weekdays=(6,), nth=2), "FREQ=MONTHLY;BYDAY=2SU", "any"),
        (Wish(Repeat.MONTHLY_DAY, month_day=5), "FREQ=MONTHLY;BYMONTHDAY=5", "any"),
        (Wish(Repeat.MONTHLY_DAY, month_day=-1), "FREQ=MONTHLY;BYMONTHDAY=-1", "any"),
        (Wish(Repeat.LAST_WORKDAY), LAST_WORKDAY, "workdays"),
        (Wish(Repeat.DAILY), "FREQ=DAILY", "any"),
        (Wish(Repeat.DAILY, interval=2, day_rule=DayRule.ONLY_HOLIDAYS), "FREQ=DAILY;INTERVAL=2",
         "only_holidays"),
    ],
)  # fmt: skip
def test_wishes_become_rules(wish, rule, day_rule):
    assert rules.rule_from(wish) == (rule, day_rule)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(Repeat.WEEKLY),
        Wish(Repeat.MONTHLY_NTH, weekdays=(1, 2)),
        Wish(Repeat.MONTHLY_NTH, weekdays=(1,), nth=7),
        Wish(Repeat.MONTHLY_DAY, month_day=0),
        Wish(Repeat.BY_HAND),
    ],
)
def test_half_a_wish_is_refused(wish):
    with pytest.raises(errors.RhythmUnreadable):
        rules.rule_from(wish)


@pytest.mark.parametrize(
    ("rule", "day_rule", "chinese", "english"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", "any", "每周一、周三", "Every Monday, Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "not_holidays", "每 2 周的周六，法定节假日停办",
         "Every 2 weeks on Saturday, not on public holidays"),
        ("FREQ=DAILY", "any", "每天", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "any", "每 3 天", "Every 3 days"),
        ("FREQ=DAILY", "workdays", "每个工作日（含调休上班日）",
         "Every working day (make-up days included)"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "any", "每月 5 日", "On day 5 of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "any", "每月 31 日，没有这一天的月份不办",
         "On day 31 of each month, none in months without it"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "any", "每月最后一天", "On the last day of each month"),
        ("FREQ=MONTHLY;BYDAY=-1SA", "any", "每月最后一个周六",
         "On the last Saturday of each month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2SU", "any", "每月第二个周日，每 3 个月一次",
         "On the second Sunday of each month, once every 3 months"),
        (LAST_WORKDAY, "workdays", "每月最后一个工作日（含调休上班日）",
         "On the last working day of each month (make-up days included)"),
        (LAST_WORKDAY, "any", "每月最后一天", "On the last day of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "any", "按规则 FREQ=MONTHLY;BYMONTHDAY=-2",
         "By the rule FREQ=MONTHLY;BYMONTHDAY=-2"),
        ("FREQ=MONTHLY;BYDAY=5SA", "any", "按规则 FREQ=MONTHLY;BYDAY=5SA",
         "By the rule FREQ=MONTHLY;BYDAY=5SA"),
        ("FREQ=YEARLY;BYMONTH=3", "any", "按规则 FREQ=YEARLY;BYMONTH=3",
         "By the rule FREQ=YEARLY;BYMONTH=3"),
        ("FREQ=WEEKLY", "any", "按规则 FREQ=WEEKLY", "By the rule FREQ=WEEKLY"),
    ],
)  # fmt: skip
def test_rules_are_said_back_in_words(rule, day_rule, chinese, english):
    with translation.override("zh-hans"):
        assert rules.rhythm_words(rule, day_rule) == chinese
    with translation.override("en"):
        assert rules.rhythm_words(rule, day_rule) == english


def test_traditional_chinese_says_it_too():
    with translation.override("zh-hant"):
        assert rules.rhythm_words("FREQ=MONTHLY;BYDAY=-1SA") == "每月最後一個週六"


def test_settled_rhythm_ends_with_its_last_day():
    rhythm = Rhythm(
        "FREQ=WEEKLY;BYDAY=SA;COUNT=2", date(2026, 5, 11), date(2026, 12, 31), time(9), 60
    )

    settled = rules.settled(rhythm, rules.occurrences(rhythm, CHINA))

    assert (settled.rule, settled.starts_on, settled.ends_on) == (
        "FREQ=WEEKLY;BYDAY=SA",
        date(2026, 5, 16),
        date(2026, 5, 23),
    )
