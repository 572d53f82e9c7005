"""What a brief may hold and how its text is cleaned and read."""

import re
import unicodedata

from linbang.reporting.briefs.errors import PersonalDataInBrief

TITLE_LENGTH_MAX = 120
UNIT_LENGTH_MAX = 100
BODY_LENGTH_MAX = 10_000
DISTRIBUTION_LENGTH_MAX = 200

# Rule 92. A number written with blanks, dashes or full-width digits is one all the same.
_GAP = r"[\s\-–—]?"
_PERSONAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d)1[3-9](?:{_GAP}\d){{9}}(?!\d)",
        rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)",
        rf"(?<!\d)0\d{{2,3}}{_GAP}\d{{7,8}}(?!\d)",
        r"\d+\s*(?:栋|幢|号楼|座)\s*(?:\d+\s*单元)?\s*\d+\s*(?:室|房|号)?",
        r"\d+\s*单元\s*\d+\s*(?:室|房|号)?",
    )
)
_CONTROL = frozenset({"Cc", "Cs", "Cn", "Co"})


def require_nothing_personal(text: str) -> None:
    """Refuse a text with a phone, an ID number or a door in it. Raises PersonalDataInBrief.

    Source: rule 92.
    """
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _PERSONAL:
        found = pattern.search(plain)
        if found:
            raise PersonalDataInBrief(field="body", found=found[0].strip())


def cleaned(text: str) -> str:
    """Drop control characters, trailing blanks and empty lines; a document knows no others."""
    kept = "".join(
        c
        for c in text.replace("\r\n", "\n")
        if c == "\n" or unicodedata.category(c) not in _CONTROL
    )
    return "\n".join(line.rstrip() for line in kept.split("\n") if line.strip())


def is_heading(paragraph: str) -> bool:
    """Tell whether a paragraph is a heading of the first order: 一、…, and short."""
    return bool(re.match(r"[一二三四五六七八九十]+、", paragraph)) and len(paragraph) <= 30


def distribution_text(*, report_to: str, send_to: str, issue_to: str, copies: int | None) -> str:
    """Write the foot of a brief: to whom it is reported, sent and issued, and how many copies."""
    named = (("报", report_to), ("送", send_to), ("发", issue_to))
    lines = [f"{word}：{cleaned(names)}" for word, names in named if names.strip()]
    if copies:
        lines.append(f"共印{copies}份")
    return "\n".join(lines)
