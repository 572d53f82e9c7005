from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service import queries
from linbang.operations.service.views.pictures import qr_file


@require_GET
@signed_in
@never_cache
def card(request: MemberRequest) -> HttpResponse:
    return render(request, "service/card.html", {"card": queries.card_of(request.actor)})


@require_GET
@signed_in
def card_print(request: MemberRequest) -> HttpResponse:
    own = queries.card_of(request.actor)
    if own is None:
        raise Http404
    return render(request, "service/card_print.html", {"card": own})


@require_GET
@signed_in
def card_image(request: MemberRequest) -> HttpResponse:
    own = queries.card_of(request.actor)
    if own is None:
        raise Http404
    address = request.build_absolute_uri(reverse("service:scanned_card", args=[own.number]))
    return qr_file(address)


@require_GET
@signed_in
@never_cache
def scanned(request: MemberRequest, number: str) -> HttpResponse:
    """Lead who scanned somebody's card with the phone's own scanner on to where cards are read: an
    activity she leads, or the visit that has just ended.
    """
    own = queries.card_of(request.actor)
    if own is not None and own.number == number:
        return redirect("service:card")
    activities = queries.led_now(request.actor, clock.now())
    if not activities:
        visit = queries.visit_just_ended(request.actor, clock.now())
        if visit is None:
            raise Http404
        return redirect("service:visit", visit.public_id)
    return render(request, "service/card_scanned.html", {"number": number, "led": activities})
