"""A voiding as whom it concerns reads it, and the appeal against it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.forms.integrity import AppealForm


@require_http_methods(["GET", "POST"])
@signed_in
def void(request: MemberRequest, void_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.voids_told_to(request.actor), public_id=void_id)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.appeal_void(
                void=void_id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("申诉已提交，由没有参与作废的干部复核。"))
            return redirect("service_records:void", void_id)
    line = queries.void_line(found)
    context = {
        "void": line,
        "record": queries.record_row(queries.record_with_facts(found.record_id)),
        "is_own": found.record.person_id == request.actor.person_id,
        "may_appeal": queries.may_appeal(line, clock.now()),
        "form": form,
    }
    return render(request, "service_records/void.html", context, status=form.status)
