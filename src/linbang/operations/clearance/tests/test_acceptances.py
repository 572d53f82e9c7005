"""Risk notices and agreements: what they say, who accepts, and what is kept."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from linbang.foundation.access.choices import Role
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.errors import PersonClosed, PersonUnconfirmed
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.people.models import Kinship
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
    make_post,
    make_shift,
)
from linbang.operations.clearance import actions, errors, queries, rules
from linbang.operations.clearance.choices import AcceptanceKind, AgreementCause
from linbang.operations.clearance.factories import make_child
from linbang.operations.clearance.models import Acceptance, AcceptedText
from linbang.operations.clearance.tests.cast import (
    SYSTEM,
    actor_of,
    make_helper,
    make_worker,
    trail,
)

pytestmark = pytest.mark.django_db
RISK, AGREEMENT = AcceptanceKind.RISK, AcceptanceKind.AGREEMENT


def make_crossing(**columns):
    unit = make_unit("新竹居委会")
    return make_activity(
        "文明路口劝导",
        **{
            "organiser": unit,
            "hazards": ["traffic"],
            "policy": make_policy(unit),
            "risk_text": "路口车多，站在安全岛内。",
            "conditions": "会用普通话。",
            "guarantee_note": "雨天提供雨衣。",
            "allowance_fen": 2000,
            "needs_agreement": True,
            "address": "民族大道 1 号",
            "contact_phone": "0771-5550000",
            **columns,
        },
    )


def test_agreement_says_all_ten_things():
    activity = make_crossing()
    make_post(activity, "劝导员", tasks="提醒行人", qualifications=["traffic"])
    make_shift(activity, post=activity.posts.get(), minutes=120)

    items = dict(queries.document_of(activity, AGREEMENT).items)

    assert list(items) == [
        "双方", "服务内容", "服务方式", "服务时间", "服务地点",
        "参加条件与工作保障", "风险与安全保障", "培训与资格", "费用", "权利义务、变更与争议",
    ]  # fmt: skip
    assert "组织方：新竹居委会（联系人：梁敏，电话：0771-5550000）" in items["双方"]
    assert items["服务方式"] == "劝导员：提醒行人"
    assert items["服务时间"] == (
        "2026-05-16 09:00 至 2026-05-16 11:00，共 1 个班次；每个人以自己报名的班次为准。"
    )
    assert items["服务地点"] == "小区广场 · 民族大道 1 号"
    assert items["参加条件与工作保障"] == "会用普通话。\n组织方提供：饮水。\n雨天提供雨衣。"
    assert items["风险与安全保障"].splitlines()[:3] == [
        "可能有人身危险：交通路口。",
        "路口车多，站在安全岛内。",
        "组织方已投保人身意外伤害保险（演示保险）。",
    ]
    assert items["培训与资格"].startswith("部分岗位需要：文明交通劝导培训。")
    assert "每人每天不超过 20.00 元" in items["费用"]


def test_bare_activity_still_makes_a_whole_agreement():
    activity = make_activity(
        content="",
        place_name="",
        risk_text="",
        guarantees=[],
        contact_name="",
        contact_phone="",
    )

    items = dict(queries.document_of(activity, AGREEMENT).items)

    assert "联系人：未填，电话：未填" in items["双方"]
    assert items["服务内容"] == "清洁家园"
    assert items["服务方式"] == "听从现场负责人安排。"
    assert items["服务时间"] == "以公布的班次为准。"
    assert items["服务地点"] == "以通知为准。"
    assert items["参加条件与工作保障"] == "没有特别条件。"
    assert items["培训与资格"] == "上岗前由组织方说明要求，不需要专门资格。"
    assert "补贴" not in items["费用"]


def test_risk_notice_is_short_and_kept_in_chinese():
    activity = make_crossing()
    chinese = queries.document_of(activity, RISK)

    with translation.override("en"):
        english = queries.document_of(activity, RISK)

    assert [heading for heading, _ in chinese.items] == [
        "服务内容", "服务时间", "服务地点", "参加条件与工作保障", "风险与安全保障",
    ]  # fmt: skip
    assert english.items[0][0] == "What is done"
    assert english.text == chinese.text
    assert english.digest == chinese.digest == rules.digest_of(chinese.text)
    assert chinese.text.startswith("文明路口劝导 · 风险告知\n\n1. 服务内容\n")


@pytest.mark.parametrize(
    ("columns", "document", "kinds"),
    [
        ({}, DocumentType.RESIDENT_ID, ()),
        ({"hazards": ["fire"]}, DocumentType.RESIDENT_ID, (RISK,)),
        ({"needs_agreement": True}, DocumentType.RESIDENT_ID, (AGREEMENT,)),
        ({"hazards": ["fire"], "needs_agreement": True}, DocumentType.PASSPORT, (RISK, AGREEMENT)),
        ({}, DocumentType.FOREIGN_PERMANENT, (AGREEMENT,)),
    ],
)
def test_only_what_is_asked_for_is_shown(columns, document, kinds):
    person = make_person(document_type=document)

    assert queries.kinds_for(make_activity(**columns), person) == kinds


def test_agreement_says_why_it_is_asked_for():
    activity = make_crossing(is_outside_city=True, wants_agreement=True)
    make_shift(activity)
    make_shift(activity, starts_at=SATURDAY + timedelta(days=29))

    assert queries.agreement_causes_of(activity, make_person(document_type="05")) == (
        AgreementCause.HIGH_RISK,
        AgreementCause.LONG,
        AgreementCause.OUTSIDE_CITY,
        AgreementCause.FOREIGNER,
        AgreementCause.ASKED_FOR,
    )
    assert queries.agreement_causes_of(make_activity(), make_person()) == ()


def test_person_accepts_what_she_read():
    activity, person = make_crossing(), make_helper()
    document = queries.document_of(activity, RISK)

    accepted = actions.accept_risk(
        activity_id=activity.pk,
        person_id=person.pk,
        digest=document.digest,
        by=actor_of(person),
        now=BEFORE,
    )

    assert (accepted.kind, accepted.version, accepted.text_digest, accepted.given_by_id) == (
        "risk",
        1,
        document.digest,
        person.pk,
    )
    assert AcceptedText.objects.get().text == document.text
    assert trail() == ["clearance.accept_risk"]


def test_accepting_twice_is_once_and_the_text_is_kept_once_for_all():
    activity, people = make_crossing(), [make_helper(), make_helper("李四")]

    for person in [*people, people[0]]:
        actions.accept_agreement(
            activity_id=activity.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
        )

    assert Acceptance.objects.count() == 2
    assert AcceptedText.objects.count() == 1
    assert len(trail()) == 2


def test_text_changed_while_reading_is_shown_again():
    activity, person = make_crossing(), make_helper()
    digest = queries.document_of(activity, RISK).digest
    activity.risk_text, activity.risk_version = "下雨路滑。", 2
    activity.save(update_fields=["risk_text", "risk_version"])

    with pytest.raises(errors.TextChanged) as refusal:
        actions.accept_risk(
            activity_id=activity.pk,
            person_id=person.pk,
            digest=digest,
            by=actor_of(person),
            now=BEFORE,
        )

    assert refusal.value.code == "text_changed"
    assert not Acceptance.objects.exists()


def test_new_version_is_a_new_acceptance():
    activity, person = make_crossing(), make_helper()
    for version in (1, 2):
        activity.risk_version = version
        activity.risk_text = f"第{version}版"
        activity.save(update_fields=["risk_text", "risk_version"])
        actions.accept_risk(
            activity_id=activity.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
        )

    assert list(Acceptance.objects.order_by("id").values_list("version", flat=True)) == [1, 2]
    assert AcceptedText.objects.count() == 2


def accepting(activity, person, by):
    return actions.accept_agreement(activity_id=activity.pk, person_id=person.pk, by=by, now=BEFORE)


def test_guardian_accepts_for_a_minor_and_the_minor_does_not():
    activity = make_activity(needs_agreement=True)
    child, guardian = make_child()

    with pytest.raises(errors.GuardianAccepts) as refusal:
        accepting(activity, child, actor_of(child))
    accepted = accepting(activity, child, actor_of(guardian))

    assert refusal.value.code == "guardian_accepts"
    assert accepted.given_by_id == guardian.pk


def test_relative_who_is_no_guardian_accepts_nothing():
    activity = make_activity(needs_agreement=True)
    child, guardian = make_child()
    Kinship.objects.update(is_guardian=False)

    for person, by in [(child, guardian), (make_helper(), guardian)]:
        with pytest.raises(NotAllowed):
            accepting(activity, person, actor_of(by))


@pytest.mark.parametrize("role", ["station", "leader", "team"])
def test_signed_paper_is_entered_by_who_may(role):
    team = make_team()
    leader = make_helper("队长")
    activity = make_activity(needs_agreement=True, organiser=team, leader=leader)
    by = {
        "station": make_worker,
        "leader": lambda: actor_of(leader),
        "team": lambda: make_actor(make_person(), Role.TEAM_LEADER, organisation_path=team.path),
    }[role]()
    person = make_helper()

    assert accepting(activity, person, by).given_by_id == person.pk


def test_minors_paper_bears_the_guardians_name_or_is_not_taken():
    activity = make_activity(needs_agreement=True)
    child, guardian = make_child()
    orphan = make_person("小红", birth_date=date(2012, 1, 1))
    worker = make_worker()

    assert accepting(activity, child, worker).given_by_id == guardian.pk
    with pytest.raises(errors.NoGuardian) as refusal:
        accepting(activity, orphan, worker)
    assert refusal.value.code == "no_guardian"


def test_worker_of_another_region_enters_nothing():
    stranger = make_worker(region="450103001006")

    with pytest.raises(NotAllowed):
        accepting(make_activity(needs_agreement=True), make_helper(), stranger)


def test_only_open_people_and_published_activities():
    activity, person = make_activity(), make_helper()
    closed = make_helper(closed_at=BEFORE, now=BEFORE)
    unconfirmed = make_helper(confirmed=False)

    for refusal, one, other in [
        (PersonClosed, activity, closed),
        (PersonUnconfirmed, activity, unconfirmed),
        (NotFound, make_activity(state=ActivityState.DRAFT), person),
    ]:
        with pytest.raises(refusal):
            accepting(one, other, SYSTEM)
    with pytest.raises(NotFound):
        actions.accept_risk(activity_id=activity.pk, person_id=10**15, by=SYSTEM, now=BEFORE)
