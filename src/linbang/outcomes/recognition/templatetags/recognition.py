"""Stars and marks as pages draw them: `{% load recognition %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linbang.outcomes.recognition.choices import MARKS, STAR_MAX

register = template.Library()


@register.simple_tag
def stars(count: int) -> SafeString:
    """Draw a person's stars, filled ones first; read aloud as a number."""
    label = _("%(count)s 星") % {"count": count} if count else _("还没有星级")
    return format_html(
        '<span class="stars" role="img" aria-label="{}">{}'
        '<span class="stars__rest">{}</span></span>',
        label,
        "★" * count,
        "☆" * (STAR_MAX - count),
    )


@register.filter
def mark(points: int) -> str:
    """Write a mark from 1 to 5 in its word."""
    return str(dict(MARKS)[points])
