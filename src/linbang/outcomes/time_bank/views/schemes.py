"""Which scheme counts in a region, and deciding for another."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.places.rules import short_name
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.forms import AdoptionForm, LookForm


@require_GET
@permitted(Permission.SEE_SAVINGS)
def scheme(request: MemberRequest) -> HttpResponse:
    form, now = LookForm(request.GET), clock.now()
    region = queries.region_looked_at(request.actor, form.chosen_region)
    if region is None:
        raise Http404
    form.offer(queries.regions_to_look_at(request.actor, region), chosen=region.code)
    in_force = queries.scheme_of(region.code, at=now)
    context = {
        "form": form,
        "region": region,
        "place": short_name(region.name),
        "scheme": in_force,
        "span": form.chosen_span,
        "heading": queries.scheme_heading(in_force),
        "sheet": queries.scheme_sheet([in_force, *rules.PRESETS]),
        "presets": [{"label": one.code.label, "name": one.name} for one in rules.PRESETS],
        "adoptions": queries.adoptions_for(region.code),
        "may_set": request.actor.may(Permission.SET_SAVINGS, region=region.code),
    }
    return render(request, "time_bank/console_scheme.html", context)


@require_http_methods(["GET", "POST"])
@permitted(Permission.SET_SAVINGS)
def adoption_new(request: MemberRequest, code: str) -> HttpResponse:
    region = queries.region_looked_at(request.actor, code, permission=Permission.SET_SAVINGS)
    if region is None:
        raise Http404
    now = clock.now()
    form = AdoptionForm(request.POST or None, in_force=queries.scheme_of(code, at=now))
    # Who wants to change something gets the form back as it was typed.
    if form.is_valid() and "again" not in request.POST:
        with form.refusals():
            if form.cleaned_data["confirmed"]:
                reason = form.cleaned_data["reason"]
                actions.adopt_scheme(
                    region_code=code, **form.decision, reason=reason, by=request.actor, now=now
                )
                messages.success(request, _("已采用，从现在起生效。已存的时间不变。"))
                return redirect(f"{reverse('time_bank:scheme')}?region={code}")
            return _preview(request, region, form)
    context = {"form": form, "region": region, "place": short_name(region.name)}
    return render(request, "time_bank/adoption_new.html", context, status=form.status)


def _preview(request: MemberRequest, region: Any, form: AdoptionForm) -> HttpResponse:
    now = clock.now()
    in_force = queries.scheme_of(region.code, at=now)
    candidate = queries.candidate_of(region.code, **form.decision, at=now)
    rows = queries.scheme_sheet([in_force, candidate])
    context = {
        "form": form,
        "region": region,
        "place": short_name(region.name),
        "scheme": in_force,
        "candidate": candidate,
        "heading": queries.scheme_heading(candidate),
        "changes": [row for row in rows if row.cells[0].text != row.cells[1].text],
        "preview": queries.adoption_preview(region, candidate, now=now),
        "days": queries.PREVIEW_DAYS,
        "typed": [(name, value) for name, value in form.data.items() if name in form.fields],
    }
    return render(request, "time_bank/adoption_preview.html", context)
