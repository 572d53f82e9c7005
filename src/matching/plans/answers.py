"""What a plan answers: who goes where, how good that is at best, and what stays open and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from matching.answers import Cause
from matching.inputs import BoolArray, Int16Array, Int32Array, Int64Array, UInt8Array

UInt64Array = npt.NDArray[np.uint64]


class Stage(IntEnum):
    """Say which stages a plan went through; each leaves a plan that may be published."""

    GREEDY = 1  # dearest gap first, cheapest volunteer first
    PRICED = 2  # prices of all requests, and with them a bound
    MENDED = 3  # rounded from the prices, then chains of exchanges
    PROVEN = 4  # nothing better exists, or the limit of the search was reached


class OpenCause(IntEnum):
    """Say why a candidate does not take an open place, the first that applies, in this order."""

    OVERLAP = 0  # another visit of this plan, and the way between
    DAY_FULL = 1
    WEEK_FULL = 2
    DEARER = 3  # could, but only by leaving something that weighs more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Hold who could go to each request, the cheapest first, row after row.

    ptr: i8[R+1] · volunteer: i4[N], row of the pool · cost: i4[N], rising within a row, ties by
    id · metres: i4[N], -1 = unknown · tier: u1[N] · eligible: i4[R], how many there were before
    the lists were cut.
    """

    ptr: Int64Array
    volunteer: Int32Array
    cost: Int32Array
    metres: Int32Array
    tier: UInt8Array
    eligible: Int32Array

    def __len__(self) -> int:
        return len(self.ptr) - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Hold a plan; rows point into the volunteers and requests it was made from.

    request, volunteer: i4[n], sorted by both · cost: i4[n] · rank: i2[n], place among the
    candidates, from 1; 0 for a fixed pair outside them · regret: i4[n], own cost above the
    cheapest candidate's · fixed: b1[n] · price: i4[R], what one more helper there costs at most ·
    open_request: i4[m], requests short of helpers · missing: u1[m] · hopeless: u1[m], how many of
    the missing nobody is eligible for at all · objective: cost of the pairs and of the empty
    places that have candidates · bound: no plan on these candidates costs less · whole_bound: nor
    any plan on all eligible pairs · seconds: by stage · input_hash, plan_hash: hex.
    """

    weights_version: int
    stage: Stage
    request: Int32Array
    volunteer: Int32Array
    cost: Int32Array
    rank: Int16Array
    regret: Int32Array
    fixed: BoolArray
    price: Int32Array
    open_request: Int32Array
    missing: UInt8Array
    hopeless: UInt8Array
    objective: int
    bound: int
    whole_bound: int
    seconds: Mapping[str, float]
    input_hash: str
    plan_hash: str

    @property
    def gap(self) -> float:
        """How far above the best of the listed pairs this plan may be at most, as a part of it."""
        return (self.objective - self.bound) / self.bound if self.bound > 0 else 0.0

    @property
    def whole_gap(self) -> float:
        """The same of all pairs, those beyond the lists too."""
        above = self.objective - self.whole_bound
        return above / self.whole_bound if self.whole_bound > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """How evenly the visits of a plan lie.

    ``busiest_share``: per mille of the visits that the busiest tenth of those who could go
    carries · ``gini``: per mille, of the share of requests filled, between communities: 0 = every
    community alike.
    """

    busiest_share: int
    gini: int
    people: int


CAUSES: tuple[Cause, ...] = tuple(Cause)
OPEN_CAUSES: tuple[OpenCause, ...] = tuple(OpenCause)
