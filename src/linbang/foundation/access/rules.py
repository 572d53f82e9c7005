"""Who may do what where: roles, permissions and the actor, over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from linbang.foundation.access.choices import Permission, Role

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
        Permission.SEE_REPORTS,
        Permission.EDIT_PLACES,
        Permission.EDIT_ORGANISATIONS,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TEAM_LEADER: frozenset({Permission.SEE_PEOPLE, Permission.SEE_REPORTS}),
    Role.BUILDING_HEAD: frozenset(
        {Permission.SEE_PEOPLE, Permission.SEE_NEEDS, Permission.TAKE_NEEDS, Permission.SEE_REPORTS}
    ),
    Role.STATION_WORKER: _RESIDENT_WORK,
    Role.COMMUNITY_OFFICER: _RESIDENT_WORK
    | {Permission.ISSUE_BRIEFS, Permission.EXPORT, Permission.GRANT_ROLES},
    Role.STREET_OFFICER: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.SEE_NEEDS,
            Permission.SEE_REPORTS,
            Permission.ISSUE_BRIEFS,
            Permission.EXPORT,
            Permission.EDIT_PLACES,
            Permission.EDIT_ORGANISATIONS,
        }
    ),
    Role.DISTRICT_OFFICER: frozenset(
        {Permission.SEE_REPORTS, Permission.ISSUE_BRIEFS, Permission.EXPORT, Permission.EDIT_PLACES}
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AUDIT, Permission.SEE_REPORTS}),
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
