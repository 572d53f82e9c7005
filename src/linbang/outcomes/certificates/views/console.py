from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.outcomes.certificates import actions, queries
from linbang.outcomes.certificates.choices import StationTab
from linbang.outcomes.certificates.forms import IssueForm, RevocationForm, SearchForm

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def certificates(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    tab = StationTab.named(request.GET.get("tab"))
    page = Paginator(queries.certificates_on_tab(request.actor, tab), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "certificates/console_certificates.html",
        {
            "tab": tab,
            "tabs": StationTab,
            "waiting": queries.certificates_on_tab(request.actor, StationTab.PAPER).count(),
            "certificates": queries.certificate_rows(page),
            "page": page,
            "today": clock.local_date(now),
        },
    )


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def people(request: MemberRequest) -> HttpResponse:
    form = SearchForm(request.GET if "q" in request.GET else None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = queries.people_found(request.actor, text) if text else []
    return render(
        request, "certificates/console_people.html", {"form": form, "text": text, "people": found}
    )


@require_http_methods(["GET", "POST"])
@permitted(Permission.VERIFY_RECORDS)
def certificate_new(request: MemberRequest, person_id: UUID) -> HttpResponse:
    """Issue a certificate for somebody who is at the counter."""
    person = get_object_or_404(queries.people_to_certify(request.actor), public_id=person_id)
    now = clock.now()
    span = queries.span_of(person)
    if span is None:
        messages.error(request, _("这位志愿者还没有已生效的服务时长，不能开证明。"))
        return redirect("certificates:console_people")
    form = IssueForm(request.POST or None, span=span, today=clock.local_date(now))
    if form.is_valid():
        with form.refusals():
            made = actions.issue_certificate(
                person_id=person.pk, by=request.actor, now=now, **form.wish
            )
            messages.success(request, _("证明开好了，打印出来交给本人。"))
            return redirect("certificates:console_certificate", made.public_id)
    return render(
        request,
        "certificates/console_new.html",
        {"form": form, "person": person, "span": span},
        status=form.status,
    )


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def certificate(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    return _page(request, certificate_id, RevocationForm())


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def revocation(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    found = _looked_after(request, certificate_id)
    form = RevocationForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.revoke_certificate(
                certificate_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已撤销，志愿者会收到通知。"))
            return redirect("certificates:console_certificate", certificate_id)
    return _page(request, certificate_id, form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def copy(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    """Note that the sealed paper was given to the volunteer."""
    found = _looked_after(request, certificate_id)
    actions.hand_out_copy(certificate_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已登记交付。"))
    return redirect("certificates:console_certificate", certificate_id)


def _looked_after(request: MemberRequest, certificate_id: UUID) -> Any:
    visible = queries.certificates_looked_after_by(request.actor)
    return get_object_or_404(visible, public_id=certificate_id)


def _page(request: MemberRequest, certificate_id: UUID, form: RevocationForm) -> HttpResponse:
    found = _looked_after(request, certificate_id)
    actions.note_look(certificate=found, by=request.actor, now=clock.now())
    return render(
        request,
        "certificates/console_certificate.html",
        {
            "certificate": queries.certificate_row(found),
            "lines": found.lines,
            "is_own": found.person_id == request.actor.person_id,
            "form": form,
        },
        status=form.status,
    )
