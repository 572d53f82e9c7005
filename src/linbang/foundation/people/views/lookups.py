"""Am I registered? and: it was not me (rule 5)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.people import actions, forms, queries
from linbang.foundation.people.choices import DisputeOutcome, DocumentType

PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
def lookup(request: HttpRequest) -> HttpResponse:
    form, now = forms.LookupForm(request.POST or None), clock.now()
    if form.is_valid():
        data = form.cleaned_data
        with form.refusals():
            found = actions.look_up(
                **{**data, "document_type": DocumentType(data["document_type"])},
                by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
                now=now,
            )
            return _answer(request, found)
    question = queries.new_question(now=now)
    context = {"form": form.ask(question.token), "question": question.text}
    return render(request, "people/lookup.html", context, status=form.status)


def _answer(request: HttpRequest, found: Any) -> HttpResponse:
    form = forms.DisputeForm(initial={"ticket": found.ticket if found else ""})
    return render(request, "people/lookup_answer.html", {"found": found, "form": form})


@never_cache
@require_POST
def dispute(request: HttpRequest) -> HttpResponse:
    form = forms.DisputeForm(request.POST)
    if form.is_valid():
        with form.refusals():
            made = actions.dispute_registration(
                **form.cleaned_data,
                by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
                now=clock.now(),
            )
            context = {"line": queries.dispute_line(made)}
            return render(request, "people/dispute_made.html", context)
    return render(request, "people/dispute_new.html", {"form": form}, status=form.status)


@never_cache
@require_GET
@permitted(Permission.EDIT_PEOPLE)
def disputes(request: MemberRequest) -> HttpResponse:
    return _disputes(request, forms.DisputeReplyForm())


def _disputes(
    request: MemberRequest, form: forms.DisputeReplyForm, answered: UUID | None = None
) -> HttpResponse:
    found = queries.disputes_visible_to(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cards": queries.dispute_cards(list(page), today=clock.local_date(clock.now())),
        "form": form,
        "answered": answered,
    }
    return render(request, "people/disputes.html", context, status=form.status)


@never_cache
@require_POST
@permitted(Permission.EDIT_PEOPLE)
def dispute_answer(request: MemberRequest, dispute_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.disputes_visible_to(request.actor), public_id=dispute_id)
    form = forms.DisputeReplyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.answer_dispute(
                dispute_id=found.pk,
                outcome=DisputeOutcome(form.cleaned_data["outcome"]),
                reply=form.cleaned_data["reply"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已答复。"))
            return redirect("people:disputes")
    return _disputes(request, form, answered=dispute_id)
