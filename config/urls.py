"""Every address of the product, in the order of the floors."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config.health import health

_PAGES = (
    ("audit/", "linbang.foundation.audit"),
    ("places/", "linbang.foundation.places"),
    ("account/", "linbang.foundation.access"),
    ("people/", "linbang.foundation.people"),
    ("organisations/", "linbang.foundation.organisations"),
    ("messages/", "linbang.foundation.messaging"),
    ("", "linbang.foundation.shell"),
    ("care/", "linbang.intake.care"),
    ("needs/", "linbang.intake.needs"),
    ("dispatch/", "linbang.operations.dispatch"),
    ("visits/", "linbang.operations.service"),
    ("records/", "linbang.operations.service_records"),
    ("time-bank/", "linbang.outcomes.time_bank"),
    ("statistics/", "linbang.reporting.statistics"),
    ("briefs/", "linbang.reporting.briefs"),
    ("", "linbang.demo"),
    ("", "linbang.web"),
)


def _routes() -> list[URLPattern | URLResolver]:
    routes: list[URLPattern | URLResolver] = [path("healthz", health, name="healthz")]
    if find_spec("linbang.web.api"):
        from linbang.web.api import api

        routes.append(path("api/v1/", api.urls))
    routes += [
        path(prefix, include(f"{app}.urls")) for prefix, app in _PAGES if find_spec(f"{app}.urls")
    ]
    return routes


urlpatterns = _routes()
