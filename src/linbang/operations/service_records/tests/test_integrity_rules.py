"""Rules 45, 55 and Order 67 (21, 22): each doubt at its limit, sampling, voiding."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.operations.service_records import errors, rules
from linbang.operations.service_records.choices import (
    FlagKind,
    FlagOutcome,
    RecordKind,
    VoidState,
    Wait,
)
from linbang.operations.service_records.rules import FlagLimits, Leg, RecordFacts

PROVED = RecordFacts(record_id=1, kind=RecordKind.PROVED)
ENTERED = RecordFacts(record_id=1, kind=RecordKind.ENTERED)
NOON = datetime(2026, 5, 16, 12, 0, tzinfo=CHINA)


def kinds(facts: RecordFacts, **columns: object) -> list[FlagKind]:
    return [found.kind for found in rules.findings_of(replace(facts, **columns))]  # type: ignore[arg-type]  # columns of facts


def by_hand(percent: int, *, people: int = 5) -> dict[str, int]:
    return {
        "activity_minutes": 1000,
        "activity_entered_minutes": percent * 10,
        "activity_entered_people": people,
    }


@pytest.mark.parametrize(
    ("facts", "columns", "kind"),
    [
        # Created and credited within one hour.
        (PROVED, {"activity_age_minutes": 59}, FlagKind.CREDITED_AT_ONCE),
        (PROVED, {"activity_age_minutes": 60}, None),
        (PROVED, {"activity_age_minutes": None}, None),
        # Over 30 % entered by hand; the doubt is about what was entered.
        (ENTERED, by_hand(29), None),
        (ENTERED, by_hand(30), None),
        (ENTERED, by_hand(31), FlagKind.ENTERED_BY_HAND),
        (ENTERED, by_hand(31, people=4), None),
        (PROVED, by_hand(31), None),
        # One device for three people.
        (PROVED, {"device_people": 2}, None),
        (PROVED, {"device_people": 3}, FlagKind.ONE_DEVICE),
        (ENTERED, {"device_people": 3}, None),
        # Above 60 km/h over more than 2 km: 10 km in 10 minutes is exactly 60.
        (PROVED, {"legs": (Leg(10_000, 10),)}, None),
        (PROVED, {"legs": (Leg(10_001, 10),)}, FlagKind.TOO_FAR_APART),
        (PROVED, {"legs": (Leg(2_000, 0),)}, None),
        (PROVED, {"legs": (Leg(2_001, 0),)}, FlagKind.TOO_FAR_APART),
        (PROVED, {"legs": (Leg(500, 30), Leg(30_000, 29))}, FlagKind.TOO_FAR_APART),
        (ENTERED, {"legs": (Leg(30_000, 0),)}, None),
        # Ten people with identical times entered by one person.
        (ENTERED, {"identical_people": 9}, None),
        (ENTERED, {"identical_people": 10}, FlagKind.IDENTICAL_TIMES),
        (PROVED, {"identical_people": 10}, None),
        # What else the data shows.
        (ENTERED, {"identical_days": 4}, None),
        (ENTERED, {"identical_days": 5}, FlagKind.IDENTICAL_DAYS),
        (PROVED, {"identical_days": 5}, None),
        (ENTERED, {"leader_shifts": 10, "leader_attendances": 50}, FlagKind.NEVER_MISSES),
        (ENTERED, {"leader_shifts": 9, "leader_attendances": 50}, None),
        (ENTERED, {"leader_shifts": 10, "leader_attendances": 49}, None),
        (ENTERED, {"leader_shifts": 10, "leader_attendances": 50, "leader_off_plan": 1}, None),
        (ENTERED, {"has_contact": False}, FlagKind.WITHOUT_CONTACT),
        (PROVED, {"has_contact": False}, None),
    ],
)
def test_doubts_begin_at_their_limits(facts, columns, kind):
    assert kinds(facts, **columns) == ([kind] if kind else [])


def test_limits_are_a_site_s_own():
    strict = FlagLimits(entered_percent=10, entered_people_min=1)
    facts = replace(ENTERED, **by_hand(11, people=1))

    [found] = rules.findings_of(facts, strict)

    assert (found.kind, found.facts) == (
        FlagKind.ENTERED_BY_HAND, {"percent": 11, "limit": 10, "people": 1},
    )  # fmt: skip


def test_worst_way_is_told():
    [found] = rules.findings_of(replace(PROVED, legs=(Leg(5_000, 1), Leg(30_000, 2))))

    assert found.facts == {"metres": 30_000, "minutes": 2, "limit": 60}


@pytest.mark.parametrize(
    ("outcomes", "holds"),
    [
        ([], False),
        ([FlagOutcome.CLEARED], False),
        ([FlagOutcome.CLEARED, None], True),
        ([FlagOutcome.UPHELD], True),
    ],
)
def test_one_doubt_holds_a_record_back(outcomes, holds):
    assert rules.holds_back(outcomes) is holds


def test_what_stands_against_a_record_is_among_its_waits():
    waits = rules.reasons_to_wait(
        kind=RecordKind.PROVED, verdict=None, day_minutes=60, is_held=True, is_barred=True
    )

    assert waits == (Wait.UNCONFIRMED, Wait.FLAGGED, Wait.BARRED)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (1, errors.OwnRecord),
        (None, errors.OwnRecord),
        (2, errors.SecondPersonNeeded),
        (3, errors.SecondPersonNeeded),
        (4, None),
    ],
)
def test_doubts_are_decided_by_clear_hands(by, refusal):
    people = {"gainer_id": 1, "leader_id": 2, "entered_by_ids": [3]}
    if refusal is None:
        rules.require_clear_hands(by, **people)
    else:
        with pytest.raises(refusal):
            rules.require_clear_hands(by, **people)


@pytest.mark.parametrize(
    ("count", "percent", "size"),
    [(10, None, 10), (300, None, 200), (None, 5, 10), (None, 1, 2), (None, 100, 200)],
)
def test_sample_is_so_many_or_so_many_of_a_hundred(count, percent, size):
    assert rules.sample_size(200, count=count, percent=percent) == size


def test_sample_has_bounds():
    with pytest.raises(errors.SampleEmpty):
        rules.sample_size(0, count=10, percent=None)
    with pytest.raises(errors.SampleTooLarge):
        rules.sample_size(10_000, count=501, percent=None)


@pytest.mark.parametrize(
    ("size", "populations", "divided"),
    [
        (10, {"proved": 50, "entered": 50}, {"proved": 5, "entered": 5}),
        (10, {"proved": 90, "entered": 10}, {"proved": 9, "entered": 1}),
        (10, {"proved": 999, "entered": 1}, {"proved": 9, "entered": 1}),
        (7, {"proved": 2, "entered": 1}, {"proved": 5, "entered": 2}),
        (1, {"proved": 1, "entered": 99}, {"proved": 0, "entered": 1}),
        (3, {"proved": 3, "entered": 0}, {"proved": 3, "entered": 0}),
    ],
)
def test_sample_is_divided_by_kind(size, populations, divided):
    assert rules.shares(size, populations) == divided


def test_sample_is_drawn_again_from_its_seed():
    keys = [f"record-{n}" for n in range(200)]

    once, again = (rules.drawn(order, size=20, seed=7) for order in (keys, keys[::-1]))

    assert once == again
    assert len(set(once)) == 20
    assert set(once) != set(rules.drawn(keys, size=20, seed=8))


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Source: values of the Wilson score interval at 95 %, as R's prop.test without correction.
    [(48, 50, 86.5, 98.9), (0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (0, 0, 0.0, 100.0)],
)
def test_interval_is_wilson_s(hits, total, low, high):
    interval = rules.wilson(hits, total)

    assert interval.low * 100 == pytest.approx(low, abs=0.06)
    assert interval.high * 100 == pytest.approx(high, abs=0.06)
    assert (interval.low_percent <= low, interval.high_percent >= high - 0.1) == (True, True)


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        ({}, VoidState.PROPOSED),
        ({"refused_at": NOON}, VoidState.REFUSED),
        ({"voided_at": NOON}, VoidState.VOIDED),
        ({"voided_at": NOON, "lifted_at": NOON}, VoidState.LIFTED),
    ],
)
def test_voiding_stands_where_its_moments_say(moments, state):
    whole = {"voided_at": None, "refused_at": None, "lifted_at": None, **moments}
    assert rules.void_state(**whole) == state


def test_voiding_takes_two_and_the_appeal_a_third():
    rules.require_two_people(3, proposed_by_id=2, gainer_id=1)
    rules.require_third_person(4, voided_by_ids=(2, 3))
    with pytest.raises(errors.VoidNeedsSecond):
        rules.require_two_people(2, proposed_by_id=2, gainer_id=1)
    with pytest.raises(errors.OwnRecord):
        rules.require_two_people(1, proposed_by_id=2, gainer_id=1)
    for by in (2, 3, None):
        with pytest.raises(errors.AppealNeedsThird):
            rules.require_third_person(by, voided_by_ids=(2, 3))


def test_appeal_has_fifteen_working_days():
    last = rules.appeal_until(NOON)

    # 2026-05-16 is a Saturday: fifteen working days end on Friday three weeks later.
    assert last == date(2026, 6, 5)
    rules.require_appeal_time(NOON, now=NOON + timedelta(days=20))
    with pytest.raises(errors.AppealTooLate):
        rules.require_appeal_time(NOON, now=NOON + timedelta(days=21))
    assert rules.answer_due(NOON) == date(2026, 5, 29)


@pytest.mark.parametrize(
    ("starts", "years", "ends"),
    [
        (date(2026, 5, 16), 1, date(2027, 5, 16)),
        (date(2026, 5, 16), 3, date(2029, 5, 16)),
        (date(2028, 2, 29), 1, date(2029, 3, 1)),
    ],
)
def test_bar_lasts_whole_years(starts, years, ends):
    assert rules.bar_end(starts, years) == ends


@pytest.mark.parametrize("years", [0, 4])
def test_bar_lasts_one_to_three_years(years):
    with pytest.raises(errors.BarYearsWrong):
        rules.bar_end(date(2026, 5, 16), years)
