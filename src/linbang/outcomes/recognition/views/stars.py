from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.people import queries as people
from linbang.outcomes.recognition import actions, queries, rules
from linbang.outcomes.recognition.forms import StarForm, StarObjectionForm

ROWS_A_PAGE = 20


@require_GET
@signed_in
def stars(request: MemberRequest) -> HttpResponse:
    return _own_page(request, StarForm())


@require_POST
@signed_in
def applications(request: MemberRequest) -> HttpResponse:
    """Ask for a star of one's own."""
    form = StarForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.apply_for_star(
                star=form.cleaned_data["star"], by=request.actor, now=clock.now()
            )
            messages.success(request, _("申请已交给社区，审核以后公示五个工作日。"))
            return redirect("recognition:stars")
    return _own_page(request, form)


@require_POST
@signed_in
def application_withdrawal(request: MemberRequest, application_id: UUID) -> HttpResponse:
    actions.withdraw_application(application=application_id, by=request.actor, now=clock.now())
    messages.success(request, _("申请已撤回，以后可以再申请。"))
    return redirect("recognition:stars")


def _own_page(request: MemberRequest, form: StarForm) -> HttpResponse:
    now = clock.now()
    page = queries.star_page(people.person_of(request.actor), now=now)
    context = {"page": page, "form": form, "months": page.scheme.table.months_first}
    return render(request, "recognition/stars.html", context, status=form.status)


@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    """Show everybody who is about to get a star, masked (rule 54)."""
    found = queries.applications_on_notice(clock.now(), community=_digits(request))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "recognition/star_notice.html",
        {"page": page, "rows": queries.application_rows(page), "days": rules.NOTICE_WORKDAYS},
    )


def _digits(request: HttpRequest) -> str:
    code = request.GET.get("community", "")
    return code if code.isdecimal() and code.isascii() else ""


@require_http_methods(["GET", "POST"])
@signed_in
def objection(request: MemberRequest, star_notice_id: UUID) -> HttpResponse:
    """Object to a star that is on notice."""
    now = clock.now()
    found = queries.application_on_notice(star_notice_id, now=now)
    form = StarObjectionForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.object_to_star(
                application=star_notice_id, by=request.actor, now=now, **form.cleaned_data
            )
            messages.success(request, _("已记下，服务站核实后答复您。"))
            return redirect("recognition:notice")
    [row] = queries.application_rows([found])
    context = {"row": row, "form": form}
    return render(request, "recognition/star_objection.html", context, status=form.status)
