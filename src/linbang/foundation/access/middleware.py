"""Who is asking: sets ``request.actor`` on every request, loaded at most once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from linbang.foundation.access import queries


class ActorMiddleware:
    """Turn the session's account into an ``Actor``; strangers get one that may do nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]  # declared on MemberRequest
            lambda: queries.actor_of(request.user.pk, address=request.META.get("REMOTE_ADDR"))
        )
        return self.get_response(request)
