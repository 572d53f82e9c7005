"""What can happen in the savings, one file a noun."""

from linbang.outcomes.time_bank.actions.correcting import correct_credit, void_credit
from linbang.outcomes.time_bank.actions.earning import credit_records
from linbang.outcomes.time_bank.actions.looking import note_look
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements

__all__ = [
    "MovementOrder",
    "correct_credit",
    "credit_records",
    "note_look",
    "note_movements",
    "void_credit",
]
