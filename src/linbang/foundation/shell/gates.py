"""What a view asks of the browser: its camera, or to keep the page for where no network is."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase

from linbang.foundation.shell import rules

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# A leader's day: the roster of this morning is of no use tomorrow, and names many people.
OFFLINE_LIFETIME = timedelta(hours=14)


def with_camera(view: View[P]) -> View[P]:
    """Let this page use the camera, and the decoder that browsers without their own need."""

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Permissions-Policy"] = rules.permissions_policy(camera=True)
        return response

    return csp_update({"script-src": ["'wasm-unsafe-eval'"]})(gate)  # type: ignore[return-value]  # its types know no arguments


def kept_offline(view: View[P]) -> View[P]:
    """Let the browser keep this page for its reader, to be read again without network.

    Only for what its reader may carry about all day: it lies on the device until the reader signs
    out, somebody else signs in, or the day is over.
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.kept_offline = True  # type: ignore[attr-defined]  # read by the context processor
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            seconds = int(OFFLINE_LIFETIME.total_seconds())
            response.headers["X-Offline-Seconds"] = str(seconds)
        return response

    return gate
