"""The pages, as the WSGI application that granian serves."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")

Application = Callable[..., Any]


def behind_proxies(served: Application, proxies: str) -> Application:
    """Let visitors' addresses be what the named proxies say; nobody else is believed.

    Limits count by address and the trail keeps it: a proxy's own would stand for everybody.
    ``unix`` names whoever asks over a unix socket: the front door.
    """
    named = [proxy.strip() for proxy in proxies.split(",") if proxy.strip()]
    if not named:
        return served
    if "unix" in named:
        return _behind_front(served)
    wrapped: Application = wrap_wsgi_with_proxy_headers(served, named)
    return wrapped


def _behind_front(served: Application) -> Application:
    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        # Over the network there is an address, and then nobody is believed.
        if not environ.get("REMOTE_ADDR"):
            told = environ.get("HTTP_X_FORWARDED_FOR", "")
            environ["REMOTE_ADDR"] = told.rpartition(",")[2].strip()
        return served(environ, start_response)

    return wrapped


application = behind_proxies(get_wsgi_application(), os.environ.get("LINBANG_PROXIES", ""))
