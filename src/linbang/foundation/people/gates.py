"""The door of registration: who just proved a phone, or has an account and no person."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from linbang.foundation import clock
from linbang.foundation.access.gates import proven_phone

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def phone_proven(view: View[P]) -> View[P]:
    """Let in who has a proven phone and no record; members go to their profile."""

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.is_signed_in:  # type: ignore[attr-defined]  # set by ActorMiddleware
            return redirect("people:profile")
        if not phone_of(request):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return gate


def phone_of(request: HttpRequest) -> str:
    """Return the phone this browser proved: just now, or by signing in without a record."""
    proven = proven_phone(request, now=clock.now())
    if proven:
        return proven
    account = request.user if request.user.is_authenticated else None
    return str(account.phone) if account is not None else ""
