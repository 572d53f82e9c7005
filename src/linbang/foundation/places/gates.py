"""The doors of these pages. ``access`` stands above, so its gates cannot be used here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from linbang.foundation.places.rules import EDIT_PLACES, Keeper

P = ParamSpec("P")


class KeeperRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Keeper


View = Callable[Concatenate[KeeperRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[KeeperRequest, P], HttpResponseBase]:
    """Send strangers to the sign-in page."""

    @wraps(view)
    def gate(request: KeeperRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.is_signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return gate


def for_keepers(view: View[P]) -> Callable[Concatenate[KeeperRequest, P], HttpResponseBase]:
    """Let in who keeps the places of some region; for others the page does not exist."""

    @wraps(view)
    def gate(request: KeeperRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.may_anywhere(EDIT_PLACES):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(gate)
