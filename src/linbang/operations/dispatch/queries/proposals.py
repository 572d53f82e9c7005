"""Proposed rosters, day by day, as a planner looks them through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import found_people
from linbang.operations.dispatch.choices import GIVEN, RosterCause
from linbang.operations.dispatch.errors import PersonUnclear
from linbang.operations.dispatch.models import RosterPair, RosterProposal, ShiftPlaces
from linbang.operations.dispatch.queries.rosters import shifts_to_roster
from linbang.operations.dispatch.queries.sign_ups import led_by


@dataclass(frozen=True)
class ProposalDay:
    """One day of a proposal: its shifts with who is proposed, and what is open still."""

    day: date
    shifts: list["ProposalShift"]


@dataclass(frozen=True)
class ProposalShift:
    """One shift of a proposal."""

    load: ShiftPlaces
    pairs: list[RosterPair]
    missing: int
    causes: tuple[tuple[RosterCause, int], ...]


@dataclass(frozen=True)
class ProposalProof:
    """How far a proposal, as it was made, is from the best that any roster could be.

    ``more`` is how many people it could have placed at most besides; none means that it is
    proven. ``most_bound`` are minutes that the busiest has in every roster that fills as much.
    """

    missing: int
    more: int
    most: int
    most_bound: int


def proposals_led_by(actor: Actor) -> QuerySet[RosterProposal]:
    """Return the proposals for activities whose shifts the actor leads, the newest first."""
    return (
        RosterProposal.objects.select_related("activity__organiser", "organisation")
        .filter(led_by(actor, "activity"))
        .order_by("-id")
    )


def lock_proposal(proposal_id: int) -> RosterProposal:
    """Return a proposal with its row locked. Raises NotFound."""
    proposal = (
        RosterProposal.objects.select_for_update(of=("self",))
        .select_related("activity__organiser", "organisation")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        raise NotFound
    return proposal


def pairs_of(proposal: RosterProposal) -> QuerySet[RosterPair]:
    """Return who is proposed for what, by the order of the shifts."""
    pairs = RosterPair.objects.select_related("shift__post", "person__volunteer")
    return pairs.filter(cell=proposal.cell, proposal=proposal).order_by(
        "shift__starts_at", "shift_id", "id"
    )


def proposal_day(proposal: RosterProposal, day: date) -> ProposalDay:
    """Return one day of a proposal; two queries."""
    loads = shifts_to_roster(proposal.activity, starts_on=day, ends_on=day)
    by_shift: dict[int, list[RosterPair]] = {}
    for pair in pairs_of(proposal).filter(shift_id__in=[load.shift_id for load in loads]):
        by_shift.setdefault(pair.shift_id, []).append(pair)
    gaps = {gap["shift"]: gap for gap in proposal.figures.get("gaps", ())}
    return ProposalDay(
        day, [_proposal_shift(load, by_shift.get(load.shift_id, []), gaps) for load in loads]
    )


def _proposal_shift(
    load: ShiftPlaces, pairs: list[RosterPair], gaps: Mapping[int, Mapping[str, Any]]
) -> ProposalShift:
    counted = gaps.get(load.shift_id, {}).get("causes", {})
    open_ones = [pair for pair in pairs if pair.verdict in ("", *GIVEN)]
    taken = load.taken if not any(pair.verdict for pair in pairs) else load.taken - len(open_ones)
    return ProposalShift(
        load=load,
        pairs=pairs,
        missing=max(load.shift.places_min - taken - len(open_ones), 0),
        causes=tuple((RosterCause(code), count) for code, count in counted.items() if count),
    )


def days_of(proposal: RosterProposal) -> list[tuple[date, int]]:
    """Return the days of a proposal with how many places it leaves open; no query."""
    gaps: dict[str, int] = {}
    for gap in proposal.figures.get("gaps", ()):
        gaps[gap["day"]] = gaps.get(gap["day"], 0) + gap["missing"]
    count = (proposal.ends_on - proposal.starts_on).days + 1
    days = [proposal.starts_on + timedelta(days=n) for n in range(count)]
    return [(day, gaps.get(day.isoformat(), 0)) for day in days]


def proof_of(proposal: RosterProposal) -> ProposalProof | None:
    """Return what is proven of a proposal, none for one older than proofs; no query."""
    figures = proposal.figures
    proof = figures.get("proof")
    if proof is None:
        return None
    missing = sum(gap["missing"] for gap in figures["gaps"])
    return ProposalProof(
        missing=missing,
        more=max(missing - proof["open_places"], proof["filled"] - figures["pairs"]),
        most=figures["most"],
        most_bound=proof["most"],
    )


def person_meant(actor: Actor, words: str) -> Person:
    """Return the one visible volunteer whom a planner's words mean. Raises PersonUnclear."""
    found = list(found_people(actor, words)[:2]) if words.strip() else []
    if len(found) != 1:
        raise PersonUnclear(field="who")
    return found[0]
