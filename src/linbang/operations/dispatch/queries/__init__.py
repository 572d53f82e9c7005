"""Reads of dispatch: the pool of volunteers, offers, assignments and who may see what."""

from linbang.operations.dispatch.queries.offers import (
    Contact,
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
    "Contact",
    "Pool",
    "Search",
    "assignments_visible_to",
    "contact_of",
    "dispatchers_at",
    "escalations_visible_to",
    "helpers_of",
    "is_asked",
    "latest_ranking",
    "load_pool",
    "needs_waiting",
    "offers_visible_to",
    "open_offers_of",
    "phones_of",
    "reasons_against",
    "search_of",
]
