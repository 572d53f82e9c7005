from datetime import datetime
from typing import Any

from ninja import Schema

from linbang.foundation.access.choices import CodePurpose, Role
from linbang.foundation.shell.schemas import PageOut


class CodeRequestIn(Schema):
    phone: str
    purpose: CodePurpose = CodePurpose.SIGN_IN


class SignInIn(Schema):
    """Give either the code that was sent or the password."""

    phone: str
    code: str = ""
    password: str = ""


class PasswordResetIn(Schema):
    """Ask for the code with the purpose of a new password."""

    phone: str
    code: str
    password: str


class FactorIn(Schema):
    code: str


class SessionOut(Schema):
    """``csrf_token`` goes into the header ``X-CSRFToken`` of every write."""

    signed_in: bool
    needs_second_factor: bool
    needs_registration: bool = False
    csrf_token: str


class PassOut(Schema):
    """Send ``token`` as ``Authorization: Bearer`` with a hot call, until it expires."""

    token: str
    expires_at: datetime


class GrantOut(Schema):
    id: str
    role: Role
    region_code: str
    organisation_path: str
    granted_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_id(grant: Any) -> str:
        return str(grant.pk)

    @staticmethod
    def resolve_region_code(grant: Any) -> str:
        return grant.region_id or ""


class HeldGrantOut(GrantOut):
    holder: str | None
    account_id: str

    @staticmethod
    def resolve_account_id(grant: Any) -> str:
        return str(grant.account_id)


class MeOut(Schema):
    person_id: str
    phone: str
    grants: list[GrantOut]
    permissions: list[str]


class GrantIn(Schema):
    phone: str
    role: Role
    region_code: str


class GrantPageOut(PageOut):
    items: list[HeldGrantOut]
