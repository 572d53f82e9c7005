"""Offers that end without a yes or no, and escalations that are over.

Whoever answers an offer holds the lock of its need, so that an offer has one end.
"""

from datetime import datetime

from django.db import transaction

from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.actions.telling import tell_expired, tell_withdrawn
from linbang.operations.dispatch.choices import Answer
from linbang.operations.dispatch.models import Escalation, Offer, OfferAnswer


def withdraw_open_offers(need: Need, *, now: datetime, volunteer_id: int | None = None) -> int:
    """Answer the open offers of a locked need as withdrawn; the volunteers owe nothing."""
    chosen = {} if volunteer_id is None else {"volunteer_id": volunteer_id}
    offers = list(
        Offer.objects.filter(cell=need.cell, need_id=need.pk, answer=None, **chosen).order_by("id")
    )
    OfferAnswer.objects.bulk_create(
        OfferAnswer(cell=need.cell, offer=offer, answer=Answer.WITHDRAWN, at=now)
        for offer in offers
    )
    tell_withdrawn([offer for offer in offers if offer.expires_at > now], need, now=now)
    return len(offers)


def close_escalation(need: Need, *, now: datetime) -> None:
    """Take a locked need off the station's list: a helper was found, or none is wanted."""
    Escalation.objects.filter(cell=need.cell, need_id=need.pk, taken_at=None).update(taken_at=now)


@transaction.atomic
def expire_offers(*, now: datetime) -> int:
    """Close every offer whose time has run out; return how many.

    A need that somebody is answering at this moment is left for the next round.
    """
    lapsed = Offer.objects.filter(
        answer=None, expires_at__lte=now, expires_at__gt=now - rules.EXPIRY_LOOKS_BACK
    )
    needs = (
        Need.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in=lapsed.values("need_id"))
        .order_by("id")
    )
    locked = list(needs.values_list("pk", flat=True))
    # Asked again under the locks: an answer may have come in between.
    offers = list(lapsed.filter(need_id__in=locked).select_related("need__item").order_by("id"))
    OfferAnswer.objects.bulk_create(
        OfferAnswer(cell=offer.cell, offer=offer, answer=Answer.EXPIRED, at=now) for offer in offers
    )
    tell_expired(offers, now=now)
    return len(offers)
