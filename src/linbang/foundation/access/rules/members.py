"""Who may do what where: roles, permissions and the actor."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.errors import (
    GrantBeyondScope,
    GrantTooHigh,
    GrantToSelf,
    RolesKeptApart,
)

_RESIDENT_WORK = frozenset(
    {
        Permission.SEE_PEOPLE,
        Permission.EDIT_PEOPLE,
        Permission.UNMASK_CONTACT,
        Permission.UNMASK_IDENTITY,
        Permission.SEE_CARE,
        Permission.SEE_NEEDS,
        Permission.TAKE_NEEDS,
        Permission.VERIFY_NEEDS,
        Permission.DISPATCH,
        Permission.HANDLE_VISITS,
        Permission.VERIFY_RECORDS,
        Permission.CHECK_RECORDS,
        Permission.EDIT_ACTIVITIES,
        Permission.LEAD_SHIFTS,
        Permission.CLEAR_VOLUNTEERS,
        Permission.SEE_REPORTS,
        Permission.SEE_SAVINGS,
        Permission.EDIT_PLACES,
        Permission.EDIT_ORGANISATIONS,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TEAM_LEADER: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.EDIT_ACTIVITIES,
            Permission.LEAD_SHIFTS,
            Permission.SEE_REPORTS,
        }
    ),
    Role.BUILDING_HEAD: frozenset(
        {Permission.SEE_PEOPLE, Permission.SEE_NEEDS, Permission.TAKE_NEEDS, Permission.SEE_REPORTS}
    ),
    Role.STATION_WORKER: _RESIDENT_WORK,
    Role.COMMUNITY_OFFICER: _RESIDENT_WORK
    | {
        Permission.REVIEW_ACTIVITIES,
        Permission.ISSUE_BRIEFS,
        Permission.EXPORT,
        Permission.GRANT_ROLES,
    },
    Role.STREET_OFFICER: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.SEE_NEEDS,
            Permission.DISPATCH,
            Permission.EDIT_ACTIVITIES,
            Permission.REVIEW_ACTIVITIES,
            Permission.LEAD_SHIFTS,
            Permission.CLEAR_VOLUNTEERS,
            Permission.CHECK_RECORDS,
            Permission.JUDGE_RECORDS,
            Permission.SEE_REPORTS,
            Permission.ISSUE_BRIEFS,
            Permission.EXPORT,
            Permission.SEE_SAVINGS,
            Permission.SET_SAVINGS,
            Permission.EDIT_PLACES,
            Permission.EDIT_ORGANISATIONS,
            Permission.SET_STARS,
        }
    ),
    Role.DISTRICT_OFFICER: frozenset(
        {
            Permission.EDIT_ACTIVITIES,
            Permission.REVIEW_ACTIVITIES,
            Permission.CHECK_RECORDS,
            Permission.JUDGE_RECORDS,
            Permission.SEE_REPORTS,
            Permission.ISSUE_BRIEFS,
            Permission.EXPORT,
            Permission.SEE_SAVINGS,
            Permission.SET_SAVINGS,
            Permission.EDIT_PLACES,
            Permission.SET_STARS,
        }
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AUDIT, Permission.SEE_REPORTS, Permission.SEE_SAVINGS}),
    Role.SYSTEM_ADMIN: frozenset({Permission.CONFIGURE, Permission.EDIT_PLACES}),
    Role.SECURITY_ADMIN: frozenset({Permission.GRANT_ROLES}),
    Role.AUDIT_ADMIN: frozenset({Permission.SEE_AUDIT}),
}

# The three administrators of rule 97 are three accounts, and none of them serves residents.
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# Officers and administrators sign in with a second factor (MLPS level 3; rule 96).
SECOND_FACTOR_ROLES = ADMIN_ROLES | {
    Role.COMMUNITY_OFFICER,
    Role.STREET_OFFICER,
    Role.DISTRICT_OFFICER,
    Role.AUDITOR,
}


@dataclass(frozen=True)
class Grant:
    """A role within one region prefix or one organisation path."""

    role: Role
    region: str = ""
    organisation_path: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts or looks, as one value: loaded once a request, passed to queries and actions."""

    account_id: int | None = None
    person_id: int | None = None
    cell: str = ""
    grants: tuple[Grant, ...] = ()
    address: str | None = None
    is_system: bool = False
    on_behalf_of_id: int | None = field(default=None)

    @classmethod
    def system(cls, cell: str = "") -> "Actor":
        """Return the actor of jobs and commands."""
        return cls(cell=cell, is_system=True)

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def on_behalf_of(self, person_id: int) -> "Actor":
        """Return the actor acting for somebody else (代办); the same for oneself and the system.

        A method, since ``request.actor`` is lazy and ``dataclasses.replace`` refuses its wrapper.
        """
        if self.is_system or self.person_id == person_id:
            return self
        return replace(self, on_behalf_of_id=person_id)

    def roles(self) -> frozenset[Role]:
        """Return the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def regions_for(self, permission: Permission) -> tuple[str, ...]:
        """Return the region prefixes where the actor has the permission, none inside another."""
        return outermost(
            grant.region
            for grant in self.grants
            if grant.region and permission in PERMISSIONS[grant.role]
        )

    def organisations_for(self, permission: Permission) -> tuple[str, ...]:
        """Return the organisation paths where the actor has the permission, outermost only."""
        return outermost(
            grant.organisation_path
            for grant in self.grants
            if grant.organisation_path and permission in PERMISSIONS[grant.role]
        )

    def may(self, permission: Permission, *, region: str) -> bool:
        """Tell whether the actor has the permission at a region code."""
        return self.is_system or any(
            region.startswith(prefix) for prefix in self.regions_for(permission)
        )

    def may_anywhere(self, permission: Permission) -> bool:
        """Tell whether the actor has the permission in some scope."""
        return self.is_system or bool(
            self.regions_for(permission) or self.organisations_for(permission)
        )


def outermost(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Drop every prefix that lies inside another; sorted."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Tell whether one of the roles signs in with a second factor."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles)


# From the lowest to the highest; who grants must stand above what is granted.
_RANKS = (
    Role.TEAM_LEADER,
    Role.BUILDING_HEAD,
    Role.STATION_WORKER,
    Role.COMMUNITY_OFFICER,
    Role.STREET_OFFICER,
    Role.DISTRICT_OFFICER,
)


def require_may_grant(by: Actor, grant: Grant, *, account_id: int, home: str = "") -> None:
    """Refuse a grant beyond the granter's scope or not below the granter's role.

    The security administrator grants every role in scope. ``home`` is the region of an
    organisation. Raises GrantToSelf, GrantBeyondScope, GrantTooHigh.
    """
    if by.is_system:
        return
    if by.account_id == account_id:
        raise GrantToSelf
    granting = [own for own in by.grants if _grants_within(own, grant, home)]
    if not granting:
        raise GrantBeyondScope
    if not any(_stands_above(own.role, grant.role) for own in granting):
        raise GrantTooHigh


def _grants_within(own: Grant, grant: Grant, home: str) -> bool:
    if Permission.GRANT_ROLES not in PERMISSIONS[own.role]:
        return False
    if own.region:
        return (grant.region or home).startswith(own.region)
    return bool(grant.organisation_path) and grant.organisation_path.startswith(
        own.organisation_path
    )


def _stands_above(own: Role, role: Role) -> bool:
    if own is Role.SECURITY_ADMIN:
        return True
    return role in _RANKS and own in _RANKS and _RANKS.index(role) < _RANKS.index(own)


def grantable_roles(by: Actor) -> tuple[Role, ...]:
    """Return the roles the actor could grant somewhere, in the order they are declared."""
    granting = [g.role for g in by.grants if Permission.GRANT_ROLES in PERMISSIONS[g.role]]
    return tuple(
        role for role in Role if by.is_system or any(_stands_above(own, role) for own in granting)
    )


def require_kept_apart(role: Role, held: Iterable[Role]) -> None:
    """Refuse an administrator's role beside any other, and any other beside it (rule 97)."""
    roles = {role, *held}
    if len(roles) > 1 and not ADMIN_ROLES.isdisjoint(roles):
        raise RolesKeptApart
