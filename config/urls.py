"""Every address of the product, in the order of the floors."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config.health import health

# Each app writes its whole paths; a console page of any app starts with console/.
_PAGES = (
    "linbang.foundation.audit",
    "linbang.foundation.places",
    "linbang.foundation.access",
    "linbang.foundation.people",
    "linbang.foundation.organisations",
    "linbang.foundation.messaging",
    "linbang.foundation.shell",
    "linbang.intake.care",
    "linbang.intake.needs",
    "linbang.intake.activities",
    "linbang.operations.clearance",
    "linbang.operations.dispatch",
    "linbang.operations.service",
    "linbang.operations.service_records",
    "linbang.outcomes.certificates",
    "linbang.outcomes.recognition",
    "linbang.outcomes.time_bank",
    "linbang.reporting.statistics",
    "linbang.reporting.briefs",
    "linbang.demo",
    "linbang.web",
)


def _routes() -> list[URLPattern | URLResolver]:
    routes: list[URLPattern | URLResolver] = [path("healthz", health, name="healthz")]
    if find_spec("linbang.web.api"):
        from linbang.web.api import api  # noqa: PLC0415 - not there before the first router

        routes.append(path("api/v1/", api.urls))
    routes += [path("", include(f"{app}.urls")) for app in _PAGES if find_spec(f"{app}.urls")]
    return routes


urlpatterns = _routes()

handler400 = "linbang.foundation.shell.views.bad_request"
handler403 = "linbang.foundation.shell.views.permission_denied"
handler404 = "linbang.foundation.shell.views.page_not_found"
handler500 = "linbang.foundation.shell.views.server_error"
