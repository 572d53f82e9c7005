"""People and tasks in, explained assignments out: a pure library of array operations."""

from matching.answers import Candidate, Cause, Ranking, Reason, ReasonCode, Tier
from matching.codes import CATEGORIES, LANGUAGES, SKILLS, SLOTS, codes_of, mask_of, place_number
from matching.inputs import ANY_SEX, FEMALE, MALE, Busy, Request, Volunteers
from matching.plane import project, project_all
from matching.pool import Fitting, Pool
from matching.rank import rank_one
from matching.roster import Fairness, Roster, RosterGap, RosterProof, propose_roster
from matching.roster_inputs import RosterCause, RosterPeople, RosterRequest, RosterSlots
from matching.slots import slot_bit, slots_between
from matching.verify import verify
from matching.weights import WEIGHTS, Weights

__all__ = [
    "ANY_SEX",
    "CATEGORIES",
    "FEMALE",
    "LANGUAGES",
    "MALE",
    "SKILLS",
    "SLOTS",
    "WEIGHTS",
    "Busy",
    "Candidate",
    "Cause",
    "Fairness",
    "Fitting",
    "Pool",
    "Ranking",
    "Reason",
    "ReasonCode",
    "Request",
    "Roster",
    "RosterCause",
    "RosterGap",
    "RosterPeople",
    "RosterProof",
    "RosterRequest",
    "RosterSlots",
    "Tier",
    "Volunteers",
    "Weights",
    "codes_of",
    "mask_of",
    "place_number",
    "project",
    "project_all",
    "propose_roster",
    "rank_one",
    "slot_bit",
    "slots_between",
    "verify",
]
