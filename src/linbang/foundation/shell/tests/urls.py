"""Pages only these tests ask for, beside the product's own."""

from django.http import Http404
from django.urls import include, path

from linbang.foundation.errors import NotAllowed
from linbang.foundation.shell import views


def refusing(request):
    raise NotAllowed


def missing(request):
    raise Http404


urlpatterns = [
    path("", include("linbang.foundation.shell.urls")),
    path("refusing/", refusing),
    path("missing/", missing),
]
handler404 = views.page_not_found
handler500 = views.server_error
