"""The doors of views: who may come in. A closed door answers 404, never 403."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from ninja.security import APIKeyCookie

from linbang.foundation.access import actions, queries, rules
from linbang.foundation.access.choices import Permission, SignInMethod
from linbang.foundation.access.models import Account
from linbang.foundation.access.rules import Actor, Standing

P = ParamSpec("P")

_BACKEND = "django.contrib.auth.backends.ModelBackend"
# The keys of our own in the session.
_DEVICE, _SIGNED_IN, _SEEN, _FACTOR = "device", "signed_in_at", "seen_at", "factor"


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor


@dataclass(frozen=True)
class Entry:
    """Who knocked, and how far they got: the actor stays a stranger until all is proven."""

    standing: Standing
    actor: Actor
    # Who it will be once the second factor is given.
    pending: Actor | None = None
    has_factor: bool = False


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send strangers to the sign-in page, and back afterwards."""

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.is_signed_in:  # type: ignore[attr-defined]  # set by ActorMiddleware
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


class SessionActor(APIKeyCookie):
    """The API's ``auth``: the session cookie, with the CSRF header on every write."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: Any, key: str | None) -> Actor | None:
        """Return the actor, or None, which answers 401."""
        return request.actor if request.actor.is_signed_in else None


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
    request.session[_DEVICE] = device.pk
    request.session[_SIGNED_IN] = request.session[_SEEN] = now.timestamp()
    request.session[_FACTOR] = second_factor
    lifetime = 0 if rules.idles_out(actor.roles()) else rules.SESSION_LIFETIME
    request.session.set_expiry(lifetime)
    _admit(request, knock(request, now=now))


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
    device_id, entry = request.session.get(_DEVICE), request.entry  # type: ignore[attr-defined]  # set by ActorMiddleware
    actions.close_session(device_id=device_id, by=entry.pending or entry.actor, now=now)
    logout(request)
    _admit(request, Entry(Standing.STRANGER, Actor(address=address_of(request))))


def _admit(request: HttpRequest, entry: Entry) -> None:
    request.entry, request.actor = entry, entry.actor  # type: ignore[attr-defined]  # declared on MemberRequest


def knock(request: HttpRequest, *, now: datetime) -> Entry:
    """Return who is behind a session: two queries, and now and then a note of being seen."""
    session, address = request.session, address_of(request)
    account_id, device_id = session.get(SESSION_KEY), session.get(_DEVICE)
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
