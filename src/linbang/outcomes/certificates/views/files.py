"""Cards to cut out, and a school's file."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.certificates import actions, queries
from linbang.outcomes.certificates.choices import CardKind
from linbang.outcomes.certificates.forms import CreditsForm
from linbang.outcomes.certificates.schemas import workbook
from linbang.outcomes.certificates.schemas.cards import cards_pdf

TEAMS_A_PAGE = 20


@require_GET
@signed_in
def cards(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.teams_to_print_for(request.actor), TEAMS_A_PAGE).get_page(
        request.GET.get("page")
    )
    card = queries.own_card(request.actor)
    return render(
        request,
        "certificates/cards.html",
        {
            "card": card,
            "teams": list(page),
            "page": page,
            "scheme": queries.scheme_name(),
            "has_schools": queries.schools_to_export_for(request.actor).exists(),
        },
    )


@require_GET
@signed_in
@never_cache
def own_card(request: MemberRequest, kind: str) -> HttpResponse:
    card = queries.own_card(request.actor)
    if card is None or kind not in CardKind.values:
        raise Http404
    content = cards_pdf(
        [card],
        kind=CardKind(kind),
        layout="single",
        address=lambda number: _address(request, number),
        made_at=clock.now(),
    )
    return _file(content, f"card-{kind}.pdf")


@require_GET
@signed_in
@never_cache
def team_cards(request: MemberRequest, team_id: UUID, kind: str) -> HttpResponse:
    team = get_object_or_404(queries.teams_to_print_for(request.actor), public_id=team_id)
    if kind not in CardKind.values:
        raise Http404
    now = clock.now()
    found = actions.print_team_cards(team_id=team.pk, kind=kind, by=request.actor, now=now)
    content = cards_pdf(
        found.cards,
        kind=CardKind(kind),
        layout="sheet",
        address=lambda number: _address(request, number),
        made_at=now,
    )
    return _file(content, f"cards-{kind}.pdf")


@require_GET
@signed_in
def schools(request: MemberRequest) -> HttpResponse:
    found = list(queries.schools_to_export_for(request.actor))
    if not found:
        raise Http404
    return render(request, "certificates/schools.html", {"schools": found})


@require_http_methods(["GET", "POST"])
@signed_in
def credits_of_school(request: MemberRequest, school_id: UUID) -> HttpResponse:
    """Take the hours of a school's pupils out, for a told purpose."""
    visible = queries.schools_to_export_for(request.actor)
    school = get_object_or_404(visible, public_id=school_id)
    now = clock.now()
    today = clock.local_date(now)
    term = {"first": date(today.year, 2 if today.month in range(2, 9) else 9, 1), "last": today}
    form = CreditsForm(request.POST or None, initial=term)
    if form.is_valid():
        with form.refusals():
            told = actions.export_credits(
                school_id=school.pk, by=request.actor, now=now, **form.cleaned_data
            )
            return workbook.download(told)
    return render(
        request, "certificates/credits.html", {"form": form, "school": school}, status=form.status
    )


def _address(request: HttpRequest, number: str) -> str:
    return request.build_absolute_uri(reverse("service:scanned_card", args=[number]))


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f"inline; filename={name}"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
