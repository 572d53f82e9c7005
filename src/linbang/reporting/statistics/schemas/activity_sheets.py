"""The sheets about activities: in all, by brand, team, duty point, month, kind and region."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import (
    ACTIVITY_DEFINITIONS,
    ACTIVITY_RATES,
    PARTS_NOTE,
    ActivityMeasure,
)
from linbang.reporting.statistics.queries import ActivityFigures, GroupTally, activity_value_of
from linbang.reporting.statistics.rules import ActivityTally
from linbang.reporting.statistics.schemas.sheets import Writer, write_value

_MEASURES = tuple(ActivityMeasure)


def write_activities(writer: Writer, figures: ActivityFigures) -> None:
    """Add the sheets about activities to a workbook."""
    _write_total(writer, figures.total)
    _write_groups(writer, _("活动按品牌"), _("品牌"), figures.brands, _("不属于品牌"))
    _write_groups(writer, _("活动按类型"), _("活动类型"), figures.kinds)
    _write_groups(writer, _("活动按区域"), _("区划"), figures.regions, _("未分到下级"))
    _write_teams(writer, figures)
    _write_points(writer, figures)
    _write_months(writer, figures)


def _write_total(writer: Writer, total: ActivityTally) -> None:
    sheet = writer.sheet(_("活动总览"), [_("指标"), _("数值"), _("怎么算的")], [24, 16, 90])
    for number, measure in enumerate(_MEASURES, 1):
        sheet.write_string(number, 0, _head(measure))
        write_value(sheet, number, 1, _value(total, measure), _format(writer, measure))
        sheet.write_string(number, 2, str(ACTIVITY_DEFINITIONS[measure]), writer.wrap)


def _write_groups(
    writer: Writer, name: str, head: str, groups: Sequence[GroupTally], unnamed: str = ""
) -> None:
    writer.table(
        name,
        [_("代码"), head, *_heads()],
        [[one.code, one.name or unnamed, *_values(one.tally)] for one in groups],
        _formats(writer),
        note=str(PARTS_NOTE),
    )


def _write_teams(writer: Writer, figures: ActivityFigures) -> None:
    rows = []
    for one in figures.teams:
        name = _("%(team)s自办") % {"team": one.name} if one.is_own else one.name
        rows.append([one.rank, name, *_values(one.tally)])
    writer.table(
        _("活动按队伍"),
        [_("级别"), _("队伍"), *_heads()],
        rows,
        _formats(writer),
        note=str(PARTS_NOTE),
    )


def _write_points(writer: Writer, figures: ActivityFigures) -> None:
    heads = [
        *(_("班次"), _("达到最低人数"), _("在岗率"), _("参加人次"), _("参加人数")),
        *(_("到岗时长（小时）"), _("未到人次")),
    ]
    rows = [
        [
            *(one.kind_label, one.name, one.planned, one.staffed, one.staffed_rate),
            *(one.person_times, one.people, rules.hours_of(one.minutes), one.no_shows),
        ]
        for one in figures.points
    ]
    whole, rate, decimal = writer.whole, writer.rate, writer.decimal
    formats = [whole, whole, rate, whole, whole, decimal, whole]
    writer.table(_("值勤点"), [_("类型"), _("值勤点"), *heads], rows, formats)


def _write_months(writer: Writer, figures: ActivityFigures) -> None:
    heads = [_("活动数"), _("参加人次"), _("参加人数"), _("到岗时长（小时）"), _("服务对象人次")]
    rows = [
        [
            *(str(one.year), f"{one.month:02d}", one.activities, one.person_times, one.people),
            *(rules.hours_of(one.minutes), one.people_served),
        ]
        for one in figures.months
    ]
    whole = writer.whole
    formats = [whole, whole, whole, writer.decimal, whole]
    writer.table(_("活动按月"), [_("年份"), _("月份"), *heads], rows, formats)


def _heads() -> list[str]:
    return [_head(measure) for measure in _MEASURES]


def _head(measure: ActivityMeasure) -> str:
    label = str(measure.label)
    if measure is ActivityMeasure.MINUTES:
        return _("%(figure)s（小时）") % {"figure": label}
    return label


def _values(tally: ActivityTally) -> list[float | int | None]:
    return [_value(tally, measure) for measure in _MEASURES]


def _value(tally: ActivityTally, measure: ActivityMeasure) -> float | int | None:
    value = activity_value_of(tally, measure)
    if measure is ActivityMeasure.MINUTES and value is not None:
        return rules.hours_of(int(value))
    return value


def _formats(writer: Writer) -> list[Any]:
    return [_format(writer, measure) for measure in _MEASURES]


def _format(writer: Writer, measure: ActivityMeasure) -> Any:
    if measure in ACTIVITY_RATES:
        return writer.rate
    return writer.decimal if measure is ActivityMeasure.MINUTES else writer.whole
