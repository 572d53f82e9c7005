"""Sittings near by: found, joined, left."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.people.queries import person_of
from linbang.operations.clearance import actions, forms, queries

PAGE = 20


@never_cache
@require_GET
@signed_in
def trainings(request: MemberRequest) -> HttpResponse:
    now, person = clock.now(), person_of(request.actor)
    form = forms.TrainingFilterForm(request.GET, qualifications=queries.qualifications_taught())
    sessions = queries.sessions_shown(
        home=person.region_id, now=now, qualification=form.chosen, person_id=person.pk
    )
    page = Paginator(sessions, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": queries.session_lines(page, now=now)}
    return render(request, "clearance/training_list.html", context)


@never_cache
@require_GET
@signed_in
def session(request: MemberRequest, session_id: UUID) -> HttpResponse:
    person = _for_whom(request, request.GET)
    found = get_object_or_404(queries.session_seen(person.pk), public_id=session_id)
    context = {
        "line": queries.session_line(found, now=clock.now()),
        "person": person,
        "is_own": person.pk == request.actor.person_id,
    }
    return render(request, "clearance/session.html", context)


@require_POST
@signed_in
def enrolment(request: MemberRequest, session_id: UUID) -> HttpResponse:
    person = _for_whom(request, request.POST)
    found = get_object_or_404(queries.session_seen(person.pk), public_id=session_id)
    actions.enrol(session_id=found.pk, person_id=person.pk, by=request.actor, now=clock.now())
    messages.success(request, _("报名成功，记得按时来；去不了请提前退出，把名额让给别人。"))
    return _back(request, session_id, person)


@require_POST
@signed_in
def departure(request: MemberRequest, session_id: UUID) -> HttpResponse:
    person = _for_whom(request, request.POST)
    found = get_object_or_404(queries.session_seen(person.pk), public_id=session_id)
    known = queries.enrolment_in(found, person.pk)
    if known is None:
        raise Http404
    actions.leave_session(enrolment_id=known.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已退出，名额让给别人了。"))
    return _back(request, session_id, person)


def _for_whom(request: MemberRequest, data: Any) -> Any:
    form = forms.ForWhomForm(data)
    person = None
    if form.is_valid():
        person = queries.person_or_ward(request.actor, form.cleaned_data["person"])
    if person is None:
        raise Http404
    return person


def _back(request: MemberRequest, session_id: UUID, person: Any) -> HttpResponse:
    address = reverse("clearance:session", args=[session_id])
    suffix = "" if person.pk == request.actor.person_id else f"?person={person.public_id}"
    return redirect(address + suffix)
