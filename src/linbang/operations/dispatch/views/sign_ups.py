from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, pass_of_page, signed_in
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.choices import Chance
from linbang.operations.dispatch.forms import AcceptingForm, NoteForm, SwapForm, WithdrawForm


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def sign_up(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    step = _step(request, activity_id, shift_id)
    form = AcceptingForm(
        request.POST if request.method == "POST" else None,
        documents=step.documents,
        can_wait=step.row.shift.has_waiting_list,
        initial={"key": str(uuid4()), "waits": step.row.chance == Chance.WAIT},
    )
    if form.is_valid():
        with form.refusals():
            made = actions.sign_up_accepting(
                shift=shift_id,
                person_id=step.whom.person_id,
                accepted=form.accepted(),
                key=form.cleaned_data["key"],
                waits=form.cleaned_data.get("waits", False),
                by=request.actor,
                now=clock.now(),
            )
            return redirect("dispatch:sign_up", made.public_id)
    context = {"step": step, "form": form, "done": reverse("dispatch:sign_up", args=[UUID(int=0)])}
    if step.whom.is_self and not step.documents:
        context["token"] = pass_of_page(request, now=clock.now())
    return render(request, "dispatch/sign_up_step.html", context, status=form.status)


@require_GET
@signed_in
@never_cache
def place(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    return _page(request, sign_up_id)


@require_POST
@signed_in
def withdrawal(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found, form = _own(request, sign_up_id), WithdrawForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.withdraw_sign_up(
                sign_up_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("好的，已经退出，名额会给别人。谢谢您早点告诉我们。"))
            return redirect("dispatch:sign_up", sign_up_id)
    return _page(request, sign_up_id, withdraw_form=form)


@require_POST
@signed_in
def taking(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found = _own(request, sign_up_id)
    actions.take_held_place(sign_up_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("太好了，名额是您的了！"))
    return redirect("dispatch:sign_up", sign_up_id)


@require_POST
@signed_in
def declining(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found = _own(request, sign_up_id)
    actions.decline_held_place(sign_up_id=found.pk, by=request.actor, now=clock.now())
    messages.info(request, _("没有关系，名额会给下一位。"))
    return redirect("dispatch:sign_up", sign_up_id)


@require_POST
@signed_in
def seeking(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found, form = _own(request, sign_up_id), NoteForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.seek_stand_in(
                sign_up_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已经告诉大家。有人替您之前，这个班还是您的。"))
            return redirect("dispatch:sign_up", sign_up_id)
    return _page(request, sign_up_id, note_form=form)


@require_POST
@signed_in
def swap(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found, now = _own(request, sign_up_id), clock.now()
    form = SwapForm(request.POST, choices=queries.swap_choices(found, now=now))
    if form.is_valid():
        with form.refusals():
            actions.ask_swap(
                sign_up_id=found.pk,
                other_id=queries.swappable(found, UUID(form.cleaned_data["other"]), now=now),
                note=form.cleaned_data["note"],
                by=request.actor,
                now=now,
            )
            messages.success(request, _("已经问了对方，同意后会通知您。"))
            return redirect("dispatch:sign_up", sign_up_id)
    return _page(request, sign_up_id, swap_form=form)


@require_GET
@signed_in
@never_cache
def calendar(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    found = _own(request, sign_up_id)
    address = request.build_absolute_uri(f"/activities/{found.shift.activity.public_id}/")
    body = queries.calendar_of(found, address=address, now=clock.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="linbang.ics"'
    return response


def _step(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> queries.SignUpStep:
    step = queries.sign_up_step(
        request.actor, shift_id, person=_uuid(request.GET.get("person")), now=clock.now()
    )
    if step is None or step.row.shift.activity_public_id != activity_id:
        raise Http404
    return step


def _own(request: MemberRequest, sign_up_id: UUID) -> Any:
    found = queries.sign_up_seen_by(request.actor, sign_up_id)
    if found is None:
        raise Http404
    return found


def _page(request: MemberRequest, sign_up_id: UUID, **forms: Any) -> HttpResponse:
    page = queries.sign_up_page(_own(request, sign_up_id), actor=request.actor, now=clock.now())
    context = {
        "page": page,
        "withdraw_form": WithdrawForm(),
        "note_form": NoteForm(),
        "swap_form": SwapForm(choices=page.swaps),
        "address": request.build_absolute_uri(page.activity_url),
        **forms,
    }
    status = max([200, *(form.status for form in forms.values())])
    return render(request, "dispatch/sign_up.html", context, status=status)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
