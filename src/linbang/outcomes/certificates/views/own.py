from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.certificates import actions, queries
from linbang.outcomes.certificates.errors import CertificateEnded
from linbang.outcomes.certificates.forms import IssueForm
from linbang.outcomes.certificates.schemas import credential, paper

ROWS_A_PAGE = 20


@require_GET
@signed_in
def certificates(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.certificates_of(request.actor), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    own = queries.person_to_certify(request.actor, request.actor.person_id)
    return render(
        request,
        "certificates/certificate_list.html",
        {
            "certificates": queries.certificate_rows(page),
            "page": page,
            "span": queries.span_of(own),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def certificate_new(request: MemberRequest) -> HttpResponse:
    own = queries.person_to_certify(request.actor, request.actor.person_id)
    span = queries.span_of(own)
    if span is None:
        return redirect("certificates:list")
    now = clock.now()
    form = IssueForm(request.POST or None, span=span, today=clock.local_date(now))
    if form.is_valid():
        with form.refusals():
            made = actions.issue_certificate(
                person_id=own.pk, by=request.actor, now=now, **form.wish
            )
            messages.success(request, _("证明开好了，可以下载、打印，也可以直接出示二维码。"))
            return redirect("certificates:detail", made.public_id)
    return render(
        request,
        "certificates/certificate_new.html",
        {"form": form, "span": span},
        status=form.status,
    )


@require_GET
@signed_in
@never_cache
def certificate(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.certificates_of(request.actor), public_id=certificate_id)
    return render(
        request,
        "certificates/certificate_detail.html",
        {
            "certificate": queries.certificate_row(found),
            "lines": found.lines,
            "check_url": paper.check_address(found, site=site_of(request)),
        },
    )


@require_GET
@signed_in
@never_cache
def paper_file(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    """Print a certificate as PDF/A."""
    found = _valid(request, certificate_id)
    content = paper.pdf_of(found, site=site_of(request))
    return _file(content, "application/pdf", f"{found.number}.pdf")


@require_GET
@signed_in
@never_cache
def picture_file(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    """Draw a certificate, where a PDF cannot be opened."""
    found = _valid(request, certificate_id)
    if not queries.certificate_row(found).has_picture:
        raise Http404
    return HttpResponse(paper.png_of(found, site=site_of(request)), content_type="image/png")


@require_GET
@signed_in
@never_cache
def credential_file(request: MemberRequest, certificate_id: UUID) -> HttpResponse:
    """Hand a certificate out as a credential for machines."""
    found = _valid(request, certificate_id)
    content = credential.written(found, site=site_of(request), now=clock.now())
    return _file(content, credential.TYPE, f"{found.number}.json")


def site_of(request: HttpRequest) -> str:
    """Return the address of the site, as https://linbang.example/."""
    return request.build_absolute_uri("/")


def _valid(request: MemberRequest, certificate_id: UUID):  # type: ignore[no-untyped-def]  # a row, named by the query
    found = get_object_or_404(
        queries.certificates_visible_to(request.actor), public_id=certificate_id
    )
    if not queries.certificate_row(found).is_valid:
        raise CertificateEnded
    actions.note_look(certificate=found, by=request.actor, now=clock.now(), exported=True)
    return found


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f"attachment; filename={name}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
