"""The tables of the savings, one file a noun."""

from linbang.outcomes.time_bank.models.grants import Grant, GrantReturn
from linbang.outcomes.time_bank.models.postings import (
    Adjustment,
    Movement,
    Posting,
    Shortfall,
    ShortfallSettlement,
)
from linbang.outcomes.time_bank.models.schemes import SchemeAdoption

__all__ = [
    "Adjustment",
    "Grant",
    "GrantReturn",
    "Movement",
    "Posting",
    "SchemeAdoption",
    "Shortfall",
    "ShortfallSettlement",
]
