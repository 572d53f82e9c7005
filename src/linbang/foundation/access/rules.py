"""Who may do what where: roles, permissions and the actor, over plain values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import pairwise

import pyotp

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.errors import (
    GrantBeyondScope,
    GrantTooHigh,
    GrantToSelf,
    NotAPhone,
    PasswordWeak,
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
        Permission.EDIT_ACTIVITIES,
        Permission.LEAD_SHIFTS,
        Permission.CLEAR_VOLUNTEERS,
        Permission.SEE_REPORTS,
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
            Permission.EDIT_ACTIVITIES,
            Permission.REVIEW_ACTIVITIES,
            Permission.LEAD_SHIFTS,
            Permission.CLEAR_VOLUNTEERS,
            Permission.SEE_REPORTS,
            Permission.ISSUE_BRIEFS,
            Permission.EXPORT,
            Permission.EDIT_PLACES,
            Permission.EDIT_ORGANISATIONS,
        }
    ),
    Role.DISTRICT_OFFICER: frozenset(
        {
            Permission.EDIT_ACTIVITIES,
            Permission.REVIEW_ACTIVITIES,
            Permission.SEE_REPORTS,
            Permission.ISSUE_BRIEFS,
            Permission.EXPORT,
            Permission.EDIT_PLACES,
        }
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


# Sign-in by code (rule 103) and by password (rule 96).
CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODES_A_DAY = 5
CODE_TRIES = 5
FAILURES_MAX = 5
LOCK_TIME = timedelta(minutes=10)
# A station's computers share one address: generous for people, hopeless for guessing.
TRIES_PER_ADDRESS = 60
IDLE_TIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)
PROOF_LIFETIME = timedelta(minutes=30)
RECOVERY_CODES = 10

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def require_phone(text: str) -> str:
    """Return a mainland mobile number without blanks, dashes or +86. Raises NotAPhone."""
    digits = re.sub(r"[\s-]", "", text)
    phone = digits.removeprefix("+86").removeprefix("0086")
    if not _PHONE.fullmatch(phone):
        raise NotAPhone(field="phone")
    return phone


def require_strong_password(password: str) -> None:
    """Refuse a password that breaks rule 96. Raises PasswordWeak."""
    kinds = (r"[A-Z]", r"[a-z]", r"\d")
    if (
        not 8 <= len(password) <= 20
        or not all(re.search(kind, password, re.ASCII) for kind in kinds)
        or _has_run(password)
    ):
        raise PasswordWeak(field="password")


def _has_run(text: str, length: int = 4) -> bool:
    """Tell whether four characters in a row repeat, rise or fall by one: aaaa 1234 dcba."""
    run, last_step = 1, None
    for before, after in pairwise(text.lower()):
        step = ord(after) - ord(before)
        run = run + 1 if step == last_step and abs(step) <= 1 else 2 if abs(step) <= 1 else 1
        last_step = step
        if run >= length:
            return True
    return False


def locked_until(failed_at: Iterable[datetime]) -> datetime | None:
    """Return until when the last failures in a row lock; ``failed_at``: newest first."""
    newest = list(failed_at)[:FAILURES_MAX]
    if len(newest) < FAILURES_MAX or newest[0] - newest[-1] > LOCK_TIME:
        return None
    return newest[0] + LOCK_TIME


def matching_step(secret: str, code: str, *, now: datetime, after_step: int) -> int | None:
    """Return the 30-second step whose one-time code this is, one step of clock error allowed.

    Steps up to ``after_step`` were used before and match no more.
    """
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // totp.interval
    for step in (present - 1, present, present + 1):
        if step > after_step and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def authenticator_address(secret: str, *, name: str) -> str:
    """Return the otpauth address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="邻帮")


class Standing(Enum):
    """How far a session has got."""

    STRANGER = auto()
    FACTOR_MISSING = auto()
    MEMBER = auto()


def standing_of(
    roles: Iterable[Role],
    *,
    signed_in_at: float,
    seen_at: float,
    valid_from: float,
    is_ended: bool,
    has_factor: bool,
    factor_given: bool,
    now: float,
) -> Standing:
    """Decide what a session is worth now. Instants are seconds since 1970."""
    roles = frozenset(roles)
    idle = idles_out(roles) and now - seen_at > IDLE_TIME.total_seconds()
    if is_ended or signed_in_at < valid_from or idle:
        return Standing.STRANGER
    if (has_factor or needs_second_factor(roles)) and not factor_given:
        return Standing.FACTOR_MISSING
    return Standing.MEMBER


def seen_pause(roles: Iterable[Role]) -> timedelta:
    """Return how often a session notes that it is in use: exact only where it idles out."""
    return timedelta(minutes=1) if idles_out(roles) else timedelta(hours=1)


def idles_out(roles: Iterable[Role]) -> bool:
    """Tell whether a session with one of the roles ends after 15 quiet minutes (rule 96)."""
    return needs_second_factor(roles)


def device_name(agent: str) -> str:
    """Name a browser for its owner by what its User-Agent says, such as iPhone · 微信."""
    systems = {
        "iPhone": "iPhone", "iPad": "iPad", "HarmonyOS": "HarmonyOS", "OpenHarmony": "HarmonyOS",
        "Android": "Android", "Windows": "Windows", "Macintosh": "Mac", "Linux": "Linux",
    }  # fmt: skip
    browsers = {
        "MicroMessenger": "WeChat", "Edg": "Edge", "HuaweiBrowser": "Huawei", "Firefox": "Firefox",
        "Chrome": "Chrome", "Safari": "Safari",
    }  # fmt: skip
    found = (
        next((label for token, label in names.items() if token in agent), "")
        for names in (systems, browsers)
    )
    return " · ".join(name for name in found if name)
