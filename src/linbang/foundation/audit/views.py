from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linbang.foundation.audit import forms, queries
from linbang.foundation.audit.gates import ViewerRequest, for_auditors, signed_in

PAGE_SIZE = 50


@never_cache
@require_GET
@for_auditors
def trail(request: ViewerRequest) -> HttpResponse:
    form = forms.TrailFilter(request.GET)
    events = queries.events_found(request.actor, **form.wishes)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "names": queries.names_of(page.object_list)}
    return render(request, "audit/trail.html", context)


@never_cache
@require_GET
@signed_in
def access_log(request: ViewerRequest) -> HttpResponse:
    events = queries.access_log_of(request.actor)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "names": queries.names_of(page.object_list)}
    return render(request, "audit/access_log.html", context)
