# untranslated file: a card is shown to everybody of the place, in Chinese
"""Cards to be cut out: the volunteer's identity card and the red savings card."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from linbang.outcomes.certificates import queries
from linbang.outcomes.certificates.choices import CardKind
from linbang.outcomes.certificates.queries import PaperCard
from linbang.outcomes.certificates.schemas import press

Layout = Literal["single", "sheet"]
_TITLES = {CardKind.IDENTITY: "志愿者证", CardKind.SAVINGS: "爱心储蓄卡"}
_HINTS = {CardKind.IDENTITY: "签到时扫一扫", CardKind.SAVINGS: "服务时扫一扫"}


def cards_pdf(
    cards: Sequence[PaperCard],
    *,
    kind: CardKind,
    layout: Layout,
    address: Callable[[str], str],
    made_at: datetime,
) -> bytes:
    """Print one card alone, or ten on a sheet with cut marks.

    address: turns a volunteer number into what the QR code holds.
    """
    is_savings = kind == CardKind.SAVINGS
    scheme = queries.scheme_name()
    data = {
        "kind": kind.value,
        "layout": layout,
        "title": _TITLES[kind],
        "scheme": scheme if is_savings else "爱心 · 互助",
        "author": scheme if is_savings else "邻帮",
        "hint": _HINTS[kind],
        "cards": [
            {
                "name": card.name,
                "number": card.number,
                "community": card.community,
                "team": card.team,
                "note": "凭卡存取时间，不买卖、不取现" if is_savings else f"{card.since} 起",
                "qr": press.qr(address(card.number)),
            }
            for card in cards
        ],
    }
    text = "".join(card.name + card.community + card.team for card in cards)
    return press.pdf("cards", data, made_at=made_at, wide=queries.needs_system_font(text + scheme))
