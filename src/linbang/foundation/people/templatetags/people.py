"""Masked by default: `{% load people %}{{ person.phone|masked_phone }}` (handbook §8.3)."""

from django import template

from linbang.foundation.audit import rules

register = template.Library()


@register.filter
def masked_name(name: str | None) -> str:
    """Write 李秀英 as 李**, for public pages and other users."""
    return rules.mask_name(name or "")


@register.filter
def masked_phone(phone: str | None) -> str:
    """Write 13800138000 as 138****8000."""
    return rules.mask_phone(phone or "")


@register.filter
def masked_document(number: str | None) -> str:
    """Write an identity number with its birth date hidden."""
    return rules.mask_document(number or "")
