"""The doors of the trail's pages. ``access`` stands above, so its gates cannot be used here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from linbang.foundation.audit.queries import SEE_AUDIT
from linbang.foundation.audit.rules import Viewer

P = ParamSpec("P")


class ViewerRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Viewer


View = Callable[Concatenate[ViewerRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> Callable[Concatenate[ViewerRequest, P], HttpResponseBase]:
    """Send strangers to the sign-in page."""

    @wraps(view)
    def gate(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.is_signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return gate


def for_auditors(view: View[P]) -> Callable[Concatenate[ViewerRequest, P], HttpResponseBase]:
    """Let in who reads the trail of some region; for others the page does not exist."""

    @wraps(view)
    def gate(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.actor.may_anywhere(SEE_AUDIT):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(gate)
