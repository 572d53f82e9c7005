# untranslated file: an official document of the place, written in Chinese for every reader
"""A brief as an official document: A4, red head and rule, the fonts of the standard by name.

Text reaches the file as XML text nodes, so nothing typed can become markup.
Source: GB/T 9704 for margins and fonts, domain handbook §9.1 for the parts of a brief.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from linbang.foundation.clock import local_date
from linbang.reporting.briefs import rules
from linbang.reporting.briefs.models import Brief
from linbang.reporting.briefs.rules import Snapshot

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEAD = "工作简报"
RED = RGBColor(0xC8, 0x10, 0x2E)

# Names only: the reader's machine has the fonts, or shows its own.
_SONG, _FANG, _HEI, _KAI = "方正小标宋简体", "仿宋", "黑体", "楷体"
_BODY_SIZE, _LINE = 16, 28
_WIDTH_MM = 210 - 28 - 26


def document_of(brief: Brief) -> bytes:
    """Write an issued brief as a .docx file."""
    facts = Snapshot.from_json(brief.figures)
    document = Document()
    _set_page(document, brief)
    _write_head(document, brief)
    _paragraph(
        document, brief.title, font=_SONG, size=22, align=WD_ALIGN_PARAGRAPH.CENTER, after=16
    )
    for text in brief.body.split("\n"):
        heading = rules.is_heading(text)
        _paragraph(document, text, font=_HEI if heading else _FANG, indent=True, keep=heading)
    _write_tables(document, facts)
    _write_foot(document, brief)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Any, brief: Brief) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.size = Pt(_BODY_SIZE)
    _set_fonts(normal.element.get_or_add_rPr(), _FANG)
    document.core_properties.title = brief.title
    document.core_properties.author = brief.unit
    document.core_properties.created = brief.issued_at.replace(tzinfo=None)
    document.core_properties.comments = ""
    _number_pages(section.footer.paragraphs[0])


def _write_head(document: Any, brief: Brief) -> None:
    _paragraph(
        document, HEAD, font=_SONG, size=48, align=WD_ALIGN_PARAGRAPH.CENTER, colour=RED, line=64
    )
    _paragraph(
        document, f"〔{brief.year}〕第{brief.number}期", align=WD_ALIGN_PARAGRAPH.CENTER, after=10
    )
    day = rules.day_text(local_date(brief.issued_at))
    line = _paragraph(document, f"{brief.unit}\t{day}", after=18)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    _rule(line, "bottom", colour="C8102E", eighths=18)


def _write_tables(document: Any, facts: Snapshot) -> None:
    _caption(document, f"附表1　{facts.period}主要数字")
    _table(document, ("指标", "本期", "上期"), rules.figure_rows(facts), (76, 40, 40))
    if facts.categories:
        _caption(document, f"附表2　{facts.period}各类服务")
        _table(
            document,
            ("服务类别", "求助（件）", "服务人次", "受益居民（人）"),
            rules.category_rows(facts),
            (54, 34, 34, 34),
        )
    _paragraph(
        document,
        f"数字查询日期：{facts.asked_on}。人数不足{rules.GROUP_MIN}的不列具体数。",
        font=_KAI,
        size=12,
        line=20,
        before=6,
    )


def _write_foot(document: Any, brief: Brief) -> None:
    lines = brief.distribution.split("\n") if brief.distribution else []
    for number, text in enumerate(lines):
        last = number == len(lines) - 1
        line = _paragraph(
            document,
            text,
            size=14,
            line=24,
            before=24 if not number else 0,
            align=WD_ALIGN_PARAGRAPH.RIGHT if text.startswith("共印") else None,
            keep=not last,
        )
        if not number:
            _rule(line, "top")
        if last:
            _rule(line, "bottom")


def _paragraph(  # noqa: PLR0913 - one keyword for each property a paragraph may have
    document: Any,
    text: str,
    *,
    font: str = _FANG,
    size: int = _BODY_SIZE,
    align: WD_ALIGN_PARAGRAPH | None = None,
    colour: RGBColor | None = None,
    line: int = _LINE,
    before: int = 0,
    after: int = 0,
    indent: bool = False,
    keep: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next = keep
    if indent:
        form.first_line_indent = Pt(2 * size)
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    _set_fonts(run._element.get_or_add_rPr(), font)  # noqa: SLF001 - python-docx has no East Asian font
    return paragraph


def _caption(document: Any, text: str) -> None:
    _paragraph(
        document,
        text,
        font=_HEI,
        size=14,
        align=WD_ALIGN_PARAGRAPH.CENTER,
        before=16,
        after=4,
        keep=True,
    )


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths_mm: Sequence[int]
) -> None:
    table = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for number, texts in enumerate([heads, *rows]):
        row = table.add_row()
        _keep_whole(row, is_head=not number)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths_mm[column])
            _fill(cell, text, is_head=not number, is_name=not column)


def _fill(cell: Any, text: str, *, is_head: bool, is_name: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size = Pt(12)
    _set_fonts(run._element.get_or_add_rPr(), _HEI if is_head else _FANG)  # noqa: SLF001 - as above
    if is_head:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif not is_name:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _keep_whole(row: Any, *, is_head: bool) -> None:
    """Part no row between pages, and repeat the head on the next."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such property
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _set_fonts(properties: Any, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script, font in (("ascii", "Times New Roman"), ("hAnsi", "Times New Roman")):
        fonts.set(qn(f"w:{script}"), font)
    fonts.set(qn("w:eastAsia"), name)
    # Quotation marks and dashes are in both sets: these are Chinese ones.
    fonts.set(qn("w:hint"), "eastAsia")


def _rule(paragraph: Any, edge: str, *, colour: str = "000000", eighths: int = 6) -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    line = OxmlElement(f"w:{edge}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        if text is None:
            for kind in ("begin", "instr", "end"):
                run._r.append(_field_part(kind))  # noqa: SLF001 - python-docx has no fields


def _field_part(kind: str) -> Any:
    if kind == "instr":
        part = OxmlElement("w:instrText")
        part.text = "PAGE"
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part
