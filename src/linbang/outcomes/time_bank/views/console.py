"""The station's desk of the savings: disputes, what waits to be passed on, acting for people."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.forms import EstateForm, FreezeForm, ReplyForm, RulingForm


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def desk(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "disputes": queries.dispute_rows(queries.disputes_on_desk(request.actor)[:100], now=now),
        "estates": queries.estate_rows(queries.estates_on_desk(request.actor)[:100]),
    }
    return render(request, "time_bank/console_desk.html", context)


@require_GET
@signed_in
def dispute(request: MemberRequest, dispute_id: UUID) -> HttpResponse:
    return _dispute_page(request, dispute_id, ReplyForm(), RulingForm())


@require_POST
@signed_in
def reply(request: MemberRequest, dispute_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.disputes_visible_to(request.actor), public_id=dispute_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.reply_to_dispute(
                dispute_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已记下。"))
            return redirect("time_bank:dispute", dispute_id)
    return _dispute_page(request, dispute_id, form, RulingForm())


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def ruling(request: MemberRequest, dispute_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.disputes_on_desk(request.actor), public_id=dispute_id)
    form = RulingForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.propose_ruling(
                dispute_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已提出，等另一位工作人员确认。"))
            return redirect("time_bank:dispute", dispute_id)
    return _dispute_page(request, dispute_id, ReplyForm(), form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def ruling_answer(request: MemberRequest, dispute_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.disputes_on_desk(request.actor), public_id=dispute_id)
    confirm = request.POST.get("confirm") == "yes"
    actions.answer_ruling(dispute_id=found.pk, confirm=confirm, by=request.actor, now=clock.now())
    messages.success(request, _("已确认，结果已通知双方。") if confirm else _("已退回重议。"))
    return redirect("time_bank:dispute", dispute_id)


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def estate(request: MemberRequest, person_id: UUID) -> HttpResponse:
    return _estate_page(request, _saver(request, person_id), EstateForm(), FreezeForm())


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def estate_proposal(request: MemberRequest, person_id: UUID) -> HttpResponse:
    person = _saver(request, person_id)
    form = EstateForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.propose_estate(
                person=person, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已登记，等另一位工作人员核对材料后移交。"))
            return redirect("time_bank:estate", person_id)
    return _estate_page(request, person, form, FreezeForm())


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def estate_passing(request: MemberRequest, person_id: UUID) -> HttpResponse:
    actions.pass_on(person=_saver(request, person_id), by=request.actor, now=clock.now())
    messages.success(request, _("已移交。"))
    return redirect("time_bank:desk")


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def freezing(request: MemberRequest, person_id: UUID) -> HttpResponse:
    person = _saver(request, person_id)
    form = FreezeForm(request.POST)
    if form.is_valid():
        with form.refusals():
            act = actions.thaw_savings if request.POST.get("thaw") else actions.freeze_savings
            act(person=person, by=request.actor, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("已办理。"))
            return redirect("time_bank:estate", person_id)
    return _estate_page(request, person, EstateForm(), form)


def _saver(request: MemberRequest, person_id: UUID) -> queries.Person:
    return get_object_or_404(queries.savers_kept_by(request.actor), public_id=person_id)


def _estate_page(
    request: MemberRequest, person: queries.Person, form: EstateForm, freeze_form: FreezeForm
) -> HttpResponse:
    actions.note_look(person=person, by=request.actor, now=clock.now())
    context = {
        "person": person,
        "account": queries.account_of(person.pk, cell=person.cell),
        "named": queries.nomination_of(person),
        "estate": next(iter(queries.estate_rows(queries.open_estates_of(person))), None),
        "form": form,
        "freeze_form": freeze_form,
        "me": request.actor.person_id,
    }
    status = max(form.status, freeze_form.status)
    return render(request, "time_bank/console_estate.html", context, status=status)


def _dispute_page(
    request: MemberRequest, dispute_id: UUID, reply_form: ReplyForm, ruling_form: RulingForm
) -> HttpResponse:
    found = get_object_or_404(queries.disputes_visible_to(request.actor), public_id=dispute_id)
    [row] = queries.dispute_rows([found], now=clock.now())
    is_side = request.actor.person_id in (found.opened_by_id, found.other_id)
    context = {
        "dispute": row,
        "reply_form": reply_form,
        "ruling_form": ruling_form,
        "is_side": is_side,
        "me": request.actor.person_id,
    }
    name = "time_bank/dispute.html" if is_side else "time_bank/console_dispute.html"
    return render(request, name, context, status=max(reply_form.status, ruling_form.status))
