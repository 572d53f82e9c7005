from decimal import Decimal

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.organisations import rules
from linbang.foundation.organisations.choices import OrganisationKind, TeamRank
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
from linbang.foundation.people.errors import PhoneMalformed


# GB 32100; the second is the example of the standard.
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91110000600037341L", True),
        ("91350100M000100Y43", True),
        ("91110000600037341M", False),  # another check character
        ("91110000600037314L", False),  # two digits swapped
        ("9111000060003734IL", False),  # I is not in the alphabet
        ("91110000600037341", False),
        ("91110000600037341LL", False),
        ("", False),
    ],
)
def test_credit_code_has_its_check_character(code, expected):
    assert rules.is_credit_code(code) is expected


def test_credit_code_is_read_as_typed():
    assert rules.require_credit_code(" 91110000-600037341l ") == "91110000600037341L"


@pytest.mark.parametrize(
    ("code", "refusal"), [(" ", CreditCodeMissing), ("91110000600037341M", CreditCodeWrong)]
)
def test_unit_needs_a_credit_code(code, refusal):
    with pytest.raises(refusal):
        rules.require_credit_code(code)


@pytest.mark.parametrize("kind", [None, OrganisationKind.TEAM])
def test_team_needs_an_approving_unit(kind):
    with pytest.raises(ApproverMissing):
        rules.require_approver(kind)


def test_contact_is_a_name_and_a_phone():
    assert rules.require_contact(" 张敏 ", "138 0013 8000") == ("张敏", "13800138000")
    with pytest.raises(TeamContactMissing):
        rules.require_contact("张敏", " ")
    with pytest.raises(PhoneMalformed):
        rules.require_contact("张敏", "12")


def test_name_loses_outer_blanks():
    assert rules.require_organisation_name(" 邻里  队 ") == "邻里 队"
    with pytest.raises(OrganisationNameMissing):
        rules.require_organisation_name(" ")


@pytest.mark.parametrize(
    "wrong", [{"rank": ""}, {"content": "9999"}, {"membership": "cats"}]
)  # fmt: skip
def test_team_tells_both_dimensions(wrong):
    told = {"rank": "squad", "content": "0001", "membership": "mixed", **wrong}
    details = rules.TeamDetails(
        name="队", region_code="", contact_name="", contact_phone="", **told
    )  # fmt: skip

    with pytest.raises(TeamKindMissing):
        rules.require_team_kind(details)


# mission P4: 支队 → 大队 → 分队
@pytest.mark.parametrize(
    ("parent", "below"),
    [
        ("", (TeamRank.DETACHMENT, TeamRank.BRIGADE, TeamRank.SQUAD)),
        ("detachment", (TeamRank.BRIGADE, TeamRank.SQUAD)),
        ("brigade", (TeamRank.SQUAD,)),
        ("squad", ()),
    ],
)
def test_ranks_stand_in_order(parent, below):
    assert rules.ranks_below(parent) == below


def test_rank_out_of_order_is_refused():
    rules.require_rank_below("squad", "brigade")
    with pytest.raises(RankOutOfOrder):
        rules.require_rank_below("brigade", "brigade")


def test_sixth_team_is_one_too_many():
    rules.require_room_for_team(4)
    with pytest.raises(TooManyTeams):
        rules.require_room_for_team(5)


def test_path_is_ten_digits_a_level():
    path = rules.path_of(rules.path_of("", 7), 12)

    assert path == "00000000070000000012"
    assert rules.depth_of(path) == 1


@pytest.mark.parametrize(
    ("communities", "covered", "percent"),
    [(131, 108, "82.4"), (131, 131, "100.0"), (8, 1, "12.5"), (16, 1, "6.3"), (3, 0, "0.0")],
)
def test_share_has_one_decimal(communities, covered, percent):
    assert rules.Coverage(communities, covered).percent == Decimal(percent)


def test_share_of_nothing_is_unknown():
    assert rules.Coverage(0, 0).percent is None


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant(Role.STATION_WORKER, region="450103001005"), True),
        (Grant(Role.STATION_WORKER, region="450103001006"), False),
        (Grant(Role.TEAM_LEADER, organisation_path="0000000001"), True),
        (Grant(Role.TEAM_LEADER, organisation_path="0000000002"), False),
        (Grant(Role.BUILDING_HEAD, region="450103001005"), False),
    ],
)
def test_staff_and_leaders_admit(grant, expected):
    actor = Actor(account_id=1, person_id=1, grants=(grant,))

    admits = rules.may_admit(actor, region="450103001005", path="00000000010000000009")

    assert admits is expected
