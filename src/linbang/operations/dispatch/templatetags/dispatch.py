"""Who comes, on pages of later steps: `{% load dispatch %}{% need_helpers need %}`."""

from typing import Any

from django import template

from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries

register = template.Library()


@register.inclusion_tag("dispatch/parts/helpers.html", takes_context=True)
def need_helpers(context: template.Context, need: Need) -> dict[str, Any]:
    """Draw who comes for a need, to those it concerns; two queries."""
    return {"helpers": queries.helpers_shown(need, context["request"].actor)}
