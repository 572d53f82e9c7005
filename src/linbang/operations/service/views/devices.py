"""The mark of a browser: a random number in a signed cookie that says "the same one again"."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest
from linbang.operations.service import actions

_COOKIE = "device_mark"
_KEPT_S = 400 * 24 * 3600


def marked(request: MemberRequest, response: HttpResponse, activity: Any) -> HttpResponse:
    """Keep that the reader's check-in page was opened on this browser, and mark the browser."""
    mark = request.get_signed_cookie(_COOKIE, default=None) or secrets.token_hex(16)
    actions.see_device(activity=activity, mark=mark, by=request.actor, now=clock.now())
    response.set_signed_cookie(
        _COOKIE,
        mark,
        max_age=_KEPT_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
