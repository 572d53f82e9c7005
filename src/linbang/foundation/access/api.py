"""Sign-in, oneself and roles under ``/api/v1/``.

The session is a cookie. Read ``csrf_token`` from ``GET /session`` (it sets the CSRF cookie too)
and send it back in ``X-CSRFToken`` with every write, signing in included; signing in changes it.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Query, Router, Status
from ninja.security import APIKeyCookie

from linbang.foundation import clock
from linbang.foundation.access import actions, gates, queries, rules, schemas
from linbang.foundation.access.choices import Permission, SignInMethod
from linbang.foundation.access.errors import SignInNeeded
from linbang.foundation.access.rules import Actor, Standing
from linbang.foundation.audit.rules import mask_phone
from linbang.foundation.shell.schemas import PageIn, RowId, paged

router = Router(tags=["access"])


class Anyone(APIKeyCookie):
    """Strangers too, but with the CSRF header: nobody is signed in from another site."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        """Let everybody pass; the check of the header came before."""
        return True


anyone = Anyone()


@router.get("session", auth=None, response=schemas.SessionOut, operation_id="show_session")
def show_session(request: Any) -> Any:
    """Tell whether one is signed in, and give the CSRF token."""
    return _session(request)


@router.post("sign-in/codes", auth=anyone, response={202: None}, operation_id="send_sign_in_code")
def send_sign_in_code(request: Any, wish: schemas.CodeRequestIn) -> Any:
    """Send a code by SMS; the answer is the same for every number."""
    actions.issue_code(
        phone=wish.phone, purpose=wish.purpose, by=_stranger(request), now=clock.now()
    )
    return Status(202, None)


@router.post("session", auth=anyone, response=schemas.SessionOut, operation_id="sign_in")
def sign_in(request: Any, proof: schemas.SignInIn) -> Any:
    """Sign in with a number and its code or password; the cookie carries the session."""
    by, now = _stranger(request), clock.now()
    if proof.password:
        account = actions.sign_in_with_password(
            phone=proof.phone, password=proof.password, by=by, now=now
        )
        gates.let_in(request, account, method=SignInMethod.PASSWORD, now=now)
        return _session(request)
    found = actions.sign_in_with_code(phone=proof.phone, code=proof.code, by=by, now=now)
    if found is None:
        gates.remember_proven_phone(request, rules.require_phone(proof.phone), now=now)
        return {**_session(request), "needs_registration": True}
    gates.let_in(request, found, method=SignInMethod.CODE, now=now)
    return _session(request)


@router.post(
    "session/second-factor", auth=anyone, response=schemas.SessionOut, operation_id="pass_factor"
)
def pass_factor(request: Any, proof: schemas.FactorIn) -> Any:
    """Give the second factor that the session still lacks."""
    if request.entry.pending is None:
        raise SignInNeeded
    gates.pass_factor(request, code=proof.code, now=clock.now())
    return _session(request)


@router.post(
    "sign-in/password", auth=anyone, response=schemas.SessionOut, operation_id="reset_password"
)
def reset_password(request: Any, wish: schemas.PasswordResetIn) -> Any:
    """Set a new password with a code; every other device is signed out."""
    now = clock.now()
    account = actions.reset_password(**wish.dict(), by=_stranger(request), now=now)
    gates.let_in(request, account, method=SignInMethod.CODE, now=now)
    return _session(request)


@router.delete("session", auth=anyone, response={204: None}, operation_id="sign_out")
def sign_out(request: Any) -> Any:
    """Sign this browser out."""
    gates.let_out(request, now=clock.now())
    return Status(204, None)


@router.delete("sessions", response={204: None}, operation_id="sign_out_everywhere")
def sign_out_everywhere(request: Any) -> Any:
    """Sign every browser out, this one included."""
    actor = request.actor
    actions.sign_out_everywhere(account_id=actor.account_id, by=actor, now=clock.now())
    return Status(204, None)


@router.post("pass", response=schemas.PassOut, operation_id="issue_pass")
def issue_pass(request: Any) -> Any:
    """Get a pass for hot calls; it says who one is for ten minutes and carries no role."""
    return gates.issue_pass(request, now=clock.now())


@router.get("me", response=schemas.MeOut, operation_id="show_me")
def show_me(request: Any) -> Any:
    """Tell who one is and what one may do somewhere."""
    actor = request.actor
    return {
        "person_id": str(actor.person_id),
        "phone": mask_phone(queries.account_with_id(actor.account_id).phone),
        "grants": list(queries.own_grants(actor)),
        "permissions": [p.value for p in Permission if actor.may_anywhere(p)],
    }


@router.get("role-grants", response=schemas.GrantPageOut, operation_id="list_role_grants")
@gates.permitted(Permission.GRANT_ROLES)
def list_role_grants(request: Any, page: Query[PageIn]) -> Any:
    """List the roles held within one's scope, current ones first."""
    return paged(queries.grants_visible_to(request.actor), page)


@router.post("role-grants", response={201: schemas.GrantOut}, operation_id="grant_role")
@gates.permitted(Permission.GRANT_ROLES)
def grant_role(request: Any, wish: schemas.GrantIn) -> Any:
    """Give a role to whoever signs in with a number."""
    grant = actions.grant_role_by_phone(
        phone=wish.phone,
        role=wish.role,
        region_code=wish.region_code,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, grant)


@router.post("role-grants/{grant_id}/ending", response=schemas.GrantOut, operation_id="end_grant")
@gates.permitted(Permission.GRANT_ROLES)
def end_grant(request: Any, grant_id: RowId) -> Any:
    """Take a role back."""
    visible = queries.visible_grant(request.actor, grant_id)
    return actions.end_grant(grant_id=visible.pk, by=request.actor, now=clock.now())


def _session(request: Any) -> dict[str, Any]:
    entry = request.entry
    return {
        "signed_in": entry.standing is Standing.MEMBER,
        "needs_second_factor": entry.standing is Standing.FACTOR_MISSING,
        "csrf_token": get_token(request),
    }


def _stranger(request: HttpRequest) -> Actor:
    return Actor(address=gates.address_of(request))
