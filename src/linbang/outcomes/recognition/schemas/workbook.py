"""The register of honours as a workbook: every text stays text, whatever it begins with."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from linbang.outcomes.recognition.queries import HonourRow

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (30, 14, 24, 12, 12, 24, 18, 30, 20)


def workbook_of(rows: Sequence[HonourRow]) -> bytes:
    """Write honours as an .xlsx file, one line each."""
    file = BytesIO()
    # Injected formulas and links stay text (tools handbook §5).
    workbook = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(_("表彰名册"))
    heads = [
        _("表彰名称"), _("授予日期"), _("授予单位"), _("级别"), _("对象类别"), _("受表彰的对象"),
        _("社区"), _("文件名称"), _("文号"),
    ]  # fmt: skip
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, heads, head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for number, row in enumerate(rows, 1):
        texts = [
            row.name, row.granted_date.isoformat(), row.granted_by, str(row.level.label),
            str(row.target.label), row.whose, row.community, row.document_name,
            row.document_number,
        ]  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text)
    workbook.close()
    return file.getvalue()
