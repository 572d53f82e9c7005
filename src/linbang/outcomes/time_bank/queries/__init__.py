"""Reads of the savings."""

from linbang.outcomes.time_bank.queries.earning import (
    GROUP_CHANNELS,
    adjustment_under,
    banked_of,
    day_kept_of,
    is_group_service,
    lock_books,
    lock_shortfalls,
    postings_of,
    record_to_bank,
    verifications_of,
)
from linbang.outcomes.time_bank.queries.schemes import (
    default_scheme,
    scheme_adopted,
    scheme_of,
    schemes_of,
)
from linbang.outcomes.time_bank.queries.statements import (
    PAGE,
    Statement,
    StatementLine,
    account_of,
    balance_of,
    people_visible_to,
    statement_of,
)

__all__ = [
    "GROUP_CHANNELS",
    "PAGE",
    "Statement",
    "StatementLine",
    "account_of",
    "adjustment_under",
    "balance_of",
    "banked_of",
    "day_kept_of",
    "default_scheme",
    "is_group_service",
    "lock_books",
    "lock_shortfalls",
    "people_visible_to",
    "postings_of",
    "record_to_bank",
    "scheme_adopted",
    "scheme_of",
    "schemes_of",
    "statement_of",
    "verifications_of",
]
