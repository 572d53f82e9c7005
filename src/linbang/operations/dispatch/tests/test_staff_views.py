"""The desk of whoever leads shifts: sign-ups, rosters, stand-ins; and who may not come in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import local_date
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person
from linbang.intake.activities.choices import SignUpMode
from linbang.intake.activities.factories import make_activity, make_post
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import ProposalState, SignUpChannel, SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import (
    Reservation,
    RosterPair,
    RosterProposal,
    SignUp,
)
from linbang.operations.dispatch.tests.crowd import LONG_AGO, SYSTEM, actor, someone

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def worker() -> Client:
    clerk = make_person("张敏", region="450103001005", now=LONG_AGO)
    make_actor(clerk, Role.STATION_WORKER)
    return client_of(clerk)


@pytest.fixture
def shift(now):
    activity = make_activity(mode=SignUpMode.APPROVAL)
    return make_open_shift(activity=activity, starts_at=now + 3 * DAY, places=3)


def desk(shift) -> str:
    return f"/console/sign-ups/{shift.activity.public_id}/{shift.public_id}/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def ask(shift, name="王建国", **columns) -> SignUp:
    return make_sign_up(shift, someone(name), now=timezone.now(), **columns)


@pytest.mark.parametrize("activities", [1, 3])
def test_activities_at_hand_with_what_wants_doing(
    activities, now, worker, django_assert_num_queries
):
    for n in range(activities):
        post = make_post(make_activity(f"活动{n}", mode=SignUpMode.APPROVAL), places_min=2)
        ask(make_open_shift(post=post, starts_at=now + (n + 1) * DAY))
        make_open_shift(post=post, starts_at=now - 2 * DAY)
    worker.get("/console/sign-ups/")

    with django_assert_num_queries(7):
        page = text(worker, "/console/sign-ups/")

    assert page.count("1 人待审核") == page.count("1 个班次人手不够") == activities


def test_nothing_at_hand_is_said_kindly(worker):
    assert "近期没有活动" in text(worker, "/console/sign-ups/")
    assert "还没有要排班的活动" in text(worker, "/console/rosters/")
    assert "没有人在找替班" in text(worker, "/console/stand-ins/")
    activity = make_activity()
    assert "没有还没结束的班次" in text(worker, f"/console/sign-ups/{activity.public_id}/")


def test_desk_opens_where_somebody_waits_for_a_decision(shift, worker, now):
    make_open_shift(post=shift.post, starts_at=now + DAY)
    ask(shift)

    answer = worker.get(f"/console/sign-ups/{shift.activity.public_id}/")

    assert answer["Location"] == desk(shift)


def test_activity_leader_comes_in_without_any_role(now):
    leader = make_person("覃桂芳", now=LONG_AGO)
    shift = make_open_shift(activity=make_activity(leader=leader), starts_at=now + DAY)

    assert "清洁家园" in text(client_of(leader), desk(shift))
    assert "看报名情况" in text(client_of(leader), f"/activities/{shift.activity.public_id}/")


def test_team_leader_keeps_the_desk_of_what_the_team_organises(now):
    team, other = make_team("志愿服务队"), make_team("别的队伍")
    leader = make_person("覃桂芳", now=LONG_AGO)
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    ours, theirs = (
        make_open_shift(activity=make_activity(organiser=one), starts_at=now + DAY)
        for one in (team, other)
    )
    client = client_of(leader)

    assert client.get(desk(ours)).status_code == 200
    assert client.get(desk(theirs)).status_code == 404
    assert "志愿服务队" in text(client, "/console/sign-ups/")
    assert "别的队伍" not in text(client, "/console/sign-ups/")


def test_outsiders_find_no_desk(shift, now):
    made = ask(shift)
    elsewhere = make_person("陆文涛", region="450103001006", now=LONG_AGO)
    make_actor(elsewhere, Role.STATION_WORKER, region="450103001006")

    for client in (client_of(someone("外人")), client_of(elsewhere)):
        assert client.get(desk(shift)).status_code == 404
        for deed in ("approvals", "people", "reservations", "message"):
            assert client.post(f"{desk(shift)}{deed}/").status_code == 404
        for deed in ("refusal", "release"):
            address = f"{desk(shift)}{made.public_id}/{deed}/"
            assert client.post(address, {"reason": "x"}).status_code == 404
    for path in ("/console/sign-ups/", "/console/rosters/", "/console/stand-ins/"):
        assert client_of(someone("外人")).get(path).status_code == 404
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_takes_constant_queries(people, shift, worker, now, django_assert_num_queries):
    for _ in range(people):
        ask(shift)
    worker.get(desk(shift))

    with django_assert_num_queries(10):
        assert text(worker, desk(shift)).count('name="requests"') == people


def test_requests_are_approved_together_and_refused_one_by_one(shift, worker, now):
    first, second, third = ask(shift, "甲一"), ask(shift, "乙二"), ask(shift, "丙三")
    Suspension.objects.create(
        cell=second.person.cell,
        person=second.person,
        cause="no_shows",
        starts_at=now - DAY,
        ends_at=now + 9 * DAY,
    )

    answer = worker.post(
        f"{desk(shift)}approvals/", {"requests": [first.public_id, second.public_id]}
    )
    page = text(worker, answer["Location"])
    worker.post(f"{desk(shift)}{third.public_id}/refusal/", {"reason": "人够了"})

    assert "已录取 1 人。" in page
    assert "暂时不能报这个岗位" in page
    states = [SignUp.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == ["confirmed", "requested", "declined"]
    assert worker.post(f"{desk(shift)}approvals/", {}).status_code == 422
    assert worker.post(f"{desk(shift)}{second.public_id}/refusal/", {}).status_code == 422


def test_somebody_is_taken_off_with_a_reason(shift, worker, now):
    made = actions.sign_up_for(shift=shift.public_id, person_id=someone().pk, by=SYSTEM, now=now)

    worker.post(f"{desk(shift)}{made.public_id}/release/", {"reason": "重复报名"})

    made.refresh_from_db()
    assert (made.state, made.end_reason) == (SignUpState.RELEASED, "重复报名")
    assert "重复报名" in text(worker, desk(shift))
    assert worker.post(f"{desk(shift)}{made.public_id}/release/", {}).status_code == 422


def test_worker_finds_somebody_and_signs_her_up(shift, worker):
    person, barred = someone("欧阳建国"), make_person("欧阳小妹", now=LONG_AGO)
    page = text(worker, f"{desk(shift)}?q=欧阳")
    assert "还不是注册志愿者" in page
    assert "没有找到这样的人" in text(worker, f"{desk(shift)}?q=查无此人")

    worker.post(f"{desk(shift)}people/", {"person": person.public_id})
    refused = worker.post(f"{desk(shift)}people/", {"person": barred.public_id})

    made = SignUp.objects.get()
    assert (made.person_id, made.channel) == (person.pk, SignUpChannel.WORKER)
    assert refused.status_code == 422
    assert "还不是注册志愿者" in refused.content.decode()
    assert worker.post(f"{desk(shift)}people/", {"person": "x"}).status_code == 404


def test_places_are_reserved_for_a_unit(shift, worker):
    unit = make_unit("税务局")

    worker.post(f"{desk(shift)}reservations/", {"unit": unit.public_id, "places": 2})
    refused = worker.post(f"{desk(shift)}reservations/", {"unit": unit.public_id, "places": 9})

    assert Reservation.objects.get().places == 2
    assert refused.status_code == 422
    assert "还有 2 个名额没落实到人" in text(worker, desk(shift))


def test_message_reaches_everybody_of_shift_day_or_activity_once(now, worker):
    activity = make_activity()
    today = make_open_shift(activity=activity, starts_at=now + DAY)
    later = make_open_shift(activity=activity, starts_at=now + 5 * DAY)
    one, two = someone("甲一"), someone("乙二")
    for shift, person in ((today, one), (later, one), (later, two)):
        make_sign_up(shift, person, now=now)

    told = [
        worker.post(f"{desk(today)}message/", {"to": to, "text": f"带雨伞 {to}"})
        for to in ("shift", "day", "all")
    ]

    assert {answer.status_code for answer in told} == {302}
    lines = Notice.objects.filter(template="shift_message").order_by("id")
    assert sorted(lines.values_list("person_id", "params__text")) == sorted(
        [
            (one.pk, "带雨伞 shift"),
            (one.pk, "带雨伞 day"),
            (one.pk, "带雨伞 all"),
            (two.pk, "带雨伞 all"),
        ]
    )
    assert worker.post(f"{desk(today)}message/", {"to": "all", "text": " "}).status_code == 422


@pytest.fixture
def duty(now):
    """Two posts through a week, one of them short."""
    activity = make_activity("路口执勤")
    post = make_post(activity, "东门路口", places=2)
    return [make_open_shift(post=post, starts_at=now + n * DAY, places=2) for n in (1, 2)]


def roster(duty, now) -> str:
    week = (now + DAY).date()
    return f"/console/rosters/{duty[0].activity.public_id}/?week={week}"


@pytest.mark.parametrize("shifts", [2, 4])
def test_board_takes_constant_queries(shifts, duty, worker, now, django_assert_num_queries):
    for n in range(shifts - 2):
        make_open_shift(post=duty[0].post, starts_at=now + timedelta(days=1, hours=3 * n + 4))
    worker.get(roster(duty, now))

    with django_assert_num_queries(9):
        page = text(worker, roster(duty, now))
    assert "东门路口" in page
    assert "路口执勤" in text(worker, "/console/rosters/")


def propose(worker, duty, now, **given) -> RosterProposal:
    span = {"starts_on": now.date(), "ends_on": (now + 4 * DAY).date(), "day_cap": 1}
    path = f"/console/rosters/{duty[0].activity.public_id}/proposals/"
    answer = worker.post(path, {**span, **given})
    assert answer.status_code == 302, answer.content.decode()
    return RosterProposal.objects.latest("id")


def test_planner_looks_changes_and_confirms(duty, worker, now):
    someone("甲一")
    extra = someone("欧阳建国")
    made = propose(worker, duty, now)
    base = f"/console/rosters/proposals/{made.public_id}/"
    pair = RosterPair.objects.order_by("id").first()

    page = text(worker, base)
    worker.post(f"{base}pairs/{pair.public_id}/removal/")
    worker.post(f"{base}shifts/{duty[0].public_id}/", {"who": "欧阳建国", "day": "x"})
    unclear = worker.post(f"{base}shifts/{duty[0].public_id}/", {"who": "查无此人"})
    worker.post(f"{base}confirmation/")

    assert "确认并通知" in page
    assert unclear.status_code == 422
    assert "没有找到，或找到不止一位" in unclear.content.decode()
    made.refresh_from_db()
    assert made.state == ProposalState.CONFIRMED
    assert SignUp.objects.get(shift=duty[0]).person_id == extra.pk
    assert "每个人都收到了通知" in text(worker, base)


def test_planner_is_told_how_much_better_a_roster_could_be(duty, worker, now):
    someone("甲一")
    made = propose(worker, duty, now)
    base = f"/console/rosters/proposals/{made.public_id}/"

    met = text(worker, base)
    gap = {"shift": duty[0].pk, "day": now.date().isoformat(), "missing": 3, "causes": {}}
    made.figures = made.figures | {"gaps": [gap]}
    made.figures["proof"] |= {"open_places": 3}
    made.save(update_fields=["figures"])
    short = text(worker, base)
    made.figures["proof"] |= {"open_places": 1, "most": 60}
    made.save(update_fields=["figures"])
    better = text(worker, base)

    assert "最低人数全部排满" in met
    assert "怎么排都不会更少" in met
    assert "已证明：不可能排得更满" in short
    assert "还缺 3 人次" in short
    assert "最多还能多排 2 人次" in better
    assert "怎么排也不少于 1 小时" in better


def test_pair_is_replaced_by_whom_the_words_mean(duty, worker, now):
    someone("甲一")
    made = propose(worker, duty, now)
    other = someone("欧阳建国")
    pair = RosterPair.objects.order_by("id").first()
    base = f"/console/rosters/proposals/{made.public_id}/pairs/{pair.public_id}/replacement/"

    worker.post(base, {"who": "欧阳建国"})
    refused = worker.post(base, {"who": ""})

    pair.refresh_from_db()
    assert (pair.person_id, pair.is_by_hand, refused.status_code) == (other.pk, True, 422)


def test_proposal_is_put_away(duty, worker, now):
    someone("甲一")
    made = propose(worker, duty, now)

    worker.post(f"/console/rosters/proposals/{made.public_id}/discarding/")

    made.refresh_from_db()
    assert made.state == ProposalState.DISCARDED
    assert "已作废" in text(worker, f"/console/rosters/proposals/{made.public_id}/?day=2020-01-01")


def test_roster_of_nobody_or_backwards_is_refused(duty, worker, now):
    path = f"/console/rosters/{duty[0].activity.public_id}/proposals/"
    span = {"starts_on": now.date(), "ends_on": (now + 4 * DAY).date(), "day_cap": 1}

    nobody = worker.post(path, span)
    backwards = worker.post(path, {**span, "ends_on": (now - DAY).date()})

    assert (nobody.status_code, backwards.status_code) == (422, 422)
    assert "没有可以排的人" in nobody.content.decode()
    assert "三个月以内" in backwards.content.decode()


def test_week_is_given_to_a_unit(duty, worker, now):
    unit = make_unit("税务局")
    path = f"/console/rosters/{duty[0].activity.public_id}/keeping/"
    week = (now + DAY).date()

    worker.post(path, {"week": week, "unit": unit.public_id, "places": 1})
    refused = worker.post(path, {"week": week, "unit": "x", "places": 1})

    same_week = [one for one in duty if _week(one.starts_at) == _week(now + DAY)]
    assert Reservation.objects.filter(organisation=unit, places=1).count() == len(same_week)
    assert refused.status_code == 422


def _week(instant):
    return local_date(instant).isocalendar()[:2]


def test_rosters_of_others_are_404(duty, worker, now):
    someone("甲一")
    made = propose(worker, duty, now)
    elsewhere = make_person("陆文涛", region="450103001006", now=LONG_AGO)
    make_actor(elsewhere, Role.STATION_WORKER, region="450103001006")
    client = client_of(elsewhere)

    assert client.get(roster(duty, now)).status_code == 404
    base = f"/console/rosters/proposals/{made.public_id}/"
    assert client.get(base).status_code == 404
    for deed in ("confirmation/", "discarding/", f"shifts/{duty[0].public_id}/"):
        assert client.post(f"{base}{deed}").status_code == 404


def test_who_seeks_a_stand_in_is_seen_by_the_desk(shift, worker, now):
    seeker = someone("甲一")
    made = actions.sign_up_for(shift=shift.public_id, person_id=seeker.pk, by=SYSTEM, now=now)
    actions.seek_stand_in(sign_up_id=made.pk, by=actor(seeker), now=now, note="要出差")

    assert "要出差" in text(worker, "/console/stand-ins/")
    assert "在找替班" in text(worker, desk(shift))
