"""Spot checks: drawing, checking, and the figures for everybody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import SpotMethod, SpotOutcome
from linbang.operations.service_records.forms.integrity import SampleForm, SpotCheckForm

ROWS_A_PAGE = 20


@require_http_methods(["GET", "POST"])
@permitted(Permission.CHECK_RECORDS)
def spot_rounds(request: MemberRequest) -> HttpResponse:
    regions = queries.regions_to_sample(request.actor)
    form = SampleForm(request.POST or None, regions=regions)
    if regions and form.is_valid():
        data = dict(form.cleaned_data)
        with form.refusals():
            drawn = actions.draw_sample(by=request.actor, now=clock.now(), **data)
            messages.success(request, _("已抽出，请逐条核查。"))
            return redirect("service_records:spot_round", drawn.public_id)
    page = Paginator(queries.rounds_visible_to(request.actor), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rounds": queries.round_results(list(page)),
        "form": form if regions else None,
    }
    return render(request, "service_records/spot_rounds.html", context, status=form.status)


@require_GET
@permitted(Permission.CHECK_RECORDS)
def spot_round(request: MemberRequest, round_id: UUID) -> HttpResponse:
    return _round(request, round_id, SpotCheckForm())


def _round(
    request: MemberRequest, round_id: UUID, form: SpotCheckForm, refused: Any = None
) -> HttpResponse:
    found = get_object_or_404(queries.rounds_visible_to(request.actor), public_id=round_id)
    [result] = queries.round_results([found])
    lines = queries.spot_lines(found, request.actor)
    context = {
        "round": result,
        "lines": lines,
        "next": refused or next((line.public_id for line in lines if not line.outcome), None),
        "form": form,
    }
    return render(request, "service_records/spot_round.html", context, status=form.status)


@require_POST
@permitted(Permission.CHECK_RECORDS)
def spot_check(request: MemberRequest, round_id: UUID, check_id: UUID) -> HttpResponse:
    get_object_or_404(queries.rounds_visible_to(request.actor), public_id=round_id)
    form = SpotCheckForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.record_spot_check(
                check=check_id,
                outcome=SpotOutcome(form.cleaned_data["outcome"]),
                method=SpotMethod(form.cleaned_data["method"]),
                note=form.cleaned_data["note"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已记下。"))
            return redirect("service_records:spot_round", round_id)
    return _round(request, round_id, form, check_id)


@require_GET
def spot_figures(request: HttpRequest) -> HttpResponse:
    """Show everybody what spot checks found: numbers only (Order 67, article 22)."""
    page = Paginator(queries.rounds_published(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rounds": queries.round_results(list(page))}
    return render(request, "service_records/spot_figures.html", context)
