"""The front door that granian serves: hot calls, and the way to the pages."""

import os

import django
from django.conf import settings
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from config.pages import socket_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
django.setup()

from config.front.database import conninfo  # noqa: E402 - only now are the apps ready
from config.front.door import FrontDoor  # noqa: E402 - the same
from config.front.wire import App  # noqa: E402 - the same
from config.lanes import OPERATIONS  # noqa: E402 - the same
from linbang.foundation.access.rules import pass_key  # noqa: E402 - the same


def behind_proxies(served: App, proxies: str) -> App:
    """Let visitors' addresses be what the named proxies say; nobody else is believed.

    Limits count by address and the trail keeps it: a proxy's own would stand for everybody.
    """
    if not proxies:
        return served
    wrapped: App = wrap_asgi_with_proxy_headers(
        served, [proxy.strip() for proxy in proxies.split(",")]
    )
    return wrapped


application = behind_proxies(
    FrontDoor(
        OPERATIONS,
        address=conninfo(),
        key=pass_key(settings.SECRET_KEY),
        pages=str(socket_path()),
    ),
    os.environ.get("LINBANG_PROXIES", ""),
)
