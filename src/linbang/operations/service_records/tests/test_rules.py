"""What counts, and who lets it count; no database."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.clock import CHINA
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service_records import errors, rules
from linbang.operations.service_records.choices import (
    Approval,
    Cut,
    RecordKind,
    RecordState,
    Verdict,
    Wait,
)
from linbang.operations.service_records.rules import Window

DAY = datetime(2026, 11, 23, tzinfo=CHINA)
PLANNED = Window(DAY + timedelta(hours=14), DAY + timedelta(hours=15))
COMMUNITY = "450103001005"


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("minutes", "credited"),
    # Rule 36, quoted from 志愿山城 (ZYSC): 15→0, 16→0.5, 45→0.5, 46→1, 75→1, 76→1.5, 106→2.
    [
        (0, 0),
        (15, 0),
        (16, 30),
        (45, 30),
        (46, 60),
        (60, 60),
        (75, 60),
        (76, 90),
        (105, 90),
        (106, 120),
    ],
)
def test_half_hours_round_as_zhiyuan_shancheng(minutes: int, credited: int) -> None:
    assert rules.half_hours(minutes) == credited
    assert rules.XINZHU.credited(minutes, planned=120, kind=RecordKind.PROVED) == credited


@pytest.mark.parametrize(
    ("minutes", "shown"),
    # Domain handbook §5.2: the national system writes two decimals.
    [(0, "0.00"), (50, "0.83"), (60, "1.00"), (80, "1.33"), (81, "1.35"), (100, "1.67")],
)
def test_national_policy_shows_two_decimals(minutes: int, shown: str) -> None:
    assert rules.NATIONAL.credited(minutes, planned=60, kind=RecordKind.PROVED) == minutes
    assert rules.national_hours(minutes) == Decimal(shown)


def test_minutes_policy_leaves_minutes_as_they_are() -> None:
    assert rules.MINUTES.credited(47, planned=60, kind=RecordKind.PROVED) == 47


def test_rounding_never_lifts_entered_hours_above_the_plan() -> None:
    # Rule 38: entered hours can't exceed the planned length.
    assert rules.XINZHU.credited(50, planned=50, kind=RecordKind.ENTERED) == 50
    assert rules.XINZHU.credited(50, planned=50, kind=RecordKind.PROVED) == 60


@pytest.mark.parametrize(
    ("came", "left", "kind", "counted", "cuts"),
    [
        # Rule 35: presence cut to the planned window ± 15 minutes.
        (14.0, 15.0, RecordKind.PROVED, (14.0, 15.0), ()),
        (13.75, 15.25, RecordKind.PROVED, (13.75, 15.25), ()),
        (13.5, 15.5, RecordKind.PROVED, (13.75, 15.25), (Cut.BEFORE, Cut.AFTER)),
        (14.25, 14.5, RecordKind.PROVED, (14.25, 14.5), ()),
        # Rule 38: entered hours have no margin.
        (13.75, 15.25, RecordKind.ENTERED, (14.0, 15.0), (Cut.BEFORE, Cut.AFTER)),
    ],
)
def test_presence_is_cut_to_the_planned_window(
    came: float,
    left: float,
    kind: RecordKind,
    counted: tuple[float, float],
    cuts: tuple[Cut, ...],
) -> None:
    segment = rules.counted_segment(Window(at(came), at(left)), PLANNED, kind=kind)

    assert segment.window == Window(at(counted[0]), at(counted[1]))
    assert segment.minutes == round((counted[1] - counted[0]) * 60)
    assert segment.cuts == cuts


def test_presence_beside_the_window_counts_nothing() -> None:
    presence = Window(at(13), at(13.5))

    segment = rules.counted_segment(presence, PLANNED, kind=RecordKind.PROVED)

    assert (segment.window, segment.minutes) == (presence, 0)


def test_segment_ends_at_midnight() -> None:
    # Rule 34: a segment doesn't cross midnight; the day it began on keeps it.
    planned = Window(at(23), at(25))

    segment = rules.counted_segment(Window(at(23), at(25)), planned, kind=RecordKind.PROVED)

    assert segment.window == Window(at(23), at(24))
    assert segment.cuts == (Cut.MIDNIGHT,)


@pytest.mark.parametrize(
    ("taken", "counted", "cuts"),
    [
        ([(12, 14)], (14.0, 15.0), ()),
        ([(13, 14.25)], (14.25, 15.0), (Cut.OVERLAP,)),
        ([(14.75, 16)], (14.0, 14.75), (Cut.OVERLAP,)),
        ([(14.25, 14.5)], (14.5, 15.0), (Cut.OVERLAP,)),
        ([(14.5, 14.75), (13, 14.25)], (14.25, 14.5), (Cut.OVERLAP,)),
    ],
)
def test_segment_leaves_out_what_another_holds(
    taken: list[tuple[float, float]], counted: tuple[float, float], cuts: tuple[Cut, ...]
) -> None:
    segment = rules.counted_segment(
        Window(at(14), at(15)),
        PLANNED,
        kind=RecordKind.PROVED,
        taken=[Window(at(start), at(end)) for start, end in taken],
    )

    assert segment.window == Window(at(counted[0]), at(counted[1]))
    assert segment.cuts == cuts


def test_segment_held_wholly_by_another_counts_nothing() -> None:
    segment = rules.counted_segment(
        PLANNED, PLANNED, kind=RecordKind.PROVED, taken=[Window(at(13), at(16))]
    )

    assert segment.minutes == 0
    assert segment.cuts == (Cut.OVERLAP,)


@pytest.mark.parametrize(
    ("came", "left", "kind"),
    [
        (PresenceMethod.CODE, PresenceMethod.LOCATION, RecordKind.PROVED),
        (PresenceMethod.CODE, PresenceMethod.WORD, RecordKind.ENTERED),
        (PresenceMethod.STAFF, PresenceMethod.CODE, RecordKind.ENTERED),
    ],
)
def test_both_ends_proved_make_credit_hours(
    came: PresenceMethod, left: PresenceMethod, kind: RecordKind
) -> None:
    # Rules 38 and 102: hours entered on behalf count as 荣誉 unless checked in.
    assert rules.kind_of(came, left) == kind


@pytest.mark.parametrize(
    ("kind", "verdict", "hours", "approval"),
    [
        # Rule 37 (IZY1): up to 8 h valid at once, to 12 h the next level, above the level above.
        (RecordKind.PROVED, Verdict.CONFIRMED, 8, Approval.POLICY),
        (RecordKind.PROVED, Verdict.CONFIRMED, 8.5, Approval.STATION),
        (RecordKind.PROVED, Verdict.CONFIRMED, 12, Approval.STATION),
        (RecordKind.PROVED, Verdict.CONFIRMED, 12.5, Approval.OFFICER),
        # Rule 39: entered hours need approval. Rule 64: so does what the resident disputes.
        (RecordKind.ENTERED, Verdict.CONFIRMED, 1, Approval.STATION),
        (RecordKind.PROVED, Verdict.DISPUTED, 1, Approval.STATION),
        (RecordKind.ENTERED, Verdict.CONFIRMED, 13, Approval.OFFICER),
    ],
)
def test_approval_grows_with_the_day(
    kind: RecordKind, verdict: Verdict, hours: float, approval: Approval
) -> None:
    found = rules.approval_needed(kind=kind, verdict=verdict, day_minutes=round(hours * 60))

    assert found == approval


def test_day_has_twenty_four_hours() -> None:
    with pytest.raises(errors.DayIsFull):
        rules.approval_needed(
            kind=RecordKind.PROVED, verdict=Verdict.CONFIRMED, day_minutes=24 * 60 + 1
        )


@pytest.mark.parametrize(
    ("kind", "verdict", "hours", "waits"),
    [
        (RecordKind.PROVED, Verdict.CONFIRMED, 8, ()),
        (RecordKind.PROVED, None, 1, (Wait.UNCONFIRMED,)),
        (RecordKind.PROVED, Verdict.DISPUTED, 1, (Wait.DISPUTED,)),
        (RecordKind.ENTERED, Verdict.CONFIRMED, 9, (Wait.ENTERED, Wait.OVER_8_HOURS)),
        (RecordKind.PROVED, Verdict.CONFIRMED, 13, (Wait.OVER_12_HOURS,)),
    ],
)
def test_reasons_to_wait_are_all_named(
    kind: RecordKind, verdict: Verdict | None, hours: int, waits: tuple[Wait, ...]
) -> None:
    found = rules.reasons_to_wait(kind=kind, verdict=verdict, day_minutes=hours * 60)

    assert found == waits


@pytest.mark.parametrize(
    ("role", "region", "is_above"),
    [
        (Role.STATION_WORKER, COMMUNITY, False),
        (Role.STATION_WORKER, "450103001", True),
        (Role.COMMUNITY_OFFICER, COMMUNITY, True),
        (Role.COMMUNITY_OFFICER, "450103001006", False),
        (Role.STREET_OFFICER, "450103001", False),
    ],
)
def test_level_above_the_station_approves_long_days(
    role: Role, region: str, is_above: bool
) -> None:
    actor = Actor(person_id=1, grants=(Grant(role, region),))

    assert rules.may_approve_above(actor, region=COMMUNITY) is is_above


def test_nobody_approves_their_own_hands_work() -> None:
    rules.require_other_hands(3, gainer_id=1, entered_by_ids=[2])

    with pytest.raises(errors.OwnRecord):
        rules.require_other_hands(1, gainer_id=1)
    with pytest.raises(errors.SecondPersonNeeded):
        rules.require_other_hands(2, gainer_id=1, entered_by_ids=[2])


@pytest.mark.parametrize("minutes", [-1, 61])
def test_minutes_stay_within_the_visit(minutes: int) -> None:
    rules.require_minutes(0, most=60)
    rules.require_minutes(60, most=60)

    with pytest.raises(errors.MinutesOutOfRange):
        rules.require_minutes(minutes, most=60)


def test_most_a_visit_is_worth_includes_its_margins() -> None:
    assert rules.minutes_most(PLANNED, kind=RecordKind.PROVED) == 90
    assert rules.minutes_most(PLANNED, kind=RecordKind.ENTERED) == 60


@pytest.mark.parametrize(
    ("verdict", "is_verified", "state"),
    [
        (None, False, RecordState.UNCONFIRMED),
        (Verdict.DISPUTED, False, RecordState.DISPUTED),
        (Verdict.CONFIRMED, False, RecordState.UNVERIFIED),
        (Verdict.CONFIRMED, True, RecordState.VERIFIED),
        (Verdict.DISPUTED, True, RecordState.VERIFIED),
    ],
)
def test_record_state_follows_its_rows(
    verdict: Verdict | None, is_verified: bool, state: RecordState
) -> None:
    assert rules.record_state(verdict=verdict, is_verified=is_verified) == state
