"""Plans: many visits given to many volunteers at once, with a proof of how good that is."""

from matching.plans.answers import Candidates, Fairness, OpenCause, Plan, Stage
from matching.plans.assign import ALONE, NO_PAIRS, Sharing, assign
from matching.plans.candidates import candidates
from matching.plans.check import bound_of_prices, check_plan
from matching.plans.explain import Explanation, explain
from matching.plans.fairness import fairness
from matching.plans.nobody import causes_of_none
from matching.plans.shortage import Shortage, shortage
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights

__all__ = [
    "ALONE",
    "NO_PAIRS",
    "PLAN_WEIGHTS",
    "Candidates",
    "Explanation",
    "Fairness",
    "OpenCause",
    "Plan",
    "PlanWeights",
    "Sharing",
    "Shortage",
    "Stage",
    "assign",
    "bound_of_prices",
    "candidates",
    "causes_of_none",
    "check_plan",
    "explain",
    "fairness",
    "shortage",
]
