"""Before taking part: notices, agreements, and the guardian's word for a child."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.clearance import actions, forms, queries


@never_cache
@require_GET
@signed_in
def activity(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    found, person = _asked(request, activity_id, request.GET)
    return _page(request, found, person)


@require_POST
@signed_in
def acceptance(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    found, person = _asked(request, activity_id, request.POST)
    form = forms.AcceptForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.accept(
                activity_id=found.pk,
                person_id=person.pk,
                **form.told(),
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已记下，谢谢您看得这么仔细。"))
            return _back(request, found, person)
    return _page(request, found, person, form=form)


@require_POST
@signed_in
def request_(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    found, person = _asked(request, activity_id, request.POST)
    actions.ask_guardians(
        activity_id=found.pk, person_id=person.pk, by=request.actor, now=clock.now()
    )
    messages.success(request, _("已经告诉监护人，对方同意后会通知您。"))
    return _back(request, found, person)


@require_POST
@signed_in
def consent(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    found, person = _asked(request, activity_id, request.POST)
    actions.give_consent(
        activity_id=found.pk, person_id=person.pk, by=request.actor, now=clock.now()
    )
    messages.success(request, _("已同意，孩子现在可以报名了。"))
    return _back(request, found, person)


@require_POST
@signed_in
def consent_withdrawal(request: MemberRequest, consent_id: UUID) -> HttpResponse:
    given = get_object_or_404(queries.consents_by(request.actor.person_id), public_id=consent_id)
    actions.withdraw_consent(consent_id=given.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已收回同意。"))
    return redirect("clearance:mine")


@require_POST
@signed_in
def refusal(request: MemberRequest, request_id: UUID) -> HttpResponse:
    asked = get_object_or_404(queries.requests_to(request.actor.person_id), public_id=request_id)
    actions.refuse_consent(request_id=asked.pk, by=request.actor, now=clock.now())
    messages.success(request, _("好的，已经告诉孩子这次不参加。"))
    return redirect("clearance:mine")


def _asked(request: MemberRequest, activity_id: UUID, data: Any) -> tuple[Any, Any]:
    found = get_object_or_404(queries.activities_shown(), public_id=activity_id)
    form = forms.ForWhomForm(data)
    if not form.is_valid():
        raise Http404
    person = queries.person_or_ward(request.actor, form.cleaned_data["person"])
    if person is None:
        raise Http404
    return found, person


def _page(
    request: MemberRequest, found: Any, person: Any, *, form: forms.AcceptForm | None = None
) -> HttpResponse:
    before = queries.before_of(request.actor, found, person, now=clock.now())
    context = {"before": before, "form": form}
    status = form.status if form else 200
    return render(request, "clearance/before.html", context, status=status)


def _back(request: MemberRequest, found: Any, person: Any) -> HttpResponse:
    address = reverse("clearance:activity", args=[found.public_id])
    suffix = "" if person.pk == request.actor.person_id else f"?person={person.public_id}"
    return redirect(address + suffix)
