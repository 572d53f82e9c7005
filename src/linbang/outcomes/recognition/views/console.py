from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.choices import ObjectionOutcome, StarTab
from linbang.outcomes.recognition.forms import RefusalForm, SchemeForm, StarAnswerForm

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def console(request: MemberRequest) -> HttpResponse:
    tab = StarTab.named(request.GET.get("tab"))
    page = Paginator(queries.applications_on_tab(request.actor, tab), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "recognition/console_stars.html",
        {
            "tab": tab,
            "heaps": queries.heaps_of(request.actor),
            "page": page,
            "rows": queries.application_rows(page),
        },
    )


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def application(request: MemberRequest, application_id: UUID) -> HttpResponse:
    return _page(request, application_id)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def approval(request: MemberRequest, application_id: UUID) -> HttpResponse:
    found = _looked_after(request, application_id)
    actions.approve_application(application_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("审核通过，已开始公示。"))
    return redirect("recognition:application", application_id=application_id)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def refusal(request: MemberRequest, application_id: UUID) -> HttpResponse:
    found = _looked_after(request, application_id)
    form = RefusalForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.refuse_application(
                application_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已答复，原因已告知本人。"))
            return redirect("recognition:application", application_id=application_id)
    return _page(request, application_id, refusal=form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def answer(request: MemberRequest, application_id: UUID, objection_id: UUID) -> HttpResponse:
    _looked_after(request, application_id)
    form = StarAnswerForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.answer_objection(
                objection=objection_id,
                outcome=ObjectionOutcome(form.cleaned_data["outcome"]),
                answer=form.cleaned_data["answer"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已答复。"))
            return redirect("recognition:application", application_id=application_id)
    return _page(request, application_id, answer=form)


def _looked_after(request: MemberRequest, application_id: UUID) -> Any:
    looked_after = queries.applications_looked_after_by(request.actor)
    return get_object_or_404(looked_after, public_id=application_id)


def _page(
    request: MemberRequest,
    application_id: UUID,
    *,
    refusal: RefusalForm | None = None,
    answer: StarAnswerForm | None = None,
) -> HttpResponse:
    found = _looked_after(request, application_id)
    [row] = queries.application_rows([found])
    objections = queries.objection_rows(found)
    refused = refusal or answer
    context = {
        "row": row,
        "check": queries.check_of(found, now=clock.now()),
        "is_own": row.person_id == request.actor.person_id,
        "objections": objections,
        # One after the other: the form stands on the page once.
        "answered_first": next((one.public_id for one in objections if not one.outcome), None),
        "refusal_form": refusal or RefusalForm(),
        "answer_form": answer or StarAnswerForm(),
    }
    status = refused.status if refused else 200
    return render(request, "recognition/console_star.html", context, status=status)


@require_http_methods(["GET", "POST"])
@permitted(Permission.SET_STARS)
def scheme(request: MemberRequest) -> HttpResponse:
    """Show what another table would change, and adopt it."""
    now, regions = clock.now(), queries.regions_with_stars(request.actor)
    form = SchemeForm(request.POST or _chosen(request, regions), regions=regions)
    if request.method == "POST" and form.is_valid():
        table = form.table()
        with form.refusals():
            actions.adopt_scheme(
                region_code=form.cleaned_data["region"], code=table.code,
                version=table.version, by=request.actor, now=now,
            )  # fmt: skip
            messages.success(request, _("已采用。已经授予的星级不变，新的申请按新标准。"))
            return redirect(f"{request.path}?region={form.cleaned_data['region']}")
    preview = None
    if not form.errors.keys() & {"region", "scheme"}:
        region = queries.region_to_set(request.actor, form.data["region"])
        preview = queries.preview_of(region, form.tables[form.data["scheme"]], now=now)
    context = {"form": form, "preview": preview}
    return render(request, "recognition/console_scheme.html", context, status=form.status)


def _chosen(request: MemberRequest, regions: Any) -> dict[str, str]:
    """Return what is looked at: by default the first region with what holds there."""
    region = request.GET.get("region") or (regions[0].code if regions else "")
    table = queries.scheme_at(region).table
    return {
        "region": region,
        "scheme": request.GET.get("scheme") or f"{table.code.value}:{table.version}",
    }
