"""Roles: granting, ending, who sees them; accounts and the directory."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from linbang.foundation.access import actions, queries
from linbang.foundation.access.choices import DirectoryKind, Role
from linbang.foundation.access.errors import (
    AlreadyClaimed,
    GrantBeyondScope,
    GrantEndedAlready,
    NoSuchAccount,
    PhoneTaken,
    RoleHeldAlready,
    RolesKeptApart,
    ScopeUnclear,
)
from linbang.foundation.access.factories import make_account, make_grant
from linbang.foundation.access.models import Account, Device, RoleGrant, SignInCode
from linbang.foundation.access.rules import Actor
from linbang.foundation.access.tests.cast import NOW, acting, make_member
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_account_opens_once_a_number() -> None:
    account = actions.open_account(phone="13800001234", cell="450103", by=SYSTEM, now=NOW)

    assert queries.account_with_phone("13800001234") == account
    assert not account.has_usable_password()
    with pytest.raises(PhoneTaken):
        actions.open_account(phone="13800001234", cell="450102", by=SYSTEM, now=NOW)


def test_directory_value_is_claimed_once() -> None:
    actions.claim_unique(kind=DirectoryKind.IDENTITY, digest="d", cell="450103", owner_id=1)

    with pytest.raises(AlreadyClaimed):
        actions.claim_unique(kind=DirectoryKind.IDENTITY, digest="d", cell="450102", owner_id=2)


def test_officer_grants_and_ends_a_role() -> None:
    officer = acting(make_member("陈静", Role.COMMUNITY_OFFICER))
    clerk = make_member("张敏")

    grant = actions.grant_role(
        account_id=clerk.pk, role=Role.STATION_WORKER, region_code=COMMUNITY, by=officer, now=NOW
    )
    assert acting(clerk).roles() == {Role.STATION_WORKER}
    actions.end_grant(grant_id=grant.pk, by=officer, now=NOW + timedelta(days=1))

    grant.refresh_from_db()
    assert acting(clerk).roles() == set()
    assert (grant.granted_by, grant.ended_by) == (officer.account_id, officer.account_id)
    assert list(AuditEvent.objects.order_by("id").values_list("action", "region_code")) == [
        ("access.grant_role", COMMUNITY),
        ("access.end_grant", COMMUNITY),
    ]
    with pytest.raises(GrantEndedAlready):
        actions.end_grant(grant_id=grant.pk, by=officer, now=NOW + timedelta(days=2))


def test_role_is_held_once_a_scope() -> None:
    clerk = make_member("张敏", Role.STATION_WORKER)

    with pytest.raises(RoleHeldAlready):
        actions.grant_role(
            account_id=clerk.pk, role=Role.STATION_WORKER, region_code=COMMUNITY, by=SYSTEM, now=NOW
        )


@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"region_code": COMMUNITY, "organisation_path": "1/"},
        {"region_code": "450103001099"},
    ],
)
def test_unclear_scope_is_refused(scope: dict[str, str]) -> None:
    with pytest.raises(ScopeUnclear):
        actions.grant_role(
            account_id=make_member().pk, role=Role.BUILDING_HEAD, **scope, by=SYSTEM, now=NOW
        )


def test_not_even_the_system_joins_administrators() -> None:
    admin = make_member("黄强", Role.SYSTEM_ADMIN, region="450103")

    with pytest.raises(RolesKeptApart):
        actions.grant_role(
            account_id=admin.pk, role=Role.AUDIT_ADMIN, region_code="450103", by=SYSTEM, now=NOW
        )


def test_ending_beyond_scope_is_refused() -> None:
    officer = acting(make_member("陈静", Role.COMMUNITY_OFFICER))
    head = make_member("韦明")
    grant = make_grant(head, Role.BUILDING_HEAD, region=NEIGHBOUR_COMMUNITY)

    with pytest.raises(GrantBeyondScope):
        actions.end_grant(grant_id=grant.pk, by=officer, now=NOW)


def test_grant_by_unknown_phone_is_refused() -> None:
    with pytest.raises(NoSuchAccount):
        actions.grant_role_by_phone(
            phone="13912345678", role="building_head", region_code=COMMUNITY, by=SYSTEM, now=NOW
        )


def test_missing_grant_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.lock_grant(0)


def test_officer_sees_grants_of_own_community_only() -> None:
    officer = make_member("陈静", Role.COMMUNITY_OFFICER)
    head = make_member("韦明", Role.BUILDING_HEAD)
    leader = make_member("覃芳")
    make_grant(leader, Role.TEAM_LEADER, organisation_path="1/2/")
    make_member("外人", Role.BUILDING_HEAD, region=NEIGHBOUR_COMMUNITY)

    seen = queries.grants_visible_to(acting(officer))

    assert {grant.account_id for grant in seen} == {officer.pk, head.pk}
    assert {grant.holder for grant in seen} == {"陈静", "韦明"}
    assert not queries.grants_visible_to(acting(head)).exists()
    with pytest.raises(NotFound):
        queries.visible_grant(acting(head), seen[0].pk)


def test_security_administrator_sees_team_leaders_of_the_county() -> None:
    security = make_member("莫云", Role.SECURITY_ADMIN, region="450103")
    leader = make_member("覃芳")
    grant = make_grant(leader, Role.TEAM_LEADER, organisation_path="1/2/")

    assert grant in queries.grants_visible_to(acting(security))
    assert queries.grants_visible_to(SYSTEM).count() == 2


def test_actor_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clerk = make_member("张敏", Role.STATION_WORKER)

    with django_assert_num_queries(2):
        actor = queries.actor_of(clerk.pk)

    assert actor.is_signed_in
    assert queries.actor_of(None) == Actor()


def test_role_grant_has_exactly_one_scope() -> None:
    account = make_member()
    with pytest.raises(IntegrityError, match="role_grant_has_exactly_one_scope"):
        RoleGrant.objects.create(cell="450103", account=account, role=Role.AUDITOR, granted_at=NOW)


def test_role_grant_ends_after_start() -> None:
    account = make_member()
    with pytest.raises(IntegrityError, match="role_grant_ends_after_start"):
        RoleGrant.objects.create(
            cell="450103", account=account, role=Role.AUDITOR, region_id=COMMUNITY,
            granted_at=NOW, ended_at=NOW - timedelta(seconds=1),
        )  # fmt: skip


def test_role_grant_once_a_scope() -> None:
    grant = make_grant(make_member(), Role.AUDITOR, region=COMMUNITY)
    with pytest.raises(IntegrityError, match="role_grant_once_a_scope"), transaction.atomic():
        make_grant(grant.account, Role.AUDITOR, region=COMMUNITY)
    grant.ended_at = grant.granted_at
    grant.save(update_fields=["ended_at"])

    assert make_grant(grant.account, Role.AUDITOR, region=COMMUNITY).pk != grant.pk


def test_sign_in_code_expires_after_issue() -> None:
    with pytest.raises(IntegrityError, match="sign_in_code_expires_after_issue"):
        SignInCode.objects.create(
            cell="450103", phone_digest="d", purpose="sign_in", code_hash="h",
            issued_at=NOW, expires_at=NOW,
        )  # fmt: skip


def test_device_is_seen_after_sign_in() -> None:
    with pytest.raises(IntegrityError, match="device_is_seen_after_sign_in"):
        Device.objects.create(
            cell="450103", account=make_account(), method="code",
            signed_in_at=NOW, seen_at=NOW - timedelta(seconds=1),
        )  # fmt: skip


def test_account_phone_is_unique() -> None:
    account = make_account()
    with pytest.raises(IntegrityError, match="access_account_phone_digest_key"):
        Account.objects.create(cell="450102", phone_digest=account.phone_digest, created_at=NOW)
