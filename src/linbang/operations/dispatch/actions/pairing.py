"""Pairings are proposed by the library, put to both sides by a worker, and agreed one by one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.people.models import Person
from linbang.intake.care.actions import note_sight
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.actions.telling_pairs import tell_paired
from linbang.operations.dispatch.choices import FULL, PairingProposalState, Rhythm
from linbang.operations.dispatch.errors import (
    AgreementMissing,
    HelperMissing,
    NobodyToPair,
    PairedAlready,
    PairingHelperUnclear,
    PairingHelperUnfit,
    PairingProposalClosed,
    PairSettled,
    PairTwice,
    TooManyToPair,
)
from linbang.operations.dispatch.models import Pairing, PairingProposal, ProposedPair
from linbang.operations.dispatch.queries import pairing_pool, pairing_proposals, pairings
from matching.pairings import PairingGap, PairingPlan, propose_pairings

_TWICE = {"proposed_pair_once": PairTwice, "proposed_pair_once_a_group": PairTwice}
_PAIRED = {"pairing_open_once": PairedAlready, "pairing_open_once_a_group": PairedAlready}


@transaction.atomic
def propose_pairs(
    *,
    region: str,
    by: Actor,
    now: datetime,
    people: Sequence[Person] | None = None,
    wishes: rules.Wishes | None = None,
) -> PairingProposal:
    """Propose who could stand by whom at a place, near first; nobody is asked yet.

    people: absent, those on the care register without a pairing, who listed first is first.
    Raises NotAllowed, NobodyToPair, TooManyToPair.
    """
    if not by.may(Permission.DISPATCH, region=region):
        raise NotAllowed
    wishes = wishes or rules.Wishes()
    if people is None:
        note_sight(person=None, by=by, now=now)
        listed = pairings.people_without_pairing(by, region=region)
        people = list(listed[: rules.PROPOSED_AT_ONCE_MAX])
    _require_some(people, by)
    pool = pairing_pool.pool_of(people, area=region[:9], wishes=wishes, now=now)
    plan = propose_pairings(pool.volunteers, pool.people, room=pool.room)
    proposal = PairingProposal.objects.create(
        cell=region[:6],
        region_id=region,
        considered=len(pool.volunteers),
        figures=_figures(plan, people),
        made_at=now,
        made_by_id=by.person_id,
    )
    ProposedPair.objects.bulk_create(_places(proposal, plan))
    _record("dispatch.propose_pairs", proposal, by=by, now=now, pairs=len(plan.pairs))
    return proposal


def _require_some(people: Sequence[Person], by: Actor) -> None:
    if not people:
        raise NobodyToPair(field="who")
    if len(people) > rules.PROPOSED_AT_ONCE_MAX:
        raise TooManyToPair(field="names", most=rules.PROPOSED_AT_ONCE_MAX)
    if not all(by.may(Permission.DISPATCH, region=one.region_id) for one in people):
        raise NotAllowed


def _figures(plan: PairingPlan, people: Sequence[Person]) -> dict[str, Any]:
    return {
        "people": len(people),
        "pairs": len(plan.pairs),
        "missing": sum(gap.missing for gap in plan.gaps),
        "objective": plan.objective,
        "bound": plan.bound,
        "stage": int(plan.stage),
        "weights_version": plan.weights_version,
        "plan_hash": plan.plan_hash,
    }


def _places(proposal: PairingProposal, plan: PairingPlan) -> Iterable[ProposedPair]:
    for pair in plan.pairs:
        yield ProposedPair(
            cell=proposal.cell,
            proposal=proposal,
            beneficiary_id=pair.person,
            volunteer_id=pair.volunteer,
            metres=pair.metres,
            reasons=[list(reason) for reason in pair.reasons],
        )
    for gap in plan.gaps:
        for _ in range(gap.missing):
            yield ProposedPair(
                cell=proposal.cell,
                proposal=proposal,
                beneficiary_id=gap.person,
                causes=_causes(gap),
            )


def _causes(gap: PairingGap) -> dict[str, int]:
    counted = {cause.value: count for cause, count in gap.causes.items() if count}
    return {**counted, FULL: gap.full} if gap.full else counted


@transaction.atomic
def choose_helper(
    *,
    pair_id: int,
    by: Actor,
    now: datetime,
    volunteer_id: int | None = None,
    organisation_id: int | None = None,
) -> ProposedPair:
    """Propose another volunteer, or a unit or team, for a place.

    Raises NotFound, PairingProposalClosed, PairSettled, PairingHelperUnclear, PairingHelperUnfit,
    PairTwice.
    """
    pair = _unsettled(pair_id, by)
    metres, reasons = _fitting(pair.beneficiary, volunteer_id, organisation_id, now=now)
    pair.volunteer_id, pair.organisation_id = volunteer_id, organisation_id
    pair.metres, pair.reasons, pair.is_by_hand = metres, reasons, True
    columns = ["volunteer_id", "organisation_id", "metres", "reasons", "is_by_hand"]
    with refusing(_TWICE), transaction.atomic():
        pair.save(update_fields=columns)
    helper = volunteer_id or organisation_id
    _record("dispatch.choose_helper", pair.proposal, by=by, now=now, pair=pair_id, helper=helper)
    return pair


@transaction.atomic
def drop_helper(*, pair_id: int, by: Actor, now: datetime) -> None:
    """Take the helper from a place; it stays, without anybody.

    Raises NotFound, PairingProposalClosed, PairSettled.
    """
    pair = _unsettled(pair_id, by)
    _record(
        "dispatch.drop_helper",
        pair.proposal,
        by=by,
        now=now,
        pair=pair_id,
        helper=pair.volunteer_id or pair.organisation_id,
    )
    pair.volunteer_id = pair.organisation_id = pair.metres = None
    pair.reasons, pair.is_by_hand = [], True
    pair.save(update_fields=["volunteer_id", "organisation_id", "metres", "reasons", "is_by_hand"])


@transaction.atomic
def agree_pair(
    *,
    pair_id: int,
    rhythm: Rhythm,
    by: Actor,
    now: datetime,
    both_agree: bool,
    note: str = "",
) -> Pairing:
    """Make a proposed pair a pairing, once both sides were asked and said yes.

    The proposal is done with its last place. Raises NotFound, PairingProposalClosed, PairSettled,
    HelperMissing, AgreementMissing, PairingHelperUnfit, PairedAlready.
    """
    pair = _unsettled(pair_id, by)
    if pair.volunteer_id is None and pair.organisation_id is None:
        raise HelperMissing
    _require_agreed(both_agree)
    # Weeks may lie between the proposal and the call: a helper may have stopped since.
    _fitting(pair.beneficiary, pair.volunteer_id, pair.organisation_id, now=now)
    pairing = _pair(pair, rhythm=rhythm, note=note, by=by, now=now)
    pair.pairing = pairing
    pair.save(update_fields=["pairing_id"])
    places = ProposedPair.objects.filter(cell=pair.cell, proposal_id=pair.proposal_id)
    if not places.filter(pairing=None).exists():
        _close(pair.proposal, PairingProposalState.DONE, now=now)
    return pairing


@transaction.atomic
def add_pairing(
    *,
    beneficiary_id: int,
    rhythm: Rhythm,
    by: Actor,
    now: datetime,
    both_agree: bool,
    volunteer_id: int | None = None,
    organisation_id: int | None = None,
    note: str = "",
) -> Pairing:
    """Note a pairing that came about without a proposal.

    Raises NotFound, NotAllowed, AgreementMissing, PairingHelperUnclear, PairingHelperUnfit,
    PairedAlready.
    """
    person = pairings.person_to_pair(beneficiary_id)
    if not by.may(Permission.DISPATCH, region=person.region_id):
        raise NotAllowed
    _require_agreed(both_agree)
    metres, reasons = _fitting(person, volunteer_id, organisation_id, now=now)
    pair = ProposedPair(
        cell=person.cell,
        beneficiary=person,
        volunteer_id=volunteer_id,
        organisation_id=organisation_id,
        metres=metres,
        reasons=reasons,
    )
    return _pair(pair, rhythm=rhythm, note=note, by=by, now=now)


@transaction.atomic
def discard_pairs(*, proposal_id: int, by: Actor, now: datetime) -> PairingProposal:
    """Put a proposal away; what was agreed stays. Raises NotFound, PairingProposalClosed."""
    proposal = _open(proposal_id, by)
    _close(proposal, PairingProposalState.DISCARDED, now=now)
    _record("dispatch.discard_pairs", proposal, by=by, now=now)
    return proposal


def _pair(pair: ProposedPair, *, rhythm: Rhythm, note: str, by: Actor, now: datetime) -> Pairing:
    with refusing(_PAIRED), transaction.atomic():
        pairing = Pairing.objects.create(
            cell=pair.cell,
            beneficiary=pair.beneficiary,
            volunteer_id=pair.volunteer_id,
            organisation_id=pair.organisation_id,
            rhythm=rhythm,
            note=note.strip(),
            metres=pair.metres,
            reasons=pair.reasons,
            agreed_at=now,
            noted_by_id=by.person_id,
        )
    record(
        by=by,
        action="dispatch.agree_pair",
        subject=pairing,
        region_code=pair.beneficiary.region_id,
        about_id=pair.beneficiary_id,
        now=now,
        detail={"helper": pair.volunteer_id or pair.organisation_id},
    )
    tell_paired(pairing, now=now)
    return pairing


def _require_agreed(both_agree: bool) -> None:
    if not both_agree:
        raise AgreementMissing(field="both_agree")


def _fitting(
    person: Person, volunteer_id: int | None, organisation_id: int | None, *, now: datetime
) -> tuple[int | None, list[list[object]]]:
    """Return how far a helper lives and why she fits; of a group nothing is known."""
    if (volunteer_id is None) == (organisation_id is None):
        raise PairingHelperUnclear(field="volunteer")
    if volunteer_id is None:
        return None, []
    fit = pairing_pool.fit_of(person, volunteer_id, now=now)
    if fit.barred is not None:
        raise PairingHelperUnfit(field="volunteer", reason=rules.cause_word(fit.barred))
    if fit.found is None:
        return None, []
    return fit.found.metres, [list(reason) for reason in fit.found.reasons]


def _unsettled(pair_id: int, by: Actor) -> ProposedPair:
    """Return a place whose proposal is locked: of two workers the second sees what is settled."""
    of = ProposedPair.objects.filter(pk=pair_id).values_list("proposal_id", flat=True).first()
    if of is None:
        raise NotFound
    proposal = _open(of, by)
    pair = ProposedPair.objects.select_related("beneficiary__region").get(
        cell=proposal.cell, pk=pair_id
    )
    pair.proposal = proposal
    if pair.pairing_id is not None:
        raise PairSettled
    return pair


def _open(proposal_id: int, by: Actor) -> PairingProposal:
    proposal = pairing_proposals.lock_pairing_proposal(proposal_id)
    if not by.may(Permission.DISPATCH, region=proposal.region_id):
        raise NotFound
    if proposal.state != PairingProposalState.OPEN:
        raise PairingProposalClosed
    return proposal


def _close(proposal: PairingProposal, state: PairingProposalState, *, now: datetime) -> None:
    proposal.state, proposal.closed_at = state, now
    proposal.save(update_fields=["state", "closed_at"])


def _record(
    action: str, proposal: PairingProposal, *, by: Actor, now: datetime, **detail: int | None
) -> None:
    record(by=by, action=action, subject=proposal, now=now, detail=detail)
