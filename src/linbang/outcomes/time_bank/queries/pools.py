"""The books of the pools: what came in, what went out, what was granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.models import Grant
from linbang.outcomes.time_bank.queries.places import Window
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.sql import rows


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool: of which place, what it holds, what it promised."""

    account_id: int
    cell: str
    place: str
    balance: int
    held: int


@dataclass(frozen=True, slots=True)
class PoolLine:
    """What moved in a month for one reason; ``minutes`` below zero went out."""

    month: date
    purpose: str
    minutes: int

    @property
    def out(self) -> int:
        """What went out; 0 for what came in."""
        return max(-self.minutes, 0)


@dataclass(frozen=True, slots=True)
class PoolBooks:
    """The pools of a region with their movements by month, and how many were granted time."""

    pools: tuple[Pool, ...]
    lines: tuple[PoolLine, ...]
    people: int
    granted: int

    @property
    def balance(self) -> int:
        """What the pools hold together."""
        return sum(pool.balance for pool in self.pools)

    @property
    def came_in(self) -> int:
        """What came in, what was taken back of it counted off."""
        return sum(line.minutes for line in self.lines if line.minutes > 0)

    @property
    def went_out(self) -> int:
        """What went out."""
        return sum(line.out for line in self.lines)


def pools_of(region_code: str, *, now: datetime) -> list[Pool]:
    """Return the pools that serve a region or lie in it; three queries."""
    scheme = scheme_of(region_code, at=now)
    serving = rules.pool_of(scheme.region_code, cell=region_code[:6])
    accounts = Account.objects.filter(kind=AccountKind.POOL, unit=Unit.MINUTES).filter(
        Q(owner=serving) | Q(owner__startswith=f"pool:{region_code}")
    )
    return _pools(accounts)


def all_pools() -> list[Pool]:
    """Return every pool of the site; two queries."""
    return _pools(Account.objects.filter(kind=AccountKind.POOL, unit=Unit.MINUTES))


def _pools(accounts: QuerySet[Account]) -> list[Pool]:
    found = [(account, account.owner.partition(":")[2]) for account in accounts.order_by("owner")]
    names = dict(
        Region.objects.filter(code__in={code for _, code in found}).values_list("code", "name")
    )
    return [
        Pool(account.pk, account.cell, names.get(code, code), account.balance, account.held)
        for account, code in found
    ]


def pool_books(pools: Sequence[Pool], *, region_code: str, window: Window) -> PoolBooks:
    """Return the books of pools in a window; two queries. Nobody is named in them."""
    found = rows(
        "pool_months",
        {**_of(pools), **_spanning(window)},
    )
    granted = Grant.objects.filter(
        within_any("region_id", [region_code]),
        granted_at__gte=window.starts_at,
        granted_at__lt=window.ends_at,
    ).aggregate(people=Count("person_id", distinct=True), minutes=Sum("minutes"))
    return PoolBooks(
        pools=tuple(pools),
        lines=tuple(
            PoolLine(row["month"], _words(row["purpose"]), row["minutes"]) for row in found
        ),
        people=granted["people"],
        granted=granted["minutes"] or 0,
    )


def _words(word: str) -> str:
    purpose: Purpose | None = rules.purpose_of(word)
    return str(purpose.label) if purpose else word


@dataclass(frozen=True, slots=True)
class PublicPool:
    """One pool as everybody may see it: sums, and of people only how many (rule 93)."""

    place: str
    balance: int
    came_in: int
    granted: int
    people: str


def public_pools(*, window: Window) -> list[PublicPool]:
    """Return every pool of the site with what came in and was granted in a window; four queries."""
    pools = all_pools()
    moved: dict[int, int] = {}
    for row in rows("pool_income", {**_of(pools), **_spanning(window)}):
        moved[row["account_id"]] = row["minutes"]
    granted = {
        row["giver"]: row for row in rows("pool_grants", {**_of(pools), **_spanning(window)})
    }
    return [
        PublicPool(
            place=pool.place,
            balance=pool.balance,
            came_in=moved.get(pool.account_id, 0),
            granted=granted[pool.account_id]["minutes"] if pool.account_id in granted else 0,
            people=rules.shown_people(
                granted[pool.account_id]["people"] if pool.account_id in granted else 0
            ),
        )
        for pool in pools
    ]


def _of(pools: Sequence[Pool]) -> dict[str, object]:
    return {
        "cells": sorted({pool.cell for pool in pools}),
        "accounts": [pool.account_id for pool in pools],
    }


def _spanning(window: Window) -> dict[str, object]:
    return {"starts_at": window.starts_at, "ends_at": window.ends_at}
