"""The outside test: share fixed tasks among as few workers as can be (SMPTSP)."""

from matching.smptsp.bounds import least_by_prices, most_apart, most_at_once, solve_exactly
from matching.smptsp.instances import Workload, invent_workload, read_smptsp
from matching.smptsp.solve import Staffing, faults, staff

__all__ = [
    "Staffing",
    "Workload",
    "faults",
    "invent_workload",
    "least_by_prices",
    "most_apart",
    "most_at_once",
    "read_smptsp",
    "solve_exactly",
    "staff",
]
