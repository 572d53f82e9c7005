"""What a work brief says and must not say, over plain values.

A brief is an official document of the place it is about, so it is written in Chinese whatever
the reader's language.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from linbang.foundation.clock import CHINA
from linbang.reporting.briefs.errors import PersonalDataInBrief

# Rule 93: what is smaller is told as fewer than five.
GROUP_MIN = 5
TITLE_LENGTH_MAX = 120
UNIT_LENGTH_MAX = 100
BODY_LENGTH_MAX = 10_000
DISTRIBUTION_LENGTH_MAX = 200
CATEGORIES_TOLD = 3
PLACES_TOLD = 3

# Rule 92. A number written with blanks, dashes or full-width digits is one all the same.
_GAP = r"[\s\-–—]?"
_PERSONAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d)1[3-9](?:{_GAP}\d){{9}}(?!\d)",
        rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)",
        rf"(?<!\d)0\d{{2,3}}{_GAP}\d{{7,8}}(?!\d)",
        r"\d+\s*(?:栋|幢|号楼|座)\s*(?:\d+\s*单元)?\s*\d+\s*(?:室|房|号)?",
        r"\d+\s*单元\s*\d+\s*(?:室|房|号)?",
    )
)
_RESERVE = "只计已审核生效的服务；同一人接受多类服务时，各类人数相加可能大于总数。"
_CONTROL = frozenset({"Cc", "Cs", "Cn", "Co"})


@dataclass(frozen=True)
class Measures:
    """The figures of one group in a brief; minutes are whole minutes, shares from 0 to 1."""

    volunteers: int = 0
    active_volunteers: int = 0
    requests: int = 0
    verified: int = 0
    fulfilled: int = 0
    unserved: int = 0
    response_minutes_median: float | None = None
    answers_due: int = 0
    answered_in_time: int = 0
    visits: int = 0
    person_times: int = 0
    proved_minutes: int = 0
    entered_minutes: int = 0
    beneficiaries: int = 0

    @property
    def minutes(self) -> int:
        return self.proved_minutes + self.entered_minutes

    @property
    def fulfilment_rate(self) -> float | None:
        return self.fulfilled / self.verified if self.verified else None

    @property
    def in_time_rate(self) -> float | None:
        return self.answered_in_time / self.answers_due if self.answers_due else None


@dataclass(frozen=True)
class Part:
    """The figures of one category or one place below, by its name."""

    name: str
    measures: Measures


@dataclass(frozen=True)
class Snapshot:
    """Everything a brief is written from, frozen as it was when asked (rule 91)."""

    place: str
    period: str
    asked_on: str
    total: Measures
    before: Measures
    categories: tuple[Part, ...]
    places: tuple[Part, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the snapshot as JSON, to be stored with the brief."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Snapshot":
        """Read a snapshot back."""
        return cls(
            place=stored["place"],
            period=stored["period"],
            asked_on=stored["asked_on"],
            total=Measures(**stored["total"]),
            before=Measures(**stored["before"]),
            categories=_parts(stored["categories"]),
            places=_parts(stored["places"]),
        )


def _parts(stored: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(one["name"], Measures(**one["measures"])) for one in stored)


@dataclass(frozen=True)
class Draft:
    """A proposed title and body; paragraphs are parted by line ends."""

    title: str
    body: str


def period_text(kind: str, year: int, number: int) -> str:
    """Write a period as an official document does: 2026年11月."""
    if kind == "year":
        return f"{year}年"
    return f"{year}年第{number}季度" if kind == "quarter" else f"{year}年{number}月"


def day_text(day: date) -> str:
    """Write a day as an official document does: 2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def asked_text(asked_at: datetime) -> str:
    """Write the day a query was made."""
    return day_text(asked_at.astimezone(CHINA).date())


def draft_of(facts: Snapshot) -> Draft:
    """Compose a brief from figures alone: it can name no beneficiary, for it knows none."""
    return Draft(
        title=f"{facts.place}{facts.period}志愿服务工作情况",
        body="\n".join(
            [
                _opening(facts),
                "一、居民求助有回音",
                _about_requests(facts),
                "二、邻里服务有记录",
                _about_service(facts),
                *_about_parts(facts),
                "三、志愿队伍有活力",
                _about_volunteers(facts),
                "四、与上期相比",
                _comparison(facts),
                "五、下一步打算",
                _outlook(facts.total),
                f"（以上数字的查询日期为{facts.asked_on}，{_RESERVE}）",
            ]
        ),
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


def count_text(count: int) -> str:
    """Write a count for readers outside: one to four is told as fewer than five (rule 93)."""
    return f"不足{GROUP_MIN}" if 0 < count < GROUP_MIN else str(count)


def share_text(part: int, whole: int) -> str:
    """Write a share; a dash where the whole is too small to be told (rule 93)."""
    return f"{part / whole:.1%}" if whole >= GROUP_MIN else "—"


def hours_text(minutes: int) -> str:
    """Write minutes as hours with one decimal where it is needed."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def require_nothing_personal(text: str) -> None:
    """Refuse a text with a phone, an ID number or a door in it. Raises PersonalDataInBrief.

    Source: rule 92.
    """
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _PERSONAL:
        found = pattern.search(plain)
        if found:
            raise PersonalDataInBrief(field="body", found=found[0].strip())


def cleaned(text: str) -> str:
    """Drop control characters, trailing blanks and empty lines; a document knows no others."""
    kept = "".join(
        c
        for c in text.replace("\r\n", "\n")
        if c == "\n" or unicodedata.category(c) not in _CONTROL
    )
    return "\n".join(line.rstrip() for line in kept.split("\n") if line.strip())


def is_heading(paragraph: str) -> bool:
    """Tell whether a paragraph is a heading of the first order: 一、…, and short."""
    return bool(re.match(r"[一二三四五六七八九十]+、", paragraph)) and len(paragraph) <= 30


def distribution_text(*, report_to: str, send_to: str, issue_to: str, copies: int | None) -> str:
    """Write the foot of a brief: to whom it is reported, sent and issued, and how many copies."""
    named = (("报", report_to), ("送", send_to), ("发", issue_to))
    lines = [f"{word}：{cleaned(names)}" for word, names in named if names.strip()]
    if copies:
        lines.append(f"共印{copies}份")
    return "\n".join(lines)


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
            if _is_told(total.verified)
            else ""
        )
        + "。"
    ]
    if _is_told(total.answers_due) and total.response_minutes_median is not None:
        sentences.append(
            f"服务站第一次答复用时的中位数为{_wait_text(total.response_minutes_median)}，"
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


def _leading(parts: Sequence[Part], most: int) -> list[Part]:
    """Return the parts with the most person-times that are large enough to be told."""
    told = [one for one in parts if _is_told(one.measures.person_times)]
    return sorted(told, key=lambda one: (-one.measures.person_times, one.name))[:most]


def _about_volunteers(facts: Snapshot) -> str:
    total = facts.total
    rate = (
        f"，活跃率{share_text(total.active_volunteers, total.volunteers)}"
        if _is_told(total.volunteers)
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
    if not (_is_told(now) and _is_told(before)):
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


def _wait_text(minutes: float) -> str:
    whole = round(minutes)
    if whole < 60:
        return f"{whole}分钟"
    hours, rest = divmod(whole, 60)
    return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"


def _is_told(count: int) -> bool:
    return count >= GROUP_MIN
