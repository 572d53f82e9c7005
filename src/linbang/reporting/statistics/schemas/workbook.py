"""The figures as a workbook: every text stays text, whatever it begins with."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

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
from linbang.reporting.statistics.queries import Figures, value_of
from linbang.reporting.statistics.rules import Tally

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


def workbook_of(figures: Figures, *, place: str, period: str) -> bytes:
    """Write the figures of a named place and period as an .xlsx file."""
    file = BytesIO()
    # Injected formulas and links stay text (tools handbook §5).
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    writer = _Writer(book)
    _write_overview(writer, figures, place=place, period=period)
    writer.table(
        _("按类别"),
        [_("服务类别代码"), _("服务类别"), *_heads(_PER_CATEGORY)],
        [[one.code, one.label, *_values(one.tally, _PER_CATEGORY)] for one in figures.categories],
        _PER_CATEGORY,
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
        _PER_REGION,
        note=str(PARTS_NOTE),
    )
    book.close()
    return file.getvalue()


class _Writer:
    """Sheets with a bold first row that stays in sight."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.rate = book.add_format({"num_format": "0.0%"})
        self.decimal = book.add_format({"num_format": "#,##0.0"})
        self.whole = book.add_format({"num_format": "#,##0"})

    def sheet(self, name: str, heads: Sequence[str], widths: Sequence[int]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, heads, self.head)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def format_of(self, measure: Measure) -> Any:
        if measure in RATES:
            return self.rate
        is_whole = measure not in WORTHS and measure is not Measure.RESPONSE_MEAN
        return self.whole if is_whole else self.decimal

    def table(
        self,
        name: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        measures: Sequence[Measure],
        *,
        note: str,
    ) -> None:
        sheet = self.sheet(name, heads, [22, 20, *[12] * len(measures)])
        for number, (code, label, *values) in enumerate(rows, 1):
            sheet.write_string(number, 0, code)
            sheet.write_string(number, 1, label)
            for column, (measure, value) in enumerate(zip(measures, values, strict=True), 2):
                _write_value(sheet, number, column, value, self.format_of(measure))
        sheet.write_string(len(rows) + 2, 0, note)


def _write_overview(writer: _Writer, figures: Figures, *, place: str, period: str) -> None:
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
        _write_value(sheet, number, 1, value, writer.format_of(measure))
        sheet.write_string(number, 2, str(DEFINITIONS[measure]), writer.wrap)
    sheet.write_string(len(facts) + len(Measure) + 2, 0, str(AS_ASKED_NOTE))


def _write_months(writer: _Writer, figures: Figures) -> None:
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
            _write_value(sheet, number, column, value, writer.format_of(measure))


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


def _write_value(sheet: Any, row: int, column: int, value: float | None, form: Any) -> None:
    if value is None:
        sheet.write_string(row, column, "—")
    else:
        sheet.write_number(row, column, value, form)
