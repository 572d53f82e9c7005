"""What can happen in the savings, one file a noun."""

from linbang.outcomes.time_bank.actions.adopting import adopt_scheme
from linbang.outcomes.time_bank.actions.correcting import (
    correct_credit,
    restore_credit,
    void_credit,
)
from linbang.outcomes.time_bank.actions.earning import credit_records
from linbang.outcomes.time_bank.actions.granting import grant_month, renew_grants, return_grants
from linbang.outcomes.time_bank.actions.looking import note_look
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.actions.proving import prove_books

__all__ = [
    "MovementOrder",
    "adopt_scheme",
    "correct_credit",
    "credit_records",
    "grant_month",
    "note_look",
    "note_movements",
    "prove_books",
    "renew_grants",
    "restore_credit",
    "return_grants",
    "void_credit",
]
