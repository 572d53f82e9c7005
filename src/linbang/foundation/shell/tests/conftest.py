"""A site without a database, and pages of it that tell when something goes wrong."""

from copy import deepcopy

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer


@pytest.fixture(scope="module")
def site():
    """Serve without a database: the frame's parts need none, and emptying one takes seconds."""
    middleware = list(settings.MIDDLEWARE)
    actor = middleware.index("linbang.foundation.access.middleware.ActorMiddleware")
    middleware.insert(actor + 1, "linbang.foundation.shell.tests.urls.ActorOfCookie")
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].remove("linbang.web.context.navigation")
    with override_settings(MIDDLEWARE=middleware, TEMPLATES=templates):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def watch():
    """Collect what goes wrong on pages; nothing may."""
    faults = []

    def hear(said):
        # The browser itself reports each refusal and each request without network.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            faults.append(said.text)

    def listen(page):
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", hear)
        return page

    yield listen
    assert faults == []


@pytest.fixture
def opened(page, context, site, watch):
    """Open a page at a size, with cookies."""
    watch(page)
    context.set_default_timeout(15_000)

    def open_(path, size=(390, 844), cookies=None):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        context.add_cookies(
            [{"name": name, "value": value, "url": site} for name, value in (cookies or {}).items()]
        )
        page.goto(site + path)
        return page

    return open_
