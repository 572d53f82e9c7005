"""Writes of recognition: stars, ratings and honours."""

from linbang.outcomes.recognition.actions.adopting import adopt_scheme
from linbang.outcomes.recognition.actions.applying import apply_for_star, withdraw_application
from linbang.outcomes.recognition.actions.deciding import (
    answer_objection,
    approve_application,
    object_to_star,
    refuse_application,
)
from linbang.outcomes.recognition.actions.granting import grant_stars, review_star
from linbang.outcomes.recognition.actions.honours import (
    HonourDetails,
    decide_honour,
    enter_honour,
    export_honours,
    see_proof,
    strike_honour,
)
from linbang.outcomes.recognition.actions.rating import pass_on_ratings, rate, rate_many

__all__ = [
    "HonourDetails",
    "adopt_scheme",
    "answer_objection",
    "apply_for_star",
    "approve_application",
    "decide_honour",
    "enter_honour",
    "export_honours",
    "grant_stars",
    "object_to_star",
    "pass_on_ratings",
    "rate",
    "rate_many",
    "refuse_application",
    "review_star",
    "see_proof",
    "strike_honour",
    "withdraw_application",
]
