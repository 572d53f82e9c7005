"""Where helpers are missing: a map for recruiting, by skill, community and half-day."""

from dataclasses import dataclass

import numpy as np

from matching.codes import SKILLS, SLOTS
from matching.inputs import Int64Array, UInt32Array
from matching.plans.answers import Plan
from matching.requests import Requests

_COMMUNITY = 10**6
_SKILLS: tuple[str | None, ...] = (None, *SKILLS)
_SLOTS: tuple[str | None, ...] = (None, *SLOTS)
_WIDTH = max(len(_SKILLS), len(_SLOTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Tell of one skill, community and half-day how many helpers are missing.

    skill, slot: codes, None where a request asks for none · community: a place number, zeros from
    the grid down · missing: empty places · hopeless: those of them nobody is eligible for · price:
    what one more helper there saves at most, in units of cost, 0 where the plan knows no prices.
    """

    skill: str | None
    community: int
    slot: str | None
    missing: int
    hopeless: int
    price: int


def shortage(requests: Requests, plan: Plan) -> tuple[Shortage, ...]:
    """List where places stay empty, the most first, the dearest first among equals.

    A request that needs two skills, or touches two half-days, counts in each of them: whoever is
    recruited for one must bring the other. The price is the highest of all requests there, for a
    helper goes where she is missed most. Source: handbook matching.md §6.
    """
    row, skill, slot = _cells(requests)
    communities, community = np.unique(requests.place // _COMMUNITY, return_inverse=True)
    key = (community[row] * _WIDTH + skill) * _WIDTH + slot
    missing, hopeless = np.zeros((2, len(requests)), np.int64)
    missing[plan.open_request], hopeless[plan.open_request] = plan.missing, plan.hopeless
    cells = np.unique(key[missing[row] > 0])
    at = np.searchsorted(cells, key)
    is_short = at < len(cells)
    is_short[is_short] = cells[at[is_short]] == key[is_short]
    at, row = at[is_short], row[is_short]
    price = np.zeros(len(cells), np.int64)
    np.maximum.at(price, at, plan.price[row])
    sums = (np.bincount(at, one[row], len(cells)).astype(np.int64) for one in (missing, hopeless))
    columns = (column.tolist() for column in (cells, *sums, price))
    found = [
        Shortage(
            skill=_SKILLS[cell // _WIDTH % _WIDTH],
            community=int(communities[cell // _WIDTH**2]) * _COMMUNITY,
            slot=_SLOTS[cell % _WIDTH],
            missing=empty,
            hopeless=without,
            price=saves,
        )
        for cell, empty, without, saves in zip(*columns, strict=True)
    ]
    # The cells stand by community, skill and slot, and so do equals.
    return tuple(sorted(found, key=lambda one: (-one.missing, -one.price)))


def _cells(requests: Requests) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Give a row for each skill and half-day that a request asks for: request, skill, slot."""
    with_skill, skill = _set_bits(requests.skills)
    at, slot = _set_bits(requests.slots[with_skill])
    return with_skill[at], skill[at], slot


def _set_bits(masks: UInt32Array) -> tuple[Int64Array, Int64Array]:
    """Give the rows and bits that are set, counted from 1, and one row with 0 where none is."""
    bits = masks[:, None] >> np.arange(_WIDTH - 1, dtype=np.uint32) & np.uint32(1)
    row, bit = np.nonzero(np.concatenate([masks[:, None] == 0, bits != 0], axis=1))
    return row, bit
