"""Pupils' hours as a workbook: every text stays text, whatever it begins with."""

from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from linbang.outcomes.certificates.actions import Credits

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def download(told: Credits) -> HttpResponse:
    """Answer with a school's file to save."""
    period = f"{told.first.isoformat()}-{told.last.isoformat()}"
    name = quote(f"{told.school.name}-{period}.xlsx")
    disposition = f"attachment; filename=credits-{period}.xlsx; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(workbook_of(told), content_type=TYPE, headers=headers)


def workbook_of(told: Credits) -> bytes:
    """Write a sheet with one pupil a row, and one with the services behind the sums."""
    file = BytesIO()
    workbook = Workbook(file, _OPTIONS)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    period = f"{told.first.isoformat()}–{told.last.isoformat()}"
    sums = workbook.add_worksheet(_("汇总"))
    _head(
        sums,
        [
            _("班级"), _("姓名"), _("志愿者编号"), _("时段"), _("服务次数"), _("信用时长（分钟）"),
            _("荣誉时长（分钟）"), _("合计（小时）"), _("证明编号"),
        ],
        (16, 12, 16, 24, 10, 16, 16, 14, 18),
        bold,
    )  # fmt: skip
    for row, pupil in enumerate(told.pupils, 1):
        for column, text in ((0, pupil.group), (1, pupil.name), (2, pupil.number), (3, period)):
            sums.write_string(row, column, text)
        whole = pupil.proved + pupil.entered
        for column, number in ((4, len(pupil.served)), (5, pupil.proved), (6, pupil.entered)):
            sums.write_number(row, column, number)
        sums.write_string(row, 7, _hours(whole))
        sums.write_string(row, 8, pupil.certificate)
    services = workbook.add_worksheet(_("明细"))
    _head(
        services,
        [
            _("班级"), _("姓名"), _("志愿者编号"), _("开始"), _("结束"), _("服务内容"),
            _("记录单位"), _("时长（分钟）"), _("种类"),
        ],
        (16, 12, 16, 18, 8, 36, 30, 14, 10),
        bold,
    )  # fmt: skip
    row = 0
    for pupil in told.pupils:
        for one in pupil.served:
            row += 1
            texts = (
                pupil.group, pupil.name, pupil.number, one.starts, one.ends, one.content, one.unit,
            )  # fmt: skip
            for column, text in enumerate(texts):
                services.write_string(row, column, text)
            services.write_number(row, 7, one.minutes)
            services.write_string(row, 8, _("信用") if one.proved else _("荣誉"))
    workbook.close()
    return file.getvalue()


def _head(sheet: Worksheet, heads: list[str], widths: tuple[int, ...], bold: object) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, bold)


def _hours(minutes: int) -> str:
    """Write minutes as hours and minutes, 2:30: sums stay exact."""
    return f"{minutes // 60}:{minutes % 60:02d}"
