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
from linbang.operations.dispatch.actions.signing_up import (
    SignUpAnswer,
    Wish,
    open_places,
    sign_up,
    sign_up_all,
)
from linbang.operations.dispatch.actions.sweeping import sweep

__all__ = [
    "SignUpAnswer",
    "Wish",
    "accept_offer",
    "block_pair",
    "expire_offers",
    "find_helpers",
    "leave_assignment",
    "offer_to",
    "open_places",
    "rank_again",
    "refuse_offer",
    "release_volunteer",
    "see_contact",
    "sign_up",
    "sign_up_all",
    "stand_down",
    "sweep",
    "take_escalation",
]
