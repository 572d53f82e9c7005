"""Showing who an account is: `{% load access %}`."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def name_in(account_id: int | None, names: Mapping[int, str]) -> str:
    """Write the name of an account's person; what no account did, the system did."""
    if account_id is None:
        return gettext("系统")
    return names.get(account_id, gettext("未登记人员"))
