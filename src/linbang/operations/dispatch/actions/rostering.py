"""Rosters are proposed by the library, changed by hand, and confirmed by a person."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

import matching
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound, refusing
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.signing_up import Wish, sign_up_all
from linbang.operations.dispatch.actions.telling_shifts import tell
from linbang.operations.dispatch.choices import (
    ProposalState,
    SignUpChannel,
    SignUpVerdict,
)
from linbang.operations.dispatch.errors import PairTwice, RosterDecided, RosterEmpty
from linbang.operations.dispatch.models import RosterPair, RosterProposal


@transaction.atomic
def propose_roster(
    *,
    activity_id: int,
    starts_on: date,
    ends_on: date,
    by: Actor,
    now: datetime,
    organisation_id: int | None = None,
    day_cap: int = 1,
    fill: bool = False,
) -> RosterProposal:
    """Propose who could stand where between two days, fairly; nobody is signed up yet.

    Chosen from a unit's or team's people, or from the volunteers of the place. Raises NotFound,
    RosterEmpty.
    """
    activity = _led(activity_id, by)
    organisation = queries.organisation_with(organisation_id)
    first = max(starts_on, local_date(now))
    loads = [
        load
        for load in queries.shifts_to_roster(activity, starts_on=first, ends_on=ends_on)
        if load.shift.starts_at > now
    ]
    people = queries.people_to_roster(activity, organisation)
    if not loads or not people:
        raise RosterEmpty(field="starts_on")
    request = queries.roster_request(loads, people, day_cap=day_cap, fill=fill, now=now)
    roster = matching.propose_roster(request)
    shifts = {load.shift_id: load.shift for load in loads}
    proposal = RosterProposal.objects.create(
        cell=activity.cell,
        activity=activity,
        organisation=organisation,
        starts_on=first,
        ends_on=ends_on,
        day_cap=day_cap,
        fills=fill,
        considered=len(people),
        figures=_figures(roster, shifts),
        made_at=now,
        made_by_id=by.person_id,
    )
    RosterPair.objects.bulk_create(
        RosterPair(
            cell=activity.cell, proposal=proposal, shift=shifts[shift_id], person_id=person_id
        )
        for shift_id, person_id in roster.pairs
    )
    _record("dispatch.propose_roster", proposal, by=by, now=now, pairs=len(roster.pairs))
    return proposal


@transaction.atomic
def add_pair(
    *, proposal_id: int, shift_id: int, person_id: int, by: Actor, now: datetime
) -> RosterPair:
    """Put somebody on a shift of a proposal by hand. Raises NotFound, RosterDecided, PairTwice."""
    proposal = _open(proposal_id, by)
    shift = Shift.objects.filter(
        cell=proposal.cell, pk=shift_id, activity_id=proposal.activity_id
    ).first()
    if shift is None:
        raise NotFound
    with refusing({"roster_pair_once": PairTwice}), transaction.atomic():
        pair = RosterPair.objects.create(
            cell=proposal.cell, proposal=proposal, shift=shift, person_id=person_id, is_by_hand=True
        )
    _record("dispatch.add_pair", proposal, by=by, now=now, shift=shift_id, person=person_id)
    return pair


@transaction.atomic
def replace_pair(*, pair_id: int, person_id: int, by: Actor, now: datetime) -> RosterPair:
    """Put somebody else in a person's place. Raises NotFound, RosterDecided, PairTwice."""
    pair = _pair(pair_id)
    proposal = _open(pair.proposal_id, by)
    with refusing({"roster_pair_once": PairTwice}), transaction.atomic():
        pair.person_id, pair.is_by_hand = person_id, True
        pair.save(update_fields=["person_id", "is_by_hand"])
    _record("dispatch.replace_pair", proposal, by=by, now=now, pair=pair_id, person=person_id)
    return pair


@transaction.atomic
def drop_pair(*, pair_id: int, by: Actor, now: datetime) -> None:
    """Take somebody off a proposal. Raises NotFound, RosterDecided."""
    pair = _pair(pair_id)
    proposal = _open(pair.proposal_id, by)
    _record("dispatch.drop_pair", proposal, by=by, now=now, shift=pair.shift_id)
    pair.delete()


@transaction.atomic
def confirm_roster(*, proposal_id: int, by: Actor, now: datetime) -> RosterProposal:
    """Sign everybody of a proposal up, as many statements as one person has shifts; each pair
    keeps its verdict, and people are told once. They may say no for a day without a mark.

    Raises NotFound, RosterDecided.
    """
    proposal = _open(proposal_id, by)
    pairs = list(queries.pairs_of(proposal))
    by_key = {(pair.shift_id, pair.person_id): pair for pair in pairs}
    made: list[int | None] = []
    for turn in rules.turns(by_key):
        wishes = [Wish(by_key[key].shift.public_id, key[1], SignUpChannel.ROSTER) for key in turn]
        for key, answer in zip(turn, sign_up_all(wishes=wishes, by=by, now=now), strict=True):
            by_key[key].verdict = answer.verdict
            by_key[key].causes = list(answer.causes)
            made.append(answer.sign_up_id if answer.verdict == SignUpVerdict.CONFIRMED else None)
    _write_down(pairs)
    tell("shift_rostered", queries.sign_ups_on(made, _shifts_of(proposal, pairs)), now=now)
    _decide(proposal, ProposalState.CONFIRMED, by=by, now=now)
    return proposal


def _shifts_of(proposal: RosterProposal, pairs: Iterable[RosterPair]) -> dict[int, Shift]:
    """Give the shifts of the pairs by id, each with the activity that is loaded already."""
    shifts = {pair.shift_id: pair.shift for pair in pairs}
    for shift in shifts.values():
        shift.activity = proposal.activity
    return shifts


def _write_down(pairs: Iterable[RosterPair]) -> None:
    """Keep what became of each pair: a statement for each different answer, and those are few."""
    answers: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for pair in pairs:
        answers.setdefault((pair.verdict, tuple(pair.causes)), []).append(pair.pk)
    for (verdict, causes), ids in answers.items():
        RosterPair.objects.filter(pk__in=ids).update(verdict=verdict, causes=list(causes))


@transaction.atomic
def discard_roster(*, proposal_id: int, by: Actor, now: datetime) -> RosterProposal:
    """Put a proposal away; nothing comes of it. Raises NotFound, RosterDecided."""
    proposal = _open(proposal_id, by)
    _decide(proposal, ProposalState.DISCARDED, by=by, now=now)
    return proposal


def _figures(roster: matching.Roster, shifts: dict[int, Shift]) -> dict[str, Any]:
    fairness = roster.fairness
    return {
        "busiest_share": fairness.busiest_share,
        "least": fairness.least,
        "most": fairness.most,
        "people": fairness.people,
        "pairs": len(roster.pairs),
        "proof": {
            "open_places": roster.proof.open_places,
            "filled": roster.proof.filled,
            "most": roster.proof.most,
        },
        "gaps": [
            {
                "shift": gap.slot,
                "day": local_date(shifts[gap.slot].starts_at).isoformat(),
                "missing": gap.missing,
                "causes": {cause.value: count for cause, count in gap.causes.items()},
            }
            for gap in roster.gaps
        ],
    }


def _led(activity_id: int, by: Actor) -> Activity:
    activity = queries.activity_with_id(activity_id)
    if not queries.leads(by, activity):
        raise NotFound
    return activity


def _pair(pair_id: int) -> RosterPair:
    pair = RosterPair.objects.filter(pk=pair_id).first()
    if pair is None:
        raise NotFound
    return pair


def _open(proposal_id: int, by: Actor) -> RosterProposal:
    proposal = queries.lock_proposal(proposal_id)
    if not queries.leads(by, proposal.activity):
        raise NotFound
    if proposal.state != ProposalState.OPEN:
        raise RosterDecided
    return proposal


def _decide(proposal: RosterProposal, state: ProposalState, *, by: Actor, now: datetime) -> None:
    proposal.state, proposal.decided_at = state, now
    proposal.save(update_fields=["state", "decided_at"])
    _record(f"dispatch.roster_{state}", proposal, by=by, now=now)


def _record(
    action: str, proposal: RosterProposal, *, by: Actor, now: datetime, **detail: int | None
) -> None:
    record(
        by=by,
        action=action,
        subject=proposal,
        region_code=proposal.activity.region_id,
        now=now,
        detail=detail,
    )
