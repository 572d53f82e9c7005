"""The WSGI application that granian serves."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")


def behind_proxies(served: Callable[..., Any], proxies: str) -> Callable[..., Any]:
    """Let visitors' addresses be what the named proxies say; nobody else is believed.

    Limits count by address and the trail keeps it: a proxy's own would stand for everybody.
    """
    if not proxies:
        return served
    wrapped: Callable[..., Any] = wrap_wsgi_with_proxy_headers(
        served, [proxy.strip() for proxy in proxies.split(",")]
    )
    return wrapped


application = behind_proxies(get_wsgi_application(), os.environ.get("LINBANG_PROXIES", ""))
