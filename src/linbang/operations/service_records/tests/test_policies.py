"""What each policy makes of a presence, and an oracle that counts minute by minute."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.clock import CHINA
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.choices import (
    Approval,
    Cut,
    Midnight,
    RecordKind,
    Rounding,
    Verdict,
    Wait,
)
from linbang.operations.service_records.rules import (
    Adoption,
    CreditPolicy,
    Doubt,
    Segment,
    Served,
    Window,
)

# The last day of a month: what is served over its midnight lies in two months.
DAY = datetime(2026, 10, 31, tzinfo=CHINA)
PROVED, ENTERED = RecordKind.PROVED, RecordKind.ENTERED


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def window(start: float, end: float) -> Window:
    return Window(at(start), at(end))


def told(segments: Iterable[Segment]) -> list[tuple[float, float, int]]:
    return [
        (
            (one.window.starts_at - DAY) / timedelta(hours=1),
            (one.window.ends_at - DAY) / timedelta(hours=1),
            one.credited,
        )
        for one in segments
    ]


@pytest.mark.parametrize(
    ("policy", "minutes", "credited"),
    # Rule 36 (ZYSC): 15→0, 16→0.5, 45→0.5, 46→1, 75→1, 76→1.5, 106→2; the others keep minutes.
    [
        *((rules.XINZHU, *row) for row in [(15, 0), (16, 30), (45, 30), (46, 60), (106, 120)]),
        *((rules.CHONGQING, *row) for row in [(15, 0), (45, 30), (75, 60), (76, 90), (106, 120)]),
        *((rules.GUANGDONG, *row) for row in [(15, 15), (46, 46), (106, 106)]),
        *((rules.NATIONAL, *row) for row in [(15, 15), (46, 46), (106, 106)]),
        *((rules.MINUTES, *row) for row in [(1, 1), (106, 106)]),
    ],
)
def test_each_preset_rounds_as_its_source_says(
    policy: CreditPolicy, minutes: int, credited: int
) -> None:
    presence = window(14, 14 + minutes / 60)

    [segment] = rules.credit(presence, window(14, 17), kind=PROVED, policy=policy)

    assert (segment.minutes, segment.credited) == (minutes, credited)


def test_a_version_that_records_name_stays_what_it_was() -> None:
    first = rules.policy_named("xinzhu", 1)

    assert (first.midnight, first.reviews_location) == (Midnight.CUT, False)
    assert rules.DEFAULT_POLICY is rules.policy_named("xinzhu", 2)
    # Rule 34 as the first version had it: the part after midnight was lost.
    assert told(rules.credit(window(22, 26), window(22, 26), kind=PROVED, policy=first)) == [
        (22.0, 24.0, 120)
    ]
    assert {(one.code, one.version) for one in rules.PRESETS} == {
        ("xinzhu", 2),
        ("national", 2),
        ("guangdong", 1),
        ("chongqing", 1),
        ("minutes", 2),
    }


@pytest.mark.parametrize(
    ("presence", "planned", "segments"),
    [
        # A night patrol keeps its hours, each part on its own day (rule 34).
        ((22, 26), (22, 26), [(22, 24, 120), (24, 26, 120)]),
        # Rounded once: 45 and 45 minutes are an hour and a half, not twice half an hour (rule 36).
        ((23.25, 24.75), (23.25, 24.75), [(23.25, 24, 30), (24, 24.75, 60)]),
        # A margin that reaches into another day is no service of that day (rule 35).
        ((20, 24.2), (20, 24), [(20, 24, 240)]),
        ((23.8, 26), (24, 26), [(24, 26, 120)]),
    ],
)
def test_service_over_midnight_counts_on_both_days(
    presence: tuple[float, float],
    planned: tuple[float, float],
    segments: list[tuple[float, float, int]],
) -> None:
    found = rules.credit(window(*presence), window(*planned), kind=PROVED)

    assert told(found) == segments
    assert [one.part for one in found] == list(range(1, len(segments) + 1))


def test_seconds_of_a_day_make_no_minute_of_another() -> None:
    # Half a minute before midnight is no segment, and adds nothing to the day after.
    found = rules.credit(window(24 - 1 / 120, 25.5), window(23, 26), kind=PROVED)

    assert [(one.minutes, one.part) for one in found] == [(90, 1)]


def test_way_from_an_assembly_counts_where_a_policy_says_so() -> None:
    # Domain handbook §5.2: 胶州 counts from assembly, the booklet for volunteers does not.
    travelling = replace(rules.MINUTES, travel_minutes=30)
    presence, planned = window(13, 15), window(14, 15)

    assert told(rules.credit(presence, planned, kind=PROVED, policy=travelling)) == [(13.5, 15, 90)]
    assert told(rules.credit(presence, planned, kind=PROVED, policy=rules.MINUTES)) == [
        (14, 15, 60)
    ]
    assert told(rules.credit(presence, planned, kind=ENTERED, policy=travelling)) == [(14, 15, 60)]


def test_fourth_pair_of_a_day_counts_nothing() -> None:
    # Rule 32 (IZY2): at most three pairs per person, activity and day.
    third, fourth = (
        rules.credit(window(14, 15), window(14, 15), kind=PROVED, pairs_before=before)
        for before in (2, 3)
    )

    assert told(third) == [(14, 15, 60)]
    assert [(one.minutes, one.credited, one.cuts) for one in fourth] == [(0, 0, (Cut.PAIRS,))]


@pytest.mark.parametrize(
    ("doubt", "policy", "approval", "wait"),
    [
        # Rule 31 (IZY1): location alone is listed for review, where the policy says so.
        (Doubt(by_location=True), rules.GUANGDONG, Approval.STATION, (Wait.LOCATION,)),
        (Doubt(by_location=True), rules.CHONGQING, Approval.POLICY, ()),
        (Doubt(by_location=True), rules.XINZHU_1, Approval.POLICY, ()),
    ],
)
def test_location_alone_is_reviewed_where_a_policy_asks(
    doubt: Doubt, policy: CreditPolicy, approval: Approval, wait: tuple[Wait, ...]
) -> None:
    about = {"kind": PROVED, "verdict": Verdict.CONFIRMED, "day_minutes": 60}

    assert rules.approval_needed(**about, policy=policy, doubt=doubt) == approval
    assert rules.reasons_to_wait(**about, policy=policy, doubt=doubt) == wait


@pytest.mark.parametrize(
    ("is_late", "approval", "wait"),
    # Rule 42: within ten working days a second person, later the level above.
    [(False, Approval.STATION, Wait.BACK_ENTERED), (True, Approval.OFFICER, Wait.LATE)],
)
def test_back_entry_waits_for_a_second_person(
    is_late: bool, approval: Approval, wait: Wait
) -> None:
    about = {"kind": ENTERED, "verdict": Verdict.CONFIRMED, "day_minutes": 60}
    doubt = Doubt(back_entered=True, is_late=is_late)

    assert rules.approval_needed(**about, doubt=doubt) == approval
    assert rules.reasons_to_wait(**about, doubt=doubt) == (wait,)


def adoption(region: str, day: int, number: int, code: str = "minutes") -> Adoption:
    return Adoption(region, date(2026, 11, day), number, code, 2 if code == "minutes" else 1)


@pytest.mark.parametrize(
    ("region", "day", "code"),
    [
        ("450103001005", 9, "xinzhu"),
        ("450103001005", 10, "minutes"),
        ("450103001005", 20, "chongqing"),
        # The street's own decision stands before the district's later one.
        ("450103001005", 28, "chongqing"),
        ("450103002001", 28, "guangdong"),
        ("440103002001", 28, "xinzhu"),
    ],
)
def test_nearest_decision_holds_and_there_the_latest(region: str, day: int, code: str) -> None:
    decided = [
        adoption("450103", 10, 1),
        adoption("450103001", 20, 2, "guangdong"),
        adoption("450103001", 20, 3, "chongqing"),
        adoption("450103", 25, 4, "guangdong"),
    ]

    found = rules.policy_in_force(decided, region=region, day=date(2026, 11, day))

    assert found.code == code


def test_streets_and_districts_decide_by_which_policy() -> None:
    street = Actor(person_id=1, grants=(Grant(Role.STREET_OFFICER, "450103001"),))
    community = Actor(person_id=2, grants=(Grant(Role.COMMUNITY_OFFICER, "450103001005"),))

    assert rules.may_adopt(street, region="450103001005")
    assert not rules.may_adopt(street, region="450103")
    assert not rules.may_adopt(community, region="450103001005")


def test_only_an_offered_policy_from_a_day_ahead() -> None:
    with pytest.raises(errors.PolicyUnknown):
        rules.preset_named("xinzhu", 1)
    with pytest.raises(errors.AdoptionTooEarly):
        rules.require_ahead(date(2026, 11, 24), today=date(2026, 11, 24))
    rules.require_ahead(date(2026, 11, 25), today=date(2026, 11, 24))


# The oracle works on sets of minutes: it knows no windows and no arithmetic on ends.

minutes_of_days = st.integers(0, 3 * 1440)
windows = st.tuples(minutes_of_days, minutes_of_days).map(sorted).filter(lambda w: w[0] < w[1])
plans = st.tuples(st.integers(0, 2 * 1440 - 1), st.integers(1, 1440)).map(
    lambda plan: (plan[0], plan[0] + plan[1])
)
policies = st.builds(
    CreditPolicy,
    code=st.just("any"),
    version=st.just(1),
    rounding=st.sampled_from(Rounding),
    margin_minutes=st.integers(0, 30),
    travel_minutes=st.integers(0, 40),
    midnight=st.just(Midnight.SPLIT),
    pairs_max=st.integers(1, 3),
)


def oracle(
    presence: list[int],
    planned: tuple[int, int],
    taken: list[list[int]],
    *,
    kind: RecordKind,
    policy: CreditPolicy,
) -> tuple[list[tuple[int, int]], int]:
    """Return the counted runs of minutes, one a day, and what they are credited with."""
    is_proved = kind == PROVED
    early = (policy.margin_minutes + policy.travel_minutes) * is_proved
    late = policy.margin_minutes * is_proved
    near = set(range(planned[0] - early, planned[1] + late))
    plan_days = {minute // 1440 for minute in range(*planned)}
    held = {minute for one in taken for minute in range(*one)}
    counted = {
        minute
        for minute in range(*presence)
        if minute in near and minute // 1440 in plan_days and minute not in held
    }
    runs = [best for day in sorted(plan_days) if (best := longest_run(counted, day))]
    total = sum(end - start for start, end in runs)
    rounded = total
    if policy.rounding == Rounding.HALF_HOURS:
        # Counted off as a clock would: full hours, then what the rest is worth.
        rounded, rest = 0, total
        while rest >= 60:
            rounded, rest = rounded + 60, rest - 60
        rounded += 60 if rest > 45 else 30 if rest > 15 else 0
    most = 1440 if is_proved else len(range(*planned))
    return runs, min(rounded, most)


def longest_run(minutes: set[int], day: int) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    start = None
    for minute in range(day * 1440, (day + 1) * 1440 + 1):
        if minute in minutes and minute < (day + 1) * 1440:
            start = minute if start is None else start
        elif start is not None:
            if best is None or minute - start > best[1] - best[0]:
                best = start, minute
            start = None
    return best


def as_window(minutes: Iterable[int]) -> Window:
    start, end = minutes
    return Window(DAY + timedelta(minutes=start), DAY + timedelta(minutes=end))


@settings(max_examples=80, deadline=None)
@given(
    presence=windows,
    planned=plans,
    taken=st.lists(windows, max_size=3),
    kind=st.sampled_from(RecordKind),
    policy=policies,
)
def test_crediting_agrees_with_counting_minutes(
    presence: list[int],
    planned: tuple[int, int],
    taken: list[list[int]],
    kind: RecordKind,
    policy: CreditPolicy,
) -> None:
    runs, credited = oracle(presence, planned, taken, kind=kind, policy=policy)

    found = rules.credit(
        as_window(presence),
        as_window(planned),
        kind=kind,
        taken=[as_window(one) for one in taken],
        policy=policy,
    )

    counted = [one.window for one in found if one.minutes]
    assert counted == [as_window(run) for run in runs]
    assert sum(one.minutes for one in found) == sum(end - start for start, end in runs)
    assert sum(one.credited for one in found) == credited
    assert all(one.credited >= 0 for one in found)
    if len(runs) == sum(end - start for start, end in runs) == 0:
        assert [one.window for one in found] == [as_window(presence)]


@settings(max_examples=60, deadline=None)
@given(
    before=st.integers(0, 1500),
    minutes=st.integers(0, 1440),
    kind=st.sampled_from(RecordKind),
    doubt=st.builds(Doubt, st.booleans(), st.booleans(), st.booleans()),
    policy=st.sampled_from(list(rules.POLICIES.values())),
)
def test_who_must_approve_and_why_agree(
    before: int, minutes: int, kind: RecordKind, doubt: Doubt, policy: CreditPolicy
) -> None:
    about = {"kind": kind, "verdict": Verdict.CONFIRMED, "day_minutes": before + minutes}
    waits = rules.reasons_to_wait(**about, policy=policy, doubt=doubt)

    if before + minutes > 24 * 60:
        with pytest.raises(errors.DayIsFull):
            rules.approval_needed(**about, policy=policy, doubt=doubt)
        return
    needed = rules.approval_needed(**about, policy=policy, doubt=doubt)

    # Rule 37: whatever waits is somebody's to approve, and what does not wait counts at once.
    late = doubt.is_late and kind == ENTERED
    assert (needed == Approval.POLICY) == (not waits and not doubt.is_late)
    assert (needed == Approval.OFFICER) == (Wait.OVER_12_HOURS in waits or doubt.is_late)
    assert not late or Wait.LATE in waits


def served(number: int, minutes: int, **change: object) -> Served:
    presence = window(14, 14 + minutes / 60)
    return Served(
        **{
            "number": number,
            "person_id": number,
            "activity": 7,
            "presence": presence,
            "planned": window(14, 18),
            "kind": PROVED,
            "doubt": rules.NO_DOUBT,
            "credited": rules.half_hours(minutes),
            "policy": rules.XINZHU,
            **change,
        }
    )


def test_comparison_tells_what_a_policy_would_change() -> None:
    services = [
        served(1, 46),  # an hour becomes 46 minutes
        served(2, 15),  # nothing becomes a quarter of an hour
        served(3, 60),
        served(4, 106, kind=ENTERED),
    ]

    found = rules.compare(services, rules.MINUTES)

    assert (found.services, found.changed, found.people) == (4, 3, 3)
    assert (found.before.proved, found.after.proved) == (120, 121)
    assert (found.before.entered, found.after.entered) == (120, 106)
    # Entered hours wait for a person by every policy (rule 39).
    assert (found.approvals_before, found.approvals_after) == (1, 1)
    assert [(one.number, one.minutes) for one in found.largest] == [(2, 15), (1, -14), (4, -14)]


def test_comparison_adds_up_days_pairs_and_overlaps() -> None:
    long_day = [
        served(n, 240, person_id=1, activity=n, presence=at_four(n), planned=at_four(n))
        for n in range(3)
    ]
    twice = [served(9, 60, person_id=2), served(10, 60, person_id=2, credited=0)]

    found = rules.compare([*long_day, *twice], replace(rules.XINZHU, pairs_max=1))

    # Rule 37: the third four hours of a day need the station.
    assert (found.approvals_before, found.approvals_after) == (1, 1)
    assert found.changed == 0


def test_comparison_lets_no_day_have_more_than_a_day() -> None:
    # Rule 37: over 24 hours is impossible, so a person has to look at the second.
    long_ = [
        served(n, 13 * 60, person_id=1, activity=n, credited=13 * 60, planned=window(0, 23))
        for n in (1, 2)
    ]

    assert rules.compare(long_, replace(rules.XINZHU, pairs_max=1)).approvals_before == 2


def test_policy_says_in_plain_words_what_it_counts_of_the_way() -> None:
    travelling = replace(rules.MINUTES, travel_minutes=30)

    lines = {str(one.label): one for one in queries.policy_lines([rules.MINUTES, travelling])}

    assert lines["路上的时间"].words == ("不计", "从集合起计，最多 30 分钟")
    assert lines["取整"].is_same


def at_four(number: int) -> Window:
    return window(4 + 4 * number, 8 + 4 * number)
