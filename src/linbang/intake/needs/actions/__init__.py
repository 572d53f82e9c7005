"""Opening needs, answering them, and moving them on."""

from linbang.intake.needs.actions.answering import (
    Contact,
    decline_need,
    see_contact,
    verify_need,
    withdraw_all_of,
    withdraw_need,
)
from linbang.intake.needs.actions.moving import advance_need
from linbang.intake.needs.actions.opening import open_need, take_down_need

__all__ = [
    "Contact",
    "advance_need",
    "decline_need",
    "open_need",
    "see_contact",
    "take_down_need",
    "verify_need",
    "withdraw_all_of",
    "withdraw_need",
]
