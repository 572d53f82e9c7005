"""Who is asking: sets ``request.entry`` and ``request.actor``, loaded at most once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from linbang.foundation import clock
from linbang.foundation.access import gates


class ActorMiddleware:
    """Turn the session into an ``Actor``; strangers get one that may do nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        entry = SimpleLazyObject(lambda: gates.knock(request, now=clock.now()))
        request.entry = entry  # type: ignore[attr-defined]  # read by the gates
        request.actor = SimpleLazyObject(lambda: entry.actor)  # type: ignore[attr-defined]  # declared on MemberRequest
        return self.get_response(request)
