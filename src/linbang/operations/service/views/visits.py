from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.operations.dispatch import actions as dispatch
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import ConsoleTab, PresenceMethod
from linbang.operations.service.forms.visits import (
    AbsenceForm,
    CheckInForm,
    CheckOutForm,
    StaffCheckInForm,
    StaffCheckOutForm,
)

ROWS_A_PAGE = 20


@require_GET
@signed_in
def visits(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    given = queries.visits_given_by(request.actor)
    past = Paginator(queries.behind(given, now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "service/visit_list.html",
        {
            "ahead": queries.visit_rows(queries.under_way_or_ahead(given, now), now),
            "received": queries.visit_rows(
                queries.under_way_or_ahead(queries.visits_received_by(request.actor), now), now
            ),
            "past": queries.visit_rows(past, now),
            "page": past,
        },
    )


@require_GET
@signed_in
@never_cache
def visit(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    if queries.visits_received_by(request.actor).filter(public_id=visit_id).exists():
        return redirect("service:code", visit_id=visit_id)
    return _volunteer_page(request, visit_id)


@require_POST
@signed_in
def check_in(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_given_by(request.actor), public_id=visit_id)
    form = CheckInForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.check_in(
                visit_id=visit.id, by=request.actor, now=clock.now(), **_proof(form.cleaned_data)
            )
            messages.success(request, _("签到成功，辛苦了。离开时记得签退。"))
            return redirect("service:visit", visit_id=visit_id)
    return _volunteer_page(request, visit_id, check_in_form=form)


@require_POST
@signed_in
def check_out(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_given_by(request.actor), public_id=visit_id)
    form = CheckOutForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.check_out(
                visit_id=visit.id,
                report=form.cleaned_data["report"],
                by=request.actor,
                now=clock.now(),
                **_proof(form.cleaned_data),
            )
            messages.success(request, _("签退成功，谢谢您！居民确认以后时长就会生效。"))
            return redirect("service:visit", visit_id=visit_id)
    return _volunteer_page(request, visit_id, check_out_form=form)


@require_GET
@signed_in
@never_cache
def code(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_received_by(request.actor), public_id=visit_id)
    now = clock.now()
    row = queries.visit_row(visit, now)
    template = (
        "service/visit_code.html#digits"
        if request.headers.get("HX-Request")
        else "service/visit_code.html"
    )
    response = render(request, template, {"visit": row, "code": queries.code_now(visit, now)})
    if request.headers.get("HX-Request") and request.GET.get("state") != row.state:
        # The volunteer checked in meanwhile: the buttons below the digits are others now.
        response["HX-Refresh"] = "true"
    return response


@require_GET
@signed_in
@never_cache
def code_image(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_received_by(request.actor), public_id=visit_id)
    address = request.build_absolute_uri(reverse("service:visit", args=[visit_id]))
    image = BytesIO()
    segno.make(f"{address}?code={queries.code_now(visit, clock.now()).digits}").save(
        image, kind="svg", border=2, scale=8
    )
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


@require_POST
@signed_in
def arrival(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_received_by(request.actor), public_id=visit_id)
    actions.check_in(
        visit_id=visit.id, method=PresenceMethod.WORD, by=request.actor, now=clock.now()
    )
    messages.success(request, _("好的，已经记下志愿者到了。"))
    return redirect("service:code", visit_id=visit_id)


@require_POST
@signed_in
def completion(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_received_by(request.actor), public_id=visit_id)
    actions.check_out(
        visit_id=visit.id, method=PresenceMethod.WORD, by=request.actor, now=clock.now()
    )
    messages.success(request, _("好的，已经记下服务做完了。请在“消息”里确认这次服务。"))
    return redirect("service:code", visit_id=visit_id)


@require_GET
@permitted(Permission.HANDLE_VISITS)
def console_visits(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    tab = ConsoleTab.named(request.GET.get("tab"))
    handled = queries.visits_handled_by(request.actor)
    page = Paginator(queries.visits_on_tab(handled, tab, now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "service/console_visits.html",
        {
            "tab": tab,
            "tabs_here": ConsoleTab,
            "unsettled": queries.unsettled(handled, now).count(),
            "page": page,
            "visits": queries.visit_rows(page, now),
        },
    )


@require_GET
@permitted(Permission.HANDLE_VISITS)
def console_visit(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    return _console_page(request, visit_id)


@require_POST
@permitted(Permission.HANDLE_VISITS)
def staff_check_in(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_handled_by(request.actor), public_id=visit_id)
    form = StaffCheckInForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.check_in(
                visit_id=visit.id,
                method=PresenceMethod.STAFF,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已代为签到。"))
            return redirect("service:console_visit", visit_id=visit_id)
    return _console_page(request, visit_id, check_in_form=form)


@require_POST
@permitted(Permission.HANDLE_VISITS)
def staff_check_out(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_handled_by(request.actor), public_id=visit_id)
    form = StaffCheckOutForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.check_out(
                visit_id=visit.id,
                method=PresenceMethod.STAFF,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已代为签退，时长需另一位工作人员审核。"))
            return redirect("service:console_visit", visit_id=visit_id)
    return _console_page(request, visit_id, check_out_form=form)


@require_POST
@permitted(Permission.HANDLE_VISITS)
def absence(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_handled_by(request.actor), public_id=visit_id)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.record_absence(
                visit_id=visit.id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已登记志愿者未到场。"))
            return redirect("service:console_visit", visit_id=visit_id)
    return _console_page(request, visit_id, absence_form=form)


def _proof(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {
        "method": PresenceMethod(cleaned["method"]),
        "code": cleaned["code"].strip(),
        "latitude": cleaned["latitude"],
        "longitude": cleaned["longitude"],
    }


def _volunteer_page(
    request: MemberRequest,
    visit_id: UUID,
    *,
    check_in_form: CheckInForm | None = None,
    check_out_form: CheckOutForm | None = None,
) -> HttpResponse:
    visit = get_object_or_404(queries.visits_given_by(request.actor), public_id=visit_id)
    now = clock.now()
    # The QR code on the resident's screen leads here with the code of the moment.
    scanned = {"method": PresenceMethod.CODE, "code": request.GET.get("code", "")[:6]}
    refused = check_in_form or check_out_form
    return render(
        request,
        "service/visit.html",
        {
            "visit": queries.visit_row(visit, now),
            "contact": dispatch.see_contact(assignment=visit.assignment, by=request.actor, now=now),
            "check_in_form": check_in_form or CheckInForm(initial=scanned),
            "check_out_form": check_out_form or CheckOutForm(initial=scanned),
        },
        status=refused.status if refused else 200,
    )


def _console_page(
    request: MemberRequest,
    visit_id: UUID,
    *,
    check_in_form: StaffCheckInForm | None = None,
    check_out_form: StaffCheckOutForm | None = None,
    absence_form: AbsenceForm | None = None,
) -> HttpResponse:
    visit = get_object_or_404(queries.visits_handled_by(request.actor), public_id=visit_id)
    now = clock.now()
    refused = check_in_form or check_out_form or absence_form
    return render(
        request,
        "service/console_visit.html",
        {
            "visit": queries.visit_row(visit, now),
            "check_in_form": check_in_form
            or StaffCheckInForm(initial={"at": min(visit.starts_at, now)}),
            "check_out_form": check_out_form
            or StaffCheckOutForm(initial={"at": min(visit.ends_at, now)}),
            "absence_form": absence_form or AbsenceForm(),
        },
        status=refused.status if refused else 200,
    )
