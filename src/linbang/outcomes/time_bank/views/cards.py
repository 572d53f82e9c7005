"""The red card on a saver's phone."""

from io import BytesIO

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.views.statements import own


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def card(request: MemberRequest) -> HttpResponse:
    person, now = own(request), clock.now()
    if request.method == "POST":
        actions.issue_card(person_id=person.pk, now=now)
        return redirect("time_bank:card")
    return render(
        request, "time_bank/red_card.html", {"card": queries.red_card_of(person, now=now)}
    )


@require_GET
@signed_in
def card_image(request: MemberRequest) -> HttpResponse:
    number = queries.card_number_of(own(request))
    if number is None:
        raise Http404
    address = request.build_absolute_uri(reverse("service:scanned_card", args=[number]))
    image = BytesIO()
    segno.make(address, error="m").save(image, kind="svg", border=2, scale=8)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
