"""The first wording of a brief: composed from figures alone, so that it can name no beneficiary."""

from collections.abc import Sequence
from dataclasses import dataclass

from linbang.reporting.briefs.rules.facts import Measures, Part, Snapshot
from linbang.reporting.briefs.rules.words import (
    count_text,
    hours_text,
    is_told,
    share_text,
    wait_text,
)

CATEGORIES_TOLD = 3
PLACES_TOLD = 3
BRANDS_TOLD = 6
_RESERVE = "只计已审核生效的服务；同一人接受多类服务时，各类人数相加可能大于总数。"


@dataclass(frozen=True)
class Draft:
    """A proposed title and body; paragraphs are parted by line ends."""

    title: str
    body: str


def draft_of(facts: Snapshot) -> Draft:
    """Compose a brief from figures alone: it can name no beneficiary, for it knows none."""
    sections = [
        ("居民求助有回音", [_about_requests(facts)]),
        ("邻里服务有记录", [_about_service(facts), *_about_parts(facts)]),
        ("集体活动有声色", _about_activities(facts)),
        ("志愿队伍有活力", [_about_volunteers(facts)]),
        ("与上期相比", [_comparison(facts)]),
        ("下一步打算", [_outlook(facts.total)]),
    ]
    told = [(heading, lines) for heading, lines in sections if lines]
    numbered = [
        line
        for number, (heading, lines) in zip("一二三四五六", told, strict=False)
        for line in (f"{number}、{heading}", *lines)
    ]
    reserve = f"（以上数字的查询日期为{facts.asked_on}，{_RESERVE}）"
    return Draft(
        title=f"{facts.place}{facts.period}志愿服务工作情况",
        body="\n".join([_opening(facts), *numbered, reserve]),
    )


def figure_rows(facts: Snapshot) -> list[tuple[str, str, str]]:
    """Return the table of a brief: name, this period, the period before."""
    now, before = _figures(facts.total), _figures(facts.before)
    return [(name, text, before[name]) for name, text in now.items()]


def _figures(of: Measures) -> dict[str, str]:
    return {
        "在册志愿者（人）": count_text(of.volunteers),
        "活跃志愿者（人）": count_text(of.active_volunteers),
        "居民求助（件）": count_text(of.requests),
        "核实受理（件）": count_text(of.verified),
        "确认办结（件）": count_text(of.fulfilled),
        "办结率": share_text(of.fulfilled, of.verified),
        "按时答复率": share_text(of.answered_in_time, of.answers_due),
        "上门服务（次）": count_text(of.visits),
        "服务人次": count_text(of.person_times),
        "服务时长（小时）": hours_text(of.minutes),
        "其中信用时长（小时）": hours_text(of.proved_minutes),
        "其中荣誉时长（小时）": hours_text(of.entered_minutes),
        "受益居民（人）": count_text(of.beneficiaries),
        "集体活动（场）": str(of.activities),
        "参加活动（人次）": count_text(of.activity_person_times),
        "活动服务对象（人次）": count_text(of.people_served),
    }


def category_rows(facts: Snapshot) -> list[tuple[str, str, str, str]]:
    """Return the table by category: name, requests, person-times, beneficiaries."""
    return [
        (
            one.name,
            count_text(one.measures.requests),
            count_text(one.measures.person_times),
            count_text(one.measures.beneficiaries),
        )
        for one in facts.categories
    ]


def _opening(facts: Snapshot) -> str:
    total = facts.total
    return (
        f"{facts.period}，{facts.place}依托志愿服务站，坚持就近就便、邻里互助，"
        f"共收到居民求助{count_text(total.requests)}件，开展上门服务{count_text(total.visits)}次，"
        f"服务{count_text(total.person_times)}人次、{hours_text(total.minutes)}小时，"
        f"受益居民{count_text(total.beneficiaries)}人。现将有关情况简报如下。"
    )


def _about_requests(facts: Snapshot) -> str:
    total = facts.total
    sentences = [
        f"收到求助{count_text(total.requests)}件，核实受理{count_text(total.verified)}件，"
        f"确认办结{count_text(total.fulfilled)}件"
        + (
            f"，办结率{share_text(total.fulfilled, total.verified)}"
            if is_told(total.verified)
            else ""
        )
        + "。"
    ]
    if is_told(total.answers_due) and total.response_minutes_median is not None:
        sentences.append(
            f"服务站第一次答复用时的中位数为{wait_text(total.response_minutes_median)}，"
            f"按时答复率{share_text(total.answered_in_time, total.answers_due)}。"
        )
    if total.unserved:
        sentences.append(f"未受理、居民撤回和未能办成的共{count_text(total.unserved)}件。")
    return "".join(sentences)


def _about_service(facts: Snapshot) -> str:
    total = facts.total
    if not total.person_times:
        return "本期没有已审核生效的服务记录。"
    return (
        f"审核生效的服务共{count_text(total.person_times)}人次，累计{hours_text(total.minutes)}小时，"
        f"其中动态码或定位证明的信用时长{hours_text(total.proved_minutes)}小时，"
        f"人工登记并经复核的荣誉时长{hours_text(total.entered_minutes)}小时。"
    )


def _about_parts(facts: Snapshot) -> list[str]:
    told = []
    leading = _leading(facts.categories, CATEGORIES_TOLD)
    if leading:
        listed = "、".join(f"{o.name}{count_text(o.measures.person_times)}人次" for o in leading)
        told.append(f"从服务类别看，居前的是{listed}。")
    places = _leading(facts.places, PLACES_TOLD)
    if len(places) > 1:
        listed = "、".join(f"{o.name}{count_text(o.measures.person_times)}人次" for o in places)
        told.append(f"从服务地点看，居前的是{listed}。")
    return told


def _about_activities(facts: Snapshot) -> list[str]:
    """Tell of the activities; nothing where there were none."""
    total = facts.total
    if not total.activities:
        return []
    told = (
        f"举办集体活动{total.activities}场，{count_text(total.activity_people)}名志愿者"
        f"参加{count_text(total.activity_person_times)}人次，"
        f"服务居民{count_text(total.people_served)}人次。"
    )
    brands = [one for one in facts.brands if is_told(one.measures.activity_person_times)]
    brands.sort(key=lambda one: (-one.measures.activity_person_times, one.name))
    listed = "、".join(f"{one.name}{one.measures.activities}场" for one in brands[:BRANDS_TOLD])
    return [told, f"从品牌看，参加人次居前的是{listed}。"] if listed else [told]


def _leading(parts: Sequence[Part], most: int) -> list[Part]:
    """Return the parts with the most person-times that are large enough to be told."""
    told = [one for one in parts if is_told(one.measures.person_times)]
    return sorted(told, key=lambda one: (-one.measures.person_times, one.name))[:most]


def _about_volunteers(facts: Snapshot) -> str:
    total = facts.total
    rate = (
        f"，活跃率{share_text(total.active_volunteers, total.volunteers)}"
        if is_told(total.volunteers)
        else ""
    )
    return (
        f"期末在册志愿者{count_text(total.volunteers)}人，"
        f"本期有{count_text(total.active_volunteers)}人参加服务{rate}。"
    )


def _comparison(facts: Snapshot) -> str:
    now, before = facts.total, facts.before
    if not (before.requests or before.person_times):
        return "上期没有可比的数字。"
    told = [
        _change("居民求助", now.requests, before.requests, "件"),
        _change("服务", now.person_times, before.person_times, "人次"),
        _change("受益居民", now.beneficiaries, before.beneficiaries, "人"),
    ]
    return "，".join(told) + "。"


def _change(name: str, now: int, before: int, unit: str) -> str:
    if not (is_told(now) and is_told(before)):
        return f"{name}的数量较小，不作比较"
    if now == before:
        return f"{name}与上期持平"
    share = abs(now - before) / before
    word = "增加" if now > before else "减少"
    return f"{name}比上期{word}{abs(now - before)}{unit}（{share:.1%}）"


def _outlook(total: Measures) -> str:
    plans = []
    if total.in_time_rate is not None and total.in_time_rate < 0.95:
        plans.append("缩短第一次答复的时间，做到求助件件按时回应")
    if total.fulfilment_rate is not None and total.fulfilment_rate < 0.9:
        plans.append("加强供需对接，对一时无人接单的求助由服务站主动联系")
    if total.volunteers and total.active_volunteers < total.volunteers * 0.2:
        plans.append("多联系还没有参加服务的志愿者，按特长和空闲时间安排")
    if total.entered_minutes > total.proved_minutes:
        plans.append("推广动态码签到，提高信用时长的比重")
    plans.append("继续关心身边有困难的居民，让求助更方便、服务更及时")
    numbers = "一二三四五"[: len(plans)]
    if len(plans) == 1:
        return f"{plans[0]}。"
    return "；".join(f"{n}是{plan}" for n, plan in zip(numbers, plans, strict=True)) + "。"
