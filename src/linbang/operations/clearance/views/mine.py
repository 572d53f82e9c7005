"""One's own page: credentials, agreements, pauses, the training record."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.clearance import actions, forms, queries


@never_cache
@require_GET
@signed_in
def mine(request: MemberRequest) -> HttpResponse:
    return _page(request, forms.AppealForm())


def _page(request: MemberRequest, form: forms.AppealForm) -> HttpResponse:
    context = {"mine": queries.mine_of(request.actor, now=clock.now()), "appeal_form": form}
    return render(request, "clearance/mine.html", context, status=form.status)


@never_cache
@require_GET
@signed_in
def record(request: MemberRequest) -> HttpResponse:
    lines = queries.training_record_of(request.actor.person_id)
    total = sum(line.learning_minutes for line in lines)
    return render(request, "clearance/record.html", {"lines": lines, "total": total})


@never_cache
@require_GET
@signed_in
def accepted_text(request: MemberRequest, acceptance_id: int) -> HttpResponse:
    text = queries.accepted_text_of(request.actor.person_id, acceptance_id)
    if text is None:
        raise Http404
    return render(request, "clearance/accepted_text.html", {"text": text})


@require_POST
@signed_in
def appeal(request: MemberRequest, suspension_id: UUID) -> HttpResponse:
    suspension = get_object_or_404(
        queries.suspensions_of(request.actor.person_id), public_id=suspension_id
    )
    form = forms.AppealForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.open_appeal(
                suspension_id=suspension.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("申诉已送到社区服务站，会有工作人员核实后答复您。"))
            return redirect("clearance:mine")
    return _page(request, form)
