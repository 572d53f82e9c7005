"""Pages of those who look for shifts and sign up: what they say, and to whom."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ActivityState, SignUpMode
from linbang.intake.activities.factories import make_activity, make_policy, make_post
from linbang.operations.clearance.models import Acceptance
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import SignUpState, StandInState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp, StandIn
from linbang.operations.dispatch.tests.crowd import LONG_AGO, actor, someone

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def shift(now):
    """A shift of three places in three days."""
    activity = make_activity(conditions="请带水杯", address="东门内")
    return make_open_shift(activity=activity, starts_at=now + 3 * DAY, places=3)


def step(shift) -> str:
    return f"/activities/{shift.activity.public_id}/sign-up/{shift.public_id}/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sign_up(shift, person, now, **columns) -> SignUp:
    return make_sign_up(shift, person, now=now, **columns)


@pytest.mark.parametrize("view", ["list", "calendar", "map"])
def test_strangers_and_members_see_what_is_open(view, shift):
    for client in (Client(), client_of(someone())):
        page = text(client, f"/activities/?view={view}")
        assert "清洁家园" in page
    assert "只看我能报的" not in text(Client(), "/activities/")


@pytest.mark.parametrize(("size", "view"), [(1, "list"), (3, "list"), (3, "map"), (30, "list")])
def test_list_takes_constant_queries(size, view, now, django_assert_num_queries):
    for n in range(size):
        make_open_shift(activity=make_activity(f"活动{n}"), starts_at=now + (n + 1) * DAY)
    client = client_of(someone())
    client.get("/activities/")

    with django_assert_num_queries(6):
        text(client, f"/activities/?view={view}")
    with django_assert_num_queries(1):
        text(Client(), f"/activities/?view={view}")


@pytest.mark.parametrize(
    "query",
    ["?within=x&when=never&sort=up&month=2026-99", "?region=abc", "?month=2026-05&view=calendar"],
)
def test_nonsense_in_the_address_is_left_out(query, shift):
    assert Client().get(f"/activities/{query}").status_code == 200
    assert client_of(someone()).get(f"/activities/{query}").status_code == 200


def test_shared_link_has_a_preview_and_all_facts(shift):
    page = text(Client(), f"/activities/{shift.activity.public_id}/")

    for words in (
        '<meta property="og:title" content="清洁家园">',
        "dispatch/preview.jpg",
        '<meta name="description" content="一起打扫小区。">',
        "小区广场",
        "注意防滑。",
        "饮水",
        "0771-0000000",
        "还有 3 个名额",
        step(shift),
    ):
        assert words in page


def test_drafts_have_no_page(shift):
    draft = make_activity(state=ActivityState.DRAFT)

    assert Client().get(f"/activities/{draft.public_id}/").status_code == 404
    assert client_of(someone()).get(step(make_open_shift(activity=draft))).status_code == 404


def test_stranger_signs_in_and_comes_back(shift):
    answer = Client().get(step(shift))

    assert answer.status_code == 302
    assert f"next={step(shift)}" in answer["Location"]


def test_signing_up_leads_to_what_one_needs_to_know(shift, now):
    person = someone()
    client = client_of(person)
    assert "确认报名" in text(client, step(shift))

    answer = client.post(step(shift), {"key": "k1"})

    made = SignUp.objects.get()
    assert answer["Location"] == f"/sign-ups/{made.public_id}/"
    page = text(client, answer["Location"])
    for words in ("报名成功，到时见！", "请带水杯", "东门内", "加到手机日历", "我来不了了"):
        assert words in page
    assert client.post(step(shift), {"key": "k1"})["Location"] == answer["Location"]
    assert "已经报过这个班次" in text(client, step(shift))


def test_place_goes_into_ones_calendar(shift, now):
    person = someone()
    made = sign_up(shift, person, now)

    answer = client_of(person).get(f"/sign-ups/{made.public_id}/calendar.ics")

    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"].startswith("text/calendar")
    assert event["uid"] == f"shift-{made.public_id}@linbang"
    assert event.decoded("dtstart") == shift.starts_at.replace(microsecond=0)
    assert (event["status"], event["location"]) == ("CONFIRMED", "小区广场 东门内")
    actions.withdraw_sign_up(sign_up_id=made.pk, by=actor(person), now=now)
    again = client_of(person).get(f"/sign-ups/{made.public_id}/calendar.ics")
    assert b"STATUS:CANCELLED" in again.content


def test_outsiders_see_nothing_of_a_sign_up(shift, now):
    made = sign_up(shift, someone(), now)
    outsider = client_of(someone("外人"))
    base = f"/sign-ups/{made.public_id}/"

    assert outsider.get(base).status_code == 404
    assert outsider.get(f"{base}calendar.ics").status_code == 404
    for deed in ("withdrawal", "taking", "declining", "stand-in", "swap"):
        assert outsider.post(f"{base}{deed}/").status_code == 404
    made.refresh_from_db()
    assert made.state == SignUpState.CONFIRMED


def test_one_button_takes_the_place_back(shift, now):
    person = someone()
    made = sign_up(shift, person, now)
    client = client_of(person)

    answer = client.post(f"/sign-ups/{made.public_id}/withdrawal/", {"reason": "家里有事"})

    page = text(client, answer["Location"])
    assert "家里有事" in page
    assert "已退出" in page


def test_late_withdrawal_is_warned_of(now):
    shift, person = make_open_shift(starts_at=now + timedelta(hours=5)), someone()
    client = client_of(person)
    assert "报名后再退出会留下一条记录" in text(client, step(shift))
    made = sign_up(shift, person, now)
    assert "退出会记下一条" in text(client, f"/sign-ups/{made.public_id}/")

    client.post(f"/sign-ups/{made.public_id}/withdrawal/")

    assert "已记下一条" in text(client, f"/sign-ups/{made.public_id}/")


def test_begun_shift_refuses_on_the_page_itself(now):
    shift, person = make_open_shift(starts_at=now + timedelta(minutes=5)), someone()
    made = sign_up(shift, person, now)
    shift.starts_at = now - timedelta(minutes=5)
    shift.save(update_fields=["starts_at"])

    answer = client_of(person).post(f"/sign-ups/{made.public_id}/withdrawal/")

    assert answer.status_code == 422
    assert "班次已经开始，不能再改报名" in answer.content.decode()


def test_waiting_held_and_taken_as_the_pages_tell_it(now):
    shift = make_open_shift(starts_at=now + 3 * DAY, places=1)
    first, person = someone("甲一"), someone()
    holder = sign_up(shift, first, now)
    client = client_of(person)
    assert "加入候补" in text(client, step(shift))
    client.post(step(shift), {"waits": "on"})
    made = SignUp.objects.get(person=person)
    base = f"/sign-ups/{made.public_id}/"
    assert "候补第 1 位" in text(client, base)
    actions.withdraw_sign_up(sign_up_id=holder.pk, by=actor(first), now=now)
    actions.fill_places(shift_ids=[shift.pk], now=now)

    held = text(client, base)
    home = text(client, "/")
    client.post(f"{base}taking/")

    assert "有一个名额为您留着" in held
    assert "有名额了：清洁家园" in home
    assert "报名成功" in text(client, base)


def test_declined_place_is_thanked_for(now):
    shift = make_open_shift(starts_at=now + 3 * DAY, places=1)
    first, person = someone("甲一"), someone()
    holder, made = sign_up(shift, first, now), sign_up(shift, person, now, waits=True)
    actions.withdraw_sign_up(sign_up_id=holder.pk, by=actor(first), now=now)
    actions.fill_places(shift_ids=[shift.pk], now=now)

    client = client_of(person)
    client.post(f"/sign-ups/{made.public_id}/declining/")

    made.refresh_from_db()
    assert made.state == SignUpState.WITHDRAWN


def test_request_waits_for_the_leader(now):
    shift = make_open_shift(
        activity=make_activity(mode=SignUpMode.APPROVAL), starts_at=now + 3 * DAY
    )
    client = client_of(someone())
    assert "提交申请" in text(client, step(shift))

    answer = client.post(step(shift))

    assert "等负责人审核" in text(client, answer["Location"])


def test_every_reason_why_not_and_what_to_do_next(now):
    post = make_post(make_activity(), qualifications=["first-aid"], age_min=99)
    shift = make_open_shift(post=post, starts_at=now + 3 * DAY)

    page = text(client_of(someone()), step(shift))

    for words in ("未到岗位年龄", "缺少所需资格（应急救护培训）", "换一个岗位", "看培训"):
        assert words in page
    assert client_of(someone("乙二")).post(step(shift)).status_code == 422


def test_risk_is_read_and_accepted_on_the_way(now):
    organiser = make_unit("交警大队")
    policy = make_policy(organiser, starts_at=now - DAY, ends_at=now + 30 * DAY)
    activity = make_activity(hazards=["traffic"], organiser=organiser, policy=policy)
    shift, person = make_open_shift(activity=activity, starts_at=now + 3 * DAY), someone()
    client = client_of(person)
    page = text(client, step(shift))
    assert "我已看完并接受" in page
    digest = page.split('name="digest_risk" value="')[1].split('"')[0]

    unread = client.post(step(shift), {"digest_risk": digest})
    read = client.post(step(shift), {"digest_risk": digest, "accepts_risk": "on"})

    assert unread.status_code == 422
    assert "请先看完，再打勾。" in unread.content.decode()
    assert read.status_code == 302
    assert Acceptance.objects.get().person_id == person.pk
    assert SignUp.objects.get().state == SignUpState.CONFIRMED


def test_full_shift_without_waiting_says_so_after_the_tap(shift, now):
    for _ in range(3):
        sign_up(shift, someone("甲一"), now)

    answer = client_of(someone()).post(step(shift), {})

    assert answer.status_code == 422
    assert "名额已经满了" in answer.content.decode()


def make_ward(guardian: Person) -> Person:
    child = make_volunteer("小明", birth_date=date(2014, 1, 1), now=LONG_AGO).person
    make_kinship(child, guardian, is_guardian=True)
    return child


def test_guardian_signs_a_child_up_once_she_consents(shift):
    guardian = someone()
    child = make_ward(guardian)
    client, address = client_of(guardian), f"{step(shift)}?person={child.public_id}"

    before = text(client, address)
    client.post(
        f"/clearance/activities/{shift.activity.public_id}/consent/",
        {"person": child.public_id},
    )
    answer = client.post(address)

    assert "小明 现在还不能报，因为" in before
    assert "需要监护人同意参加这项活动" in before
    made = SignUp.objects.get()
    assert (made.person_id, answer.status_code) == (child.pk, 302)
    assert "小明 的报名" in text(client, answer["Location"])
    assert "小明" in text(client, step(shift))


def test_other_peoples_children_are_nobodys_to_sign_up(shift):
    child = make_ward(someone())

    answer = client_of(someone("外人")).get(f"{step(shift)}?person={child.public_id}")

    assert answer.status_code == 404
    assert client_of(someone("外人")).get(f"{step(shift)}?person=x").status_code == 404
    other = make_activity().public_id
    mixed = f"/activities/{other}/sign-up/{shift.public_id}/"
    assert client_of(someone("外人")).get(mixed).status_code == 404


def test_stand_in_is_sought_offered_and_taken(shift, now):
    seeker, helper = someone("甲一"), someone("乙二")
    made = sign_up(shift, seeker, now)
    mine = client_of(seeker)
    mine.post(f"/sign-ups/{made.public_id}/stand-in/", {"note": "带孩子看病"})
    assert "正在找人替您" in text(mine, f"/sign-ups/{made.public_id}/")
    theirs = client_of(helper)
    page = text(theirs, "/stand-ins/")
    assert "带孩子看病" in page
    assert "甲*" in page
    assert "甲一" not in page

    search = StandIn.objects.get()
    answer = theirs.post(f"/stand-ins/{search.public_id}/taking/")

    assert "报名成功" in text(theirs, answer["Location"])
    assert "已有人替班" in text(mine, f"/sign-ups/{made.public_id}/")


def test_stand_ins_are_shown_to_those_who_could(shift, now):
    seeker, busy, far = someone("甲一"), someone("乙二"), someone("丙三", region="450103001006")
    elsewhere = make_open_shift(starts_at=shift.starts_at)
    made = sign_up(shift, seeker, now)
    sign_up(elsewhere, busy, now)
    actions.seek_stand_in(sign_up_id=made.pk, by=actor(seeker), now=now)

    assert "没有人找替班" in text(client_of(busy), "/stand-ins/")
    assert "没有人找替班" in text(client_of(seeker), "/stand-ins/")
    assert "甲*" in text(client_of(far), "/stand-ins/")


@pytest.mark.parametrize("searches", [1, 3])
def test_stand_in_list_takes_constant_queries(searches, now, django_assert_num_queries):
    for n in range(searches):
        shift = make_open_shift(starts_at=now + (n + 2) * DAY)
        seeker = someone(f"甲{n}")
        made = sign_up(shift, seeker, now)
        actions.seek_stand_in(sign_up_id=made.pk, by=actor(seeker), now=now)
    client = client_of(someone())
    client.get("/stand-ins/")

    with django_assert_num_queries(9):
        assert text(client, "/stand-ins/").count("我来替") == searches


def test_search_is_stopped_by_the_seeker_alone(shift, now):
    seeker = someone("甲一")
    made = sign_up(shift, seeker, now)
    search = actions.seek_stand_in(sign_up_id=made.pk, by=actor(seeker), now=now)
    address = f"/stand-ins/{search.public_id}/ending/"

    assert client_of(someone("外人")).post(address).status_code == 404
    client_of(seeker).post(address)

    search.refresh_from_db()
    assert search.state == StandInState.WITHDRAWN


def make_pair(now):
    activity = make_activity()
    return [
        sign_up(
            make_open_shift(activity=activity, starts_at=now + (n + 2) * DAY, places=1),
            someone(name),
            now,
        )
        for n, name in enumerate(("甲一", "乙二"))
    ]


def test_two_swap_their_shifts(now):
    mine, theirs = make_pair(now)
    asker, other = client_of(mine.person), client_of(theirs.person)
    page = text(asker, f"/sign-ups/{mine.public_id}/")
    assert "乙*" in page
    asker.post(f"/sign-ups/{mine.public_id}/swap/", {"other": theirs.public_id, "note": "周六有事"})
    assert "周六有事" in text(other, f"/sign-ups/{theirs.public_id}/")

    search = StandIn.objects.get()
    outsider = client_of(someone("外人")).post(f"/stand-ins/{search.public_id}/agreement/")
    answer = other.post(f"/stand-ins/{search.public_id}/agreement/")

    assert outsider.status_code == 404
    assert "报名成功" in text(other, answer["Location"])
    mine.refresh_from_db()
    assert mine.state == SignUpState.REPLACED


def test_swap_is_refused_kindly(now):
    mine, theirs = make_pair(now)
    client_of(mine.person).post(
        f"/sign-ups/{mine.public_id}/swap/", {"other": theirs.public_id, "note": ""}
    )
    search = StandIn.objects.get()

    answer = client_of(theirs.person).post(f"/stand-ins/{search.public_id}/refusal/")

    assert answer["Location"] == f"/sign-ups/{theirs.public_id}/"
    search.refresh_from_db()
    assert search.state == StandInState.DECLINED


def test_swap_needs_somebody_to_swap_with(shift, now):
    person = someone()
    made = sign_up(shift, person, now)

    answer = client_of(person).post(f"/sign-ups/{made.public_id}/swap/", {"other": "x"})

    assert answer.status_code == 422


@pytest.fixture
def squad():
    """A team, its leader, and two members."""
    team = make_team("红袖章队")
    leader = make_person("韦队长", now=LONG_AGO)
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    members = [someone("队员甲"), someone("队员乙")]
    for one in members:
        make_membership(team, one)
    return team, leader, members


def test_team_leader_signs_members_up_from_the_activity(shift, squad):
    team, leader, (first, second) = squad
    client = client_of(leader)
    assert f"/shifts/{shift.public_id}/teams/" in text(
        client, f"/activities/{shift.activity.public_id}/"
    )
    sheet = client.get(f"/shifts/{shift.public_id}/teams/")["Location"]
    assert team.name in text(client, sheet)

    answer = client.post(sheet, {"people": [first.public_id, second.public_id]})

    report = answer.content.decode()
    assert report.count("报名成功") == 2
    assert SignUp.objects.filter(shift=shift).count() == 2
    assert "已录取" in text(client, sheet)
    assert client.post(sheet, {}).status_code == 422


def test_unit_fills_its_reserved_places(shift, squad, now):
    team, leader, (first, _) = squad
    kept = actions.reserve_places(
        shift=shift.public_id, organisation_id=team.pk, places=1, by=make_worker(), now=now
    )
    client, address = client_of(leader), f"/reservations/{kept.public_id}/"
    assert "为你们留着 1 个" in text(client, address)

    answer = client.post(address, {"people": [first.public_id]})

    assert "报名成功" in answer.content.decode()
    assert "都已落实到人" in text(client, address)
    assert client_of(someone("外人")).get(address).status_code == 404


def test_who_leads_no_team_is_told_so(shift, squad):
    team, _, (member, _) = squad
    client = client_of(member)

    assert "您还没有带队" in text(client, f"/shifts/{shift.public_id}/teams/")
    assert client.get(f"/shifts/{shift.public_id}/teams/{team.public_id}/").status_code == 404
    assert "为队员报名" not in text(client, f"/activities/{shift.activity.public_id}/")


@pytest.mark.parametrize("members", [1, 3])
def test_team_sheet_takes_constant_queries(members, shift, django_assert_num_queries):
    team, leader = make_team("红袖章队"), make_person("韦队长", now=LONG_AGO)
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    for _ in range(members):
        make_membership(team, someone())
    client = client_of(leader)
    address = f"/shifts/{shift.public_id}/teams/{team.public_id}/"
    client.get(address)

    with django_assert_num_queries(10):
        assert text(client, address).count('name="people"') == members
