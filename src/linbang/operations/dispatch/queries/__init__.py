"""Reads of dispatch: the pool of volunteers, offers, assignments and who may see what."""

from linbang.operations.dispatch.queries.offers import (
    Contact,
    assignments_visible_to,
    contact_of,
    escalations_visible_to,
    helpers_of,
    latest_ranking,
    lock_offer,
    offers_visible_to,
    open_offers_of,
)
from linbang.operations.dispatch.queries.pool import Pool, load_pool, reason_against

__all__ = [
    "Contact",
    "Pool",
    "assignments_visible_to",
    "contact_of",
    "escalations_visible_to",
    "helpers_of",
    "latest_ranking",
    "load_pool",
    "lock_offer",
    "offers_visible_to",
    "open_offers_of",
    "reason_against",
]
