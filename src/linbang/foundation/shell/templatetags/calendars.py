"""Months and weeks of entries: `{% load calendars %}`; links keep the filters of the address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.http import QueryDict

from linbang.foundation.shell import rules
from linbang.foundation.shell.templatetags import shell

register = template.Library()

ENTRIES_IN_A_CELL = 3

Entry = Mapping[str, Any]


@register.inclusion_tag("shell/parts/calendar_month.html", takes_context=True)
def month_calendar(
    context: template.Context, month: date, entries: Iterable[Entry], chosen: date | None = None
) -> dict[str, Any]:
    """Draw a month with its entries, and the list of the chosen day below it.

    entries, in the order of their times: {"day", "title", "url", "time"?, "tone"?, "note"?}.
    The view reads ``?month=`` and ``?day=`` with ``rules.day_named``. On a phone entries are dots;
    in elder mode the whole is a list by day.
    """
    by_day = _by_day(entries)
    before, after = rules.months_around(month)
    today = shell.today()
    days = [
        [_cell(context, day, by_day, month=month, chosen=chosen, today=today) for day in week]
        for week in rules.month_weeks(month)
    ]
    return {
        **_frame(context, by_day),
        "title": shell.month(month),
        "weeks": days,
        "before": _address(context, month=f"{before:%Y-%m}"),
        "after": _address(context, month=f"{after:%Y-%m}"),
        "today": "" if _is_same_month(month, today) else _address(context, month=f"{today:%Y-%m}"),
        "chosen": _listed(chosen, by_day) if chosen else None,
        "listed": [_listed(day, by_day) for day in sorted(by_day) if _is_same_month(day, month)],
    }


@register.inclusion_tag("shell/parts/calendar_week.html", takes_context=True)
def week_calendar(
    context: template.Context, day: date, entries: Iterable[Entry], name: str = "week"
) -> dict[str, Any]:
    """Draw the week around a day: seven columns, on a phone one list. ``name``: the query's."""
    by_day = _by_day(entries)
    week = rules.week_days(day)
    today = shell.today()
    before, after = week[0] - (week[1] - week[0]) * 7, week[-1] + (week[1] - week[0])
    return {
        **_frame(context, by_day),
        "title": f"{shell.day(week[0])} – {shell.day(week[-1])}",
        "days": [{**_listed(one, by_day), "is_today": one == today} for one in week],
        "before": _address(context, **{name: before.isoformat()}),
        "after": _address(context, **{name: after.isoformat()}),
        "today": "" if today in week else _address(context, **{name: today.isoformat()}),
    }


def _by_day(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry["day"]].append(entry)
    return by_day


def _frame(context: template.Context, by_day: Mapping[date, Sequence[Entry]]) -> dict[str, Any]:
    preferences = context.get("preferences", rules.Preferences())
    return {
        "is_list": preferences.elder,
        "weekdays": rules.weekday_names(shell.language()),
        "is_empty": not by_day,
    }


def _cell(
    context: template.Context,
    day: date,
    by_day: Mapping[date, list[Entry]],
    *,
    month: date,
    chosen: date | None,
    today: date,
) -> dict[str, Any]:
    entries = by_day.get(day, [])
    return {
        **_listed(day, by_day),
        "shown": entries[:ENTRIES_IN_A_CELL],
        "more": len(entries[ENTRIES_IN_A_CELL:]),
        "url": _address(context, month=f"{month:%Y-%m}", day=day.isoformat()) + "#day",
        "is_other": not _is_same_month(day, month),
        "is_today": day == today,
        "is_chosen": day == chosen,
    }


def _listed(day: date, by_day: Mapping[date, list[Entry]]) -> dict[str, Any]:
    return {"day": day, "entries": by_day.get(day, [])}


def _is_same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _address(context: template.Context, **asked: str) -> str:
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    for name in ("day", "page"):
        query.pop(name, None)
    for name, value in asked.items():
        query[name] = value
    return f"?{query.urlencode()}"
