from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.forms import LeaveForm, RefuseForm

PAST_A_PAGE = 20


@require_GET
@signed_in
@never_cache
def offers(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    past = Paginator(queries.past_offers_made_to(request.actor, now=now), PAST_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "dispatch/offer_list.html",
        {
            "cards": queries.cards_of(queries.open_offers_made_to(request.actor, now=now), now=now),
            "past": queries.cards_of(past, now=now),
            "page": past,
        },
    )


@require_GET
@signed_in
@never_cache
def offer(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    return _page(request, offer_id)


@require_POST
@signed_in
def acceptance(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    offer = get_object_or_404(queries.offers_made_to(request.actor), public_id=offer_id)
    actions.accept_offer(offer_id=offer.pk, by=request.actor, now=clock.now())
    messages.success(request, _("接好了，谢谢您！请按时上门，路上注意安全。"))
    [card] = queries.cards_of(
        queries.offers_made_to(request.actor).filter(pk=offer.pk), now=clock.now()
    )
    if card.visit_id:
        return redirect("service:visit", card.visit_id)
    return redirect("dispatch:offers")


@require_POST
@signed_in
def refusal(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    offer = get_object_or_404(queries.offers_made_to(request.actor), public_id=offer_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, offer_id, refuse_form=form)
    actions.refuse_offer(offer_id=offer.pk, by=request.actor, now=clock.now(), **form.cleaned_data)
    messages.info(request, _("好的，没有关系，我们会请别的邻居。这不影响您的任何记录。"))
    return redirect("dispatch:offers")


@require_POST
@signed_in
def departure(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    offer = get_object_or_404(
        queries.offers_made_to(request.actor), public_id=offer_id, assignment__isnull=False
    )
    form = LeaveForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.leave_assignment(
                assignment_id=offer.assignment.pk,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.info(request, _("知道了，马上另找人。谢谢您及时告诉我们。"))
            return redirect("dispatch:offers")
    return _page(request, offer_id, leave_form=form)


def _page(
    request: MemberRequest,
    offer_id: UUID,
    *,
    leave_form: LeaveForm | None = None,
    refuse_form: RefuseForm | None = None,
) -> HttpResponse:
    offer = get_object_or_404(queries.offers_made_to(request.actor), public_id=offer_id)
    [card] = queries.cards_of([offer], now=clock.now())
    refused = leave_form or refuse_form
    return render(
        request,
        "dispatch/offer_detail.html",
        {
            "card": card,
            "leave_form": leave_form or LeaveForm(),
            "refuse_form": refuse_form or RefuseForm(),
        },
        status=refused.status if refused else 200,
    )
