"""The figures of activities: of a region, a team and all below it, or both; by a fixed number of
statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import OrganisationKind, TeamRank
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.choices import ActivityKind, PointKind
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import ActivityMeasure
from linbang.reporting.statistics.queries.places import (
    child_digits_of,
    children_of,
    region_visible_to,
)
from linbang.reporting.statistics.queries.statements import rows
from linbang.reporting.statistics.rules import ActivityTally, Period

# More points or topics than these are not read through on a page.
_POINTS_MAX = 500
_TOPICS_MAX = 20
_TEAMS_MAX = 500


@dataclass(frozen=True)
class Scope:
    """Where to count: below a region, below a team, or what is in both."""

    region: Region | None = None
    team: Organisation | None = None

    @property
    def prefix(self) -> str:
        return self.region.code if self.region else ""

    @property
    def path(self) -> str:
        return self.team.path if self.team else ""

    @property
    def name(self) -> str:
        """What it is called: the team, else the region."""
        return str(self.team or self.region or "")


@dataclass(frozen=True)
class GroupTally:
    """The figures of one kind or brand, by its name; empty for what has none."""

    code: str
    name: str
    tally: ActivityTally


@dataclass(frozen=True)
class NodeTally:
    """The figures of a team and all below it; ``is_own``: what the one above did itself."""

    team: UUID | None
    name: str
    rank: str
    is_own: bool
    tally: ActivityTally


@dataclass(frozen=True)
class ActivityMonth:
    """The activities of one calendar month; minutes of presence are whole minutes."""

    year: int
    month: int
    activities: int = 0
    person_times: int = 0
    people: int = 0
    minutes: int = 0
    people_served: int = 0


@dataclass(frozen=True)
class PointTally:
    """How one duty point was staffed: ``staffed`` of ``planned`` shifts had the minimum."""

    point: UUID
    kind: str
    name: str
    is_demonstration: bool
    planned: int
    staffed: int
    person_times: int
    people: int
    minutes: int
    places: int
    filled: int
    no_shows: int

    @property
    def kind_label(self) -> str:
        return str(PointKind(self.kind).label)

    @property
    def staffed_rate(self) -> float | None:
        return rules.share(self.staffed, self.planned)


@dataclass(frozen=True)
class ActivityFigures:
    """All figures of activities in a scope and a half-open window, as they stood at ``asked_at``.

    ``months`` are those of the last instant's calendar year and of the year before.
    """

    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    total: ActivityTally
    kinds: tuple[GroupTally, ...]
    brands: tuple[GroupTally, ...]
    regions: tuple[GroupTally, ...]
    teams: tuple[NodeTally, ...]
    months: tuple[ActivityMonth, ...]
    points: tuple[PointTally, ...]
    topics: tuple[tuple[str, int], ...]

    @property
    def year(self) -> int:
        """The calendar year the months end with."""
        return rules.last_year_of(self.ends_at)


def activity_scope(
    actor: Actor, region_code: str, team_id: str, *, permission: Permission = Permission.SEE_REPORTS
) -> Scope | None:
    """Return where the actor may look: a region, a team's own figures, or a team within a region.

    Whoever holds a role in a team alone sees that team and what is below it. Two queries.
    """
    region = region_visible_to(actor, region_code, permission=permission)
    if region is None and region_code:
        return None
    teams = Organisation.objects.filter(public_id=team_id) if team_id else None
    if region is not None:
        team = teams.first() if teams is not None else None
        return None if team_id and team is None else Scope(region, team)
    own = Q(pk__in=[])
    for path in actor.organisations_for(permission):
        own |= Q(path__gte=path, path__lt=path + ":")
    found = (Organisation.objects.all() if teams is None else teams).filter(own).order_by("path")
    return Scope(team=found.first()) if found else None


def way_to_team(scope: Scope) -> list[Organisation]:
    """Return the organisations above a scope's team, from the top, and itself; one query."""
    digits = range(rules.PATH_DIGITS, len(scope.path) + 1, rules.PATH_DIGITS)
    paths = [scope.path[:length] for length in digits]
    return list(Organisation.objects.filter(path__in=paths).order_by("path"))


def activity_total(
    *, prefix: str, starts_at: datetime, ends_at: datetime, asked_at: datetime
) -> tuple[ActivityTally, tuple[GroupTally, ...]]:
    """Return the figures of a region's activities, in all and by brand; two statements."""
    window = _window(prefix, "", starts_at=starts_at, ends_at=ends_at, asked_at=asked_at)
    groups = _groups({**window, "node_digits": 0})
    consulted, _topics = _consulted(window)
    total = ActivityTally(**{**vars(_total(groups)), "consulted": consulted})
    return total, _brands(groups)


def activity_figures(*, scope: Scope, period: Period, asked_at: datetime) -> ActivityFigures:
    """Count everything for a scope and a period: eight queries, whatever its size."""
    window = _window(
        scope.prefix, scope.path, starts_at=period.starts_at, ends_at=period.ends_at,
        asked_at=asked_at,
    )  # fmt: skip
    base = scope.path or _common_path(window)
    groups = _groups({**window, "node_digits": len(base) + rules.PATH_DIGITS})
    consulted, topics = _consulted(window)
    return ActivityFigures(
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        asked_at=asked_at,
        total=ActivityTally(**{**vars(_total(groups)), "consulted": consulted}),
        kinds=_kinds(groups),
        brands=_brands(groups),
        regions=_regions(scope.prefix, groups),
        teams=_teams(base, scope, groups),
        months=_months(window, period.ends_at),
        points=tuple(
            PointTally(**row)
            for row in rows(
                "activity_facts", "activity_points", params={**window, "points_max": _POINTS_MAX}
            )
        ),
        topics=topics,
    )


def activity_value_of(tally: ActivityTally, measure: ActivityMeasure) -> float | int | None:
    """Return one figure of a tally."""
    value: float | int | None = getattr(tally, measure.value)
    return value


def _window(
    prefix: str, path: str, *, starts_at: datetime, ends_at: datetime, asked_at: datetime
) -> dict[str, Any]:
    low, high = prefix_range(prefix)
    return {
        "low": low,
        "high": high,
        "path_low": path,
        "path_high": f"{path}:",
        "child_digits": child_digits_of(prefix),
        "node_digits": 0,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "asked_at": asked_at,
    }


def _common_path(window: Mapping[str, Any]) -> str:
    (found,) = rows("activity_paths", params=window)
    return rules.common_path(found["first"], found["last"]) if found["first"] else ""


def _groups(window: Mapping[str, Any]) -> dict[tuple[str, str], ActivityTally]:
    """Return the tally of each group, by the grouping's name and the group's code."""
    found = {}
    for row in rows("activity_facts", "activity_groups", params=window):
        values = {name: value for name, value in row.items() if name not in _GROUPINGS}
        name = next((name for name in _GROUPINGS if row[name] is not None), "")
        found[name, row[name] if name else ""] = ActivityTally(**values)
    return found


_GROUPINGS = ("kind", "brand", "child", "node")
_Groups = Mapping[tuple[str, str], ActivityTally]


def _total(groups: _Groups) -> ActivityTally:
    return groups.get(("", ""), ActivityTally())


def _of(groups: _Groups, grouping: str) -> dict[str, ActivityTally]:
    return {code: tally for (name, code), tally in groups.items() if name == grouping}


def _kinds(groups: _Groups) -> tuple[GroupTally, ...]:
    found = _of(groups, "kind")
    return tuple(
        GroupTally(kind, str(kind.label), found[kind]) for kind in ActivityKind if kind in found
    )


def _brands(groups: _Groups) -> tuple[GroupTally, ...]:
    """Return the brands, the largest first, and last what has none."""
    found = sorted(
        _of(groups, "brand").items(), key=lambda one: (not one[0], -one[1].person_times, one[0])
    )
    return tuple(GroupTally(name, name, tally) for name, tally in found)


def _regions(prefix: str, groups: _Groups) -> tuple[GroupTally, ...]:
    """Return every child region, and last what none of them holds, without a name."""
    found = _of(groups, "child")
    if not prefix:
        return ()
    names = {region.code: region.name for region in children_of(prefix)}
    known = [
        GroupTally(code, name, found.get(code, ActivityTally())) for code, name in names.items()
    ]
    rest = [
        GroupTally(code, "", tally)
        for code, tally in sorted(found.items())
        if code not in names and not tally.is_empty
    ]
    return tuple(known + (rest if known else []))


def _teams(base: str, scope: Scope, groups: _Groups) -> tuple[NodeTally, ...]:
    """Return the teams directly below the base, those that did nothing too; one query."""
    found = _of(groups, "node")
    below = Q(parent__path=base, kind=OrganisationKind.TEAM, closed_at=None)
    if scope.prefix:
        below &= within_any("region_id", [scope.prefix])
    named = Organisation.objects.filter(Q(path__in=list(found)) | below).order_by("path")
    return tuple(
        NodeTally(
            team=None if one.path == base else one.public_id,
            name=one.name,
            rank=str(TeamRank(one.rank).label) if one.rank else "",
            is_own=one.path == base,
            tally=found.get(one.path, ActivityTally()),
        )
        for one in named[:_TEAMS_MAX]
    )


def _months(window: Mapping[str, Any], ends_at: datetime) -> tuple[ActivityMonth, ...]:
    """Return every month of two calendar years, those without activities too."""
    last_year = rules.last_year_of(ends_at)
    span = {
        **window,
        "starts_at": rules.period_named(str(last_year - 1)).starts_at,
        "ends_at": rules.period_named(str(last_year)).ends_at,
    }
    found = {
        (row["year"], row["month"]): ActivityMonth(**row)
        for row in rows("activity_facts", "activity_months", params=span)
    }
    return tuple(
        found.get((year, month), ActivityMonth(year, month))
        for year in (last_year - 1, last_year)
        for month in range(1, 13)
    )


def _consulted(window: Mapping[str, Any]) -> tuple[int, tuple[tuple[str, int], ...]]:
    counted = rows("activity_desks", params=window)
    total = next((row["people"] for row in counted if row["topic"] is None), 0)
    topics = [(row["topic"], row["people"]) for row in counted if row["topic"] is not None]
    return total or 0, tuple(topics[:_TOPICS_MAX])
