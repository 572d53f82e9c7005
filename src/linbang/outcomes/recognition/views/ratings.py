from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.operations.service import queries as service
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.choices import Side
from linbang.outcomes.recognition.forms import ManyRatingsForm, RatingForm

_SHOWN = 20
# One form of many people: three marks each are as many fields as a phone takes in its stride.
PEOPLE_A_PAGE = 40


@require_GET
@signed_in
def ratings(request: MemberRequest) -> HttpResponse:
    now, actor = clock.now(), request.actor
    as_volunteer = queries.records_to_rate_as_volunteer(actor, now=now)[:_SHOWN]
    as_resident = queries.records_to_rate_as_resident(actor, now=now)[:_SHOWN]
    return render(
        request,
        "recognition/ratings.html",
        {
            "sum": queries.own_rating(actor, now=now),
            "services": queries.rows_to_rate(as_volunteer),
            "helpers": queries.rows_to_rate(as_resident),
            "received": queries.ratings_received(actor, now=now),
            "given": queries.ratings_given(actor),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def of_volunteer(request: MemberRequest, record_id: UUID) -> HttpResponse:
    """Let the resident, or who speaks for her, rate the volunteer who came."""
    return _rating(request, queries.received_by(request.actor, record_id), Side.VOLUNTEER)


@require_http_methods(["GET", "POST"])
@signed_in
def of_service(request: MemberRequest, record_id: UUID) -> HttpResponse:
    """Let the volunteer rate how her service was organised."""
    return _rating(request, queries.earned_by(request.actor, record_id), Side.SERVICE)


@require_http_methods(["GET", "POST"])
@permitted(Permission.VERIFY_RECORDS)
def by_phone(request: MemberRequest, record_id: UUID) -> HttpResponse:
    """Write down what a resident said on the telephone."""
    found = queries.looked_after_by(request.actor, record_id)
    return _rating(request, found, Side.VOLUNTEER, by_station=True)


def _rating(request: MemberRequest, found: Any, side: Side, *, by_station: bool = False) -> Any:
    now = clock.now()
    form = RatingForm(request.POST or None, side=side)
    if form.is_valid():
        with form.refusals():
            actions.rate(
                record_id=found.pk, side=side, points=form.points(),
                comment=form.cleaned_data["comment"], by=request.actor, now=now,
                by_station=by_station,
            )  # fmt: skip
            messages.success(request, _("谢谢您的评价！"))
            return redirect(request.path)
    page = queries.rating_page(found, side, now=now)
    template = "recognition/console_rating.html" if by_station else "recognition/rating.html"
    return render(request, template, {"page": page, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
@signed_in
def lead(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    """Let the leader rate the people of an activity: all very good, but for the exceptions."""
    now, actor = clock.now(), request.actor
    activity = get_object_or_404(service.activities_led_by(actor), public_id=activity_id)
    waiting = queries.records_to_rate_as_leader(activity, by_id=actor.person_id, now=now)
    page = Paginator(waiting, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    found = {one.public_id: one.pk for one in page}
    form = ManyRatingsForm(request.POST or None, records=list(found))
    if form.is_valid():
        points = {found[record]: three for record, three in form.points().items()}
        _rate_many(request, points)
        return redirect("recognition:lead", activity_id=activity_id)
    rows = {row.record_id: row for row in queries.rows_to_rate(page)}
    context = {
        "activity": activity,
        "page": page,
        "form": form,
        "lines": [(rows[record], marks, skip) for record, marks, skip in form.lines()],
        "feedback": queries.feedback_on(activity, now=now),
    }
    return render(request, "recognition/lead_ratings.html", context, status=form.status)


def _rate_many(request: MemberRequest, points: Any) -> None:
    done, refusals = actions.rate_many(points=points, by=request.actor, now=clock.now())
    words = ngettext("已提交 %(n)s 份评价，谢谢。", "已提交 %(n)s 份评价，谢谢。", done) % {
        "n": done
    }
    messages.success(request, words)
    for text in dict.fromkeys(str(refusal) for refusal in refusals):
        messages.error(request, text)
