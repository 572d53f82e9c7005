"""Components: `{% load shell %}`."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from linbang.foundation import clock
from linbang.foundation.shell import rules

register = template.Library()

STYLES = Path(__file__).resolve().parents[1] / "static/shell/css"
SHEETS = (
    "tokens", "base", "layout", "header", "tabbar", "console", "button", "card", "tag", "stats",
    "actions", "list", "form", "choices", "notice", "steps", "table", "chart", "dialog",
    "preferences", "scanner", "queue", "map", "calendar", "bigbuttons", "kiosk", "sunlight",
    "utilities", "print",
)  # fmt: skip
TONES = ("red", "jade", "gold", "blue", "grey")


@register.simple_tag
def stylesheet() -> SafeString:
    """Link the frame's styles: many files to write, one to fetch (a phone opens six at a time)."""
    href = reverse("shell:stylesheet", args=[style_digest()])
    return format_html('<link rel="stylesheet" href="{}">', href)


def style_digest() -> str:
    """Name the present wording of the styles."""
    return hashlib.sha256(styles().encode()).hexdigest()[:16] if is_edited() else _digest()


def styles() -> str:
    """Join the stylesheets in order; read anew each time only where they are being edited."""
    return _read_styles() if is_edited() else _styles()


def _read_styles() -> str:
    return "".join((STYLES / f"{name}.css").read_text("utf-8") for name in SHEETS)


_styles = cache(_read_styles)


@cache
def _digest() -> str:
    return hashlib.sha256(_styles().encode()).hexdigest()[:16]


def is_edited() -> bool:
    """Tell whether the frame's files are being worked on, and read anew each time."""
    return bool(getattr(settings, "WHITENOISE_AUTOREFRESH", False))


@register.filter
def html_lang(code: str) -> str:
    """Write a language code as HTML wants it: zh-hans → zh-Hans."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(code, code)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}" focusable="false">'
            '<use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href
    )


@register.simple_tag
def tag(text: Any, tone: str = "grey", icon_name: str = "") -> SafeString:
    """Draw a small label; the tone is one of red jade gold blue grey."""
    shown = icon(icon_name) if icon_name else ""
    return format_html(
        '<span class="tag tag--{}">{}{}</span>', tone if tone in TONES else "grey", shown, text
    )


@register.simple_tag
def field(bound: BoundField, label: str = "", help_text: str = "") -> SafeString:
    """Draw a form field with its label, help, errors, and what describes it."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    grouped = widget.use_fieldset
    return render_to_string(
        "shell/parts/field.html",
        {
            "field": bound,
            "kind": kind,
            "grouped": grouped,
            "is_single_checkbox": kind == "checkbox" and not grouped,
            "label": label or bound.label,
            "help_text": help_text or bound.help_text,
        },
    )


@register.inclusion_tag("shell/parts/stat.html")
def stat(
    label: Any, value: Any, unit: Any = "", note: Any = "", tone: str = "", url: str = ""
) -> dict[str, Any]:
    """Draw one figure; put several in <dl class="stats"> or <dl class="kpis">."""
    return {
        "label": label, "value": value, "unit": unit, "note": note, "tone": tone, "url": url
    }  # fmt: skip


@register.inclusion_tag("shell/parts/action.html")
def action(
    label: Any, url: str, icon_name: str, tone: str = "red", note: Any = ""
) -> dict[str, Any]:
    """Draw one quick action; put several in <nav class="actions">."""
    return {"label": label, "url": url, "icon_name": icon_name, "tone": tone, "note": note}


@register.inclusion_tag("shell/parts/back.html")
def back(url: str, label: Any = "") -> dict[str, Any]:
    """Draw the way back in a page's header."""
    return {"url": url, "label": label or gettext("返回")}


@register.inclusion_tag("shell/parts/notice.html")
def notice(text: Any, tone: str = "blue", title: Any = "") -> dict[str, Any]:
    """Draw a notice inside a page; the tone is one of red jade gold blue."""
    icons = {"red": "alert-circle", "jade": "circle-check", "gold": "alert-triangle"}
    return {
        "text": text, "tone": tone, "title": title, "icon_name": icons.get(tone, "info-circle")
    }  # fmt: skip


@register.inclusion_tag("shell/parts/empty.html")
def empty(
    title: Any, text: Any = "", icon_name: str = "inbox", url: str = "", label: Any = ""
) -> dict[str, Any]:
    """Say kindly that there is nothing here, and what one can do."""
    return {
        "title": title, "text": text, "icon_name": icon_name, "url": url, "label": label
    }  # fmt: skip


@register.inclusion_tag("shell/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Page, name: str = "page") -> dict[str, Any]:
    """Draw previous and next with the filters of the address kept."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    query.pop(name, None)
    prefix = f"?{query.urlencode()}&{name}=" if query else f"?{name}="
    return {"page": page, "prefix": prefix}


@register.inclusion_tag("shell/parts/steps.html")
def steps(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Draw a timeline; items give title and, where known, at, note, state (done now todo stop)."""
    return {"items": items}


@register.inclusion_tag("shell/parts/progress.html")
def progress(step: int, total: int, label: Any = "") -> dict[str, Any]:
    """Tell which step of a form this is."""
    return {
        "step": step,
        "total": total,
        "label": label,
        "dots": [number <= step for number in range(1, total + 1)],
    }


@register.inclusion_tag("shell/parts/chart.html")
def chart(figures: Mapping[str, Any], title: Any, name: str, unit: Any = "") -> dict[str, Any]:
    """Draw a chart with its table behind it.

    figures: {"kind": "bar" | "line" | "pie", "labels": [...], "series": [{"name", "values",
    "kind"?}]}; values are plain numbers, one per label.
    """
    rows = zip(figures["labels"], *(series["values"] for series in figures["series"]), strict=True)
    spec = {
        "kind": figures.get("kind", "bar"),
        "labels": [str(label) for label in figures["labels"]],
        "series": [{**series, "name": str(series["name"])} for series in figures["series"]],
        "unit": str(unit),
    }
    return {"spec": spec, "rows": list(rows), "title": title, "name": name, "unit": unit}


@register.simple_tag
def chart_data(spec: Mapping[str, Any], name: str) -> SafeString:
    """Hand a chart's figures to its script as inert JSON."""
    return json_script(spec, f"chart-{name}")


@register.filter
def hours(minutes: int | None) -> str:
    """Write minutes as hours: 90 → 1.5 小时, 80 → 1 小时 20 分钟, 45 → 45 分钟."""
    whole, rest = rules.hours_and_minutes(minutes or 0)
    parts = []
    if whole:
        parts.append(_count_of_hours(whole))
    if rest:
        parts.append(ngettext("%(count)s 分钟", "%(count)s 分钟", rest) % {"count": rest})
    return " ".join(parts)


def _count_of_hours(whole: str) -> str:
    return ngettext("%(count)s 小时", "%(count)s 小时", 1 if whole == "1" else 2) % {"count": whole}


@register.simple_tag(name="minutes")
def minutes_tag(value: int | None) -> SafeString:
    """Write minutes as hours with the number made to stand out."""
    return format_html(
        '<span class="amount">{}</span>',
        SafeString(re.sub(r"([-\d.,]+)", r"<b>\1</b>", escape(hours(value)))),
    )


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def language() -> str:
    """Name the language of the page, as the rules know it."""
    active = get_language() or "zh-hans"
    return active if active in rules.LOCALES else "en"


def today() -> date:
    """Return the day it is in China."""
    return timezone.localdate(clock.now())


@register.filter
def moment(value: datetime | None) -> str:
    """Write an instant as 11月23日 周日 08:30."""
    if not value:
        return ""
    return rules.moment_text(_local(value), language=language(), today=today())


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day as 11月23日 周日."""
    if not value:
        return ""
    plain = _local(value).date() if isinstance(value, datetime) else value
    return rules.day_text(plain, language=language(), today=today())


@register.filter
def month(value: date | None) -> str:
    """Write a month as 2026年11月."""
    return rules.month_text(value, language=language()) if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Write the time of an instant as 08:30."""
    return rules.time_text(_local(value)) if value else ""


@register.filter
def until(starts: datetime | None, ends: datetime | None) -> str:
    """Write a window: {{ need.starts_at|until:need.ends_at }} → 11月23日 周日 08:30–10:00."""
    if not starts or not ends:
        return moment(starts or ends)
    return rules.window_text(_local(starts), _local(ends), language=language(), today=today())


@register.filter
def ago(value: datetime | None) -> str:
    """Write how long since, or until, an instant: 3分钟前."""
    return rules.ago_text(value, language=language(), now=clock.now()) if value else ""


@register.simple_tag
def when(value: datetime | None) -> SafeString | str:
    """Write an instant inside <time>, for machines too."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment(value))
