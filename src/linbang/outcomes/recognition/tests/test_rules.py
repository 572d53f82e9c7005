"""Stars, ratings and honours by rules 52 to 55 and Order 67, articles 9 and 10."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbang.outcomes.recognition import errors, rules
from linbang.outcomes.recognition.choices import (
    STAR_MAX,
    ApplicationState,
    Hindrance,
    HonourLevel,
    HonourState,
)
from linbang.outcomes.recognition.rules import TABLES, Standing, levels

NATIONAL, STREET = levels.NATIONAL, levels.STREET
TODAY = date(2026, 5, 20)
GOOD = Standing(star=0, proved=6000, entered=0, rating_tenths=None, member_since=date(2025, 1, 1))
PNG, PDF = b"\x89PNG\r\n\x1a\n....", b"%PDF-1.7 ...."


@pytest.mark.parametrize(
    ("hours", "minutes", "star"),
    # Rule 54: 100 / 300 / 600 / 1000 / 1500 h, reached at or above; 99.5 h is no star.
    [
        (0, 0, 0), (99, 30, 0), (99, 59, 0), (100, 0, 1), (299, 59, 1), (300, 0, 2), (600, 0, 3),
        (999, 59, 3), (1000, 0, 4), (1499, 59, 4), (1500, 0, 5), (9000, 0, 5),
    ],
)  # fmt: skip
def test_national_table_is_reached_at_or_above(hours, minutes, star):
    assert NATIONAL.star_for(hours * 60 + minutes) == star


@pytest.mark.parametrize(
    ("table", "hours"),
    # Domain handbook §3.4.
    [
        ("national", (100, 300, 600, 1000, 1500)),
        ("beijing", (100, 200, 500, 800, 1000)),
        ("street", (10, 20, 30, 40, 50)),
        ("zhangjiagang", (30, 60, 100, 200, 300)),
    ],
)
def test_presets_are_the_published_ones(table, hours):
    found = rules.table_named(table, 1)

    assert found.hours == hours
    assert [found.star_for(hour * 60) for hour in hours] == [1, 2, 3, 4, 5]
    assert found in rules.newest_tables()


@given(
    table=st.sampled_from(sorted(TABLES.values(), key=lambda one: one.code)),
    fewer=st.integers(0, 200_000),
    more=st.integers(0, 200_000),
)
def test_star_never_falls_with_more_minutes(table, fewer, more):
    star, higher = table.star_for(fewer), table.star_for(fewer + more)

    assert 0 <= star <= higher <= STAR_MAX
    assert star == 0 or fewer >= table.minutes_for(star)
    assert star == STAR_MAX or fewer < table.minutes_for(star + 1)
    # A review only ever takes: what is left is reached, and was held.
    left = rules.star_after_review(higher, table=table, minutes=fewer)
    assert left == star


@pytest.mark.parametrize(
    ("changes", "star", "reason", "refusal"),
    [
        ({"member_since": None}, 1, Hindrance.NOT_VOLUNTEER, errors.NotAVolunteer),
        # Only a star higher than the present one can be asked for.
        ({"star": 1}, 1, Hindrance.NOT_HIGHER, errors.StarNotHigher),
        ({"proved": 5970}, 1, Hindrance.NOT_REACHED, errors.StarNotReached),
        ({}, 2, Hindrance.NOT_REACHED, errors.StarNotReached),
        # Rule 54 D: an average of 3 and more, where there are ratings.
        ({"rating_tenths": 29}, 1, Hindrance.RATED_TOO_LOW, errors.RatedTooLow),
        # Rule 55: barred for one to three years.
        ({"barred_until": TODAY}, 1, Hindrance.BARRED, errors.StarBarred),
        ({"has_open": True}, 1, Hindrance.ALREADY_OPEN, errors.AlreadyApplied),
    ],
)
def test_star_is_refused_for_each_reason(changes, star, reason, refusal):
    standing = replace(GOOD, **changes)
    asked = {"table": NATIONAL, "standing": standing, "today": TODAY}

    assert rules.reasons_against(star, **asked) == (reason,)
    with pytest.raises(refusal):
        rules.require_may_have(star, **asked)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"proved": 3000, "entered": 3000},  # both kinds count
        {"rating_tenths": 30},
        {"barred_until": date(2026, 5, 19)},
        {"star": 0, "proved": 99_999},
    ],
)
def test_star_may_be_asked_for(changes):
    standing = replace(GOOD, **changes)

    assert rules.reasons_against(1, table=NATIONAL, standing=standing, today=TODAY) == ()


@pytest.mark.parametrize(
    ("since", "is_too_new"),
    # A street community: three months of membership first.
    [(date(2026, 2, 20), False), (date(2026, 2, 21), True), (date(2025, 11, 30), False)],
)
def test_street_table_wants_three_months_first(since, is_too_new):
    standing = replace(GOOD, member_since=since)
    found = rules.reasons_against(1, table=STREET, standing=standing, today=TODAY)

    assert (Hindrance.TOO_NEW in found) is is_too_new
    if is_too_new:
        with pytest.raises(errors.StarTooEarly) as refusal:
            rules.require_may_have(1, table=STREET, standing=standing, today=TODAY)
        assert "3 个月" in str(refusal.value)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_end_with_a_shorter_month(day, months, then):
    assert rules.add_months(day, months) == then


def test_highest_reached_star_is_asked_for():
    ask = {"table": NATIONAL}

    assert rules.star_to_ask_for(standing=replace(GOOD, proved=36_000), **ask) == 3
    assert rules.star_to_ask_for(standing=replace(GOOD, star=1), **ask) is None
    assert (NATIONAL.next_star(5), NATIONAL.next_star(4)) == (None, 5)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((False, "", False), ApplicationState.WAITING),
        ((True, "", False), ApplicationState.ON_NOTICE),
        ((True, "", True), ApplicationState.OBJECTED),
        ((True, "granted", False), ApplicationState.GRANTED),
        ((False, "withdrawn", False), ApplicationState.WITHDRAWN),
    ],
)
def test_application_stands_where_its_columns_say(facts, state):
    approved, outcome, objected = facts

    found = rules.application_state(
        is_approved=approved, outcome=outcome, has_open_objection=objected
    )
    assert found == state


def test_notice_is_over_the_day_after_its_last():
    assert not rules.is_notice_over(TODAY, today=TODAY)
    assert rules.is_notice_over(date(2026, 5, 19), today=TODAY)
    assert not rules.is_notice_over(None, today=TODAY)


@pytest.mark.parametrize("by_id", [None, 1, 2])
def test_nobody_concerned_decides(by_id):
    with pytest.raises(errors.OwnStar):
        rules.require_other_hands(by_id, person_id=1, others=(2, None))
    rules.require_other_hands(3, person_id=1, others=(2, None))


@pytest.mark.parametrize(
    ("today", "over"),
    # Rule 53: ten working days. Drafted on 2025-09-26, the tenth is 2025-10-16 (rule 41).
    [
        (date(2025, 10, 16), date(2025, 9, 25)),
        (date(2025, 10, 17), date(2025, 9, 27)),
        (date(2026, 5, 20), date(2026, 5, 6)),
    ],
)
def test_ratings_close_after_ten_working_days(today, over):
    assert rules.last_day_over(today) == over


@pytest.mark.parametrize(
    ("both_in", "is_over", "is_shown"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_ratings_are_hidden_until_both_are_in_or_time_is_over(both_in, is_over, is_shown):
    assert rules.is_shown(both_in=both_in, is_over=is_over) is is_shown


@pytest.mark.parametrize("points", [(), (5, 5), (5, 5, 5, 5), (0, 5, 5), (5, 5, 6)])
def test_three_points_from_one_to_five(points):
    with pytest.raises(errors.PointsOutOfRange):
        rules.require_points(points)
    rules.require_points((1, 3, 5))


@pytest.mark.parametrize(
    ("total", "count", "shown"),
    # From three ratings on, one decimal, half up.
    [
        (30, 2, ""), (45, 3, "5.0"), (27, 3, "3.0"), (26, 3, "2.9"), (44, 3, "4.9"), (9, 3, "1.0"),
        (177, 20, "3.0"), (176, 20, "2.9"), (0, 0, ""),
    ],
)  # fmt: skip
def test_average_is_shown_from_three_ratings_on(total, count, shown):
    assert rules.tenths_text(rules.average_tenths(total, count)) == shown


@pytest.mark.parametrize("level", list(HonourLevel))
def test_county_and_above_present_proof(level):
    # Order 67, article 9.
    if level in {"nation", "province", "city", "county"}:
        with pytest.raises(errors.ProofMissing):
            rules.require_proof(level, b"")
    else:
        assert rules.require_proof(level, b"") == ""


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff....", "image/jpeg"),
        (b"RIFF....WEBP", "image/webp"),
    ],
)
def test_proof_is_known_by_its_first_bytes(content, media_type):
    assert rules.require_proof(HonourLevel.CITY, content) == media_type


def test_other_files_are_no_proof():
    with pytest.raises(errors.ProofUnreadable):
        rules.require_proof(HonourLevel.CITY, b"<svg onload=alert(1)>")
    with pytest.raises(errors.ProofTooLarge) as refusal:
        rules.require_proof(HonourLevel.CITY, PNG + bytes(rules.PROOF_BYTES_MAX))
    assert "4 MB" in str(refusal.value)


def test_honour_is_of_the_past():
    rules.require_past(TODAY, today=TODAY)
    with pytest.raises(errors.HonourDateAhead):
        rules.require_past(date(2026, 5, 21), today=TODAY)


@pytest.mark.parametrize(
    ("verdict", "is_struck", "state"),
    [
        ("", False, HonourState.WAITING),
        ("registered", False, HonourState.REGISTERED),
        ("refused", False, HonourState.REFUSED),
        ("registered", True, HonourState.STRUCK),
    ],
)
def test_honour_stands_where_its_columns_say(verdict, is_struck, state):
    assert rules.honour_state(verdict=verdict, is_struck=is_struck) == state
