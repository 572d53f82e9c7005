"""The SQL against a recount of the same small world in plain Python."""

from datetime import datetime, timedelta
from statistics import mean, median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    GRID,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)
from linbang.foundation.places.models import Region
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_item, make_need
from linbang.intake.needs.models import Need, NeedStep
from linbang.operations.service.models import CheckOut
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import ServiceRecord
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.choices import Measure
from linbang.reporting.statistics.factories import make_service
from linbang.reporting.statistics.rules import Tally

pytestmark = pytest.mark.django_db

NOVEMBER = rules.period_named("2026-11")
TENTH = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)
ASKED = datetime(2026, 12, 2, 9, 0, tzinfo=CHINA)
REGISTERED = datetime(2026, 1, 5, 9, 0, tzinfo=CHINA)


@pytest.fixture
def world():
    """Two buildings, the community itself, a neighbour; everything that must not count."""
    wang = make_volunteer("王建国", now=REGISTERED).person
    chen = make_volunteer("陈静", region=NEIGHBOUR_BUILDING, now=REGISTERED).person
    guest = make_volunteer("何伟", region=NEIGHBOUR_COMMUNITY, now=REGISTERED).person
    make_volunteer("未来", now=ASKED)
    make_volunteer("未认", confirmed=False, now=REGISTERED)
    gone = make_volunteer("离队", now=REGISTERED)
    VolunteerProfile.objects.filter(pk=gone.pk).update(ended_at=TENTH)
    li = make_person("李秀英", now=REGISTERED)
    zhao = make_person("赵桂兰", region=NEIGHBOUR_BUILDING, now=REGISTERED)
    sun = make_person("孙玉梅", region=COMMUNITY, now=REGISTERED)
    far = make_person("周美华", region=NEIGHBOUR_COMMUNITY, now=REGISTERED)
    answered = {"first_answered_at": TENTH - timedelta(days=1) + timedelta(minutes=30)}
    make_service(wang, li, starts_at=TENTH, **answered)
    make_service(wang, li, starts_at=TENTH + timedelta(days=1), item="haircut", minutes=30)
    make_service(chen, zhao, starts_at=TENTH, kind=RecordKind.ENTERED, minutes=45)
    make_service(guest, zhao, starts_at=TENTH + timedelta(days=2), corrected_to=(50, 20))
    make_service(guest, sun, starts_at=TENTH + timedelta(days=3), corrected_to=(0,))
    make_service(chen, sun, starts_at=TENTH + timedelta(days=4), verified=False)
    make_service(chen, far, starts_at=TENTH + timedelta(days=5))
    make_service(wang, zhao, starts_at=TENTH - timedelta(days=30))
    # Half an hour into December in China, still November in UTC.
    make_service(wang, li, starts_at=datetime(2026, 12, 1, 0, 30, tzinfo=CHINA))
    for day, state in enumerate((NeedState.DECLINED, NeedState.LAPSED, NeedState.OPENED), 12):
        starts_at = TENTH.replace(day=day)
        make_need(li, item=make_item("meal"), state=state, starts_at=starts_at, opened_at=TENTH)
    withdrawn = make_need(
        zhao, item=make_item("meal"), state=NeedState.WITHDRAWN, opened_at=TENTH, starts_at=ASKED
    )
    NeedStep.objects.create(
        cell=withdrawn.cell, need=withdrawn, state=NeedState.ASSIGNED, at=TENTH, by_id=None
    )


def recount(prefix: str, *, category: str = "") -> Tally:
    """Count the period's tally row by row."""
    low, high = NOVEMBER.starts_at, NOVEMBER.ends_at
    needs = [
        need
        for need in Need.objects.select_related("item").prefetch_related("steps")
        if need.region_id.startswith(prefix) and (not category or need.item.category == category)
    ]
    asked = [need for need in needs if low <= need.opened_at < high]
    unserved = {"opened", "declined", "withdrawn", "lapsed"}
    waits = [
        (need.first_answered_at - need.opened_at).total_seconds() / 60
        for need in asked
        if need.first_answered_at
    ]
    due = [
        need
        for need in asked
        if need.first_answered_at or (need.state != "withdrawn" and need.answer_due_at <= ASKED)
    ]
    valid = []
    for record in ServiceRecord.objects.select_related("verification").order_by("id"):
        corrections = [one.credited_minutes for one in record.corrections.order_by("id")]
        verification = getattr(record, "verification", None)
        minutes = (corrections or [verification.minutes])[-1] if verification else 0
        fits = record.region_id.startswith(prefix) and category in ("", record.category)
        if minutes and fits and low <= record.starts_at < high:
            valid.append((record, minutes))
    times = {kind: sum(m for r, m in valid if r.kind == kind) for kind in RecordKind}
    registered = VolunteerProfile.objects.filter(
        ended_at=None, activated_at__lt=high, person__confirmed_at__lt=high
    )
    return Tally(
        volunteers=0
        if category
        else sum(profile.region_id.startswith(prefix) for profile in registered),
        active_volunteers=len({record.person_id for record, _ in valid}),
        requests=len(asked),
        verified=sum(any(s.state not in unserved for s in n.steps.all()) for n in asked),
        fulfilled=sum(need.state == "fulfilled" for need in asked),
        declined=sum(need.state == "declined" for need in asked),
        withdrawn=sum(need.state == "withdrawn" for need in asked),
        lapsed=sum(need.state == "lapsed" for need in asked),
        response_minutes_median=median(waits) if waits else None,
        response_minutes_mean=mean(waits) if waits else None,
        answers_due=len(due),
        answered_in_time=sum(
            bool(n.first_answered_at) and n.first_answered_at <= n.answer_due_at for n in due
        ),
        visits=sum(
            check_out.visit.assignment.need in needs and low <= check_out.visit.starts_at < high
            for check_out in CheckOut.objects.select_related("visit__assignment__need")
        ),
        person_times=len(valid),
        proved_minutes=times[RecordKind.PROVED],
        entered_minutes=times[RecordKind.ENTERED],
        beneficiaries=len({record.beneficiary_id for record, _ in valid}),
    )


@pytest.mark.parametrize("prefix", ["450103", "450103001", COMMUNITY, GRID, BUILDING])
def test_figures_equal_a_recount(world, prefix):
    figures = queries.figures_of(prefix=prefix, period=NOVEMBER, asked_at=ASKED)

    assert figures.total == recount(prefix)
    assert {one.code: one.tally for one in figures.categories} == {
        one.code: recount(prefix, category=one.code) for one in figures.categories
    }
    assert sum(one.tally.requests for one in figures.categories) == figures.total.requests
    assert {one.code: one.tally for one in figures.regions if one.code != prefix} == {
        one.code: recount(one.code) for one in figures.regions if one.code != prefix
    }


def test_world_has_something_to_count(world):
    total = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED).total

    assert (total.volunteers, total.active_volunteers, total.beneficiaries) == (2, 3, 2)
    assert (total.requests, total.verified, total.fulfilled) == (11, 8, 7)
    assert (total.person_times, total.proved_minutes, total.entered_minutes) == (4, 110, 45)
    assert (total.visits, total.declined, total.withdrawn, total.lapsed) == (6, 1, 1, 1)
    assert total.response_minutes_median == 30


def test_what_no_child_holds_is_told(world):
    figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED)

    assert [(one.code, one.is_own) for one in figures.regions] == [(GRID, False), (COMMUNITY, True)]
    assert sum(one.tally.visits for one in figures.regions) == figures.total.visits


def test_months_follow_the_calendar_in_china(world):
    months = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED).months

    assert [one.month for one in months] == list(range(1, 13))
    assert [one.person_times for one in months[9:]] == [1, 4, 1]
    assert (months[10].minutes, months[10].active_volunteers, months[10].beneficiaries) == (
        155,
        3,
        2,
    )


def test_volunteers_are_told_by_age(world):
    Person.objects.filter(name="王建国").update(birth_date=datetime(1966, 11, 30).date())  # noqa: DTZ001 - a day
    Person.objects.filter(name="陈静").update(birth_date=datetime(1966, 12, 1).date())  # noqa: DTZ001 - a day

    figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED)

    # Sixty on the last day of the month, or the day after.
    assert {one.low: one.volunteers for one in figures.ages if one.volunteers} == {45: 1, 60: 1}


def test_empty_region_has_zeros(world):
    figures = queries.figures_of(prefix="450104", period=NOVEMBER, asked_at=ASKED)

    assert (figures.total, figures.categories, figures.regions) == (Tally(), (), ())


@pytest.mark.parametrize("more", [0, 2])
def test_figures_take_eight_queries(world, more):
    for number in range(more):
        code = f"{COMMUNITY}00{number + 2}"
        Region.objects.create(
            code=code, name=code, level=15, parent_id=COMMUNITY, valid_from=REGISTERED.date()
        )
        make_service(
            make_volunteer(now=REGISTERED).person,
            make_person(region=code, now=REGISTERED),
            starts_at=TENTH,
        )

    with CaptureQueriesContext(
        connection,
    ) as captured:
        figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED)

    assert len(captured) == 8
    assert len([one for one in figures.regions if not one.is_own]) == 1 + more


def test_building_head_sees_own_building_only():
    make_region_tree()
    head = make_actor(make_person(), Role.BUILDING_HEAD, region=BUILDING)

    assert queries.region_visible_to(head, "").code == BUILDING
    assert queries.region_visible_to(head, NEIGHBOUR_BUILDING) is None
    assert queries.region_visible_to(head, GRID) is None
    assert [code for code, _ in queries.regions_to_choose(head, Region(code=BUILDING))] == [
        BUILDING
    ]


def test_choice_goes_from_own_region_down():
    make_region_tree()
    officer = make_actor(make_person(), Role.STREET_OFFICER, region="450103001")

    chosen = queries.regions_to_choose(officer, Region.objects.get(code=COMMUNITY))

    assert chosen == [("450103001", "新竹街道"), (COMMUNITY, "　新竹社区"), (GRID, "　　第1网格")]


def test_value_is_read_by_measure():
    assert queries.value_of(Tally(verified=2, fulfilled=1), Measure.FULFILMENT_RATE) == 0.5


def test_chosen_period_is_always_offered():
    old = rules.period_named("2019-05")

    groups = dict(queries.periods_to_choose(ASKED.date(), old))

    assert ("2019-05", queries.label_of(old)) in groups["月度"]
