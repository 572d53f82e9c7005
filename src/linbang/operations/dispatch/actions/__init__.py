"""Finding helpers, answering offers, and leaving again."""

from linbang.operations.dispatch.actions.answering import (
    accept_offer,
    refuse_offer,
    see_contact,
)
from linbang.operations.dispatch.actions.leaving import (
    block_pair,
    leave_assignment,
    stand_down,
)
from linbang.operations.dispatch.actions.seeking import (
    expire_offers,
    find_helpers,
    offer_to,
    sweep,
    take_escalation,
)

__all__ = [
    "accept_offer",
    "block_pair",
    "expire_offers",
    "find_helpers",
    "leave_assignment",
    "offer_to",
    "refuse_offer",
    "see_contact",
    "stand_down",
    "sweep",
    "take_escalation",
]
