"""Proposed pairings as a worker looks them through: whom to ask, and why nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.queries import people_visible_to, place_names
from linbang.foundation.places.queries import within_any
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.models import PairingProposal, ProposedPair


@dataclass(frozen=True)
class ProposedRow:
    """One place of a proposal as the worker looks it through."""

    public_id: UUID
    beneficiary: str
    beneficiary_id: UUID
    place: str
    helper: str
    helper_id: UUID | None
    number: str
    is_group: bool
    may_be_opened: bool
    metres: int | None
    why: tuple[str, ...]
    why_nobody: tuple[tuple[str, int], ...]
    is_by_hand: bool
    pairing_id: UUID | None


def proposals_of_pairings(actor: Actor) -> QuerySet[PairingProposal]:
    """Return the proposals of places where the actor dispatches, the newest first."""
    proposals = PairingProposal.objects.select_related("region").order_by("-id")
    if actor.is_system:
        return proposals
    return proposals.filter(within_any("region_id", actor.regions_for(Permission.DISPATCH)))


def proposed_pairs(proposal: PairingProposal) -> QuerySet[ProposedPair]:
    """Return the places of a proposal: to be asked, then without anybody, then settled."""
    rank = Case(
        When(pairing__isnull=False, then=Value(2)),
        When(volunteer=None, organisation=None, then=Value(1)),
        default=Value(0),
    )
    return (
        ProposedPair.objects.filter(cell=proposal.cell, proposal=proposal)
        .select_related("beneficiary__region", "volunteer__volunteer", "organisation", "pairing")
        .alias(rank=rank)
        .order_by("rank", "metres", "id")
    )


def of_kind(pairs: QuerySet[ProposedPair], kind: str) -> QuerySet[ProposedPair]:
    """Keep the places to be asked, without anybody, or settled; all for any other word."""
    settled, nobody = Q(pairing__isnull=False), Q(volunteer=None, organisation=None)
    kinds = {"asked": ~settled & ~nobody, "nobody": ~settled & nobody, "settled": settled}
    return pairs.filter(kinds[kind]) if kind in kinds else pairs


def proposed_rows(pairs: Iterable[ProposedPair], *, viewer: Actor) -> list[ProposedRow]:
    """Return one page of a proposal as lines; two queries."""
    pairs = list(pairs)
    places = place_names(one.beneficiary.region_id for one in pairs)
    helpers = [one.volunteer_id for one in pairs if one.volunteer_id is not None]
    seen = frozenset(people_visible_to(viewer).filter(pk__in=helpers).values_list("pk", flat=True))
    return [
        ProposedRow(
            public_id=one.public_id,
            beneficiary=one.beneficiary.name,
            beneficiary_id=one.beneficiary.public_id,
            place=places[one.beneficiary.region_id],
            helper=str(one.volunteer or one.organisation or ""),
            helper_id=one.volunteer.public_id if one.volunteer else None,
            number=one.volunteer.volunteer.number if one.volunteer else "",
            is_group=one.organisation is not None,
            may_be_opened=one.volunteer_id in seen,
            metres=one.metres,
            why=rules.why_words(one.reasons),
            why_nobody=rules.why_nobody(one.causes),
            is_by_hand=one.is_by_hand,
            pairing_id=one.pairing.public_id if one.pairing else None,
        )
        for one in pairs
    ]


def pairing_proposal_counts(proposal: PairingProposal) -> dict[str, int]:
    """Return how many places are to be asked, without anybody, and settled; one query."""
    counts = {"asked": 0, "nobody": 0, "settled": 0}
    pairs = ProposedPair.objects.filter(cell=proposal.cell, proposal=proposal)
    for pairing, volunteer, team in pairs.values_list("pairing", "volunteer", "organisation"):
        is_open = volunteer is None and team is None
        counts["settled" if pairing else "nobody" if is_open else "asked"] += 1
    return counts


def lock_pairing_proposal(proposal_id: int) -> PairingProposal:
    """Return a proposal with its row locked. Raises NotFound."""
    found = PairingProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if found is None:
        raise NotFound
    return found
