"""Signing in by code or password, giving the second factor, signing out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access import actions, forms, gates
from linbang.foundation.access.choices import CodePurpose, SignInMethod
from linbang.foundation.access.rules import Actor, Standing

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.entry.standing is not Standing.STRANGER:
        return onward(request)
    form = forms.CodeForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            return _enter_by_code(request, **form.cleaned_data)
    return _page(request, "access/sign_in.html", form)


def _enter_by_code(request: HttpRequest, *, phone: str, code: str) -> HttpResponse:
    now = clock.now()
    account = actions.sign_in_with_code(phone=phone, code=code, by=_stranger(request), now=now)
    if account is None:
        gates.remember_proven_phone(request, phone, now=now)
        return redirect("access:unregistered")
    gates.let_in(request, account, method=SignInMethod.CODE, now=now)
    return onward(request)


@never_cache
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    form = _send(request, forms.PhoneForm(request.POST), CodePurpose.SIGN_IN)
    shown = form if form.errors else forms.CodeForm(initial=form.cleaned_data)
    return _page(request, "access/sign_in.html", shown, sent=not form.errors)


@never_cache
@require_POST
def send_reset_code(request: HttpRequest) -> HttpResponse:
    form = _send(request, forms.PhoneForm(request.POST), CodePurpose.RESET_PASSWORD)
    shown = form if form.errors else forms.ResetForm(initial=form.cleaned_data)
    return _page(request, "access/password_reset.html", shown, sent=not form.errors)


def _send(request: HttpRequest, form: forms.PhoneForm, purpose: CodePurpose) -> forms.PhoneForm:
    if form.is_valid():
        with form.refusals():
            actions.issue_code(
                phone=form.cleaned_data["phone"],
                purpose=purpose,
                by=_stranger(request),
                now=clock.now(),
            )
    return form


@never_cache
@get_or_post
def sign_in_with_password(request: HttpRequest) -> HttpResponse:
    if request.entry.standing is not Standing.STRANGER:
        return onward(request)
    form = forms.PasswordForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            now = clock.now()
            account = actions.sign_in_with_password(
                **form.cleaned_data, by=_stranger(request), now=now
            )
            gates.let_in(request, account, method=SignInMethod.PASSWORD, now=now)
            return onward(request)
    return _page(request, "access/sign_in_password.html", form)


@never_cache
@get_or_post
def reset_password(request: HttpRequest) -> HttpResponse:
    form = forms.ResetForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            now = clock.now()
            account = actions.reset_password(**form.cleaned_data, by=_stranger(request), now=now)
            gates.let_in(request, account, method=SignInMethod.CODE, now=now)
            messages.success(request, _("新密码已生效，其他设备已全部退出。"))
            return onward(request)
    return _page(request, "access/password_reset.html", form)


@never_cache
@get_or_post
def second_factor(request: HttpRequest) -> HttpResponse:
    entry = request.entry
    if entry.pending is None:
        return onward(request)
    form = forms.FactorForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            gates.pass_factor(request, code=form.cleaned_data["code"], now=clock.now())
            return onward(request)
    demo_code = gates.demo_code(entry.pending, now=clock.now())
    return _page(request, "access/factor_pass.html", form, demo_code=demo_code)


@never_cache
@require_GET
def unregistered(request: HttpRequest) -> HttpResponse:
    return render(request, "access/unregistered.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    gates.let_out(request, now=clock.now())
    messages.success(request, _("您已安全退出。"))
    return redirect("access:sign_in")


def onward(request: HttpRequest) -> HttpResponse:
    """Go where the person wanted to go, by way of what is still missing."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    target = wanted if safe else "/"
    if request.entry.standing is Standing.MEMBER:
        return redirect(target)
    step = "access:second_factor" if request.entry.has_factor else "access:factor"
    return redirect(f"{reverse(step)}?{urlencode({'next': target})}")


def _stranger(request: HttpRequest) -> Actor:
    return Actor(address=gates.address_of(request))


def _page(request: HttpRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        # The demo's cast stands above; without it the second template says nothing.
        "cast_templates": ["demo/cast.html", "access/parts/no_cast.html"],
        **more,
    }
    return render(request, template, context, status=form.status)
