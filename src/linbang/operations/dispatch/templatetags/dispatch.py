"""Parts of dispatch on pages of others: `{% load dispatch %}`."""

from math import ceil
from typing import Any

from django import template
from django.utils.translation import gettext

from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries

register = template.Library()


@register.filter
def distance(metres: int | None) -> str:
    """Write a distance as 约 300 米, 约 1.2 公里."""
    if metres is None:
        return ""
    if metres < 1000:
        return gettext("约 %(metres)s 米") % {"metres": max(round(metres, -2), 100)}
    return gettext("约 %(kilometres)s 公里") % {"kilometres": f"{metres / 1000:.1f}"}


@register.filter
def per_mille(share: int) -> str:
    """Write a share in per mille as 16.2%."""
    return f"{share / 10:.1f}%"


@register.filter
def gap_percent(gap: float) -> str:
    """Write how much better a plan could be at most, never less than it is: 0.0123 as 0.02%."""
    return f"{ceil(gap * 100) / 100:.2f}%"


@register.inclusion_tag("dispatch/parts/helpers.html", takes_context=True)
def need_helpers(context: template.Context, need: Need) -> dict[str, Any]:
    """Draw who comes for a need, to those it concerns; two queries."""
    return {"helpers": queries.helpers_shown(need, context["request"].actor)}
