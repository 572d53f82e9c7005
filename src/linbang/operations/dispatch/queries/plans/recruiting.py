"""Where helpers are missing by plans: for what, in which community, on which half-day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from linbang.foundation import workdays
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, day_window
from linbang.foundation.people.choices import Skill
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import short_name
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import PlanState
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans.board import gaps_of_plan
from linbang.operations.dispatch.queries.plans.question import plannable_needs
from linbang.operations.dispatch.queries.plans.runs import SEALED_OF_NEED
from matching import SLOTS, slots_between

_COMMUNITY_DIGITS = 12
_IN_FORCE = (PlanState.READY, PlanState.PUBLISHED)


@dataclass(frozen=True)
class Shortage:
    """How many helpers a community lacks on a half-day for one kind of service.

    ``skill``: what they must be able to do, empty where a need asks for nothing special;
    ``hopeless``: for how many of them nobody at all suits today.
    """

    community: str
    item: str
    skill: str
    slot: str
    missing: int
    hopeless: int


def shortages_of(run: PlanRun, *, viewer: Actor) -> list[Shortage]:
    """Return where a plan lacks helpers, the most first; two queries.

    A visit that touches two half-days counts in the first: who begins it must be there.
    """
    return _counted(gaps_of_plan(run, viewer=viewer), days=(run.starts_on, run.ends_on))


def shortages_around(viewer: Actor, *, now: datetime) -> list[Shortage]:
    """Return where helpers are missing in the days that plans look ahead, the most first; two
    queries.

    Of each need the newest plan counts; whoever reads reports there sees only numbers.
    """
    newer = {
        "cell": OuterRef("cell"),
        "need_id": OuterRef("need_id"),
        "run_id__gt": OuterRef("run_id"),
        "run__state__in": _IN_FORCE,
    }
    first, last = rules.plan_days(now)
    wanted = plannable_needs(window=(day_window(first)[0], day_window(last)[1]), now=now)
    gaps = (
        PlanGap.objects.filter(
            within_any("need__region_id", viewer.regions_for(Permission.SEE_REPORTS)),
            ~Exists(PlanGap.objects.filter(**newer)),
            ~Exists(PlannedVisit.objects.filter(**newer)),
            Exists(wanted.filter(cell=OuterRef("cell"), pk=OuterRef("need_id"))),
            run__state__in=_IN_FORCE,
        )
        .select_related("need__item")
        .defer(*(f"need__{name}" for name in SEALED_OF_NEED))
    )
    return _counted(gaps, days=(first, last))


def place_of(viewer: Actor) -> str:
    """Return the short name of the first place whose reports somebody reads; one query."""
    codes = viewer.regions_for(Permission.SEE_REPORTS)[:1]
    return next(iter(_names(codes).values()), "")


def _counted(gaps: Iterable[PlanGap], *, days: tuple[date, date]) -> list[Shortage]:
    holidays = _holidays(*days)
    missing: Counter[tuple[str, str, str, int]] = Counter()
    hopeless: Counter[tuple[str, str, str, int]] = Counter()
    for gap in gaps:
        need = gap.need
        skill = "、".join(str(Skill(code).label) for code in need.item.skills)
        starts_at = need.starts_at.astimezone(CHINA)
        mask = slots_between(starts_at, starts_at + timedelta(minutes=1), holidays=holidays)
        key = (need.region_id[:_COMMUNITY_DIGITS], need.item.label, skill, mask.bit_length() - 1)
        missing[key] += gap.missing
        hopeless[key] += gap.hopeless
    names = _names(key[0] for key in missing)
    worst = sorted(missing, key=lambda key: (-missing[key], -hopeless[key], key[0], key[3], key[1]))
    return [
        Shortage(
            community=names.get(key[0], ""),
            item=key[1],
            skill=key[2],
            slot=rules.slot_words(SLOTS[key[3]]),
            missing=missing[key],
            hopeless=hopeless[key],
        )
        for key in worst
    ]


def _names(codes: Iterable[str]) -> dict[str, str]:
    regions = Region.objects.filter(pk__in=set(codes))
    return {code: short_name(name) for code, name in regions.values_list("pk", "name")}


def _holidays(starts_on: date, ends_on: date) -> tuple[date, ...]:
    """Return the public holidays of the days; before a year's calendar is out, weekdays decide."""
    days = (starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1))
    try:
        return tuple(day for day in days if workdays.is_public_holiday(day))
    except workdays.CalendarYearMissing:
        return ()
