"""Who else could make a planned visit, and what a worker's choice comes to, in names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linbang.foundation.db import among
from linbang.foundation.people.models import Person
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import PLANNED_LIVE, Unfit
from linbang.operations.dispatch.models import PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans.board import NeedLine, need_line
from linbang.operations.dispatch.queries.plans.overruling import Overruling
from linbang.operations.dispatch.queries.plans.runs import SEALED_OF_NEED
from linbang.operations.dispatch.queries.pool import load_pool
from matching import Candidate, rank_one

_OTHERS_SHOWN = 6


@dataclass(frozen=True)
class Other:
    """Somebody who could go instead; ``busy_with``: what the plan gives her at that time."""

    person_id: UUID
    name: str
    number: str
    metres: int | None
    why: tuple[str, ...]
    busy_with: str


@dataclass(frozen=True)
class Moved:
    """Another visit that changes hands; an empty name is nobody."""

    need: NeedLine
    lost: str
    won: str


@dataclass(frozen=True)
class Price:
    """What a worker's choice comes to, for her to read before she confirms.

    ``freed``: who has nothing to do there any more and nowhere else instead.
    """

    metres: int
    empty: int
    despite: tuple[str, ...]
    moved: tuple[Moved, ...]
    freed: tuple[str, ...]

    @property
    def fewer_metres(self) -> int:
        """How much shorter all ways together become, if so."""
        return max(-self.metres, 0)

    @property
    def more_filled(self) -> int:
        """How many visits more somebody goes to, if so."""
        return max(-self.empty, 0)


def others_for(run: PlanRun, visit: PlannedVisit, *, now: datetime) -> list[Other]:
    """Return who could make a planned visit instead, who suits best first.

    Looked for in the street and, where nobody is left there, in the county; 14 queries at most.
    """
    need = visit.need
    taken = _planned_for(run, need)
    found: list[Candidate] = []
    for area in rules.search_areas(need.region_id):
        pool = load_pool(need, area=area, now=now)
        ranked = rank_one(pool.volunteers, pool.request, limit=_OTHERS_SHOWN + len(taken))
        found = [one for one in ranked.candidates if one.id not in taken]
        if found:
            break
    found = found[:_OTHERS_SHOWN]
    people = _people([one.id for one in found])
    busy = _busy_in(run, need, [one.id for one in found])
    return [
        Other(
            person_id=people[one.id].public_id,
            name=people[one.id].name,
            number=people[one.id].volunteer.number,
            metres=one.metres,
            why=rules.reason_words(
                {"code": str(reason.code), "value": reason.value} for reason in one.reasons
            ),
            busy_with=busy.get(one.id, ""),
        )
        for one in found
    ]


def _planned_for(run: PlanRun, need: Need) -> set[int]:
    live = PlannedVisit.objects.filter(
        cell=need.cell, run=run, need_id=need.pk, state__in=PLANNED_LIVE
    )
    return set(live.values_list("volunteer_id", flat=True))


def _busy_in(run: PlanRun, need: Need, people: Collection[int]) -> dict[int, str]:
    """Return what a plan gives people to do at the time of a need; one query."""
    live = PlannedVisit.objects.filter(
        among("volunteer_id", people),
        run=run,
        state__in=PLANNED_LIVE,
        need__starts_at__lt=need.ends_at + rules.TRAVEL,
        need__ends_at__gt=need.starts_at - rules.TRAVEL,
    ).select_related("need__item")
    live = live.defer(*(f"need__{name}" for name in SEALED_OF_NEED))
    return {visit.volunteer_id: visit.need.item.label for visit in live}


def _people(ids: Collection[int]) -> dict[int, Person]:
    people = Person.objects.filter(among("pk", ids)).select_related("volunteer")
    return {person.pk: person for person in people}


def named(public_id: UUID | None) -> str:
    """Return the name of a chosen volunteer; empty for nobody."""
    people = Person.objects.filter(public_id=public_id) if public_id else Person.objects.none()
    return people.values_list("name", flat=True).first() or ""


def price_of(told: Overruling) -> Price:
    """Return what an overruling comes to, with names; two queries."""
    ids = {one for change in told.changes for one in (change.lost, change.won) if one is not None}
    names = dict(Person.objects.filter(among("pk", ids)).values_list("pk", "name"))
    others = [change for change in told.changes if change.need_id != told.overruled_id]
    needs = {need.pk: need_line(need) for need in _needs([change.need_id for change in others])}
    going = {visit.volunteer_id for visit in told.outcome.visits}
    lost = [change.lost for change in told.changes if change.lost is not None]
    return Price(
        metres=told.metres,
        empty=told.empty,
        despite=tuple(str(Unfit(cause).label) for cause in told.despite),
        moved=tuple(
            Moved(
                need=needs[change.need_id],
                lost=names.get(change.lost or 0, ""),
                won=names.get(change.won or 0, ""),
            )
            for change in others
        ),
        freed=tuple(names[one] for one in dict.fromkeys(lost) if one not in going),
    )


def _needs(ids: Collection[int]) -> list[Need]:
    needs = Need.objects.filter(among("pk", ids))
    needs = needs.select_related("item", "region", "beneficiary").defer(*SEALED_OF_NEED)
    return list(needs.order_by("starts_at", "pk"))
