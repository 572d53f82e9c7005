"""What stands between a plan and its publication: one table row a gate."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from linbang.foundation.clock import CHINA
from linbang.intake.activities import rules
from linbang.intake.activities.choices import AgreementCause, GateCode
from linbang.intake.activities.rules import (
    ActivityDetails,
    DeskDetails,
    Leader,
    Organiser,
    Plan,
    Policy,
    PostDetails,
    Window,
)

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)
START = datetime(2026, 5, 16, 9, 0, tzinfo=CHINA)
HOURS = timedelta(hours=1)
DAY = timedelta(days=1)


def window(starts_at=START, hours=2):
    return Window(starts_at, starts_at + hours * HOURS)


DETAILS = ActivityDetails(
    organiser_id=1,
    region_code="450103001005",
    name="清洁家园",
    categories=("0006",),
    content="一起打扫小区。",
    conditions="身体健康",
    place_name="小区广场",
    risk_text="注意防滑。",
    guarantees=("05",),
    declares_none_forbidden=True,
    leader_id=1,
    contact_name="梁敏",
    contact_phone="0771-5550100",
)
READY = Plan(
    details=DETAILS,
    organiser=Organiser("新竹社区居委会"),
    leader=Leader("梁敏"),
    posts=(PostDetails("清扫", 5),),
    shifts=((1, window()),),
)
COVER = Policy("演示保险 P1", START - DAY, START + DAY)
RISKY = replace(
    READY,
    details=replace(DETAILS, hazards=("traffic",), policy_id=1),
    posts=(PostDetails("劝导", 5, age_min=18),),
    policy=COVER,
)
CONSULT = replace(
    READY,
    details=replace(DETAILS, kind="consult"),
    posts=(PostDetails("解答", 2, desk=1),),
    desks=(DeskDetails(1, "司法所", ("继承",)),),
)
DUTY = replace(
    READY,
    details=replace(DETAILS, kind="duty", place_name=""),
    posts=(PostDetails("民族大道路口", 2, point_id=7),),
)


def told(plan, **changes):
    return replace(plan, details=replace(plan.details, **changes))


def found(plan, now=NOW):
    return [(str(gate.code), gate.field) for gate in rules.gates_before(plan, now=now)]


@pytest.mark.parametrize(
    "plan",
    [
        READY,
        RISKY,
        CONSULT,
        DUTY,
        told(READY, name="五" * 50, categories=("0001", "0002", "0003", "0004")),
        told(READY, sign_up_closes_at=START + 2 * HOURS, sign_up_opens_at=NOW),
        told(READY, allowance_fen=5_000),
        told(READY, allowance_fen=9_000, allowance_reason="往返车费"),
        told(READY, guarantees=("99",), guarantee_note="雨衣"),
        replace(RISKY, policy=Policy("紧", START, START + 2 * HOURS)),
        replace(READY, shifts=((1, window()), (1, window(START + 366 * DAY - 2 * HOURS, 2)))),
    ],
)
def test_good_plans_meet_no_gate(plan):
    assert found(plan) == []


@pytest.mark.parametrize(
    ("plan", "code", "field"),
    [
        # Rule 12.
        (replace(READY, organiser=Organiser("散了", is_open=False)), "organiser_closed",
         "organiser"),
        (replace(READY, organiser=Organiser("新队", is_approved=False)), "team_not_approved",
         "organiser"),
        (replace(READY, leader=None), "leader_missing", "leader"),
        (replace(READY, leader=Leader("李", is_confirmed=False)), "leader_not_confirmed", "leader"),
        # Rules 15 and 22: what.
        (told(READY, name=" "), "name_missing", "name"),
        (told(READY, name="五" * 51), "name_too_long", "name"),
        (told(READY, name="三月补录"), "name_is_back_entry", "name"),
        (told(READY, categories=()), "categories_count", "categories"),
        (told(READY, categories=("0001", "0002", "0003", "0004", "0005")), "categories_count",
         "categories"),
        (told(READY, content=""), "content_missing", "content"),
        (told(READY, conditions=""), "conditions_missing", "conditions"),
        (told(READY, declares_none_forbidden=False), "forbidden_not_declared",
         "declares_none_forbidden"),
        (told(READY, place_name=""), "place_missing", "place_name"),
        # When.
        (replace(READY, shifts=()), "shifts_missing", "shifts"),
        (replace(READY, shifts=((1, window(NOW)),)), "starts_in_past", "shifts"),
        (replace(READY, shifts=((1, window()), (1, window(START + 366 * DAY, 2)))), "too_long",
         "shifts"),
        (told(READY, sign_up_closes_at=START + 3 * HOURS), "recruiting_ends_late",
         "sign_up_closes_at"),
        (told(READY, sign_up_closes_at=NOW), "recruiting_is_over", "sign_up_closes_at"),
        (told(READY, sign_up_opens_at=START), "recruiting_opens_late", "sign_up_opens_at"),
        # Whom.
        (replace(READY, posts=(PostDetails("清扫", 5), PostDetails("后勤", 1))),
         "post_without_shifts", "posts.1.name"),
        (replace(DUTY, details=replace(DUTY.details, place_name="路口"),
                 posts=(PostDetails("巡逻", 2),)), "points_missing", "posts.0.point"),
        (replace(CONSULT, desks=(DeskDetails(1, "司法所"),)), "desk_without_topics",
         "desks.0.topics"),
        (replace(CONSULT, desks=(*CONSULT.desks, DeskDetails(2, "税务", ("个税",)))),
         "desk_unstaffed", "desks.1.department"),
        (replace(CONSULT, desks=()), "desks_missing", "desks"),
        # Safety, rules 16 to 18.
        (told(READY, risk_text=" "), "risk_missing", "risk_text"),
        (told(READY, guarantees=()), "guarantee_missing", "guarantees"),
        (told(READY, guarantees=("99",)), "guarantee_note_missing", "guarantee_note"),
        (replace(RISKY, posts=(PostDetails("劝导", 5, age_min=17),)), "post_needs_adults",
         "posts.0.age_min"),
        (replace(RISKY, posts=(PostDetails("劝导", 5),)), "post_needs_adults", "posts.0.age_min"),
        (replace(RISKY, policy=None), "policy_missing", "policy"),
        (replace(RISKY, policy=replace(COVER, is_ended=True)), "policy_ended", "policy"),
        (replace(RISKY, policy=replace(COVER, starts_at=START + HOURS)), "policy_too_short",
         "policy"),
        (replace(RISKY, policy=replace(COVER, ends_at=START + HOURS)), "policy_too_short",
         "policy"),
        # Sign-up and money.
        (told(READY, contact_name=""), "contact_missing", "contact_name"),
        (told(READY, contact_phone=""), "contact_missing", "contact_name"),
        (told(READY, allowance_fen=5_001), "allowance_reason_missing", "allowance_reason"),
    ],
)  # fmt: skip
def test_each_gate_names_its_field(plan, code, field):
    assert found(plan) == [(code, field)]


def test_bare_draft_hears_every_reason_at_once():
    bare = Plan(
        details=ActivityDetails(organiser_id=1, region_code="450103001005", name="想法"),
        organiser=Organiser("新竹社区居委会"),
    )

    assert [code for code, _field in found(bare)] == [
        "categories_count", "content_missing", "conditions_missing", "forbidden_not_declared",
        "leader_missing", "place_missing", "shifts_missing", "posts_missing", "risk_missing",
        "guarantee_missing", "contact_missing",
    ]  # fmt: skip


def test_published_plan_may_lie_in_the_past():
    under_way = replace(
        told(READY, sign_up_closes_at=START), shifts=((1, window(START)),), is_published=True
    )

    assert found(under_way, now=START + HOURS) == []


def test_every_gate_is_met_by_a_case():
    tables = test_each_gate_names_its_field.pytestmark[0].args[1]

    met = {code for _plan, code, _field in tables} | {"posts_missing"}
    assert met == set(GateCode.values)


def test_words_say_what_to_mend_in_each_language():
    (gate,) = rules.gates_before(replace(RISKY, policy=None), now=NOW)
    (short,) = rules.gates_before(replace(RISKY, policy=replace(COVER, ends_at=START)), now=NOW)

    with translation.override("zh-hans"):
        assert gate.words == "高风险活动要先购买人身意外伤害保险，请选择保险单。"
        assert "“演示保险 P1”没有覆盖 1 个班次" in short.words
    with translation.override("en"):
        assert gate.words.startswith("Buy accident insurance")
    with translation.override("zh-hant"):
        assert gate.words.startswith("高風險活動")


@pytest.mark.parametrize(
    ("changes", "days", "causes"),
    [
        ({}, 1, []),
        ({}, 29, []),
        ({}, 30, [AgreementCause.LONG]),
        ({"hazards": ("fire",)}, 1, [AgreementCause.HIGH_RISK]),
        ({"hazards": ("large_event",)}, 1, [AgreementCause.HIGH_RISK, AgreementCause.LARGE_EVENT]),
        ({"hazards": ("abroad",)}, 1, [AgreementCause.HIGH_RISK, AgreementCause.OUTSIDE_CITY]),
        ({"is_outside_city": True}, 1, [AgreementCause.OUTSIDE_CITY]),
        ({"wants_agreement": True}, 1, [AgreementCause.ASKED_FOR]),
    ],
)
def test_agreement_has_its_causes(changes, days, causes):
    windows = [window(), window(START + (days - 1) * DAY)]

    assert list(rules.agreement_causes(replace(DETAILS, **changes), windows)) == causes


def test_agreement_of_a_plan_without_shifts():
    assert rules.agreement_causes(DETAILS, []) == ()


def test_flagged_words_are_found_in_names_content_and_posts():
    assert rules.flags_in(DETAILS) == ()
    assert rules.flags_in(replace(DETAILS, name="防诈骗讲座", content="会后聚餐")) == (
        "讲座",
        "聚餐",
    )
    assert rules.flags_in(DETAILS, [PostDetails("值班员", 1), PostDetails("后勤", 1)]) == ("值班",)
