"""How the figures of activities are written on pages: `{% load activity_statistics %}`."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from linbang.foundation.clock import local_date
from linbang.intake.activities.choices import PointKind
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import ACTIVITY_RATES, SERVICE_MONTHS, ActivityMeasure
from linbang.reporting.statistics.queries import (
    ActivityFigures,
    ActivityMonth,
    GroupTally,
    PointTally,
    activity_value_of,
)
from linbang.reporting.statistics.rules import ActivityTally

register = template.Library()

NOTHING = "—"
BRANDS_MAX = 8


@dataclass(frozen=True)
class ServiceMonth:
    """A service month, and its share of the year's person-times."""

    figures: ActivityMonth
    share: str


@dataclass(frozen=True)
class PointGroup:
    """The duty points of one kind."""

    label: str
    points: list[PointTally]

    @property
    def staffed_rate(self) -> float | None:
        """The share of all their shifts that had the people they need."""
        planned = sum(one.planned for one in self.points)
        return rules.share(sum(one.staffed for one in self.points), planned)


@register.filter
def counted(tally: ActivityTally, name: str) -> str:
    """Write one figure of activities: shares in per cent, presence in hours."""
    measure = ActivityMeasure(name)
    value = activity_value_of(tally, measure)
    if value is None:
        return NOTHING
    if measure in ACTIVITY_RATES:
        return f"{value:.1%}"
    if measure is ActivityMeasure.MINUTES:
        return in_hours(int(value))
    return f"{value:,}"


@register.filter
def in_hours(minutes: int) -> str:
    """Write minutes as hours with one decimal."""
    return f"{rules.hours_of(minutes):,.1f}"


@register.filter
def rate(value: float | None) -> str:
    """Write a share in per cent; a dash where there is none."""
    return NOTHING if value is None else f"{value:.1%}"


@register.filter
def this_year(figures: ActivityFigures) -> list[ActivityMonth]:
    """Keep the months of the last year that have begun: the others are not zero, but not there."""
    asked = local_date(figures.asked_at)
    return [
        one
        for one in figures.months
        if one.year == figures.year and (one.year, one.month) <= (asked.year, asked.month)
    ]


@register.filter
def service_months(figures: ActivityFigures) -> list[ServiceMonth]:
    """Return March and December of both years as far as they have begun, each with its share."""
    asked = local_date(figures.asked_at)
    times: dict[int, int] = {}
    for one in figures.months:
        times[one.year] = times.get(one.year, 0) + one.person_times
    return [
        ServiceMonth(one, rate(rules.share(one.person_times, times[one.year])))
        for one in figures.months
        if one.month in SERVICE_MONTHS and (one.year, one.month) <= (asked.year, asked.month)
    ]


@register.simple_tag
def activity_trend(figures: ActivityFigures) -> dict[str, Any]:
    """Return person-times as bars and activities as a line, month by month."""
    months = this_year(figures)
    return {
        "kind": "bar",
        "labels": [_("%(month)s月") % {"month": one.month} for one in months],
        "series": [
            {"name": _("参加人次"), "values": [one.person_times for one in months]},
            {
                "name": _("服务对象人次"),
                "values": [one.people_served for one in months],
                "kind": "line",
            },
        ],
    }


@register.simple_tag
def brand_chart(figures: ActivityFigures) -> dict[str, Any]:
    """Return the person-times of each brand, the small ones as one."""
    shares = [(_name(one), one.tally.person_times) for one in figures.brands[:BRANDS_MAX]]
    rest = sum(one.tally.person_times for one in figures.brands[BRANDS_MAX:])
    if rest:
        shares.append((_("其余品牌"), rest))
    return {
        "kind": "bar",
        "labels": [label for label, _times in shares],
        "series": [{"name": _("参加人次"), "values": [times for _label, times in shares]}],
    }


@register.filter
def has_regions(figures: ActivityFigures) -> bool:
    """Tell whether anything took place in one of the regions below: a table of zeros says less."""
    return any(one.name and not one.tally.is_empty for one in figures.regions)


@register.filter
def points_by_kind(figures: ActivityFigures) -> list[PointGroup]:
    """Return the duty points kind by kind, where most was missing first."""
    found = []
    for kind in PointKind:
        points = [one for one in figures.points if one.kind == kind]
        points.sort(key=lambda one: (one.staffed_rate or 0, one.name))
        if points:
            found.append(PointGroup(str(kind.label), points))
    return found


@register.filter
def grouped(value: int) -> str:
    """Write a count with its thousands apart."""
    return f"{value:,}"


@register.filter
def brand_name(group: GroupTally) -> str:
    """Name a brand; what has none is said to have none."""
    return _name(group)


def _name(group: GroupTally) -> str:
    return group.name or _("不属于品牌")
