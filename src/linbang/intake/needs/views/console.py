from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.intake.needs import actions, queries
from linbang.intake.needs.forms import DeclineForm, FilterForm, VerifyForm, WithdrawForm

PAGE = 25


@require_GET
@permitted(Permission.SEE_NEEDS)
def listing(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    form = FilterForm(request.GET, items=queries.items_offered())
    needs = queries.needs_listed(request.actor, now=now, **form.narrowing())
    page = Paginator(needs, PAGE).get_page(request.GET.get("page"))
    rows = queries.rows_of(page, now=now)
    return render(request, "needs/console_list.html", {"form": form, "page": page, "rows": rows})


@require_GET
@permitted(Permission.SEE_NEEDS)
def detail(request: MemberRequest, need_id: UUID) -> HttpResponse:
    return _page(request, _need(request, need_id))


@require_POST
@permitted(Permission.VERIFY_NEEDS)
def verification(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = _need(request, need_id)
    form = VerifyForm(request.POST, region_code=need.region_id)
    if form.is_valid():
        with form.refusals():
            actions.verify_need(
                need_id=need.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已核实，开始寻找志愿者。"))
            return redirect("needs:console-need", need.public_id)
    return _page(request, need, verify_form=form)


@require_POST
@permitted(Permission.VERIFY_NEEDS)
def declination(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need, form = _need(request, need_id), DeclineForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.decline_need(
                need_id=need.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已答复居民：这次不受理。"))
            return redirect("needs:console-need", need.public_id)
    return _page(request, need, decline_form=form)


@require_POST
@permitted(Permission.TAKE_NEEDS)
def withdrawal(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need, form = _need(request, need_id), WithdrawForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.withdraw_need(
                need_id=need.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已替居民撤回。"))
            return redirect("needs:console-need", need.public_id)
    return _page(request, need, withdraw_form=form)


@require_POST
@permitted(Permission.UNMASK_CONTACT)
def contact(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = _need(request, need_id)
    seen = actions.see_contact(need_id=need.pk, by=request.actor, now=clock.now())
    return _page(request, need, contact=seen)


def _need(request: MemberRequest, need_id: UUID) -> queries.Need:
    return get_object_or_404(queries.needs_with_item(request.actor), public_id=need_id)


def _page(request: MemberRequest, need: queries.Need, **shown: object) -> HttpResponse:
    context = {
        "need": need,
        "sheet": queries.sheet_of(need, viewer=request.actor, now=clock.now()),
        "story": queries.story_of(need, viewer=request.actor),
        "last": queries.last_needs_of(need.beneficiary_id),
        "verify_form": VerifyForm.of(need),
        "decline_form": DeclineForm(),
        "withdraw_form": WithdrawForm(),
        **shown,
    }
    status = max(getattr(form, "status", 200) for form in context.values())
    return render(request, "needs/console_need.html", context, status=status)
