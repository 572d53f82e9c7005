"""The doors of views: who may come in. A closed door answers 404, never 403."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from ninja.security import APIKeyCookie, HttpBearer

from linbang.foundation import clock
from linbang.foundation.access import actions, queries, rules
from linbang.foundation.access.choices import Permission, SignInMethod
from linbang.foundation.access.models import Account
from linbang.foundation.access.rules import Actor, Standing
from linbang.foundation.crypto import seal, unseal

P = ParamSpec("P")

_BACKEND = "django.contrib.auth.backends.ModelBackend"
# The keys of our own in the session.
DEVICE, _SIGNED_IN, _SEEN, _FACTOR = "device", "signed_in_at", "seen_at", "factor"
_PROVEN = "proven_phone"


@dataclass(frozen=True)
class Entry:
    """Who knocked, and how far they got: the actor stays a stranger until all is proven."""

    standing: Standing
    actor: Actor
    # Who it will be once the second factor is given.
    pending: Actor | None = None
    has_factor: bool = False


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor
    entry: Entry


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send strangers to the sign-in page, and back afterwards."""

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if actor.account_id is not None and not actor.is_signed_in:
            # Who closed the record keeps the account: signing in again would lead here for ever.
            return redirect("people:register")
        if not actor.is_signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # now a MemberRequest

    return gate


def permitted(
    permission: Permission,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let in who holds the permission in some scope; the view's query narrows it to rows."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def gate(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.actor.may_anywhere(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(gate)

    return decorate


def halfway_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in members, and who only lacks the second factor; ``request.actor`` is who they are."""

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        entry: Entry = request.entry  # type: ignore[attr-defined]  # set by ActorMiddleware
        if entry.standing is Standing.STRANGER:
            return redirect_to_login(request.get_full_path())
        request.actor = entry.pending or entry.actor  # type: ignore[attr-defined]  # for this view alone
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # now a MemberRequest

    return gate


class SessionAuth(APIKeyCookie):
    """The session of the pages; unsafe methods carry the CSRF token in ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        return actor if actor.is_signed_in else None


class PassAuth(HttpBearer):
    """A pass, for what everybody may do for oneself: the person it names, without any role."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        holder = queries.holder_of(token, now=clock.now())
        actor = Actor(
            account_id=holder.account_id,
            person_id=holder.person_id,
            cell=holder.cell,
            address=address_of(request),
        )
        request.actor = actor  # type: ignore[attr-defined]  # instead of the session's
        return actor


by_session, by_pass = SessionAuth(), PassAuth()


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request came from; None over a socket."""
    return request.META.get("REMOTE_ADDR") or None


def let_in(
    request: HttpRequest,
    account: Account,
    *,
    method: SignInMethod,
    now: datetime,
    second_factor: bool = False,
) -> None:
    """Open a session for an account under a new session key, and enter the browser it is in.

    ``second_factor`` says that it was given already; else roles that need one get it asked.
    """
    actor = queries.actor_of(account.pk, address=address_of(request))
    login(request, account, backend=_BACKEND)
    device = actions.open_device(
        account=account,
        method=method,
        agent=request.headers.get("User-Agent", ""),
        by=actor,
        now=now,
    )
    request.session[DEVICE] = device.pk
    request.session[_SIGNED_IN] = request.session[_SEEN] = now.timestamp()
    request.session[_FACTOR] = second_factor
    lifetime = 0 if rules.idles_out(actor.roles()) else rules.SESSION_LIFETIME
    request.session.set_expiry(lifetime)
    _admit(request, knock(request, now=now))


def let_in_again(request: HttpRequest, account: Account, *, now: datetime) -> None:
    """Bring this browser back after its owner signed every session out."""
    given = request.session.get(_FACTOR, False) and queries.has_factor(account)
    let_in(request, account, method=SignInMethod.AGAIN, now=now, second_factor=given)


def pass_factor(request: HttpRequest, *, code: str, now: datetime) -> None:
    """Give the second factor of the session that waits for it; the session key changes."""
    pending = request.entry.pending  # type: ignore[attr-defined]  # set by ActorMiddleware
    actions.pass_factor(account_id=pending.account_id, code=code, by=pending, now=now)
    honour_factor(request, now=now)


def honour_factor(request: HttpRequest, *, now: datetime) -> None:
    """Take the second factor as given; the session key changes."""
    request.session.cycle_key()
    request.session[_FACTOR] = True
    _admit(request, knock(request, now=now))


def let_out(request: HttpRequest, *, now: datetime) -> None:
    """End the session of this browser."""
    device_id, entry = request.session.get(DEVICE), request.entry  # type: ignore[attr-defined]  # set by ActorMiddleware
    actions.close_session(device_id=device_id, by=entry.pending or entry.actor, now=now)
    logout(request)
    _admit(request, Entry(Standing.STRANGER, Actor(address=address_of(request))))


def issue_pass(request: HttpRequest, *, now: datetime) -> queries.IssuedPass:
    """Return a pass for the hot calls of this browser. Raises SignInNeeded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return queries.pass_of(actor, device_id=request.session.get(DEVICE), now=now)


def pass_of_page(request: HttpRequest, *, now: datetime) -> str:
    """Return a pass for the forms of a page; none where the browser is nobody's device."""
    if DEVICE not in request.session:
        return ""
    return issue_pass(request, now=now).token


def remember_proven_phone(request: HttpRequest, phone: str, *, now: datetime) -> None:
    """Keep, sealed, that this browser proved a number that has no account yet."""
    sealed = seal(phone, context=_PROVEN).hex()
    request.session.cycle_key()
    request.session[_PROVEN] = [sealed, now.timestamp()]


def proven_phone(request: HttpRequest, *, now: datetime) -> str | None:
    """Return the number this browser proved within the last half hour, to register with."""
    sealed, proven_at = request.session.get(_PROVEN, ("", 0))
    if now.timestamp() - proven_at > rules.PROOF_LIFETIME.total_seconds():
        return None
    return unseal(bytes.fromhex(sealed), context=_PROVEN)


def demo_code(actor: Actor, *, now: datetime) -> str:
    """Return what the authenticator app would show, in the demo only."""
    return queries.demo_code(actor.account_id, now=now) if settings.LINBANG_DEMO else ""


def _admit(request: HttpRequest, entry: Entry) -> None:
    request.entry, request.actor = entry, entry.actor  # type: ignore[attr-defined]  # declared on MemberRequest


def knock(request: HttpRequest, *, now: datetime) -> Entry:
    """Return who is behind a session: two queries, and now and then a note of being seen."""
    session, address = request.session, address_of(request)
    account_id, device_id = session.get(SESSION_KEY), session.get(DEVICE)
    member = queries.membership_of(
        int(account_id) if account_id else None, address=address, device_id=device_id
    )
    stranger = Actor(address=address)
    if member is None:
        return Entry(Standing.STRANGER, stranger)
    standing = rules.standing_of(
        member.actor.roles(),
        signed_in_at=session.get(_SIGNED_IN, now.timestamp()),
        seen_at=session.get(_SEEN, now.timestamp()),
        valid_from=member.sessions_valid_from.timestamp() if member.sessions_valid_from else 0,
        is_ended=member.device_ended,
        has_factor=member.has_factor,
        factor_given=session.get(_FACTOR, False),
        now=now.timestamp(),
    )
    if standing is Standing.STRANGER:
        session.flush()
        return Entry(standing, stranger)
    _note_seen(request, member, device_id, now=now)
    if standing is Standing.FACTOR_MISSING:
        return Entry(standing, stranger, pending=member.actor, has_factor=member.has_factor)
    return Entry(standing, member.actor, has_factor=member.has_factor)


def _note_seen(
    request: HttpRequest, member: queries.Membership, device_id: int | None, *, now: datetime
) -> None:
    pause = rules.seen_pause(member.actor.roles())
    if now.timestamp() - request.session.get(_SEEN, 0) < pause.total_seconds():
        return
    request.session[_SEEN] = now.timestamp()
    if device_id is not None:
        actions.see_device(device_id=device_id, cell=member.actor.cell, now=now)
