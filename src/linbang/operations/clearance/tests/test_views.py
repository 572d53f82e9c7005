"""What residents see on their phones, and what strangers do not."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_unit
from linbang.intake.activities.choices import ActivityState, PolicyScope
from linbang.intake.activities.factories import make_activity, make_policy
from linbang.operations.clearance import queries
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.factories import (
    make_acceptance,
    make_child,
    make_consent_request,
    make_credential,
    make_enrolment,
    make_guardian_consent,
    make_insured,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.models import (
    Acceptance,
    Appeal,
    ConsentRequest,
    Enrolment,
    GuardianConsent,
)
from linbang.operations.clearance.tests.cast import actor_of, make_helper

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def person():
    return make_helper()


def body(response) -> str:
    return response.content.decode()


def test_strangers_are_asked_to_sign_in(person):
    for address in ("", "record/", "trainings/", f"sessions/{uuid4()}/", f"activities/{uuid4()}/"):
        response = Client().get(f"/clearance/{address}")
        assert (response.status_code, "/sign-in/" in response.url) == (302, True)


def test_own_page_shows_what_holds_and_what_waits(person, now):
    make_credential(person, valid_until=(now + timedelta(days=400)).date())
    make_credential(make_helper(), "driving")
    make_suspension(person, starts_at=now)
    enrolled = make_session(make_training("消防课"), starts_at=now + timedelta(days=2))
    make_enrolment(enrolled, person)
    make_session(make_training("急救课"), starts_at=now + timedelta(days=3))
    policy = make_policy(
        make_unit(), scope=PolicyScope.NAMED, starts_at=now, ends_at=now + timedelta(days=9)
    )
    make_insured(policy, person)
    make_acceptance(make_activity("看过的活动"), person)
    child, _ = make_child(guardian=person)
    make_consent_request(make_activity("植树"), child)
    make_guardian_consent(make_activity("净滩"), child, person)

    page = body(client_of(person).get("/clearance/"))

    for words in (
        "活动报名暂停中", "请工作人员再看一看", "小明</b>想参加“植树”", "应急救护培训",
        "有效到", "消防课", "急救课", "演示保险", "看过的活动", "小明 · 净滩", "收回",
    ):  # fmt: skip
        assert words in page
    assert "机动车驾驶证" not in page
    assert "G45-2026-0001" not in page


def test_empty_page_says_what_one_can_do(person):
    page = body(client_of(person).get("/clearance/"))

    assert "参加培训合格，或带证书到社区服务站核验" in page
    assert "近期没有新的培训" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_own_page_takes_constant_queries(rows, person, now, django_assert_num_queries):
    make_suspension(person, starts_at=now)
    child, _ = make_child(guardian=person)
    for n in range(rows):
        make_credential(person)
        make_acceptance(make_activity(), person)
        make_consent_request(make_activity(), child)
        make_guardian_consent(make_activity(), child, person)
        make_session(make_training(f"课{n}"), starts_at=now + timedelta(days=3))
        make_enrolment(
            make_session(make_training(f"报了{n}"), starts_at=now + timedelta(days=2)), person
        )
    client = client_of(person)

    with django_assert_num_queries(18):
        client.get("/clearance/")


def test_profile_leads_here(person):
    assert 'href="/clearance/"' in body(client_of(person).get("/me/"))


def test_suspended_person_appeals(person, now):
    pause = make_suspension(person, starts_at=now)
    client = client_of(person)
    address = f"/clearance/suspensions/{pause.public_id}/appeal/"

    empty = client.post(address, {"text": ""})
    sent = client.post(address, {"text": "我去了，没带手机。"})
    again = client.post(address, {"text": "再说一次"})

    assert (empty.status_code, sent.status_code, again.status_code) == (422, 302, 422)
    assert "您已经申诉过了" in body(again)
    assert Appeal.objects.get().text == "我去了，没带手机。"
    page = body(client.get("/clearance/"))
    assert "我去了，没带手机。" in page
    assert "申诉：待处理" in page
    assert client_of(make_helper()).post(address, {"text": "x"}).status_code == 404


def test_training_record_adds_up_learning_time(person, now):
    for name in ("甲课", "乙课"):
        session = make_session(make_training(name), starts_at=now - timedelta(days=9))
        make_enrolment(session, person, result="passed", decided_at=now)
    make_enrolment(make_session(make_training("没过")), person, result="failed", decided_at=now)

    page = body(client_of(person).get("/clearance/record/"))

    assert "一共学习 6 小时" in page
    assert "甲课" in page
    assert "没过" not in page
    assert "还没有培训记录" in body(client_of(make_helper()).get("/clearance/record/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_training_list_takes_constant_queries(rows, person, now, django_assert_num_queries):
    training = make_training()
    for _ in range(rows):
        make_session(training, starts_at=now + timedelta(days=3))
    client = client_of(person)

    with django_assert_num_queries(12):
        page = body(client.get("/clearance/trainings/"))

    assert page.count("去报名") == rows


def test_training_list_is_narrowed_by_qualification(person, now):
    make_session(make_training("急救课"), starts_at=now + timedelta(days=3))
    client = client_of(person)

    assert "急救课" in body(client.get("/clearance/trainings/?qualification=first-aid"))
    assert "近期没有这类培训" in body(client.get("/clearance/trainings/?qualification=fire"))
    assert "急救课" in body(client.get("/clearance/trainings/?qualification=nonsense"))


def test_person_enrols_and_leaves_by_hand(person, now):
    session = make_session(starts_at=now + timedelta(days=3))
    client, address = client_of(person), f"/clearance/sessions/{session.public_id}/"

    assert "报名这一场" in body(client.get(address))
    joined = client.post(f"{address}enrolment/", follow=True)
    assert "报名成功" in body(joined)
    assert "去不了，退出" in body(joined)
    left = client.post(f"{address}departure/", follow=True)
    assert "已退出" in body(left)
    assert client.post(f"{address}departure/").status_code == 404
    assert Enrolment.objects.get().left_at is not None


def test_guardian_enrols_a_child_and_nobody_elses(now):
    session = make_session(starts_at=now + timedelta(days=3))
    child, guardian = make_child()
    other, _ = make_child("别人家", guardian=make_helper())
    client, address = client_of(guardian), f"/clearance/sessions/{session.public_id}/"

    page = body(client.get(f"{address}?person={child.public_id}"))
    client.post(f"{address}enrolment/", {"person": child.public_id})

    assert "为孩子报名这一场" in page
    assert Enrolment.objects.get().person_id == child.pk
    assert client.get(f"{address}?person={other.public_id}").status_code == 404
    assert client.get(f"{address}?person=x").status_code == 404
    assert client.post(f"{address}enrolment/", {"person": other.public_id}).status_code == 404


def test_session_page_says_why_one_cannot_enrol(person, now):
    training = make_training()
    full = make_session(training, starts_at=now + timedelta(days=3), places=1)
    make_enrolment(full)
    begun = make_session(training, starts_at=now - timedelta(minutes=5))
    off = make_session(
        training, starts_at=now + timedelta(days=3), cancelled_at=now, cancel_reason="停电"
    )
    client = client_of(person)

    def page(session):
        return body(client.get(f"/clearance/sessions/{session.public_id}/"))

    assert "名额已满" in page(full)
    assert "已经开始" in page(begun)
    assert "已取消：停电" in page(off)
    refused = client.post(f"/clearance/sessions/{full.public_id}/enrolment/")
    assert (refused.status_code, "名额已满" in body(refused)) == (409, True)


def risky(**columns):
    unit = make_unit()
    return make_activity(
        "路口劝导",
        organiser=unit,
        hazards=["traffic"],
        policy=make_policy(unit),
        needs_agreement=True,
        **columns,
    )


def test_documents_are_read_and_accepted(person):
    activity = risky()
    client, address = client_of(person), f"/clearance/activities/{activity.public_id}/"
    digest = queries.document_of(activity, AcceptanceKind.RISK).digest

    page = body(client.get(address))
    unread = client.post(f"{address}acceptances/", {"kind": "risk", "digest": digest})
    given = {"person": person.public_id, "kind": "risk", "digest": digest, "is_read": "on"}
    changed = client.post(f"{address}acceptances/", {**given, "digest": "0" * 64})
    accepted = client.post(f"{address}acceptances/", given, follow=True)

    for words in ("风险告知", "志愿服务协议", "有人身危险", digest, "注意防滑。"):
        assert words in page
    assert unread.status_code == changed.status_code == 422
    assert "内容刚刚有更新" in body(changed)
    assert "已同意" in body(accepted)
    assert "去报名" not in body(accepted)
    assert Acceptance.objects.get().text_digest == digest
    agreed = queries.document_of(activity, AcceptanceKind.AGREEMENT).digest
    done = client.post(
        f"{address}acceptances/", {**given, "kind": "agreement", "digest": agreed}, follow=True
    )
    assert "都办好了，可以报名。" in body(done)
    assert f'href="/activities/{activity.public_id}/"' in body(done)


def test_what_was_accepted_can_be_read_again_by_oneself(person):
    activity = risky()
    digest = queries.document_of(activity, AcceptanceKind.RISK).digest
    client = client_of(person)
    client.post(
        f"/clearance/activities/{activity.public_id}/acceptances/",
        {"person": person.public_id, "kind": "risk", "digest": digest, "is_read": "on"},
    )
    activity.risk_text, activity.risk_version = "新的风险", 2
    activity.save(update_fields=["risk_text", "risk_version"])
    address = f"/clearance/acceptances/{Acceptance.objects.get().pk}/"

    page = body(client.get(address))

    assert "注意防滑。" in page
    assert "新的风险" not in page
    assert "已有新版本" in body(client.get("/clearance/"))
    assert client_of(make_helper()).get(address).status_code == 404
    assert client.get("/clearance/acceptances/999999999/").status_code == 404


def test_acceptance_without_a_kept_text_is_not_found(person):
    acceptance = make_acceptance(make_activity(), person)

    assert client_of(person).get(f"/clearance/acceptances/{acceptance.pk}/").status_code == 404


def test_plain_activity_asks_nothing(person):
    activity = make_activity()

    page = body(client_of(person).get(f"/clearance/activities/{activity.public_id}/"))

    assert "这项活动不用另外签文件" in page


def test_drafts_and_other_peoples_children_are_not_there(person):
    draft = make_activity(state=ActivityState.DRAFT)
    activity = make_activity()
    child, _ = make_child()
    client = client_of(person)

    for address in (
        f"/clearance/activities/{draft.public_id}/",
        f"/clearance/activities/{activity.public_id}/?person={child.public_id}",
        f"/clearance/activities/{activity.public_id}/?person=nonsense",
    ):
        assert client.get(address).status_code == 404


def test_minor_asks_and_guardian_agrees():
    activity = make_activity("植树", needs_agreement=True)
    child, guardian = make_child()
    address = f"/clearance/activities/{activity.public_id}/"
    minor, parent = client_of(child), client_of(guardian)

    before = body(minor.get(address))
    assert "请监护人同意" in before
    assert "由监护人用自己的手机登录后确认" in before
    assert "已经告诉监护人了" in body(minor.post(f"{address}request/", follow=True))
    asked = body(parent.get(f"{address}?person={child.public_id}"))
    assert "我是监护人，同意参加" in asked
    assert "签署协议" in asked
    agreed = parent.post(f"{address}consent/", {"person": child.public_id}, follow=True)
    assert "收回同意" in body(agreed)
    assert ConsentRequest.objects.get().is_granted is True

    consent = GuardianConsent.objects.get()
    withdrawal = f"/clearance/consents/{consent.public_id}/withdrawal/"
    assert minor.post(withdrawal).status_code == 404
    assert parent.post(withdrawal).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_guardian_says_no():
    child, guardian = make_child()
    request = make_consent_request(make_activity(), child)
    address = f"/clearance/requests/{request.public_id}/refusal/"

    assert client_of(make_helper()).post(address).status_code == 404
    assert client_of(guardian).post(address).status_code == 302
    request.refresh_from_db()
    assert request.is_granted is False


def test_child_without_guardian_and_danger_are_explained():
    child = make_helper("小红", birth_date=date(2012, 1, 1))
    client = client_of(child)

    plain = body(client.get(f"/clearance/activities/{make_activity().public_id}/"))
    danger = body(client.get(f"/clearance/activities/{risky().public_id}/"))

    assert "请监护人带证件到社区服务站办理" in plain
    assert "不招募未成年人" in danger


@pytest.mark.parametrize("documents", [1, 2])
def test_page_before_taking_part_takes_constant_queries(
    documents, person, django_assert_max_num_queries
):
    activity = risky() if documents == 2 else make_activity(needs_agreement=True)
    client = client_of(person)

    with django_assert_max_num_queries(15):
        client.get(f"/clearance/activities/{activity.public_id}/")


def test_before_of_tells_whose_turn_it_is():
    activity = make_activity(needs_agreement=True)
    child, guardian = make_child()
    grown = make_helper()
    today = timezone.now()

    own = queries.before_of(actor_of(child), activity, child, now=today)
    parents = queries.before_of(actor_of(guardian), activity, child, now=today)
    adults = queries.before_of(actor_of(grown), activity, grown, now=today)

    assert [one.may_accept for one in (own, parents, adults)] == [False, True, True]
    assert [one.needs_consent for one in (own, parents, adults)] == [True, True, False]
