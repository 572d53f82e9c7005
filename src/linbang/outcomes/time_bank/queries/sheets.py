"""A scheme in words: what its page says of each rule, and where the sources are silent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linbang.foundation.people.choices import Relation
from linbang.intake.care.choices import CareCategory
from linbang.intake.needs.models import ServiceItem
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import FIELD_LABELS, GiftReceiver, SchemeCode
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class Cell:
    """What one scheme says of one rule; unknown means: our default, the sources do not tell."""

    text: str
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One rule across schemes."""

    label: str
    cells: tuple[Cell, ...]


def scheme_sheet(schemes: Sequence[Scheme]) -> list[SheetRow]:
    """Return the rules of schemes side by side; one query for the names of the services."""
    items = {item.code: item.label for item in ServiceItem.objects.all()}
    return [
        SheetRow(
            label=str(FIELD_LABELS[name]),
            cells=tuple(
                Cell(_words(one, name, items), is_unknown=name in one.unknown) for one in schemes
            ),
        )
        for name in rules.RULE_FIELDS
    ]


def scheme_heading(scheme: Scheme) -> str:
    """Name a scheme by its place and its own name."""
    return f"{SchemeCode(scheme.code).label} · {scheme.name}"


def _words(scheme: Scheme, name: str, items: Mapping[str, str]) -> str:
    value: Any = getattr(scheme, name)
    if value is None:
        return _("不另作规定")
    if name == "items":
        return _joined(items[code] for code in sorted(value) if code in items) or _("全部服务项目")
    if isinstance(value, frozenset):
        return _joined(_LABELS[name](one).label for one in sorted(value))
    if isinstance(value, bool):
        return _bool_words(name, value=value)
    if name in _NUMBERS:
        return str(_NUMBERS[name](value))
    return str(value.label) if hasattr(value, "label") else str(value)


_LABELS: Mapping[str, Any] = {
    "relatives": Relation,
    "gift_receivers": GiftReceiver,
    "grant_categories": CareCategory,
}


def _joined(words: Collection[Any] | Any) -> str:
    return "、".join(str(word) for word in words)


def _bool_words(name: str, *, value: bool) -> str:
    if name == "grant_expires_month_end":
        return _("是") if value else _("否，可以留用")
    return _("只计入公共池") if value else _("存入本人账户")


def _minutes(value: int) -> str:
    return _hours(value) if value else _("不限")


def _hours(value: int) -> str:
    return ngettext("%(hours)s 小时", "%(hours)s 小时", value // 60) % {
        "hours": rules.hours_text(value)
    }


def _years(value: int) -> str:
    return _("%(years)s 岁") % {"years": value}


_NUMBERS: Mapping[str, Any] = {
    "minutes_per_unit": _minutes,
    "step_minutes": _minutes,
    "earn_day_minutes_max": _minutes,
    "balance_minutes_max": _minutes,
    "min_redeem_minutes": _minutes,
    "grant_minutes": lambda value: _hours(value) if value else _("不发放"),
    "earn_age_min": _years,
    "earn_age_min_women": _years,
    "earn_age_max": _years,
    "redeem_age_min": _years,
    "redeem_age_min_hardship": _years,
    "relative_age_min": _years,
    "grant_age_min": _years,
    "departure_share_percent": lambda value: f"{value}%",
    "dispute_days": lambda value: _("%(days)s 天内") % {"days": value},
    "dispute_answer_workdays": lambda value: _("%(days)s 个工作日内") % {"days": value},
}
