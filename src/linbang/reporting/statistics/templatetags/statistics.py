"""How figures are written on pages: `{% load statistics %}`."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from linbang.foundation.clock import local_date
from linbang.foundation.shell.templatetags.shell import hours
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import RATES, WAITS, WORTHS, Measure, age_band_label
from linbang.reporting.statistics.queries import AgeTally, Figures, MonthTally, value_of
from linbang.reporting.statistics.rules import Tally

register = template.Library()

NOTHING = "—"
# More slices than colours cannot be told apart; the table has every category.
SLICES_MAX = 4


@register.filter
def shown(tally: Tally, name: str) -> str:
    """Write one figure of a tally with the unit it needs to be understood."""
    measure = Measure(name)
    value = value_of(tally, measure)
    if value is None:
        return NOTHING
    if measure in RATES:
        return f"{value:.1%}"
    if measure in WAITS:
        return hours(round(value)) if round(value) else _("不到 1 分钟")
    return f"{rules.hours_of(int(value)):,.1f}" if measure in WORTHS else f"{value:,}"


@register.filter
def age_band(ages: AgeTally) -> str:
    """Name the band of a tally by age."""
    return age_band_label(ages.low, ages.high)


@register.filter
def months_so_far(figures: Figures) -> list[MonthTally]:
    """Keep the months of the year that have begun: the others are not zero, they are not there."""
    asked = local_date(figures.asked_at)
    return [one for one in figures.months if (figures.year, one.month) <= (asked.year, asked.month)]


@register.simple_tag
def trend_chart(figures: Figures) -> dict[str, Any]:
    """Return hours as bars and person-times as a line, month by month."""
    months = months_so_far(figures)
    return {
        "kind": "bar",
        "labels": [_("%(month)s月") % {"month": one.month} for one in months],
        "series": [
            {"name": _("服务时长（小时）"), "values": [rules.hours_of(m.minutes) for m in months]},
            {"name": _("服务人次"), "values": [m.person_times for m in months], "kind": "line"},
        ],
    }


@register.simple_tag
def category_chart(figures: Figures) -> dict[str, Any]:
    """Return the person-times of each category, the largest first and the small ones as one."""
    served = [one for one in figures.categories if one.tally.person_times]
    served.sort(key=lambda one: -one.tally.person_times)
    shares = [(one.label, one.tally.person_times) for one in served[:SLICES_MAX]]
    rest = sum(one.tally.person_times for one in served[SLICES_MAX:])
    if rest:
        shares.append((_("其余类别"), rest))
    return {
        "kind": "pie",
        "labels": [label for label, _times in shares],
        "series": [{"name": _("服务人次"), "values": [times for _label, times in shares]}],
    }


@register.simple_tag
def age_chart(figures: Figures) -> dict[str, Any]:
    """Return how many volunteers are of each age band."""
    return {
        "kind": "bar",
        "labels": [age_band(one) for one in figures.ages],
        "series": [{"name": _("在册志愿者"), "values": [one.volunteers for one in figures.ages]}],
    }
