from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.reporting.briefs import actions, queries
from linbang.reporting.briefs.forms import BriefForm, SourceForm
from linbang.reporting.briefs.schemas.document import TYPE, document_of
from linbang.reporting.statistics import queries as statistics

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.SEE_REPORTS)
def briefs(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.briefs_visible_to(request.actor), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    can_issue = bool(request.actor.regions_for(Permission.ISSUE_BRIEFS))
    return render(request, "briefs/brief_list.html", {"page": page, "can_issue": can_issue})


@require_GET
@permitted(Permission.SEE_REPORTS)
def brief(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.briefs_visible_to(request.actor), public_id=brief_id)
    return render(
        request, "briefs/brief_detail.html", {"brief": found, "sheet": queries.sheet_of(found)}
    )


@require_GET
@permitted(Permission.SEE_REPORTS)
def document(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.briefs_visible_to(request.actor), public_id=brief_id)
    actions.note_download(brief=found, by=request.actor, now=clock.now())
    number = f"{found.year}-{found.number:02d}"
    name = quote(_("%(place)s工作简报") % {"place": found.region.name} + f"-{number}.docx")
    disposition = f"attachment; filename=brief-{number}.docx; filename*=UTF-8''{name}"
    return HttpResponse(
        document_of(found), content_type=TYPE, headers={"Content-Disposition": disposition}
    )


@require_GET
@permitted(Permission.ISSUE_BRIEFS)
def new(request: MemberRequest) -> HttpResponse:
    desk = _desk(request, request.GET)
    proposal = queries.proposal_for(desk["region"], desk["snapshot"])
    return render(request, "briefs/brief_new.html", {**desk, "form": BriefForm(initial=proposal)})


@require_POST
@permitted(Permission.ISSUE_BRIEFS)
def preview(request: MemberRequest) -> HttpResponse:
    desk, form, sheet = _desk(request, request.GET), BriefForm(request.POST), None
    if form.is_valid():
        with form.refusals():
            text = actions.check_text(
                region_code=desk["region"].code,
                span=desk["span"],
                text=form.text(),
                by=request.actor,
            )
            sheet = queries.sheet_of_text(*text.parts(), facts=desk["snapshot"])
    context = {**desk, "form": form, "sheet": sheet}
    return render(request, "briefs/brief_new.html", context, status=form.status)


@require_POST
@permitted(Permission.ISSUE_BRIEFS)
def issue(request: MemberRequest) -> HttpResponse:
    desk, form = _desk(request, request.GET), BriefForm(request.POST)
    if form.is_valid():
        with form.refusals():
            issued = actions.issue_brief(
                region_code=desk["region"].code,
                span=desk["span"],
                text=form.text(),
                by=request.actor,
                now=clock.now(),
            )
            done = _("已编发 %(year)s 年第 %(number)s 期，数字不再改变。")
            messages.success(request, done % {"year": issued.year, "number": issued.number})
            return redirect("briefs:detail", brief_id=issued.public_id)
    return render(request, "briefs/brief_new.html", {**desk, "form": form}, status=form.status)


def _desk(request: MemberRequest, query: Any) -> dict[str, Any]:
    """Return what a brief is written about, and from which figures; hidden regions are 404."""
    now = clock.now()
    source = SourceForm(query, today=clock.local_date(now))
    region = statistics.region_visible_to(
        request.actor, source.chosen_region, permission=Permission.ISSUE_BRIEFS
    )
    if region is None:
        raise Http404
    period = source.chosen_period
    span = queries.span_of(period)
    regions = statistics.regions_to_choose(
        request.actor, region, permission=Permission.ISSUE_BRIEFS
    )
    source.offer(regions, chosen=region.code)
    return {
        "source": source,
        "region": region,
        "period": period,
        "period_label": statistics.label_of(period),
        "span": span,
        "snapshot": queries.snapshot_of(region, span=span, asked_at=now),
    }
