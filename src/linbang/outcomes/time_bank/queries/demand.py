"""Easy to save, hard to redeem (易存难兑): what is asked for, who could do it, what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from linbang.foundation.places.rules import prefix_range
from linbang.intake.needs.models import ServiceItem
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import EARNING
from linbang.outcomes.time_bank.queries.places import Window
from linbang.outcomes.time_bank.queries.sql import rows


@dataclass(frozen=True, slots=True)
class ServiceDemand:
    """How one service stands: asked for, done, found nobody, still waiting, and who could help.

    ``wait_minutes`` is the median from request to accepted; None where none was.
    """

    code: str
    name: str
    requests: int
    fulfilled: int
    unfilled: int
    waiting: int
    wait_minutes: int | None
    helpers: int

    @property
    def unfilled_percent(self) -> int:
        """The share of requests that found nobody."""
        return rules.percent(self.unfilled, self.requests)

    @property
    def is_lacking(self) -> bool:
        """More people who can do it are needed."""
        return rules.lacks_helpers(self.requests, unfilled=self.unfilled, helpers=self.helpers)


@dataclass(frozen=True, slots=True)
class Redemption:
    """How long saved time waits: median ages in days, weighed by minutes; None where there is
    nothing to measure.
    """

    savers: int
    redeemers: int
    redeemed_minutes: int | None
    redeemed_days: float | None
    waiting_minutes: int | None
    waiting_days: float | None

    @property
    def redeemers_percent(self) -> int:
        """The share of savers who ever used something."""
        return rules.percent(self.redeemers, self.savers)


def demand_of(region_code: str, *, window: Window) -> list[ServiceDemand]:
    """Return every service of the catalogue, those that lack helpers most first; two queries."""
    low, high = prefix_range(region_code)
    names = {item.code: item.label for item in ServiceItem.objects.all()}
    found = [
        ServiceDemand(name=names[row["code"]], **row)
        for row in rows(
            "demand",
            {
                "low": low,
                "high": high,
                "starts_at": window.starts_at,
                "ends_at": window.ends_at,
                "asked_at": window.ends_at,
            },
        )
    ]
    return sorted(found, key=_lack)


def _lack(one: ServiceDemand) -> tuple[int, int, int]:
    """Order by the share that found nobody, then by how many, then by how much is asked."""
    return (-one.unfilled_percent, -one.unfilled, -one.requests)


def lacking(demand: Sequence[ServiceDemand]) -> list[ServiceDemand]:
    """Return the services that lack helpers."""
    return [one for one in demand if one.is_lacking]


def redemption_of(region_code: str, *, window: Window) -> Redemption:
    """Return how long the saved time of a region's people waits to be used; one query.

    Withdrawals count in the window, by the deposits they used up: first in, first out.
    """
    low, high = prefix_range(region_code)
    [row] = rows(
        "redemption",
        {
            "low": low,
            "high": high,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "earning": list(EARNING),
        },
    )
    return Redemption(**row)
