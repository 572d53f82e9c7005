"""Reading the trail aloud: `{% load audit %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.apps import apps
from django.utils.translation import gettext

from linbang.foundation.audit import rules
from linbang.foundation.audit.choices import ACTIONS, Outcome
from linbang.foundation.audit.models import AuditEvent

register = template.Library()

_TONES = {Outcome.DONE: "jade", Outcome.SEEN: "blue", Outcome.EXPORTED: "gold"}


@register.filter
def action_text(event: AuditEvent) -> str:
    """Write what was done in words; an action nobody named yet keeps its code."""
    return str(ACTIONS.get(event.action, event.action))


@register.filter
def outcome_tone(event: AuditEvent) -> str:
    """Give the colour of an outcome's label."""
    return _TONES.get(Outcome(event.outcome), "red")


@register.filter
def subject_text(event: AuditEvent) -> str:
    """Write what it was done to, by the name of its table and its number."""
    if not event.subject_type:
        return ""
    try:
        name = str(apps.get_model(event.subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        name = event.subject_type
    return f"{name} {event.subject_id}"


@register.filter
def actor_text(event: AuditEvent, names: Mapping[int, str]) -> str:
    """Write who did it, in full: for auditors."""
    if event.account_id is None:
        return gettext("访客") if event.address else gettext("系统")
    return names.get(event.account_id, gettext("账号 %(id)s") % {"id": event.account_id})


@register.filter
def masked_actor_text(event: AuditEvent, names: Mapping[int, str]) -> str:
    """Write who did it with the name masked: for the person whose data it was."""
    name = names.get(event.account_id or 0, "")
    return rules.mask_name(name) if name else gettext("系统")


@register.filter
def detail_text(detail: Mapping[str, Any]) -> str:
    """Write the details as short pairs."""
    return "，".join(f"{key}: {value}" for key, value in detail.items() if value not in ("", None))
