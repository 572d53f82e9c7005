"""A list of insured people as a workbook: every text stays text, whatever it begins with."""

from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from linbang.foundation.clock import CHINA
from linbang.operations.clearance.actions import ExportedList

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    # Row by row to disk: a list of thousands needs no memory.
    "constant_memory": True,
    # Injected formulas and links stay text (tools handbook §5).
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = (6, 14, 20, 24, 16, 28, 26)


def download(told: ExportedList) -> HttpResponse:
    """Answer with a list as a file to save."""
    name = quote(f"{file_name(told)}.xlsx")
    disposition = f"attachment; filename=insured.xlsx; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(workbook_of(told), content_type=TYPE, headers=headers)


def file_name(told: ExportedList) -> str:
    """Name the file by the shift, or by the policy."""
    if told.shift is None:
        return _("保险名单-%(number)s") % {"number": told.policy.number}
    day = told.shift.starts_at.astimezone(CHINA)
    return _("保险名单-%(activity)s-%(day)s") % {
        "activity": told.shift.activity.name,
        "day": f"{day:%Y-%m-%d}",
    }


def workbook_of(told: ExportedList) -> bytes:
    """Write a list as an .xlsx file: name, document, phone, shift, one person a row."""
    file = BytesIO()
    book = Workbook(file, _OPTIONS)
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet(_("保险名单"))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    heads = [
        _("序号"), _("姓名"), _("证件类型"), _("证件号码"), _("电话"), _("班次"), _("保险单"),
    ]  # fmt: skip
    sheet.write_row(0, 0, heads, bold)
    shift, policy = _shift_words(told), f"{told.policy.insurer} {told.policy.number}"
    for number, line in enumerate(told.lines, 1):
        sheet.write_number(number, 0, number)
        texts = [line.name, line.document_type, line.document_number, line.phone, shift, policy]
        for column, text in enumerate(texts, 1):
            sheet.write_string(number, column, text)
    if any(line.is_masked for line in told.lines):
        note = _("未成年人的姓名、证件和电话按规定只显示一部分。")
        sheet.write_string(len(told.lines) + 2, 1, note)
    book.close()
    return file.getvalue()


def _shift_words(told: ExportedList) -> str:
    if told.shift is None:
        return ""
    starts, ends = (at.astimezone(CHINA) for at in (told.shift.starts_at, told.shift.ends_at))
    window = f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"
    return f"{told.shift.activity.name} · {told.shift.post.name} · {window}"
