"""What the two sides of a pairing are told: that it began, and that it is over."""

from collections.abc import Mapping
from datetime import datetime

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.dispatch.models import Pairing
from linbang.operations.dispatch.queries import pairings


def tell_paired(pairing: Pairing, *, now: datetime) -> None:
    """Tell both that they are paired; the worker has spoken to them before."""
    _tell(pairing, {"helper": "pairing_with_neighbour", "resident": "pairing_with_helper"}, now=now)


def tell_ended(pairing: Pairing, *, now: datetime) -> None:
    """Tell both that the pairing is over; who closed her record is told nothing."""
    sides = {"helper": "pairing_ended"}
    if pairing.beneficiary.closed_at is None:
        sides["resident"] = "pairing_ended"
    _tell(pairing, sides, now=now)


def _tell(pairing: Pairing, sides: Mapping[str, str], *, now: datetime) -> None:
    people = {
        "helper": (pairings.helpers_of_pairing(pairing), mask_name(pairing.beneficiary.name)),
        "resident": ([pairing.beneficiary_id], pairings.masked_helper(pairing)),
    }
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=NoticeKind.VISIT,
            template=template,
            params={"name": people[side][1]},
            url="/pairings/",
            key=f"pairing:{pairing.pk}:{template}",
        )
        for side, template in sides.items()
        for person_id in people[side][0]
    ]
    if orders:
        notify_many(orders=orders, now=now)
