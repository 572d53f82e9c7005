"""The figures as a workbook: every text stays text, whatever it begins with."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from linbang.foundation.clock import CHINA
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import (
    AS_ASKED_NOTE,
    DEFINITIONS,
    PARTS_NOTE,
    RATES,
    WAITS,
    WORTHS,
    Measure,
)
from linbang.reporting.statistics.queries import ActivityFigures, Figures, value_of
from linbang.reporting.statistics.rules import Tally
from linbang.reporting.statistics.schemas.activity_sheets import write_activities
from linbang.reporting.statistics.schemas.sheets import Writer, write_value

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PER_CATEGORY = (
    Measure.REQUESTS,
    Measure.VERIFIED,
    Measure.FULFILLED,
    Measure.FULFILMENT_RATE,
    Measure.RESPONSE_MEDIAN,
    Measure.VISITS,
    Measure.PERSON_TIMES,
    Measure.MINUTES,
    Measure.PROVED_MINUTES,
    Measure.ENTERED_MINUTES,
    Measure.ACTIVE_VOLUNTEERS,
    Measure.BENEFICIARIES,
)
_PER_REGION = tuple(Measure)


def workbook_of(figures: Figures, activities: ActivityFigures, *, place: str, period: str) -> bytes:
    """Write the figures of a named place and period as an .xlsx file."""
    file = BytesIO()
    # Injected formulas and links stay text (tools handbook §5).
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    writer = Writer(book)
    _write_overview(writer, figures, place=place, period=period)
    writer.table(
        _("按类别"),
        [_("服务类别代码"), _("服务类别"), *_heads(_PER_CATEGORY)],
        [[one.code, one.label, *_values(one.tally, _PER_CATEGORY)] for one in figures.categories],
        _formats(writer, _PER_CATEGORY),
        note=str(PARTS_NOTE),
    )
    _write_months(writer, figures)
    writer.table(
        _("按区域"),
        [_("区划代码"), _("区划"), *_heads(_PER_REGION)],
        [
            [one.code, one.name or _("未分到下级"), *_values(one.tally, _PER_REGION)]
            for one in figures.regions
        ],
        _formats(writer, _PER_REGION),
        note=str(PARTS_NOTE),
    )
    write_activities(writer, activities)
    book.close()
    return file.getvalue()


def _write_overview(writer: Writer, figures: Figures, *, place: str, period: str) -> None:
    sheet = writer.sheet(_("总览"), [_("指标"), _("数值"), _("怎么算的")], [24, 16, 90])
    asked = figures.asked_at.astimezone(CHINA)
    facts = [
        (_("区划"), place),
        (_("统计期"), period),
        (_("查询时间"), f"{asked:%Y-%m-%d %H:%M}"),
    ]
    for number, (label, text) in enumerate(facts, 1):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, text)
    for number, measure in enumerate(Measure, len(facts) + 1):
        sheet.write_string(number, 0, _head(measure))
        (value,) = _values(figures.total, [measure])
        write_value(sheet, number, 1, value, _format_of(writer, measure))
        sheet.write_string(number, 2, str(DEFINITIONS[measure]), writer.wrap)
    sheet.write_string(len(facts) + len(Measure) + 2, 0, str(AS_ASKED_NOTE))


def _write_months(writer: Writer, figures: Figures) -> None:
    measures = (
        Measure.REQUESTS,
        Measure.PERSON_TIMES,
        Measure.MINUTES,
        Measure.ACTIVE_VOLUNTEERS,
        Measure.BENEFICIARIES,
    )
    sheet = writer.sheet(_("按月"), [_("月份"), *_heads(measures)], [12, *[14] * len(measures)])
    for number, month in enumerate(figures.months, 1):
        values = [
            month.requests,
            month.person_times,
            rules.hours_of(month.minutes),
            month.active_volunteers,
            month.beneficiaries,
        ]
        sheet.write_string(number, 0, f"{figures.year}-{month.month:02d}")
        for column, (measure, value) in enumerate(zip(measures, values, strict=True), 1):
            write_value(sheet, number, column, value, _format_of(writer, measure))


def _heads(measures: Sequence[Measure]) -> list[str]:
    return [_head(measure) for measure in measures]


def _head(measure: Measure) -> str:
    label = str(measure.label)
    if measure in WORTHS:
        return _("%(figure)s（小时）") % {"figure": label}
    if measure in WAITS:
        return _("%(figure)s（分钟）") % {"figure": label}
    return label


def _values(tally: Tally, measures: Sequence[Measure]) -> list[float | int | None]:
    values = [(measure, value_of(tally, measure)) for measure in measures]
    return [
        rules.hours_of(int(value)) if measure in WORTHS and value is not None else value
        for measure, value in values
    ]


def _formats(writer: Writer, measures: Sequence[Measure]) -> list[Any]:
    return [_format_of(writer, measure) for measure in measures]


def _format_of(writer: Writer, measure: Measure) -> Any:
    if measure in RATES:
        return writer.rate
    is_whole = measure not in WORTHS and measure is not Measure.RESPONSE_MEAN
    return writer.whole if is_whole else writer.decimal
