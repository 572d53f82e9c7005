"""Open offers that are no longer wanted."""

from datetime import datetime

from linbang.intake.needs.models import Need
from linbang.operations.dispatch.choices import Answer
from linbang.operations.dispatch.models import Offer, OfferAnswer


def withdraw_open_offers(need: Need, *, now: datetime) -> int:
    """Answer every open offer of a need as withdrawn; the volunteers owe nothing."""
    open_offers = Offer.objects.filter(cell=need.cell, need_id=need.pk, answer=None)
    answers = [
        OfferAnswer(cell=need.cell, offer=offer, answer=Answer.WITHDRAWN, at=now)
        for offer in open_offers.select_for_update(of=("self",)).order_by("id")
    ]
    OfferAnswer.objects.bulk_create(answers)
    return len(answers)
