from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.intake.needs.queries import items_offered
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.forms import (
    BlockForm,
    BoardForm,
    ChooseForm,
    LeaveForm,
    RefuseForm,
)


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def board(request: MemberRequest) -> HttpResponse:
    form = BoardForm(request.GET, items=items_offered())
    sections = queries.board(request.actor, now=clock.now(), **form.narrowing())
    return render(request, "dispatch/board.html", {"form": form, "sections": sections})


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def need(request: MemberRequest, need_id: UUID) -> HttpResponse:
    return _page(request, _need(request, need_id))


@require_POST
@permitted(Permission.DISPATCH)
def ranking(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = _need(request, need_id)
    actions.rank_again(need_id=need.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已按现在的情况重新排序。"))
    return redirect("dispatch:need", need_id)


@require_POST
@permitted(Permission.DISPATCH)
def takeover(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = _need(request, need_id)
    actions.take_escalation(need_id=need.pk, by=request.actor, now=clock.now())
    messages.success(request, _("这一单由您负责，请从下面选人或电话联系。"))
    return redirect("dispatch:need", need_id)


@require_POST
@permitted(Permission.DISPATCH)
def offers(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need, form = _need(request, need_id), ChooseForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.offer_to(
                need_id=need.pk,
                volunteer_id=_volunteer(form.cleaned_data["volunteer"]),
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已发出邀请。对方电话里答应了，可以代为接单。"))
            return redirect("dispatch:need", need_id)
    return _page(request, need, choose_form=form)


@require_POST
@permitted(Permission.DISPATCH)
def acceptance(request: MemberRequest, need_id: UUID, offer_id: UUID) -> HttpResponse:
    offer = _offer(request, need_id, offer_id)
    actions.accept_offer(offer_id=offer.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已代志愿者接单。"))
    return redirect("dispatch:need", need_id)


@require_POST
@permitted(Permission.DISPATCH)
def refusal(request: MemberRequest, need_id: UUID, offer_id: UUID) -> HttpResponse:
    offer, form = _offer(request, need_id, offer_id), RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, _need(request, need_id))
    actions.refuse_offer(offer_id=offer.pk, by=request.actor, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("已代志愿者婉拒，不影响其任何记录。"))
    return redirect("dispatch:need", need_id)


@require_POST
@permitted(Permission.DISPATCH)
def departure(request: MemberRequest, need_id: UUID, assignment_id: UUID) -> HttpResponse:
    need, form = _need(request, need_id), LeaveForm(request.POST)
    assignment = get_object_or_404(
        queries.assignments_visible_to(request.actor), public_id=assignment_id, need_id=need.pk
    )
    if form.is_valid():
        with form.refusals():
            actions.leave_assignment(
                assignment_id=assignment.pk,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已代为退出，开始另找人。"))
            return redirect("dispatch:need", need_id)
    return _page(request, need, leave_form=form)


@require_POST
@permitted(Permission.DISPATCH)
def blocks(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = _need(request, need_id)
    desk = queries.desk_of(need, viewer=request.actor, now=clock.now())
    form = BlockForm(request.POST, people=desk.people)
    if form.is_valid():
        with form.refusals():
            actions.block_pair(
                need_id=need.pk,
                volunteer_id=_volunteer(UUID(form.cleaned_data["volunteer"])),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("以后不再安排这两位见面。"))
            return redirect("dispatch:need", need_id)
    return _page(request, need, block_form=form)


def _need(request: MemberRequest, need_id: UUID) -> Any:
    return get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)


def _offer(request: MemberRequest, need_id: UUID, offer_id: UUID) -> Any:
    need = _need(request, need_id)
    return get_object_or_404(
        queries.offers_visible_to(request.actor), public_id=offer_id, need_id=need.pk
    )


def _volunteer(public_id: UUID) -> int:
    person_id = queries.volunteer_with(public_id)
    if person_id is None:
        raise Http404
    return person_id


def _page(request: MemberRequest, need: Any, **forms: Any) -> HttpResponse:
    desk = queries.desk_of(need, viewer=request.actor, now=clock.now())
    words = request.GET.get("q", "")
    context = {
        "need": need,
        "sheet": queries.summary_of(need),
        "desk": desk,
        "words": words,
        "found": queries.found_volunteers(request.actor, words),
        "choose_form": ChooseForm(),
        "leave_form": LeaveForm(),
        "block_form": BlockForm(people=desk.people),
        **forms,
    }
    status = max([200, *(form.status for form in forms.values())])
    return render(request, "dispatch/need_detail.html", context, status=status)
