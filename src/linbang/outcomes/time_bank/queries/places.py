"""Where one may look at the savings, and how far back."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import lineage
from linbang.foundation.places.rules import CODE_LENGTHS
from linbang.outcomes.time_bank.choices import Span
from linbang.outcomes.time_bank.rules import BRANCH_DIGITS


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time."""

    starts_at: datetime
    ends_at: datetime


def window_of(span: str, *, now: datetime) -> Window:
    """Return the window of a span up to now."""
    local = now.astimezone(CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        Span.MONTH.value: midnight.replace(day=1),
        Span.YEAR.value: midnight.replace(day=1, year=local.year - 1),
    }
    return Window(starts.get(span, datetime(2000, 1, 1, tzinfo=CHINA)), now)


def region_looked_at(
    actor: Actor, code: str, *, permission: Permission = Permission.SEE_SAVINGS
) -> Region | None:
    """Return a region the actor may see the savings of; without a code the first of the own."""
    wanted = code or next(iter(actor.regions_for(permission)), "")
    if not wanted or not actor.may(permission, region=wanted):
        return None
    return Region.objects.filter(code=wanted).first()


def regions_to_look_at(
    actor: Actor, region: Region, *, permission: Permission = Permission.SEE_SAVINGS
) -> list[tuple[str, str]]:
    """Return where the actor may look from here: own regions, the way down, what lies below."""
    own = Region.objects.filter(code__in=actor.regions_for(permission))
    way = [one for one in lineage(region.code) if actor.may(permission, region=one.code)]
    below = child_regions(region.code)
    found = {one.code: one.name for one in (*own, *way, *below)}
    top = min(map(len, found))
    return [
        (code, "　" * [one for one in CODE_LENGTHS if top <= one].index(len(code)) + name)
        for code, name in sorted(found.items())
    ]


def child_regions(code: str) -> list[Region]:
    """Return the branches right below a region; none below a community."""
    if len(code) >= BRANCH_DIGITS:
        return []
    return list(Region.objects.current().filter(parent_id=code).order_by("code"))


def child_digits(code: str) -> int:
    """Return the length of the codes by which figures of a region are parted: never below the
    community, where a building next door is no other branch.
    """
    longer = (one for one in CODE_LENGTHS if one > len(code))
    return min(next(longer, BRANCH_DIGITS), BRANCH_DIGITS)
