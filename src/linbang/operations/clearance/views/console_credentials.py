"""Licences, certificates and vettings on the worker's desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.operations.clearance import actions, forms, queries

PAGE = 25


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def credentials(request: MemberRequest) -> HttpResponse:
    today, form = clock.local_date(clock.now()), forms.SearchForm(request.GET)
    page = Paginator(queries.expiring(request.actor, today=today), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "text": form.text,
        "found": queries.found_to_clear(request.actor, form.text, today=today),
        "page": page,
        "expiring": queries.expiring_lines(page, today=today),
    }
    return render(request, "clearance/console_credentials.html", context)


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    return _page(request, _person(request, person_id))


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def entries(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _person(request, person_id)
    form = forms.PaperForm(request.POST, qualifications=queries.qualification_choices())
    if form.is_valid():
        with form.refusals():
            actions.enter_credential(
                person_id=found.pk, paper=form.told(), by=request.actor, now=clock.now()
            )
            messages.success(request, _("已核验登记，并通知了本人。"))
            return redirect("clearance:console_person", person_id)
    return _page(request, found, paper_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def revocation(request: MemberRequest, credential_id: UUID) -> HttpResponse:
    credential, form = _credential(request, credential_id), forms.WhyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.revoke_credential(
                credential_id=credential.pk,
                **form.cleaned_data,
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已撤销，并把原因告诉了本人。"))
            return redirect("clearance:console_person", credential.person.public_id)
    return _page(request, credential.person, why_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def unmasking(request: MemberRequest, credential_id: UUID) -> HttpResponse:
    credential, form = _credential(request, credential_id), forms.SightForm(request.POST)
    if form.is_valid():
        with form.refusals():
            number = actions.unmask_number(
                credential_id=credential.pk,
                **form.cleaned_data,
                by=request.actor,
                now=clock.now(),
            )
            # Shown on this one page only; going back or reloading hides it again.
            shown = {"label": credential.qualification.label, "value": number}
            return _page(request, credential.person, unmasked=shown)
    return _page(request, credential.person, sight_form=form)


def _person(request: MemberRequest, person_id: UUID) -> Any:
    return get_object_or_404(queries.people_cleared_by(request.actor), public_id=person_id)


def _credential(request: MemberRequest, credential_id: UUID) -> Any:
    return get_object_or_404(queries.credentials_kept_by(request.actor), public_id=credential_id)


def _page(request: MemberRequest, found: Any, **more: Any) -> HttpResponse:
    today = clock.local_date(clock.now())
    region = found.region_id
    context = {
        "who": queries.cleared_person(found, today=today),
        "lines": queries.credential_lines(queries.credentials_of(found.pk), today=today),
        "may_unmask": request.actor.may(Permission.UNMASK_IDENTITY, region=region),
        "paper_form": forms.PaperForm(qualifications=queries.qualification_choices()),
        "why_form": forms.WhyForm(),
        "sight_form": forms.SightForm(),
        **more,
    }
    status = max(getattr(one, "status", 200) for one in more.values()) if more else 200
    return render(request, "clearance/console_person.html", context, status=status)
