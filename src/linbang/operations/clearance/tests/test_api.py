"""The same doors for programs, with the same refusals."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.intake.activities.choices import ActivityState, PolicyScope
from linbang.intake.activities.factories import make_activity, make_policy, make_shift
from linbang.operations.clearance import queries
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.factories import (
    make_child,
    make_credential,
    make_enrolment,
    make_frozen_list,
    make_insured,
    make_qualifications,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.models import Enrolment, GuardianConsent, Suspension, Training
from linbang.operations.clearance.tests.cast import make_helper, make_worker

pytestmark = pytest.mark.django_db
JSON = "application/json"


class Caller:
    """A signed-in program."""

    def __init__(self, someone) -> None:
        self.client = client_of(someone)

    def get(self, address):
        return self.client.get(f"/api/v1/{address}")

    def post(self, address, **body):
        return self.client.post(f"/api/v1/{address}", body, content_type=JSON)

    def delete(self, address):
        return self.client.delete(f"/api/v1/{address}")


def outcome(response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def person():
    return make_helper()


@pytest.fixture
def me(person):
    return Caller(person)


@pytest.fixture
def desk():
    return Caller(make_worker())


@pytest.fixture
def stranger():
    return Caller(make_worker("外区", region="450103001006"))


def test_clearance_tells_every_cause_and_the_way_on(me, now):
    shift = make_shift(make_activity(needs_agreement=True), starts_at=now + timedelta(days=3))

    answer = me.get(f"shifts/{shift.public_id}/clearance").json()

    assert (answer["is_cleared"], answer["is_settled_by_accepting"]) == (False, True)
    assert answer["causes"] == [
        {
            "code": "agreement_missing",
            "cause": "agreement_missing",
            "words": "还没有签署志愿服务协议",
            "next_step": "看完协议，点一下“签署”。",
            "url": f"/clearance/activities/{shift.activity.public_id}/",
            "label": "看协议",
        }
    ]


def test_clearance_of_a_ward_and_of_nobody_else(now):
    child, guardian = make_child()
    caller = Caller(guardian)
    shift = make_shift(starts_at=now + timedelta(days=3))
    draft = make_shift(make_activity(state=ActivityState.DRAFT))

    ward = caller.get(f"shifts/{shift.public_id}/clearance?person={child.public_id}").json()

    assert ward["causes"][-1]["url"].endswith(f"?person={child.public_id}")
    other = make_helper().public_id
    assert caller.get(f"shifts/{shift.public_id}/clearance?person={other}").status_code == 404
    assert caller.get(f"shifts/{draft.public_id}/clearance").status_code == 404
    assert caller.get(f"shifts/{uuid4()}/clearance").status_code == 404


def test_documents_are_told_and_accepted(me, person):
    activity = make_activity(hazards=["fire"])
    address = f"activities/{activity.public_id}"

    [document] = me.get(f"{address}/documents").json()
    changed = me.post(f"{address}/acceptances", kind="risk", digest="0" * 64)
    accepted = me.post(f"{address}/acceptances", kind="risk", digest=document["digest"])

    assert (document["kind"], document["accepted_at"]) == ("risk", None)
    assert document["items"][0]["heading"] == "服务内容"
    assert outcome(changed) == (409, "text_changed")
    assert (accepted.status_code, accepted.json()["digest"]) == (201, document["digest"])
    [again] = me.get(f"{address}/documents").json()
    assert again["accepted_at"] is not None


def test_minor_asks_guardian_answers_and_withdraws():
    activity = make_activity("植树", needs_agreement=True)
    address = f"activities/{activity.public_id}"
    child, guardian = make_child()
    minor, parent = Caller(child), Caller(guardian)
    digest = queries.document_of(activity, AcceptanceKind.AGREEMENT).digest

    asked = minor.post(f"{address}/consent-requests")
    own = minor.post(f"{address}/acceptances", kind="agreement", digest=digest)
    signed = parent.post(
        f"{address}/acceptances", kind="agreement", digest=digest, person=str(child.public_id)
    )
    [waiting] = parent.get("consent-requests").json()
    given = parent.post(f"{address}/guardian-consents", person=str(child.public_id))
    [consent] = parent.get("guardian-consents").json()

    assert (asked.status_code, signed.status_code, given.status_code) == (201, 201, 201)
    assert outcome(own) == (403, "guardian_accepts")
    assert (waiting["id"], waiting["name"], waiting["activity_name"]) == (
        asked.json()["id"],
        "小明",
        "植树",
    )
    assert parent.get("consent-requests").json() == []
    assert minor.post(f"guardian-consents/{consent['id']}/withdrawal").status_code == 404
    assert parent.post(f"guardian-consents/{consent['id']}/withdrawal").status_code == 204
    assert GuardianConsent.objects.get().withdrawn_at is not None


def test_guardian_says_no_and_grown_ups_need_none(me):
    activity = make_activity()
    address = f"activities/{activity.public_id}/consent-requests"
    child, guardian = make_child()

    asked = Caller(child).post(address).json()
    refusal = f"consent-requests/{asked['id']}/refusal"

    assert me.post(refusal).status_code == 404
    assert Caller(guardian).post(refusal).status_code == 204
    assert outcome(me.post(address)) == (409, "not_a_minor")


def test_sittings_are_listed_joined_and_left(me, person, now):
    session = make_session(starts_at=now + timedelta(days=3), places=1)

    listed = me.get("training-sessions").json()
    joined = me.post(f"training-sessions/{session.public_id}/enrolments")
    full = Caller(make_helper()).post(f"training-sessions/{session.public_id}/enrolments")
    shown = me.get(f"training-sessions/{session.public_id}").json()
    departure = f"enrolments/{joined.json()['id']}/departure"
    outside = Caller(make_helper()).post(departure)
    left = me.post(departure)

    assert [one["places_left"] for one in listed["items"]] == [1]
    assert (joined.status_code, shown["is_mine"], shown["places_left"]) == (201, True, 0)
    assert outcome(full) == (409, "session_full")
    assert (outside.status_code, left.status_code) == (404, 204)
    assert me.get("training-sessions?qualification=fire").json()["count"] == 0


def test_guardian_and_worker_enrol_others(desk, now):
    session = make_session(starts_at=now + timedelta(days=3))
    child, guardian = make_child()
    person = make_helper()
    address = f"training-sessions/{session.public_id}/enrolments"

    assert Caller(guardian).post(address, person=str(child.public_id)).status_code == 201
    assert desk.post(address, person=str(person.public_id)).status_code == 201
    assert Caller(person).post(address, person=str(child.public_id)).status_code == 404
    assert Caller(guardian).post(
        f"enrolments/{Enrolment.objects.get(person=child).public_id}/departure"
    ).status_code == 204  # fmt: skip


def test_trainings_are_kept_by_workers(desk, stranger, me, now):
    unit = make_unit()
    make_qualifications()
    given = {
        "organiser": str(unit.public_id), "region": "450103001005", "name": "消防",
        "content": "灭火", "kind": "post", "mode": "face", "learning_minutes": 90,
        "qualification": "fire",
    }  # fmt: skip
    starts_at = (now + timedelta(days=3)).replace(microsecond=0)
    sitting = {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "place": "会议室",
        "places": 20,
    }

    made = desk.post("trainings", **given)
    wrong = desk.post("trainings", **{**given, "qualification": "driving"})
    address = f"trainings/{made.json()['id']}"
    planned = desk.post(f"{address}/sessions", **sitting)
    session = f"training-sessions/{planned.json()['id']}"
    cancelled = desk.post(f"{session}/cancellation", reason="停电")

    assert (made.status_code, made.json()["learning_minutes"]) == (201, 90)
    assert outcome(wrong) == (422, "qualification_not_taught")
    assert (planned.status_code, planned.json()["places_left"]) == (201, 20)
    assert cancelled.status_code == 204
    assert me.get(session).json()["is_cancelled"] is True
    for caller in (stranger, me):
        assert caller.post("trainings", **given).status_code == 404
        assert caller.post(f"{address}/sessions", **sitting).status_code == 404
        assert caller.post(f"{session}/cancellation", reason="x").status_code == 404
        assert caller.post(f"{address}/ending").status_code == 404
    assert desk.post(f"{address}/ending").status_code == 204
    assert Training.objects.get().ended_at is not None


def test_results_become_the_record(desk, stranger, me, person, now):
    session = make_session(starts_at=now - timedelta(hours=1))
    enrolment = make_enrolment(session, person)
    address = f"enrolments/{enrolment.public_id}/result"

    passed = desk.post(address, result="passed")
    other = desk.post(address, result="failed")
    [line] = me.get("training-record").json()
    [credential] = me.get("credentials").json()

    assert (passed.status_code, passed.json()["result"]) == (200, "passed")
    assert outcome(other) == (409, "result_known")
    assert (line["name"], line["learning_minutes"]) == ("应急救护培训", 180)
    assert (credential["qualification"], credential["state"]) == ("应急救护培训", "valid")
    assert stranger.post(address, result="failed").status_code == 404


def test_credentials_are_entered_seen_and_revoked(desk, stranger, me, person, now):
    make_qualifications()
    address = f"people/{person.public_id}/credentials"
    paper = {"qualification": "driving", "number": "450103199001", "valid_from": "2026-01-01"}

    entered = desk.post(address, **paper)
    bare = desk.post(address, **{**paper, "number": ""})
    one = f"credentials/{entered.json()['id']}"
    seen = desk.post(f"{one}/unmasking", reason="verify")
    untold = desk.post(f"{one}/unmasking", reason="other")

    assert (entered.status_code, entered.json()["number"]) == (201, "********9001")
    assert outcome(bare) == (422, "credential_number_missing")
    assert seen.json() == {"number": "450103199001"}
    assert outcome(untold) == (422, "reason_missing")
    assert [row["id"] for row in desk.get(address).json()] == [entered.json()["id"]]
    for caller in (stranger, me):
        assert caller.get(address).status_code == 404
        assert caller.post(address, **paper).status_code == 404
        assert caller.post(f"{one}/unmasking", reason="verify").status_code == 404
        assert caller.post(f"{one}/revocation", reason="x").status_code == 404
    assert desk.post(f"{one}/revocation", reason="吊销").status_code == 204
    assert me.get("credentials").json()[0]["state"] == "revoked"


def test_what_ends_soon_is_listed(desk, stranger, me, person, now):
    make_credential(person, valid_until=(now + timedelta(days=20)).date())

    listed = desk.get("credentials/expiring").json()

    assert [(one["name"], one["qualification"]) for one in listed["items"]] == [
        ("王建国", "应急救护培训")
    ]
    assert desk.get("credentials/expiring?days=5").json()["count"] == 0
    assert stranger.get("credentials/expiring").json()["count"] == 0
    assert me.get("credentials/expiring").status_code == 404


def test_insured_lists_are_kept_and_exported(desk, stranger, me, person, now):
    policy = make_policy(make_unit(), scope=PolicyScope.NAMED, ends_at=now + timedelta(days=9))
    team, member = make_team(), make_helper("李四")
    make_membership(team, member)
    address = f"insured-policies/{policy.public_id}"
    officer = Caller(make_worker("林主任", role=Role.COMMUNITY_OFFICER))

    counts = [
        desk.post(f"{address}/people", person=str(person.public_id)).json()["count"],
        desk.post(f"{address}/people", organisation=str(team.public_id)).json()["count"],
        desk.post(f"{address}/people", numbers=person.volunteer.number).json()["count"],
    ]
    bad = desk.post(f"{address}/people", numbers="张三")
    listed = desk.get(f"{address}/people").json()

    assert counts == [1, 1, 0]
    assert outcome(bad) == (422, "lines_refused")
    assert "第 1 行 张三" in bad.json()["detail"]
    assert {one["name"] for one in listed["items"]} == {"王建国", "李四"}
    assert [one["people"] for one in desk.get("insured-policies").json()["items"]] == [2]
    assert outcome(desk.post(f"{address}/export", reason="insurance")) == (403, "not_allowed")
    file = officer.post(f"{address}/export", reason="insurance")
    assert (file.status_code, file["Content-Type"].endswith("sheet")) == (200, True)
    for caller in (stranger, me):
        assert caller.get(f"{address}/people").status_code == 404
        assert caller.post(f"{address}/export", reason="insurance").status_code == 404
        assert caller.delete(f"{address}/people/{person.public_id}").status_code == 404
    assert desk.delete(f"{address}/people/{person.public_id}").status_code == 204
    assert queries.insured_ids(policy) == {member.pk}


def test_frozen_list_is_shown_and_exported(desk, stranger, now):
    policy, shift = make_policy(make_unit()), make_shift()
    make_frozen_list(shift, policy, make_helper())
    address = f"shifts/{shift.public_id}/insured-list"
    officer = Caller(make_worker("林主任", role=Role.COMMUNITY_OFFICER))

    assert [one["name"] for one in desk.get(address).json()["items"]] == ["王建国"]
    assert stranger.get(address).status_code == 404
    assert officer.post(f"{address}/export", reason="insurance").status_code == 200
    assert outcome(officer.post(f"{address}/export", reason="other")) == (422, "reason_missing")


def test_pause_appeal_and_answer(desk, stranger, me, person, now):
    address = f"people/{person.public_id}/suspensions"

    imposed = desk.post(address, reason="辱骂同伴", days=7)
    silent = desk.post(address, reason=" ", days=7)
    pause = imposed.json()["id"]
    appealed = me.post(f"suspensions/{pause}/appeal", text="没有骂人")
    appeal = f"appeals/{appealed.json()['id']}/decision"
    by_imposer = desk.post(appeal, granted=True, answer="好")
    waiting = desk.get("suspensions/kept?waiting=true").json()
    decided = Caller(make_worker("李敏")).post(appeal, granted=True, answer="核实了")

    assert (imposed.status_code, imposed.json()["is_running"]) == (201, True)
    assert outcome(silent) == (422, "why_missing")
    assert outcome(by_imposer) == (403, "appeal_by_imposer")
    assert waiting["items"][0]["appeal"]["text"] == "没有骂人"
    assert decided.json()["state"] == "granted"
    [mine] = me.get("suspensions").json()
    assert (mine["is_running"], mine["appeal"]["answer"]) == (False, "核实了")
    for caller in (stranger, me):
        assert caller.post(address, reason="x").status_code == 404
        assert caller.post(f"suspensions/{pause}/lifting", reason="x").status_code == 404
        assert caller.post(appeal, granted=True, answer="x").status_code == 404
    assert stranger.post(f"suspensions/{pause}/appeal", text="x").status_code == 404
    assert desk.post(f"suspensions/{pause}/lifting", reason="x").status_code == 204
    assert desk.get("suspensions/kept").json()["count"] == 1
    assert Suspension.objects.get().lift_reason == "核实了"


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_constant_queries(rows, desk, now, django_assert_max_num_queries):
    for n in range(rows):
        policy = make_policy(make_unit(), scope=PolicyScope.NAMED)
        make_insured(policy, make_helper())
        make_suspension(make_helper(f"甲{n}"), starts_at=now)
        make_credential(make_helper(f"乙{n}"), valid_until=date(2026, 12, 20))
        make_session(make_training(f"课{n}"), starts_at=now + timedelta(days=2))

    for address in (
        "insured-policies", "suspensions/kept", "credentials/expiring", "training-sessions",
    ):  # fmt: skip
        with django_assert_max_num_queries(8):
            desk.get(address)
