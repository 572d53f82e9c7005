"""Sheets of a workbook as all of them look."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet


class Writer:
    """Sheets with a bold first row that stays in sight."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.rate = book.add_format({"num_format": "0.0%"})
        self.decimal = book.add_format({"num_format": "#,##0.0"})
        self.whole = book.add_format({"num_format": "#,##0"})

    def sheet(self, name: str, heads: Sequence[str], widths: Sequence[int]) -> Worksheet:
        """Add a sheet with its first row."""
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, heads, self.head)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def table(
        self,
        name: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        formats: Sequence[Any],
        *,
        note: str = "",
    ) -> None:
        """Add a sheet whose rows are two texts and then numbers, one format each."""
        sheet = self.sheet(name, heads, [22, 20, *[12] * len(formats)])
        for number, (code, label, *values) in enumerate(rows, 1):
            sheet.write_string(number, 0, code)
            sheet.write_string(number, 1, label)
            for column, (form, value) in enumerate(zip(formats, values, strict=True), 2):
                write_value(sheet, number, column, value, form)
        if note:
            sheet.write_string(len(rows) + 2, 0, note)


def write_value(sheet: Any, row: int, column: int, value: float | None, form: Any) -> None:
    """Write a number, or a dash where there is none."""
    if value is None:
        sheet.write_string(row, column, "—")
    else:
        sheet.write_number(row, column, value, form)
