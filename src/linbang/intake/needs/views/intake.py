from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.intake.needs import actions, queries
from linbang.intake.needs.forms import IntakeForm


@require_http_methods(["GET", "POST"])
@permitted(Permission.TAKE_NEEDS)
def intake(request: MemberRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    people = queries.callers(request.actor, asked, public_id=request.GET.get("caller", ""))
    context: dict[str, object] = {"asked": asked, "people": people}
    if len(people) != 1:
        return render(request, "needs/intake.html", context)
    caller = queries.caller_of(request.actor, people[0], now=clock.now())
    return _take_down(request, caller, {**context, "caller": caller})


def _take_down(
    request: MemberRequest, caller: queries.Caller, context: dict[str, object]
) -> HttpResponse:
    now = clock.now()
    form = IntakeForm(
        request.POST or None,
        people=caller.may_ask_for,
        items=queries.items_by_use(caller.person.pk, cell=caller.person.cell),
        region_code=caller.person.region_id,
        may_verify=request.actor.may(Permission.VERIFY_NEEDS, region=caller.person.region_id),
        now=now,
    )
    if form.is_valid():
        with form.refusals():
            need = actions.take_down_need(
                caller_id=caller.person.pk, by=request.actor, now=now, **form.told()
            )
            messages.success(request, _("已登记：%(item)s。") % {"item": need.item.label})
            return redirect("needs:console-need", need.public_id)
    return render(request, "needs/intake.html", context | {"form": form}, status=form.status)
