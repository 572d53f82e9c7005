# untranslated file: an official paper of the place, written in Chinese for every reader
"""A certificate as a sheet of paper: PDF and picture.

What it says follows Order 67, article 15: time, content and recording unit of each service, nothing
that was not asked for. Proved and entered hours stand apart (rule 38).
"""

from collections.abc import Mapping
from typing import Any

from linbang.foundation.clock import local_date
from linbang.foundation.shell.rules import hours_and_minutes
from linbang.outcomes.certificates import queries, rules
from linbang.outcomes.certificates.models import Certificate
from linbang.outcomes.certificates.schemas import press

TITLE = "志愿服务记录证明"
_LINES_A_PAGE = 12
_DIGITS = "〇一二三四五六七八九"


def pdf_of(certificate: Certificate, *, site: str) -> bytes:
    """Print a certificate; the same certificate gives the same bytes."""
    return press.pdf(
        "certificate",
        sheet_of(certificate, site=site),
        made_at=certificate.issued_at,
        wide=_is_wide(certificate),
    )


def png_of(certificate: Certificate, *, site: str) -> bytes:
    """Draw a certificate; a long one as one long page, for who keeps a single picture."""
    sheet = sheet_of(certificate, site=site)
    is_long = len(certificate.lines) > _LINES_A_PAGE
    return press.png("certificate", {**sheet, "one-page": is_long}, wide=_is_wide(certificate))


def check_address(certificate: Certificate, *, site: str) -> str:
    """Return what the QR code holds: the check page, and the signed words behind the #.

    Phones that scan it online are told what holds today; the words behind the # are enough to
    verify it without network, and no server ever gets them.
    """
    signed = rules.encoded(certificate.payload, bytes.fromhex(certificate.signature))
    return f"{site}certificates/check/?n={certificate.number}#{signed}"


def sheet_of(certificate: Certificate, *, site: str) -> Mapping[str, Any]:
    """Return the plain values of the sheet."""
    proved, entered = certificate.proved_minutes, certificate.entered_minutes
    return {
        "one-page": False,
        "title": TITLE,
        "number": certificate.number,
        "name": certificate.name,
        "issuer": certificate.issuer,
        "identity": f"（{_identity(certificate)}）" if _identity(certificate) else "",
        "served": _served(certificate),
        "total": hours(certificate.minutes),
        "apart": _apart(proved, entered),
        "heads": ["服务时间", "服务内容", "记录单位", "时长", "类别"],
        "lines": [_line(line) for line in certificate.lines],
        "totals": [
            ["信用时长（签到证明）", hours(proved)],
            ["荣誉时长（人工登记）", hours(entered)],
            ["合计", hours(certificate.minutes)],
        ],
        "statement": _statement(certificate),
        "issued": day_in_words(local_date(certificate.issued_at)),
        "check": _how_to_check(certificate, site=site),
        "qr": press.qr(check_address(certificate, site=site)),
    }


def hours(minutes: int) -> str:
    """Write minutes as hours: 90 → 1.5 小时, 80 → 1 小时 20 分钟."""
    whole, rest = hours_and_minutes(minutes)
    parts = [f"{whole} 小时"] if whole else []
    return " ".join([*parts, f"{rest} 分钟"] if rest else parts) or "0 小时"


def day_in_words(day: Any) -> str:
    """Write a day as on official papers: 二〇二六年十一月二十六日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_number(day.month)}月{_number(day.day)}日"


def _number(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def _day(day: Any) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _identity(certificate: Certificate) -> str:
    parts = []
    if certificate.document_number:
        parts.append(f"证件号码 {certificate.document_number}")
    if certificate.volunteer_number:
        parts.append(f"志愿者编号 {certificate.volunteer_number}")
    return "，".join(parts)


def _served(certificate: Certificate) -> str:
    first, last, times = certificate.first_date, certificate.last_date, len(certificate.lines)
    period = f"于 {_day(first)}" + ("" if first == last else f"至 {_day(last)}")
    by = f"参加由{certificate.unit}记录的志愿服务" if certificate.unit else "参加志愿服务"
    return f"{period}{by} {times} 次，累计服务时间 "


def _apart(proved: int, entered: int) -> str:
    if not entered:
        return "，均由系统签到证明（信用时长）。特此证明。"
    if not proved:
        return "，均为人工登记并经第二人审核（荣誉时长）。特此证明。"
    return (
        f"，其中由系统签到证明的信用时长 {hours(proved)}，"
        f"人工登记并经第二人审核的荣誉时长 {hours(entered)}。特此证明。"
    )


def _statement(certificate: Certificate) -> str:
    several = len({line["unit"] for line in certificate.lines}) > 1
    who = "各行所列记录单位" if several else "上列记录单位"
    return (
        f"以上服务由{who}依照《志愿服务记录与证明出具办法（试行）》如实记录，本证明免费出具。"
        "感谢您把时间给了邻里。"
    )


def _line(line: Mapping[str, Any]) -> list[str]:
    return [
        line["day"],
        f"{line['starts']}–{line['ends']}",
        line["content"],
        line["unit"],
        hours(line["minutes"]),
        "信用" if line["proved"] else "荣誉",
    ]


def _how_to_check(certificate: Certificate, *, site: str) -> list[str]:
    seal = (
        "需要盖章的，由出具单位在右上方单位名称处加盖公章。"
        if certificate.wants_seal
        else "本证明无需盖章，以编号查验的结果为准。"
    )
    return [
        "查验：扫左侧二维码；没有网络时也能核对电子签名。",
        f"或打开 {site}certificates/check/ 输入编号。",
        seal,
        "时长有更正时本证明自动失效，请以查验结果为准。",
    ]


def _is_wide(certificate: Certificate) -> bool:
    texts = [certificate.name, certificate.issuer]
    texts += [text for line in certificate.lines for text in (line["content"], line["unit"])]
    return queries.needs_system_font("".join(texts))
