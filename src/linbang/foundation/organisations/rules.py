"""Credit codes, ranks and how many teams: decisions over plain values."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import OrganisationKind, TeamMembership, TeamRank
from linbang.foundation.organisations.errors import (
    ApproverMissing,
    CreditCodeMissing,
    CreditCodeWrong,
    OrganisationNameMissing,
    RankOutOfOrder,
    TeamContactMissing,
    TeamKindMissing,
    TooManyTeams,
)
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.rules import normal_phone

TEAMS_MAX = 5  # rule 13
PATH_DIGITS = 10
_RANKS = (TeamRank.DETACHMENT, TeamRank.BRIGADE, TeamRank.SQUAD)
# GB 32100: no I, O, S, V, Z.
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class UnitDetails:
    """What is told of a registered organisation."""

    name: str
    kind: str
    region_code: str
    credit_code: str
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class TeamDetails:
    """What is told of a team: its rank, and its two dimensions, content and membership."""

    name: str
    region_code: str
    rank: str
    content: str
    membership: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True)
class Coverage:
    """How many communities have a team of their own."""

    communities: int
    covered: int

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent with one decimal; None where there is no community."""
        if not self.communities:
            return None
        share = Decimal(100 * self.covered) / self.communities
        return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def credit_check_character(first_17: str) -> str:
    """Return the last character of a unified social credit code.

    Source: GB 32100; weights are powers of 3 modulo 31.
    """
    total = sum(
        _CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(first_17)
    )
    return _CHARACTERS[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Tell whether a text is a unified social credit code with the right check character."""
    return (
        len(code) == 18
        and all(character in _CHARACTERS for character in code)
        and credit_check_character(code[:17]) == code[17]
    )


def require_credit_code(text: str) -> str:
    """Return the code in capitals without blanks (rule 11).

    Raises CreditCodeMissing, CreditCodeWrong.
    """
    code = "".join(text.split()).replace("-", "").upper()
    if not code:
        raise CreditCodeMissing(field="credit_code")
    if not is_credit_code(code):
        raise CreditCodeWrong(field="credit_code")
    return code


def require_organisation_name(text: str) -> str:
    """Return the name without outer blanks. Raises OrganisationNameMissing."""
    name = " ".join(text.split())
    if not name:
        raise OrganisationNameMissing(field="name")
    return name


def require_approver(kind: str | None) -> None:
    """Refuse a team that no community or unit approved (rule 11). Raises ApproverMissing."""
    if kind is None or kind == OrganisationKind.TEAM:
        raise ApproverMissing(field="approved_by")


def require_contact(name: str, phone: str) -> tuple[str, str]:
    """Return whom to reach and how (rule 11). Raises TeamContactMissing, PhoneMalformed."""
    if not name.strip() or not phone.strip():
        raise TeamContactMissing(field="contact_name")
    return name.strip(), normal_phone(phone)


def require_team_kind(details: TeamDetails) -> None:
    """Refuse a team without rank, content or membership. Raises TeamKindMissing."""
    known = (
        details.rank in TeamRank.values,
        details.content in ServiceCategory.values,
        details.membership in TeamMembership.values,
    )
    if not all(known):
        raise TeamKindMissing(field="content")


def require_rank_below(rank: str, parent_rank: str) -> None:
    """Refuse a rank that is not below the parent's; units have none. Raises RankOutOfOrder."""
    if parent_rank and TeamRank(rank) not in ranks_below(parent_rank):
        raise RankOutOfOrder(field="rank")


def ranks_below(parent_rank: str) -> tuple[TeamRank, ...]:
    """Return the ranks a team below may have; all of them below a unit."""
    if not parent_rank:
        return _RANKS
    return _RANKS[_RANKS.index(TeamRank(parent_rank)) + 1 :]


def require_room_for_team(teams: int) -> None:
    """Refuse a sixth team; ``teams``: memberships and requests so far. Raises TooManyTeams."""
    if teams >= TEAMS_MAX:
        raise TooManyTeams


def path_of(parent_path: str, organisation_id: int) -> str:
    """Return the path of an organisation: its parent's, then ten digits of its own."""
    return f"{parent_path}{organisation_id:0{PATH_DIGITS}d}"


def depth_of(path: str) -> int:
    """Return how many organisations stand above."""
    return len(path) // PATH_DIGITS - 1


def leads(actor: Actor, path: str) -> bool:
    """Tell whether the actor leads the organisation of a path, or one above it."""
    return any(path.startswith(led) for led in actor.organisations_for(Permission.SEE_PEOPLE))


def may_admit(actor: Actor, *, region: str, path: str) -> bool:
    """Tell whether the actor decides who joins: staff of the region, or the team's leader."""
    return actor.may(Permission.EDIT_ORGANISATIONS, region=region) or leads(actor, path)
