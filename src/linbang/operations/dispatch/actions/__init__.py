"""Finding helpers, answering offers, and leaving again."""

from linbang.operations.dispatch.actions.answering import accept_offer, refuse_offer, see_contact
from linbang.operations.dispatch.actions.choosing import block_pair, offer_to, take_escalation
from linbang.operations.dispatch.actions.closing import expire_offers
from linbang.operations.dispatch.actions.leaving import (
    leave_assignment,
    release_volunteer,
    stand_down,
)
from linbang.operations.dispatch.actions.seeking import find_helpers, rank_again
from linbang.operations.dispatch.actions.sweeping import sweep

__all__ = [
    "accept_offer",
    "block_pair",
    "expire_offers",
    "find_helpers",
    "leave_assignment",
    "offer_to",
    "rank_again",
    "refuse_offer",
    "release_volunteer",
    "see_contact",
    "stand_down",
    "sweep",
    "take_escalation",
]
