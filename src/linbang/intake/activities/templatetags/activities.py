"""Parts of planning's pages: `{% load activities %}`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.translation import pgettext

from linbang.foundation.places.choices import Weekday
from linbang.intake.activities.choices import ForbiddenKind

register = template.Library()
# Fields that are rows or a section of the editor rather than one input.
_SECTIONS = {"posts", "desks", "shifts"}


@register.filter
def anchor_of(field: str) -> str:
    """Return the address within the editor of the field that a gate names."""
    return f"#{field}" if field in _SECTIONS else f"#id_{field.replace('.', '-')}"


@register.filter
def day_of_month(day: date) -> str:
    """Write a day under the name of its month: 28 周六."""
    return f"{day.day} {Weekday(day.weekday()).label}"


@register.simple_tag
def chosen(field: BoundField) -> str:
    """Name what is chosen in a field, for the fold that hides it; nothing for nothing."""
    value = field.value()
    wanted = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value or "")}
    labels = [str(label) for code, label in field.field.choices if code and str(code) in wanted]
    return " · ".join(labels)


@register.filter
def listed(words: Iterable[str]) -> str:
    """Write words one after the other as the language does: 甲、乙."""
    return pgettext("list", "、").join(words)


@register.simple_tag
def forbidden_kinds() -> list[Any]:
    """List the six kinds that are no voluntary service."""
    return [kind.label for kind in ForbiddenKind]


@register.simple_tag
def qualification(labels: dict[str, str], code: str) -> str:
    """Name a qualification by its code; one that was taken off the list keeps its code."""
    return labels.get(code, code)
