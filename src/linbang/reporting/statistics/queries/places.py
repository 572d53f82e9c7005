"""Where and when one may look: regions of the actor's own, and periods to choose from."""

from collections.abc import Sequence
from datetime import date

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import lineage, regions_under
from linbang.foundation.places.rules import CODE_LENGTHS
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import PeriodKind, period_label
from linbang.reporting.statistics.rules import Period

# How far back lists of periods go; older ones are reached by their address.
_PERIODS_SHOWN = {
    PeriodKind.MONTH: 18,
    PeriodKind.QUARTER: 6,
    PeriodKind.YEAR: 3,
    PeriodKind.TWELVE_MONTHS: 1,
}


def region_visible_to(
    actor: Actor, code: str, *, permission: Permission = Permission.SEE_REPORTS
) -> Region | None:
    """Return a region the actor may see figures of; without a code the first of the actor's own."""
    roots = actor.regions_for(permission)
    wanted = code or next(iter(roots), "")
    if not wanted or not actor.may(permission, region=wanted):
        return None
    return Region.objects.filter(code=wanted).first()


def regions_to_choose(
    actor: Actor, region: Region, *, permission: Permission = Permission.SEE_REPORTS
) -> list[tuple[str, str]]:
    """Return where the actor may look from here: own regions, the way down, what lies below.

    Codes with indented names. Three queries; never the whole tree, which may hold thousands.
    """
    roots = actor.regions_for(permission)
    way = {one.code: one for one in lineage(region.code) if actor.may(permission, region=one.code)}
    own = {one.code: one for one in Region.objects.filter(code__in=roots)}
    below = {one.code: one for one in children_of(region.code)}
    found = sorted({**own, **way, **below}.items())
    top = min(len(code) for code, _region in found)
    return [(code, _indented(one.name, code, top)) for code, one in found]


def periods_to_choose(today: date, chosen: Period) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the periods of each kind up to today, with the chosen one, by their names."""
    groups = {
        kind: list(rules.recent_periods(kind, today, count=_PERIODS_SHOWN[kind]))
        for kind in PeriodKind
    }
    if chosen not in groups[chosen.kind]:
        groups[chosen.kind].append(chosen)
    return [
        (str(kind.label), [(one.text, label_of(one)) for one in periods])
        for kind, periods in groups.items()
    ]


def label_of(period: Period) -> str:
    """Name a period in the reader's language."""
    return period_label(period.kind, period.year, period.number)


def way_to(actor: Actor, region: Region) -> list[Region]:
    """Return the regions above one that the actor may see, and itself; one query."""
    return [
        one for one in lineage(region.code) if actor.may(Permission.SEE_REPORTS, region=one.code)
    ]


def children_of(prefix: str) -> Sequence[Region]:
    """Return the current regions one level below; none below a building."""
    digits = child_digits_of(prefix)
    return list(regions_under(prefix, level=digits)) if digits > len(prefix) else []


def _indented(name: str, code: str, top: int) -> str:
    return "　" * sum(top < digits <= len(code) for digits in CODE_LENGTHS) + name


def child_digits_of(prefix: str) -> int:
    """Return how many digits the codes directly below a prefix have."""
    return next((length for length in CODE_LENGTHS if length > len(prefix)), len(prefix))
