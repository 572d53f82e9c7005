from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.foundation.people import queries as people
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.choices import HonourTarget, HonourVerdict
from linbang.outcomes.recognition.forms import (
    HonourDecisionForm,
    HonourFilterForm,
    HonourForForm,
    HonourForm,
    StrikeForm,
)
from linbang.outcomes.recognition.schemas.workbook import TYPE, workbook_of

ROWS_A_PAGE = 20


@require_GET
@signed_in
def honours(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.honours_of(request.actor), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "rows": queries.honour_rows(page)}
    return render(request, "recognition/honours.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def honour_new(request: MemberRequest) -> HttpResponse:
    form = HonourForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form.refusals():
            actions.enter_honour(
                details=form.details(),
                whose=people.person_of(request.actor),
                proof=form.content(),
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已交给服务站核实，核实后记入您的荣誉。"))
            return redirect("recognition:honours")
    context = {"form": form}
    return render(request, "recognition/honour_new.html", context, status=form.status)


@require_GET
@signed_in
@never_cache
def proof(request: MemberRequest, honour_id: UUID) -> HttpResponse:
    media_type, content = actions.see_proof(honour=honour_id, by=request.actor, now=clock.now())
    response = HttpResponse(content, content_type=media_type)
    # A picture or a document and nothing else, whatever a browser might make of its bytes.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_document = media_type == "application/pdf"
    response["Content-Disposition"] = "attachment; filename=proof.pdf" if is_document else "inline"
    return response


@require_GET
@permitted(Permission.SEE_PEOPLE)
def register(request: MemberRequest) -> HttpResponse:
    actor = request.actor
    form = HonourFilterForm(request.GET, regions=queries.regions_of_register(actor))
    seen = queries.register_visible_to(actor)
    found = queries.filtered(queries.registered(seen), form.wanted())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    waiting = queries.waiting(queries.honours_kept_by(actor))[:ROWS_A_PAGE]
    return render(
        request,
        "recognition/console_honours.html",
        {
            "form": form,
            "page": page,
            "rows": queries.honour_rows(page),
            "waiting": queries.honour_rows(waiting),
            "may_enter": actor.may_anywhere(Permission.VERIFY_RECORDS),
            "may_export": actor.may_anywhere(Permission.EXPORT),
        },
    )


@require_GET
@permitted(Permission.EXPORT)
def export(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    form = HonourFilterForm(request.GET, regions=queries.regions_of_register(request.actor))
    rows = actions.export_honours(wanted=form.wanted(), by=request.actor, now=now)
    name = quote(_("表彰名册-%(day)s.xlsx") % {"day": clock.local_date(now)})
    disposition = f"attachment; filename=honours.xlsx; filename*=UTF-8''{name}"
    return HttpResponse(
        workbook_of(rows), content_type=TYPE, headers={"Content-Disposition": disposition}
    )


@require_http_methods(["GET", "POST"])
@permitted(Permission.VERIFY_RECORDS)
def console_honour_new(request: MemberRequest) -> HttpResponse:
    wanted = request.GET.get("target", "")
    target = HonourTarget(wanted) if wanted in HonourTarget.values else HonourTarget.PERSON
    form = HonourForForm(
        request.POST or None, request.FILES or None, actor=request.actor, target=target
    )
    if form.is_valid():
        with form.refusals():
            actions.enter_honour(
                details=form.details(), whose=form.whose(), proof=form.content(),
                by=request.actor, now=clock.now(),
            )  # fmt: skip
            messages.success(request, _("表彰已登记。"))
            return redirect("recognition:register")
    context = {"form": form, "target": target, "targets": HonourTarget}
    return render(request, "recognition/console_honour_new.html", context, status=form.status)


@require_GET
@permitted(Permission.SEE_PEOPLE)
def console_honour(request: MemberRequest, honour_id: UUID) -> HttpResponse:
    return _page(request, honour_id)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def decision(request: MemberRequest, honour_id: UUID) -> HttpResponse:
    form = HonourDecisionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.decide_honour(
                honour=honour_id,
                verdict=HonourVerdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已办结，结果已告知本人。"))
            return redirect("recognition:console_honour", honour_id=honour_id)
    return _page(request, honour_id, decision=form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def striking(request: MemberRequest, honour_id: UUID) -> HttpResponse:
    form = StrikeForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.strike_honour(
                honour=honour_id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已撤销登记，原来的记录仍然保留。"))
            return redirect("recognition:console_honour", honour_id=honour_id)
    return _page(request, honour_id, strike=form)


def _page(
    request: MemberRequest,
    honour_id: UUID,
    *,
    decision: HonourDecisionForm | None = None,
    strike: StrikeForm | None = None,
) -> HttpResponse:
    found = get_object_or_404(queries.register_visible_to(request.actor), public_id=honour_id)
    [row] = queries.honour_rows([found])
    refused = decision or strike
    context = {
        "row": row,
        "keeps": request.actor.may(Permission.VERIFY_RECORDS, region=found.region_id),
        "decision_form": decision or HonourDecisionForm(),
        "strike_form": strike or StrikeForm(),
    }
    status = refused.status if refused else 200
    return render(request, "recognition/console_honour.html", context, status=status)
