"""One's own account: roles, devices, password, second factor."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access import actions, forms, gates, queries, rules
from linbang.foundation.access.gates import MemberRequest, halfway_in, signed_in
from linbang.foundation.access.views.sign_in import get_or_post
from linbang.foundation.audit.rules import mask_phone


@never_cache
@require_GET
@signed_in
def account(request: MemberRequest) -> HttpResponse:
    actor = request.actor
    mine = queries.account_with_id(actor.account_id)
    return render(
        request,
        "access/account.html",
        {
            "phone": mask_phone(mine.phone),
            "has_password": mine.has_usable_password(),
            "password_set_at": mine.password_set_at,
            "grants": queries.own_grants(actor),
            "devices": queries.devices_of(actor)[:20],
            "this_device": request.session.get(gates.DEVICE),
            "has_factor": request.entry.has_factor,
        },
    )


@never_cache
@get_or_post
@signed_in
def password(request: MemberRequest) -> HttpResponse:
    mine = queries.account_with_id(request.actor.account_id)
    form = forms.ChangePasswordForm(request.POST or None, has_password=mine.has_usable_password())
    if form.is_valid():
        with form.refusals():
            now = clock.now()
            changed = actions.change_password(
                account_id=mine.pk,
                current=form.cleaned_data.get("current", ""),
                password=form.cleaned_data["password"],
                by=request.actor,
                now=now,
            )
            # Every device was signed out, this one too: it comes back under a new key.
            gates.let_in_again(request, changed, now=now)
            messages.success(request, _("新密码已生效，其他设备已全部退出。"))
            return redirect("access:account")
    return render(request, "access/password_change.html", {"form": form}, status=form.status)


@never_cache
@get_or_post
@halfway_in
def factor(request: MemberRequest) -> HttpResponse:
    actor, now = request.actor, clock.now()
    if request.entry.has_factor:
        return _factor_kept(request)
    form = forms.FactorForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            codes = actions.confirm_factor(
                account_id=actor.account_id, code=form.cleaned_data["code"], by=actor, now=now
            )
            gates.honour_factor(request, now=now)
            return _recovery_codes(request, codes)
    begun = actions.begin_factor(account_id=actor.account_id, by=actor, now=now)
    address = rules.authenticator_address(begun.secret, name=mask_phone(begun.account.phone))
    context = {
        "form": form,
        "secret": begun.secret,
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff"),
        "is_required": request.entry.pending is not None,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_code": gates.demo_code(actor, now=now),
    }
    return render(request, "access/factor_set.html", context, status=form.status)


def _factor_kept(request: MemberRequest, form: forms.FactorForm | None = None) -> HttpResponse:
    """Show the second factor that is on; who has not given it yet is sent to give it."""
    if request.entry.pending is not None:
        return redirect("access:second_factor")
    form = form or forms.FactorForm()
    context = {"form": form, "is_required": rules.needs_second_factor(request.actor.roles())}
    return render(request, "access/factor_show.html", context, status=form.status)


@require_POST
@signed_in
def factor_removal(request: MemberRequest) -> HttpResponse:
    form = forms.FactorForm(request.POST)
    if form.is_valid():
        with form.refusals():
            now = clock.now()
            mine = actions.remove_factor(
                account_id=request.actor.account_id,
                code=form.cleaned_data["code"],
                by=request.actor,
                now=now,
            )
            gates.let_in_again(request, mine, now=now)
            messages.success(request, _("动态口令已停用。"))
            return redirect("access:account")
    return _factor_kept(request, form)


@never_cache
@require_POST
@signed_in
def recovery_codes(request: MemberRequest) -> HttpResponse:
    form = forms.FactorForm(request.POST)
    if form.is_valid():
        with form.refusals():
            codes = actions.renew_recovery_codes(
                account_id=request.actor.account_id,
                code=form.cleaned_data["code"],
                by=request.actor,
                now=clock.now(),
            )
            return _recovery_codes(request, codes)
    return _factor_kept(request, form)


def _recovery_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    # Shown once and kept nowhere: there is no address to redirect to.
    wanted = request.POST.get("next", "")
    return render(request, "access/recovery_codes.html", {"codes": codes, "next": wanted})


@require_POST
@signed_in
def device_closure(request: MemberRequest, device_id: UUID) -> HttpResponse:
    actions.end_device(public_id=device_id, by=request.actor, now=clock.now())
    messages.success(request, _("那台设备已退出登录。"))
    return redirect("access:account")


@require_POST
@signed_in
def devices_closure(request: MemberRequest) -> HttpResponse:
    actions.sign_out_everywhere(
        account_id=request.actor.account_id, by=request.actor, now=clock.now()
    )
    messages.success(request, _("所有设备都已退出，请重新登录。"))
    return redirect("access:sign_in")
