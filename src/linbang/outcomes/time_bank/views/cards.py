"""The red card on a saver's phone, or printed by a worker for who has none."""

from io import BytesIO
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.views.gifts import giver


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def card(request: MemberRequest, person_id: UUID | None = None) -> HttpResponse:
    person, is_proxy = giver(request, person_id)
    now = clock.now()
    if request.method == "POST":
        actions.issue_card(person_id=person.pk, by=request.actor, now=now)
        return redirect(request.path)
    actions.note_look(person=person, by=request.actor, now=now)
    context = {
        "card": queries.red_card_of(person, now=now),
        "person": person,
        "is_proxy": is_proxy,
    }
    return render(request, "time_bank/red_card.html", context)


@require_GET
@signed_in
def card_image(request: MemberRequest, person_id: UUID | None = None) -> HttpResponse:
    person, _ = giver(request, person_id)
    number = queries.card_number_of(person)
    if number is None:
        raise Http404
    image = BytesIO()
    address = request.build_absolute_uri(reverse("service:scanned_card", args=[number]))
    segno.make(address, error="m").save(image, kind="svg", border=2, scale=8)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
