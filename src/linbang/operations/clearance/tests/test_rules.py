"""Days, renewals, causes and pasted lists, over plain values."""

from datetime import date, timedelta

import pytest

from linbang.foundation.people.rules import volunteer_number
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.operations.clearance import errors, rules
from linbang.operations.clearance.choices import AgreementCause, TrainingResult


@pytest.mark.parametrize(
    ("valid_from", "months", "last"),
    [
        (date(2026, 5, 16), 12, date(2027, 5, 15)),
        (date(2026, 5, 1), 12, date(2027, 4, 30)),
        (date(2026, 1, 1), 36, date(2028, 12, 31)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        # A month too short for the day ends with its own last day.
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 5, 16), None, None),
    ],
)
def test_last_day_is_the_day_before_the_anniversary(valid_from, months, last):
    assert rules.last_day(valid_from, months) == last


DAY = date(2026, 5, 16)


@pytest.mark.parametrize(
    ("held_until", "start"),
    [
        (None, DAY),
        (DAY - timedelta(days=1), DAY),  # lapsed: anew
        (DAY, DAY + timedelta(days=1)),
        (DAY + timedelta(days=30), DAY + timedelta(days=31)),
        (DAY + timedelta(days=90), DAY + timedelta(days=91)),
        (DAY + timedelta(days=91), DAY),  # too early: anew
    ],
)
def test_renewal_continues_what_ends_within_ninety_days(held_until, start):
    assert rules.renewal_start(DAY, held_until=held_until) == start


@pytest.mark.parametrize(
    ("days_left", "reminded", "due"),
    [
        (31, None, None),
        (30, None, 30),
        (8, None, 30),
        (8, 30, None),
        (7, 30, 7),
        (7, None, 7),
        (0, 30, 7),
        (0, 7, None),
        (-1, None, None),
    ],
)
def test_reminders_come_thirty_and_seven_days_before(days_left, reminded, due):
    assert rules.reminder_due(days_left, reminded=reminded) == due


@pytest.mark.parametrize(
    ("more", "causes"),
    [
        ({}, ()),
        ({"hazards": ["fire"]}, (AgreementCause.HIGH_RISK,)),
        (
            {"hazards": ["large_event"]},
            (AgreementCause.HIGH_RISK, AgreementCause.LARGE_EVENT),
        ),
        ({"days": 29}, ()),
        ({"days": 30}, (AgreementCause.LONG,)),
        ({"is_outside_city": True}, (AgreementCause.OUTSIDE_CITY,)),
        ({"is_foreigner": True}, (AgreementCause.FOREIGNER,)),
        ({"is_asked_for": True}, (AgreementCause.ASKED_FOR,)),
    ],
)
def test_agreement_causes_of_rule_21(more, causes):
    plain = {"hazards": [], "days": 1, "is_outside_city": False, "is_asked_for": False}

    assert rules.agreement_causes(**{**plain, **more}) == causes


def test_text_numbers_its_items_and_its_digest_knows_it():
    text = rules.text_of("协议", [("内容", "扫地"), ("地点", "广场")])

    assert text == "协议\n\n1. 内容\n扫地\n\n2. 地点\n广场"
    assert len(rules.digest_of(text)) == 64
    assert rules.digest_of(text) != rules.digest_of(text + " ")


def test_pasted_list_is_read_line_by_line():
    number = volunteer_number(7)

    lines = rules.lines_of(f"{number}\n\n {number.lower()} \n12345\n")

    assert [(line.position, line.number, line.flaw) for line in lines] == [
        (1, number, ""),
        (3, "", "repeated"),
        (4, "", "malformed"),
    ]
    assert rules.lines_of(" \n") == []


@pytest.mark.parametrize("minutes", [0, -5, 80 * 60 + 1])
def test_learning_time_is_a_minute_to_eighty_hours(minutes):
    with pytest.raises(errors.LearningTimeWrong) as refusal:
        rules.require_learning_time(minutes)
    assert (refusal.value.code, refusal.value.field) == ("learning_time_wrong", "learning_minutes")
    rules.require_learning_time(1)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [(BEFORE, BEFORE + HOUR), (SATURDAY, SATURDAY), (SATURDAY, SATURDAY - HOUR)],
)
def test_sitting_lies_ahead_and_takes_time(starts_at, ends_at):
    with pytest.raises(errors.SessionWindowWrong) as refusal:
        rules.require_sitting(starts_at, ends_at, 5, now=BEFORE)
    assert refusal.value.code == "session_window_wrong"


@pytest.mark.parametrize("places", [0, 1001])
def test_sitting_has_one_to_a_thousand_places(places):
    with pytest.raises(errors.SessionPlacesWrong) as refusal:
        rules.require_sitting(SATURDAY, SATURDAY + HOUR, places, now=BEFORE)
    assert (refusal.value.code, str(refusal.value)) == (
        "session_places_wrong",
        "名额请填 1 到 1000 之间的数。",
    )


def test_result_that_stands_is_corrected_with_a_reason():
    passed, failed = TrainingResult.PASSED, TrainingResult.FAILED

    rules.require_result_open("", passed, reason="")
    rules.require_result_open("passed", passed, reason="")
    rules.require_result_open("passed", failed, reason="点错了")
    with pytest.raises(errors.ResultKnown) as refusal:
        rules.require_result_open("passed", failed, reason=" ")

    assert refusal.value.code == "result_known"
    assert str(refusal.value) == "已经登记为“合格”，要更正请写明原因。"


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "field"),
    [
        (DAY + timedelta(days=1), None, "valid_from"),
        (DAY, DAY - timedelta(days=1), "valid_until"),
    ],
)
def test_dates_of_a_paper_are_in_order(valid_from, valid_until, field):
    with pytest.raises(errors.CredentialDatesWrong) as refusal:
        rules.require_dates(valid_from, valid_until, today=DAY)
    assert (refusal.value.code, refusal.value.field) == ("credential_dates_wrong", field)
    rules.require_dates(DAY, DAY, today=DAY)


@pytest.mark.parametrize("days", [0, 366])
def test_pause_lasts_a_day_to_a_year(days):
    with pytest.raises(errors.SuspensionDaysWrong) as refusal:
        rules.require_days(days)
    assert refusal.value.code == "suspension_days_wrong"
    rules.require_days(365)


def test_reason_is_kept_short_and_never_empty():
    assert rules.told("  病了 ") == "病了"
    assert len(rules.told("长" * 300)) == 200
    with pytest.raises(errors.WhyMissing) as refusal:
        rules.told(" \n")
    assert (refusal.value.code, refusal.value.field) == ("why_missing", "reason")
