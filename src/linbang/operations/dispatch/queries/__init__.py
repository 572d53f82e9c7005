"""Reads of dispatch: the pool of volunteers, offers, assignments and who may see what."""

from linbang.operations.dispatch.queries.board import Asked, board, needs_to_dispatch
from linbang.operations.dispatch.queries.cards import (
    OfferCard,
    cards_of,
    helpers_shown,
    offers_made_to,
    open_offers_made_to,
    past_offers_made_to,
)
from linbang.operations.dispatch.queries.desk import (
    Desk,
    desk_of,
    found_volunteers,
    summary_of,
    volunteer_with,
)
from linbang.operations.dispatch.queries.offers import (
    Contact,
    assignments_to_leave,
    assignments_visible_to,
    contact_of,
    escalations_visible_to,
    helpers_of,
    latest_ranking,
    offers_visible_to,
    open_offers_of,
)
from linbang.operations.dispatch.queries.pool import Pool, load_pool, reasons_against
from linbang.operations.dispatch.queries.search import (
    WAITING,
    Search,
    dispatchers_at,
    is_asked,
    needs_waiting,
    phones_of,
    search_of,
)

__all__ = [
    "WAITING",
    "Asked",
    "Contact",
    "Desk",
    "OfferCard",
    "Pool",
    "Search",
    "assignments_to_leave",
    "assignments_visible_to",
    "board",
    "cards_of",
    "contact_of",
    "desk_of",
    "dispatchers_at",
    "escalations_visible_to",
    "found_volunteers",
    "helpers_of",
    "helpers_shown",
    "is_asked",
    "latest_ranking",
    "load_pool",
    "needs_to_dispatch",
    "needs_waiting",
    "offers_made_to",
    "offers_visible_to",
    "open_offers_made_to",
    "open_offers_of",
    "past_offers_made_to",
    "phones_of",
    "reasons_against",
    "search_of",
    "summary_of",
    "volunteer_with",
]
