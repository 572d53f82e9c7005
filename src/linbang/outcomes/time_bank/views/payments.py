"""Paying for a need with saved time, and on the spot with the red card."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.shell.gates import with_camera
from linbang.intake.needs import queries as needs
from linbang.operations.service import queries as service
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.forms import CardForm, PaymentForm


@require_http_methods(["GET", "POST"])
@signed_in
def payment(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(needs.needs_with_item(request.actor), public_id=need_id)
    payer, is_proxy = queries.payer_for(request.actor, need)
    form = PaymentForm(request.POST if request.method == "POST" else None, is_proxy=is_proxy)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.choose_payment(
                need_id=need.pk, payer_id=payer.pk, by=request.actor, now=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("已预留，服务确认后才支付。"))
            return redirect("time_bank:payment", need_id)
    context = {
        "page": queries.payment_page(need, payer=payer, now=clock.now()),
        "form": form,
        "is_proxy": is_proxy,
        "is_own": need.beneficiary_id == payer.pk,
    }
    return render(request, "time_bank/payment.html", context, status=form.status)


@require_POST
@signed_in
def payment_withdrawal(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(needs.needs_with_item(request.actor), public_id=need_id)
    actions.cancel_payment(need_id=need.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已取消，预留的时间都退回了。服务照常。"))
    return redirect("time_bank:payment", need_id)


@require_http_methods(["GET", "POST"])
@with_camera
@signed_in
@never_cache
def card_payment(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(service.visits_given_by(request.actor), public_id=visit_id)
    form = CardForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.pay_by_card(
                visit_id=visit_id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已确认，时长已经记下。谢谢您！"))
            return redirect("service:visit", visit_id)
    row = service.visit_row(visit, clock.now())
    context = {"visit": row, "form": form}
    return render(request, "time_bank/card_payment.html", context, status=form.status)
