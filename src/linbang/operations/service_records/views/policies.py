"""By which policy hours are credited, and what another one would change."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.forms.adoptions import AdoptionForm, PolicyForm


@require_GET
@permitted(Permission.SEE_REPORTS)
def policies(request: MemberRequest) -> HttpResponse:
    return _page(request, AdoptionForm())


@require_POST
@permitted(Permission.SEE_REPORTS)
def adoptions(request: MemberRequest) -> HttpResponse:
    """Adopt the policy that was looked at."""
    region = queries.region_with_policy(request.actor, request.GET.get("region"))
    named = PolicyForm(request.GET).named()
    form = AdoptionForm(request.POST)
    if form.is_valid() and named:
        with form.refusals():
            actions.adopt_policy(
                region=region.code,
                code=named[0],
                version=named[1],
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已采用，从这一天起的服务按新规则计时。"))
            return redirect(f"{reverse('service_records:policies')}?region={region.code}")
    return _page(request, form)


def _page(request: HttpRequest, form: AdoptionForm) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    region = queries.region_with_policy(actor, request.GET.get("region"))
    now = clock.now()
    named = PolicyForm(request.GET).named()
    context = {
        "page": queries.policy_page(actor, region, now),
        "preview": queries.preview_of(region.code, named, now) if named else None,
        "form": form,
        "chosen": request.GET.get("policy", ""),
    }
    return render(request, "service_records/console_policies.html", context, status=form.status)
