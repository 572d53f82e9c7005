"""Reads of the savings."""

from linbang.outcomes.time_bank.queries.postings import (
    balances_after,
    postings_of,
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
    "PAGE",
    "Statement",
    "StatementLine",
    "account_of",
    "balance_of",
    "balances_after",
    "default_scheme",
    "people_visible_to",
    "postings_of",
    "scheme_adopted",
    "scheme_of",
    "schemes_of",
    "statement_of",
    "verifications_of",
]
