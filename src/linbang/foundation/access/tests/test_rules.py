from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from linbang.foundation.access import rules
from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import (
    GrantBeyondScope,
    GrantTooHigh,
    GrantToSelf,
    NotAPhone,
    PasswordWeak,
    RolesKeptApart,
)
from linbang.foundation.access.rules import Actor, Grant, Standing

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
COMMUNITY, NEIGHBOUR, STREET = "450103001005", "450103001006", "450103001"


def actor(role: Role, region: str = COMMUNITY, account_id: int = 1) -> Actor:
    return Actor(account_id=account_id, person_id=1, cell="450103", grants=(Grant(role, region),))


@pytest.mark.parametrize(
    "text", ["13800001234", "138 0000 1234", "+8613800001234", "138-0000-1234"]
)
def test_phone_is_read_as_people_write_it(text: str) -> None:
    assert rules.require_phone(text) == "13800001234"


@pytest.mark.parametrize(
    "text", ["", "12800001234", "1380000123", "138000012345", "１３８００００１２３４"]
)
def test_phone_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NotAPhone) as refusal:
        rules.require_phone(text)

    assert (refusal.value.code, refusal.value.field) == ("not_a_phone", "phone")


@pytest.mark.parametrize(
    "password",
    [
        "Xinzh26",  # seven
        "Xinzhu2026Xinzhu20268",  # twenty-one
        "xinzhu2026",
        "XINZHU2026",
        "XinzhuCommunity",
        "Xinzhu1234",  # rising
        "Xinzhu9876",  # falling
        "Xinzhu7777",  # repeated
        "xinzABCD20",  # rising letters
        "XinzaAaA26",  # the same letter, whatever its case
    ],
)
def test_weak_password_is_refused(password: str) -> None:
    # Rule 96: 8–20, upper, lower, digit, no four in sequence or repeated.
    with pytest.raises(PasswordWeak):
        rules.require_strong_password(password)


@pytest.mark.parametrize("password", ["Xinzhu2026", "aB3aB3aB", "Abc123xyz987Q", "X1" + "yb" * 9])
def test_strong_password_passes(password: str) -> None:
    rules.require_strong_password(password)


def test_five_failures_lock_ten_minutes() -> None:
    failed = [NOW - timedelta(minutes=minute) for minute in range(5)]

    assert rules.locked_until(failed) == NOW + timedelta(minutes=10)
    assert rules.locked_until(failed[:4]) is None
    assert rules.locked_until([*failed[:4], NOW - timedelta(minutes=11)]) is None


def test_one_time_code_matches_once_and_one_step_around() -> None:
    secret = pyotp.random_base32()
    step = int(NOW.timestamp()) // 30
    code = pyotp.TOTP(secret).at(NOW)

    assert rules.matching_step(secret, code, now=NOW, after_step=0) == step
    later = NOW + timedelta(seconds=30)
    assert rules.matching_step(secret, code, now=later, after_step=0) == step
    assert rules.matching_step(secret, code, now=NOW, after_step=step) is None
    too_late = NOW + timedelta(seconds=90)
    assert rules.matching_step(secret, code, now=too_late, after_step=0) is None


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"is_ended": True}, Standing.STRANGER),
        ({"valid_from": 1001.0}, Standing.STRANGER),
        ({"valid_from": 1000.0}, Standing.MEMBER),
        ({"has_factor": True}, Standing.FACTOR_MISSING),
        ({"has_factor": True, "factor_given": True}, Standing.MEMBER),
        ({"roles": [Role.STATION_WORKER], "now": 99_999.0}, Standing.MEMBER),
        ({"roles": [Role.AUDITOR]}, Standing.FACTOR_MISSING),
        ({"roles": [Role.AUDITOR], "factor_given": True}, Standing.MEMBER),
        ({"roles": [Role.AUDITOR], "factor_given": True, "now": 1900.0}, Standing.MEMBER),
        ({"roles": [Role.AUDITOR], "factor_given": True, "now": 1901.0}, Standing.STRANGER),
    ],
)
def test_session_is_worth(facts: dict[str, object], standing: Standing) -> None:
    usual: dict[str, object] = {
        "signed_in_at": 1000.0, "seen_at": 1000.0, "valid_from": 0.0, "is_ended": False,
        "has_factor": False, "factor_given": False, "now": 1000.0,
    }  # fmt: skip
    roles = facts.pop("roles", [])

    assert rules.standing_of(roles, **{**usual, **facts}) is standing  # type: ignore[arg-type]  # a table of facts


def test_officer_grants_below_within_own_community() -> None:
    officer = actor(Role.COMMUNITY_OFFICER)

    rules.require_may_grant(officer, Grant(Role.STATION_WORKER, COMMUNITY), account_id=2)
    rules.require_may_grant(officer, Grant(Role.BUILDING_HEAD, COMMUNITY + "001"), account_id=2)
    leader = Grant(Role.TEAM_LEADER, organisation_path="1/2/")
    rules.require_may_grant(officer, leader, account_id=2, home=COMMUNITY)


@pytest.mark.parametrize(
    ("by", "grant", "refusal"),
    [
        (actor(Role.COMMUNITY_OFFICER), Grant(Role.STATION_WORKER, NEIGHBOUR), GrantBeyondScope),
        (actor(Role.COMMUNITY_OFFICER), Grant(Role.STATION_WORKER, STREET), GrantBeyondScope),
        (actor(Role.COMMUNITY_OFFICER), Grant(Role.COMMUNITY_OFFICER, COMMUNITY), GrantTooHigh),
        (actor(Role.COMMUNITY_OFFICER), Grant(Role.AUDIT_ADMIN, COMMUNITY), GrantTooHigh),
        (actor(Role.STATION_WORKER), Grant(Role.BUILDING_HEAD, COMMUNITY), GrantBeyondScope),
        (actor(Role.SYSTEM_ADMIN), Grant(Role.BUILDING_HEAD, COMMUNITY), GrantBeyondScope),
        (
            actor(Role.COMMUNITY_OFFICER),
            Grant(Role.TEAM_LEADER, organisation_path="1/2/"),
            GrantBeyondScope,
        ),
        (actor(Role.SECURITY_ADMIN, account_id=2), Grant(Role.AUDITOR, COMMUNITY), GrantToSelf),
    ],
)
def test_grant_out_of_reach_is_refused(by: Actor, grant: Grant, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.require_may_grant(by, grant, account_id=2)


def test_security_administrator_grants_every_role() -> None:
    assert rules.grantable_roles(actor(Role.SECURITY_ADMIN)) == tuple(Role)
    assert rules.grantable_roles(actor(Role.COMMUNITY_OFFICER)) == (
        Role.TEAM_LEADER,
        Role.BUILDING_HEAD,
        Role.STATION_WORKER,
    )
    assert rules.grantable_roles(actor(Role.STATION_WORKER)) == ()


@pytest.mark.parametrize(
    ("role", "held"),
    [
        (Role.SYSTEM_ADMIN, {Role.SECURITY_ADMIN}),
        (Role.AUDIT_ADMIN, {Role.SYSTEM_ADMIN}),
        (Role.SECURITY_ADMIN, {Role.STATION_WORKER}),
        (Role.STATION_WORKER, {Role.AUDIT_ADMIN}),
    ],
)
def test_administrators_are_kept_apart(role: Role, held: set[Role]) -> None:
    # Rule 97: three different accounts, none of which serves residents.
    with pytest.raises(RolesKeptApart):
        rules.require_kept_apart(role, held)


def test_same_role_and_ordinary_roles_combine() -> None:
    rules.require_kept_apart(Role.AUDIT_ADMIN, {Role.AUDIT_ADMIN})
    rules.require_kept_apart(Role.STATION_WORKER, {Role.BUILDING_HEAD})


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0", "iPhone · WeChat"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140",
            "Windows · Edge",
        ),
        ("curl/8", ""),
    ],
)
def test_device_is_named_for_its_owner(agent: str, name: str) -> None:
    assert rules.device_name(agent) == name
