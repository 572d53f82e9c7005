"""The doors of views: who may come in. A closed door answers 404, never 403."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor


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
