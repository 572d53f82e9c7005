"""Risk notices and agreements, put together from what the activity says (VSR 12 and 14, CQ 22)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils import translation
from django.utils.translation import gettext as _

from linbang.foundation import clock
from linbang.foundation.people.models import Person
from linbang.foundation.shell.rules import time_text
from linbang.intake.activities.choices import Guarantee, Hazard, ShiftState
from linbang.intake.activities.models import Activity, Post, Qualification, Shift
from linbang.operations.clearance import rules
from linbang.operations.clearance.choices import (
    RISK_CLAUSES,
    AcceptanceKind,
    AgreementCause,
    Clause,
)

FOREIGN_DOCUMENTS = ("05", "09")


@dataclass(frozen=True)
class Document:
    """A notice or agreement of one version, item by item in the reader's language.

    ``text`` is the Chinese wording, which counts and is kept; ``digest`` is its SHA-256.
    """

    kind: AcceptanceKind
    title: str
    items: tuple[tuple[str, str], ...]
    version: int
    text: str
    digest: str


class _Times(NamedTuple):
    """From when to when an activity has shifts, and how many."""

    first: datetime | None
    last: datetime | None
    shifts: int


@dataclass(frozen=True)
class _Facts:
    """What the clauses speak of."""

    activity: Activity
    posts: tuple[Post, ...]
    qualifications: tuple[Qualification, ...]
    times: _Times


def document_of(activity: Activity, kind: AcceptanceKind) -> Document:
    """Return what is accepted for an activity now; four queries at most."""
    return documents_of(activity, [kind])[0]


def documents_of(activity: Activity, kinds: Iterable[AcceptanceKind]) -> list[Document]:
    """Return several documents of one activity; four queries at most for all of them."""
    facts = _facts_of(activity)
    return [_document(kind, facts) for kind in kinds]


def kinds_for(activity: Activity, person: Person) -> tuple[AcceptanceKind, ...]:
    """Return what a person has to accept before taking part (rules 19 and 21)."""
    is_foreigner = person.document_type in FOREIGN_DOCUMENTS
    wanted = {
        AcceptanceKind.RISK: activity.is_high_risk,
        AcceptanceKind.AGREEMENT: activity.needs_agreement or is_foreigner,
    }
    return tuple(kind for kind in AcceptanceKind if wanted[kind])


def agreement_causes_of(activity: Activity, person: Person) -> tuple[AgreementCause, ...]:
    """Return why this person is asked for an agreement; one query."""
    times = _times_of(activity)
    days = (times.last - times.first).days + 1 if times.first and times.last else 0
    return rules.agreement_causes(
        hazards=activity.hazards,
        days=days,
        is_outside_city=activity.is_outside_city,
        is_asked_for=activity.wants_agreement,
        is_foreigner=person.document_type in FOREIGN_DOCUMENTS,
    )


def _facts_of(activity: Activity) -> _Facts:
    posts = tuple(
        Post.objects.filter(cell=activity.cell, activity=activity, removed_at=None).order_by(
            "position", "id"
        )
    )
    codes = {code for post in posts for code in post.qualifications}
    return _Facts(
        activity=activity,
        posts=posts,
        qualifications=tuple(
            Qualification.objects.filter(code__in=codes).order_by("position", "code")
        )
        if codes
        else (),
        times=_times_of(activity),
    )


def _times_of(activity: Activity) -> _Times:
    shifts = Shift.objects.filter(
        Q(cell=activity.cell, activity=activity, state=ShiftState.PLANNED)
    )
    return _Times(
        **shifts.aggregate(first=Min("starts_at"), last=Max("ends_at"), shifts=Count("id"))
    )


def _document(kind: AcceptanceKind, facts: _Facts) -> Document:
    with translation.override(settings.LANGUAGE_CODE):
        text = rules.text_of(_title(kind, facts), _items(kind, facts))
    return Document(
        kind=kind,
        title=_title(kind, facts),
        items=_items(kind, facts),
        version=facts.activity.risk_version,
        text=text,
        digest=rules.digest_of(text),
    )


def _title(kind: AcceptanceKind, facts: _Facts) -> str:
    return _("%(activity)s · %(kind)s") % {"activity": facts.activity.name, "kind": kind.label}


def _items(kind: AcceptanceKind, facts: _Facts) -> tuple[tuple[str, str], ...]:
    clauses = RISK_CLAUSES if kind == AcceptanceKind.RISK else tuple(Clause)
    return tuple((str(clause.label), _BODIES[clause](facts)) for clause in clauses)


def _parties(facts: _Facts) -> str:
    activity = facts.activity
    return _(
        "组织方：%(organiser)s（联系人：%(name)s，电话：%(phone)s）。"
        "志愿者：签署本协议的人；未满 18 周岁的，由监护人签署。"
    ) % {
        "organiser": activity.organiser.name,
        "name": activity.contact_name or _("未填"),
        "phone": activity.contact_phone or _("未填"),
    }


def _content(facts: _Facts) -> str:
    return facts.activity.content.strip() or facts.activity.name


def _way(facts: _Facts) -> str:
    posts = [f"{post.name}：{post.tasks}" if post.tasks else post.name for post in facts.posts]
    return "\n".join(posts) or _("听从现场负责人安排。")


def _time(facts: _Facts) -> str:
    first, last, shifts = facts.times
    if first is None or last is None:
        return _("以公布的班次为准。")
    return _("%(first)s 至 %(last)s，共 %(count)s 个班次；每个人以自己报名的班次为准。") % {
        "first": _instant(first),
        "last": _instant(last),
        "count": shifts,
    }


def _instant(value: datetime) -> str:
    # A written agreement names its year, whatever the year at hand.
    local = value.astimezone(clock.CHINA)
    return f"{local:%Y-%m-%d} {time_text(local)}"


def _place(facts: _Facts) -> str:
    activity = facts.activity
    return " · ".join(filter(None, [activity.place_name, activity.address])) or _("以通知为准。")


def _conditions(facts: _Facts) -> str:
    activity = facts.activity
    guarantees = "、".join(str(Guarantee(code).label) for code in activity.guarantees)
    lines = [activity.conditions, activity.guarantee_note]
    if guarantees:
        lines.insert(1, _("组织方提供：%(guarantees)s。") % {"guarantees": guarantees})
    return "\n".join(filter(None, lines)) or _("没有特别条件。")


def _safety(facts: _Facts) -> str:
    activity = facts.activity
    lines = [activity.risk_text.strip()]
    if activity.hazards:
        hazards = "、".join(str(Hazard(code).label) for code in activity.hazards)
        lines.insert(0, _("可能有人身危险：%(hazards)s。") % {"hazards": hazards})
    if activity.policy is not None:
        lines.append(
            _("组织方已投保人身意外伤害保险（%(insurer)s）。")
            % {"insurer": activity.policy.insurer}
        )
    lines.append(_("听从现场指挥；身体不适或觉得不安全时，可以随时停下来。"))
    return "\n".join(filter(None, lines))


def _training(facts: _Facts) -> str:
    if not facts.qualifications:
        return _("上岗前由组织方说明要求，不需要专门资格。")
    names = "、".join(one.label for one in facts.qualifications)
    return _("部分岗位需要：%(names)s。没有有效资格不能上这些岗位。") % {"names": names}


def _costs(facts: _Facts) -> str:
    lines = [_("志愿服务没有报酬，也不得向服务对象收取任何费用。")]
    if facts.activity.allowance_fen:
        lines.append(
            _("组织方补贴交通、误餐等实际支出，每人每天不超过 %(yuan)s 元。")
            % {"yuan": f"{facts.activity.allowance_fen / 100:.2f}"}
        )
    return "\n".join(lines)


def _rights(_facts: _Facts) -> str:
    return _(
        "志愿者自愿参加，可以随时退出；不能到场请提前告知，班次开始前 24 小时以内退出的会有记录。"
        "组织方如实记录服务时间，不泄露志愿者信息；时间、地点有变或活动取消，及时通知每一个人。"
        "有争议先商量，商量不成可向社区服务站或主管部门投诉。"
    )


_BODIES = {
    Clause.PARTIES: _parties,
    Clause.CONTENT: _content,
    Clause.WAY: _way,
    Clause.TIME: _time,
    Clause.PLACE: _place,
    Clause.CONDITIONS: _conditions,
    Clause.SAFETY: _safety,
    Clause.TRAINING: _training,
    Clause.COSTS: _costs,
    Clause.RIGHTS: _rights,
}
