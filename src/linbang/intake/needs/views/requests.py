from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.intake.needs import actions, queries
from linbang.intake.needs.choices import Emergency
from linbang.intake.needs.forms import Chosen, DraftForm, RequestForm, WithdrawForm

PAGE = 20


@require_GET
@signed_in
def listing(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.needs_of(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "needs/need_list.html", {"page": page, "me": request.actor.person_id})


@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    return render(request, "needs/emergency_call.html", {"emergencies": Emergency})


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: MemberRequest) -> HttpResponse:
    people = queries.people_to_ask_for(request.actor)
    items = queries.items_by_use(people[0].pk, cell=people[0].cell)
    data = request.POST if request.method == "POST" else request.GET
    draft = DraftForm(data, people=people, items=items)
    if draft.chosen_item is None:
        return render(request, "needs/need_choose_item.html", {"draft": draft})
    if draft.chosen is None:
        context = {"draft": draft, "days": draft.days(clock.now())}
        return render(request, "needs/need_choose_time.html", context)
    return _confirm(request, draft, draft.chosen, asker_id=people[0].pk)


def _confirm(
    request: MemberRequest, draft: DraftForm, chosen: Chosen, *, asker_id: int
) -> HttpResponse:
    form = RequestForm(
        request.POST or None,
        initial=draft.as_initial(),
        region_code=chosen.beneficiary.region_id,
    )
    if form.is_valid():
        with form.refusals():
            need = actions.open_need(
                beneficiary_id=chosen.beneficiary.pk,
                requested_by_id=asker_id,
                channel=draft.channel(asker_id),
                item_code=chosen.item.code,
                starts_at=chosen.starts_at,
                ends_at=chosen.ends_at,
                by=request.actor,
                now=clock.now(),
                **form.told(),
            )
            return redirect("needs:receipt", need.public_id)
    point = queries.meeting_point(chosen.beneficiary, asker_id=asker_id)
    context = {"draft": draft, "chosen": chosen, "form": form, "point": point}
    return render(request, "needs/need_confirm.html", context, status=form.status)


@require_GET
@signed_in
def receipt(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(queries.needs_with_item(request.actor), public_id=need_id)
    context = {"need": need, "station": queries.station_for(need.region_id)}
    return render(request, "needs/need_receipt.html", context)


@require_GET
@signed_in
def detail(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(queries.needs_with_item(request.actor), public_id=need_id)
    return render(request, "needs/need_detail.html", _sheet(request, need, WithdrawForm()))


def _sheet(request: MemberRequest, need: queries.Need, form: WithdrawForm) -> dict[str, object]:
    return {
        "need": need,
        "form": form,
        "sheet": queries.sheet_of(need, viewer=request.actor, now=clock.now()),
        "story": queries.story_of(need, viewer=request.actor),
        "station": queries.station_for(need.region_id),
    }


@require_POST
@signed_in
def withdrawal(request: MemberRequest, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(queries.needs_with_item(request.actor), public_id=need_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.withdraw_need(
                need_id=need.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已撤回，不会有人上门。"))
            return redirect("needs:detail", need.public_id)
    context = _sheet(request, need, form)
    return render(request, "needs/need_detail.html", context, status=form.status)
