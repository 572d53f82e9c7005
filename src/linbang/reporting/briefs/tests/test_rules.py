from dataclasses import replace

import pytest

from linbang.reporting.briefs import rules
from linbang.reporting.briefs.errors import PersonalDataInBrief
from linbang.reporting.briefs.rules import Measures, Part, Snapshot

BUSY = Measures(
    volunteers=100,
    active_volunteers=12,
    requests=40,
    verified=38,
    fulfilled=30,
    unserved=6,
    response_minutes_median=95.0,
    answers_due=40,
    answered_in_time=30,
    visits=33,
    person_times=32,
    proved_minutes=600,
    entered_minutes=1290,
    beneficiaries=21,
)
FACTS = Snapshot(
    place="新竹社区",
    period="2026年11月",
    asked_on="2026年12月1日",
    total=BUSY,
    before=replace(BUSY, requests=32, person_times=32, beneficiaries=3),
    categories=(
        Part("社区服务", replace(BUSY, person_times=20)),
        Part("卫生健康", replace(BUSY, person_times=9)),
        Part("法律服务", replace(BUSY, person_times=3, beneficiaries=2, requests=1)),
    ),
    places=(
        Part("第1网格", replace(BUSY, person_times=20)),
        Part("第2网格", replace(BUSY, person_times=12)),
    ),
)


def test_draft_tells_the_figures():
    draft = rules.draft_of(FACTS)

    assert draft.title == "新竹社区2026年11月志愿服务工作情况"
    for told in (
        "共收到居民求助40件",
        "办结率78.9%",
        "中位数为1小时35分钟，按时答复率75.0%",
        "累计31.5小时",
        "信用时长10小时",
        "荣誉时长21.5小时",
        "居前的是社区服务20人次、卫生健康9人次。",
        "居前的是第1网格20人次、第2网格12人次。",
        "居民求助比上期增加8件（25.0%），服务与上期持平，受益居民的数量较小，不作比较。",
        "一是缩短第一次答复的时间",
        "查询日期为2026年12月1日",
    ):
        assert told in draft.body
    assert "法律服务" not in draft.body


def test_draft_of_nothing_is_plain():
    empty = replace(FACTS, total=Measures(), before=Measures(), categories=(), places=())

    body = rules.draft_of(empty).body

    assert "本期没有已审核生效的服务记录。" in body
    assert "上期没有可比的数字。" in body
    assert body.split("\n")[-2].startswith("继续关心身边有困难的居民")


def test_draft_tells_of_activities_where_there_were_some():
    total = replace(
        BUSY, activities=182, activity_person_times=11_014, activity_people=1_268,
        people_served=10_026,
    )  # fmt: skip
    brands = tuple(
        Part(name, Measures(activities=held, activity_person_times=times))
        for name, held, times in (
            ("邻里相助", 25, 2_137),
            ("邻里相亲", 46, 3_350),
            ("小牌子", 1, 4),
        )
    )

    draft = rules.draft_of(replace(FACTS, total=total, brands=brands)).body
    plain = rules.draft_of(FACTS).body

    assert "三、集体活动有声色" in draft
    assert "举办集体活动182场，1268名志愿者参加11014人次，服务居民10026人次。" in draft
    assert "参加人次居前的是邻里相亲46场、邻里相助25场。" in draft
    assert "六、下一步打算" in draft
    assert "集体活动" not in plain
    assert "三、志愿队伍有活力" in plain


def test_activities_without_brand_are_told_in_one_sentence():
    total = replace(BUSY, activities=1, activity_person_times=3, activity_people=3)

    draft = rules.draft_of(replace(FACTS, total=total)).body

    # Rule 93: three people are not told apart.
    assert "举办集体活动1场，不足5名志愿者参加不足5人次，服务居民0人次。" in draft
    assert "从品牌看" not in draft


def test_twelve_months_are_named_by_their_last_day():
    assert rules.period_text("twelve_months", 2026, 329) == "截至2026年11月25日的十二个月"


def test_snapshot_of_an_older_brief_has_no_brands():
    stored = FACTS.to_json()
    del stored["brands"]
    for name in ("activities", "activity_person_times", "activity_people", "people_served"):
        del stored["total"][name]

    assert Snapshot.from_json(stored) == FACTS


def test_draft_passes_its_own_rule():
    rules.require_nothing_personal(rules.draft_of(FACTS).body)


@pytest.mark.parametrize(
    "text",
    [
        "请联系13812345678。",
        "电话 138-1234-5678",
        "电话１３８ １２３４ ５６７８",
        "身份证11010519491231002X",
        "身份证 110105 19491231 002x",
        "座机0771-5501234",
        "住在5栋303室的老人",
        "住5号楼2单元303",
        "住在2单元501室",
    ],
)
def test_personal_data_is_refused(text):
    # Rule 92.
    with pytest.raises(PersonalDataInBrief) as refused:
        rules.require_nothing_personal(f"本月情况：{text}")

    assert (refused.value.code, refused.value.status) == ("personal_data_in_brief", 422)
    assert refused.value.params["found"] in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月服务1283人次、108.5小时",
        "全社区101栋楼",
        "〔2026〕第12期",
        "共印200份",
        "12000000000元",
    ],
)
def test_figures_are_not_personal(text):
    rules.require_nothing_personal(text)


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "不足5"), (4, "不足5"), (5, "5")])
def test_small_counts_are_not_told(count, text):
    # Rule 93.
    assert rules.count_text(count) == text


def test_share_of_a_small_group_is_not_told():
    assert (rules.share_text(1, 4), rules.share_text(4, 5)) == ("—", "80.0%")


def test_snapshot_survives_storage():
    assert Snapshot.from_json(FACTS.to_json()) == FACTS


def test_tables_hold_both_periods():
    rows = {name: (now, before) for name, now, before in rules.figure_rows(FACTS)}

    assert rows["居民求助（件）"] == ("40", "32")
    assert rows["受益居民（人）"] == ("21", "不足5")
    assert rules.category_rows(FACTS)[2] == ("法律服务", "不足5", "不足5", "不足5")


def test_cleaned_text_keeps_lines_only():
    assert rules.cleaned("一\x0b、甲 \r\n\r\n乙\x00\n") == "一、甲\n乙"


@pytest.mark.parametrize(
    ("paragraph", "is_heading"),
    [
        ("一、总体情况", True),
        ("十二、打算", True),
        ("总体情况", False),
        ("一、" + "很" * 30, False),
    ],
)
def test_headings_are_known(paragraph, is_heading):
    assert rules.is_heading(paragraph) is is_heading


def test_foot_names_who_gets_it():
    foot = rules.distribution_text(report_to="区民政局", send_to=" ", issue_to="各网格", copies=20)

    assert foot == "报：区民政局\n发：各网格\n共印20份"


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [("year", 1, "2026年"), ("quarter", 4, "2026年第4季度"), ("month", 11, "2026年11月")],
)
def test_periods_are_written_officially(kind, number, text):
    assert rules.period_text(kind, 2026, number) == text
