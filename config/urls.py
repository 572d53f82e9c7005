"""Every address of the product, in the order of the floors."""

from importlib.util import find_spec

from django.urls import include, path

from config.health import health

_ROUTES = {
    "places/": "linbang.foundation.places.urls",
    "sign-in/": "linbang.foundation.access.urls",
}

urlpatterns = [path("healthz", health, name="healthz")]
