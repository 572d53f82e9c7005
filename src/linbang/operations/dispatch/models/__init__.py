"""The tables of dispatch, one file a noun."""

from linbang.operations.dispatch.models.commitments import Commitment, PersonRange
from linbang.operations.dispatch.models.facts import HelperFacts
from linbang.operations.dispatch.models.offers import (
    Assignment,
    BlockedPair,
    Candidacy,
    Escalation,
    Offer,
    OfferAnswer,
    Ranking,
)
from linbang.operations.dispatch.models.pairings import Pairing, PairingProposal, ProposedPair
from linbang.operations.dispatch.models.plans import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.models.rosters import RosterPair, RosterProposal
from linbang.operations.dispatch.models.sign_ups import Reservation, ShiftPlaces, SignUp, StandIn

__all__ = [
    "Assignment",
    "BlockedPair",
    "Candidacy",
    "Commitment",
    "Escalation",
    "HelperFacts",
    "Offer",
    "OfferAnswer",
    "Pairing",
    "PairingProposal",
    "PersonRange",
    "PlanGap",
    "PlanRun",
    "PlannedVisit",
    "ProposedPair",
    "Ranking",
    "Reservation",
    "RosterPair",
    "RosterProposal",
    "ShiftPlaces",
    "SignUp",
    "StandIn",
]
