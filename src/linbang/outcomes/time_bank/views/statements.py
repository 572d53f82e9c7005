"""The front page of one's savings, the movements, and a receipt for each."""

import csv
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.errors import NotFound
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.forms import DisputeForm, PageForm

CSV_LINES_MAX = 10_000


@require_GET
@signed_in
def statement(request: MemberRequest) -> HttpResponse:
    person, now = own(request), clock.now()
    home = queries.savings_home(person, now=now)
    asides = queries.asides_of(person, at=now)
    context = {"home": home, "statement": home.statement, "scheme": home.scheme, "asides": asides}
    return render(request, "time_bank/savings_home.html", context)


@require_GET
@signed_in
def movements(request: MemberRequest) -> HttpResponse:
    return _page(request, own(request), is_own=True)


@require_GET
@signed_in
def movements_file(request: MemberRequest) -> HttpResponse:
    person = own(request)
    asked = PageForm(request.GET).asked()
    shown = queries.statement_of(person, limit=CSV_LINES_MAX, **asked)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="love-savings.csv"'
    sheet = csv.writer(response)
    sheet.writerow([_("时间"), _("类别"), _("服务"), _("分钟"), _("之后余额（分钟）")])
    for line in shown.lines:
        at = f"{timezone.localtime(line.at):%Y-%m-%d %H:%M}"
        sheet.writerow([at, line.purpose, line.service, line.minutes, line.balance_after])
    return response


@require_GET
@signed_in
def statement_of_person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    person = get_object_or_404(queries.people_visible_to(request.actor), public_id=person_id)
    actions.note_look(person=person, by=request.actor, now=clock.now())
    return _page(request, person, is_own=person.pk == request.actor.person_id)


@require_GET
@signed_in
def receipt(request: MemberRequest, version: int) -> HttpResponse:
    return _receipt(request, own(request), version)


@require_GET
@signed_in
def receipt_of_person(request: MemberRequest, person_id: UUID, version: int) -> HttpResponse:
    person = get_object_or_404(queries.people_visible_to(request.actor), public_id=person_id)
    actions.note_look(person=person, by=request.actor, now=clock.now())
    return _receipt(request, person, version)


@require_http_methods(["GET", "POST"])
@signed_in
def dispute_new(request: MemberRequest, version: int) -> HttpResponse:
    person = own(request)
    found = _found(person, version)
    form = DisputeForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            dispute = actions.open_dispute(
                transfer_id=found.transfer_id,
                cell=found.cell,
                person_id=person.pk,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已记下，这一笔先冻结，服务站会答复您。"))
            return redirect("time_bank:dispute", dispute.public_id)
    context = {"receipt": found, "form": form}
    return render(request, "time_bank/dispute_new.html", context, status=form.status)


def own(request: MemberRequest) -> queries.Person:
    """Return the actor's own person, or answer 404."""
    return get_object_or_404(
        queries.people_visible_to(request.actor),
        cell=request.actor.cell,
        pk=request.actor.person_id,
    )


def _found(person: queries.Person, version: int) -> queries.Receipt:
    try:
        return queries.receipt_of(person, version, now=clock.now())
    except NotFound as refusal:
        raise Http404 from refusal


def _receipt(request: MemberRequest, person: queries.Person, version: int) -> HttpResponse:
    context = {"receipt": _found(person, version), "version": version, "person": person}
    context["is_own"] = person.pk == request.actor.person_id
    return render(request, "time_bank/receipt.html", context)


def _page(request: MemberRequest, person: queries.Person, *, is_own: bool) -> HttpResponse:
    form = PageForm(request.GET)
    now = clock.now()
    shown = queries.statement_of(person, **form.asked())
    scheme = queries.scheme_of(person.region_id, at=now)
    may_act = not is_own and request.actor.may(Permission.TAKE_NEEDS, region=person.region_id)
    context = {
        "statement": shown,
        "units": rules.units_of(
            shown.balance, per=scheme.minutes_per_unit, step=scheme.step_minutes
        ),
        "asides": queries.asides_of(person, at=now),
        "scheme": scheme,
        "form": form,
        "is_own": is_own,
        "may_act": may_act,
        "waiting": queries.gift_rows(
            queries.gifts_waiting_for(person, now) if may_act else (), viewer_id=0, now=now
        ),
        "may_keep": request.actor.may(Permission.VERIFY_RECORDS, region=person.region_id),
    }
    return render(request, "time_bank/statement_detail.html", context)
