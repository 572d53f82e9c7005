"""What one may take now: for members and strangers, and always for the same few statements."""

import json
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.clock import local_date
from linbang.foundation.organisations.factories import make_membership, make_unit
from linbang.foundation.people.choices import Skill
from linbang.foundation.people.factories import make_person
from linbang.intake.activities.choices import ActivityState, Audience, SignUpMode
from linbang.intake.activities.factories import make_activity, make_post
from linbang.intake.activities.models import DutyPoint, Shift
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.choices import Chance, CommitmentSource, SortBy, When
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import ShiftPlaces
from linbang.operations.dispatch.queries import Look
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    LONG_AGO,
    SATURDAY,
    actor,
    led,
    someone,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def found(person=None, now=BEFORE, **look) -> list[queries.ShiftRow]:
    return queries.open_shifts(
        person.pk if person else None, Look(**look), now=now, cell=person.cell if person else ""
    )


def names(person=None, **look) -> list[str]:
    return [row.shift.name for row in found(person, **look)]


def make_many(count: int) -> None:
    post = make_post(make_activity(), places=5)
    shifts = Shift.objects.bulk_create(
        Shift(
            cell=post.cell,
            activity=post.activity,
            post=post,
            starts_at=SATURDAY + n * timedelta(hours=3),
            ends_at=SATURDAY + n * timedelta(hours=3) + timedelta(hours=2),
            places=5,
        )
        for n in range(count)
    )
    actions.open_places(shift_ids=[shift.pk for shift in shifts])


@pytest.mark.parametrize("count", [1, 3, 300])
def test_any_number_of_shifts_is_one_statement(count: int):
    person = someone()
    make_many(count)

    with CaptureQueriesContext(connection) as captured:
        rows = found(person, digits=6)
    with CaptureQueriesContext(connection) as for_strangers:
        assert len(found()) == count

    assert (len(rows), len(captured), len(for_strangers)) == (count, 1, 1)


def test_missing_qualifications_cost_one_more_for_their_names():
    activity = make_activity()
    for number in range(3):
        post = make_post(activity, f"救护{number}", qualifications=["first-aid", "fire"])
        make_open_shift(post=post)
    person = someone()

    with CaptureQueriesContext(connection) as captured:
        rows = found(person)

    assert len(captured) == 2
    assert rows[0].reasons == ("缺少所需资格（应急救护培训）", "缺少所需资格（消防安全培训）")


def test_row_says_how_a_shift_stands_to_the_reader():
    activity = make_activity()
    post = make_post(activity, "摄影", skills=[Skill.PHOTOGRAPHY], places=1)
    shift = make_open_shift(post=post)
    person = someone(skills=(Skill.PHOTOGRAPHY,))

    [row] = found(person)

    assert (row.chance, row.is_open, row.shift.fits_skills) == (Chance.TAKE, True, True)
    # The building stands some 730 m from the activity.
    assert 600 < row.shift.metres < 800
    make_sign_up(shift, someone("甲一"))
    waiting = make_sign_up(shift, person, waits=True)
    [row] = found(person)
    assert (row.chance, row.state_words, row.shift.position) == (Chance.MINE, "候补中", 1)
    assert row.shift.sign_up_id == waiting.public_id


def test_clash_and_every_cause_are_told():
    make_open_shift(activity=make_activity("撞时间"))
    make_open_shift(activity=make_activity("高风险", hazards=["fire"]), starts_at=SATURDAY + DAY)
    busy, child = someone(), make_person("小明", birth_date=date(2012, 1, 1), now=LONG_AGO)
    make_commitment(busy, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)

    assert [(row.chance, row.reasons) for row in found(busy, sort=SortBy.TIME)] == [
        (Chance.BUSY, ("您这段时间已有安排",)),
        (Chance.BARRED, ("不在保险名单内",)),
    ]
    assert found(child, sort=SortBy.TIME)[1].reasons == (
        "还不是注册志愿者",
        "高风险活动不招募未成年人",
        "需要监护人同意参加这项活动",
        "不在保险名单内",
    )


def test_stranger_sees_what_is_open_and_no_reasons():
    make_open_shift()

    [row] = found()

    assert (row.chance, row.reasons, row.shift.metres) == (Chance.TAKE, (), None)


def test_drafts_cancelled_past_and_far_away_are_left_out():
    for activity in (
        make_activity(state=ActivityState.DRAFT),
        make_activity(state=ActivityState.IN_REVIEW),
        make_activity(state=ActivityState.CANCELLED),
        make_activity(state=ActivityState.CLOSED),
    ):
        make_open_shift(activity=activity)
    make_open_shift(state="cancelled", cancelled_at=BEFORE, cancel_reason="雨")
    make_open_shift(starts_at=BEFORE - timedelta(minutes=30))
    make_open_shift(activity=make_activity("留下的"))

    assert names(someone()) == ["留下的"]


def test_members_only_stands_in_members_lists_alone():
    unit = make_unit("税务局")
    shift = make_open_shift(
        activity=make_activity("内部值守", organiser=unit, audience=Audience.MEMBERS)
    )
    member, outsider = someone(), someone("外人")
    make_membership(unit, member)

    assert (names(member), names(outsider), names()) == (["内部值守"], [], [])
    row = queries.shift_row(outsider.pk, shift.public_id, now=BEFORE)
    assert row.reasons == ("只招募本组织成员",)


@pytest.mark.parametrize(
    ("look", "shown"),
    [
        ({}, {"本社区", "邻社区", "下周日", "别类"}),
        ({"digits": 12}, {"本社区", "下周日", "别类"}),
        ({"region": "450103001006"}, {"邻社区"}),
        ({"region": "450104"}, set()),
        ({"category": "0005"}, {"别类"}),
        ({"when": When.TODAY}, {"本社区"}),
        ({"when": When.WEEK}, {"本社区", "邻社区", "别类"}),
        ({"when": When.WEEKEND}, {"邻社区", "下周日"}),
        ({"near": True}, {"本社区"}),
        ({"skilled": True}, {"本社区", "邻社区", "下周日"}),
        ({"possible": True}, {"本社区", "下周日", "别类"}),
        ({"month": date(2026, 6, 1)}, set()),
        ({"month": date(2026, 5, 20)}, {"本社区", "邻社区", "下周日", "别类"}),
    ],
)
def test_filters(look, shown):
    here, there = {"latitude": 22.8149, "longitude": 108.3350}, {"latitude": 23.5}
    make_open_shift(activity=make_activity("本社区", **here), starts_at=BEFORE + timedelta(hours=3))
    make_open_shift(
        post=make_post(
            make_activity("邻社区", region="450103001006", longitude=108.0, **there), age_min=99
        )
    )
    make_open_shift(
        activity=make_activity("下周日", longitude=108.0, **there), starts_at=SATURDAY + 8 * DAY
    )
    make_open_shift(
        post=make_post(
            make_activity("别类", categories=["0005"], latitude=None, longitude=None),
            skills=[Skill.LAW],
        ),
        starts_at=BEFORE + 2 * DAY,
    )

    assert set(names(someone(), **look)) == shown


def test_cards_gather_the_shifts_of_an_activity():
    activity = make_activity()
    for day in range(5):
        make_open_shift(activity=activity, starts_at=SATURDAY + day * DAY)
    make_open_shift(activity=make_activity("别的", categories=[]), starts_at=SATURDAY + 9 * DAY)

    first, second = queries.cards_of_shifts(found())

    assert (first.category, first.icon, len(first.shown), first.more) == ("环境保护", "leaf", 3, 2)
    assert (second.category, second.icon, second.more) == ("", "heart-handshake", 0)


def test_calendar_has_one_entry_for_an_activity_and_time():
    activity = make_activity()
    mine = make_open_shift(post=make_post(activity, "甲岗"))
    make_open_shift(post=make_post(activity, "乙岗"))
    make_open_shift(activity=make_activity("满员"), starts_at=SATURDAY + DAY, places=1)
    ShiftPlaces.objects.filter(shift__activity__name="满员").update(taken=1)
    person = someone()
    make_sign_up(mine, person)

    entries = queries.calendar_entries(found(person))

    assert [(one["day"], one["time"], one["title"], one["tone"]) for one in entries] == [
        (date(2026, 5, 16), "09:00", "清洁家园", "red"),
        (date(2026, 5, 17), "09:00", "满员", "gold"),
    ]


def test_map_points_to_duty_points_before_the_activity_itself():
    activity = make_activity()
    point = DutyPoint.objects.create(
        cell=activity.cell,
        kind="crossing",
        region_id=activity.region_id,
        name="东门路口",
        longitude=108.5,
        latitude=22.9,
        opened_at=LONG_AGO,
    )
    make_open_shift(post=make_post(activity, "东门", point=point))
    make_open_shift(post=make_post(activity, "别处"), starts_at=SATURDAY + DAY)
    make_open_shift(activity=make_activity("无处", longitude=None, latitude=None))

    drawn = queries.map_of(found(), region="450103001005")

    assert [(one["lat"], one["place"]) for one in drawn["points"]] == [
        (22.9, "东门路口"),
        (22.81, "小区广场"),
    ]
    assert len(drawn["dots"]) == 2
    assert queries.buildings_in("450103") == []


def test_activity_page_tells_everybody_what_it_is():
    activity, leader = led(hazards=["traffic"], beneficiaries=["11"], content="一起\n来")
    post = make_post(activity, qualifications=["traffic"], age_min=18, skills=[Skill.SECURITY])
    make_post(activity, "没有班次的岗", age_min=18, age_max=60)
    make_post(activity, "年纪小的岗", age_max=30)
    shifts = [make_open_shift(post=post, starts_at=SATURDAY + n * DAY) for n in range(8)]

    with CaptureQueriesContext(connection) as captured:
        page = queries.activity_page(leader, activity, person_id=None, now=BEFORE)

    assert len(captured) == 4
    assert (page.is_leader, page.leader, page.summary) == (True, "覃**", "一起 来")
    assert (page.guarantees, page.hazards, page.served) == (["饮水"], ["交通路口"], ["社会公众"])
    assert (page.next_shift.id, page.left, page.is_by_approval) == (shifts[0].pk, 40, False)
    [first, second, third] = page.posts
    assert (first.qualifications, first.skills, first.ages) == (
        ["文明交通劝导培训"],
        ["安全保卫"],
        "18 岁以上",
    )
    assert (len(first.first), len(first.rest)) == (6, 2)
    assert (second.ages, third.ages, second.rows) == ("18–60 岁", "30 岁以下", [])
    stranger = queries.activity_page(
        actor(someone("外人")), activity, person_id=None, now=SATURDAY + 30 * DAY
    )
    assert (stranger.is_leader, stranger.next_shift, stranger.left) == (False, None, 0)


def test_activity_page_keeps_what_is_going_on_until_it_ends():
    activity = make_activity()
    make_open_shift(activity=activity)
    nobody = actor(someone())

    during = queries.activity_page(
        nobody, activity, person_id=None, now=SATURDAY + timedelta(hours=1)
    )
    after = queries.activity_page(
        nobody, activity, person_id=None, now=SATURDAY + timedelta(hours=2)
    )

    assert [row.chance for row in during.rows] == [Chance.OVER]
    assert (after.rows, during.left) == ([], 0)


def test_leader_without_a_role_is_found_by_her_activity():
    activity, leader = led()

    assert list(queries.activities_led_by(leader)) == [activity]
    assert not queries.activities_led_by(actor(someone("外人"))).exists()


def test_public_json_holds_the_next_shifts_and_what_is_free():
    activity = make_activity(mode=SignUpMode.APPROVAL)
    for day in range(7):
        make_open_shift(activity=activity, starts_at=SATURDAY + day * DAY, places=3)
    first = Shift.objects.order_by("starts_at").first()
    ShiftPlaces.objects.filter(shift=first).update(taken=1, waiting=2)
    for hidden in (
        {"state": ActivityState.DRAFT},
        {"audience": Audience.MEMBERS},
        {"region": "450103001006"},
    ):
        make_open_shift(activity=make_activity(**hidden))

    with CaptureQueriesContext(connection) as captured:
        [told] = json.loads(queries.open_activities_json("450103001005", now=BEFORE))

    assert len(captured) == 1
    assert (told["name"], told["by_approval"], len(told["shifts"])) == ("清洁家园", True, 5)
    assert told["shifts"][0] == {
        "id": str(first.public_id),
        "post": "清扫",
        "starts_at": "2026-05-16T01:00:00Z",
        "ends_at": "2026-05-16T03:00:00Z",
        "places": 3,
        "free": 0,
        "waiting": 2,
    }
    assert told["shifts"][1]["free"] == 3
    assert json.loads(queries.open_activities_json("450104", now=BEFORE)) == []
    assert local_date(first.starts_at) == SATURDAY.date()


def test_answers_are_kept_for_a_second_for_each_key():
    flight, fetched = queries.SingleFlight(), []

    def fetch(key: str) -> bytes:
        fetched.append(key)
        return f"{key}{len(fetched)}".encode()

    told = [
        flight.get(key, lambda key=key: fetch(key), tick=tick)
        for key, tick in (("a", 0.0), ("a", 0.9), ("b", 0.9), ("a", 1.0))
    ]

    assert told == [b"a1", b"a1", b"b2", b"a3"]


def test_failure_is_nobodys_answer_and_old_keys_make_room():
    flight = queries.SingleFlight(keys_max=1)

    with pytest.raises(ZeroDivisionError):
        flight.get("a", lambda: bytes(1 // 0), tick=0.0)
    assert flight.get("a", lambda: b"ok", tick=0.0) == b"ok"
    flight.get("b", lambda: b"b", tick=0.0)
    assert flight.get("a", lambda: b"new", tick=0.1) == b"new"


def test_of_many_who_ask_at_once_one_fetches():
    flight, fetched, told = queries.SingleFlight(), [], []
    barrier = Barrier(8)

    def fetch() -> bytes:
        fetched.append(1)
        return b"x"

    def ask() -> None:
        barrier.wait(timeout=10)
        told.append(flight.get("a", fetch, tick=5.0))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (told, fetched) == ([b"x"] * 8, [1])
