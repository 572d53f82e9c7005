"""What people are told while somebody is being found."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from linbang.foundation.messaging.actions import NoticeOrder, notify_many, send_sms
from linbang.foundation.messaging.choices import NoticeKind
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.models import Assignment, Offer


def tell_asked(offers: Iterable[Offer], need: Need, *, now: datetime) -> None:
    """Tell volunteers that they are asked, also by text message: half an hour is short."""
    offers = list(offers)
    _notify(
        "offer_made",
        NoticeKind.OFFER,
        need,
        {offer.volunteer_id: (_offer_url(offer), f"offer:{offer.pk}") for offer in offers},
        now=now,
    )
    phones = queries.phones_of(offer.volunteer_id for offer in offers)
    for offer in offers:
        if phones.get(offer.volunteer_id):
            send_sms(
                phone=phones[offer.volunteer_id],
                template="offer_made",
                params=_params(need),
                key=f"offer:{offer.pk}",
                cell=offer.cell,
                now=now,
            )


def tell_expired(offers: Iterable[Offer], *, now: datetime) -> None:
    """Tell volunteers that an offer lapsed, which costs them nothing."""
    for offer in offers:
        to = {offer.volunteer_id: (_offer_url(offer), f"offer:{offer.pk}:expired")}
        _notify("offer_expired", NoticeKind.OFFER, offer.need, to, now=now)


def tell_withdrawn(offers: Iterable[Offer], need: Need, *, now: datetime) -> None:
    """Tell volunteers who have not answered that nobody is wanted any more."""
    to = {
        offer.volunteer_id: (_offer_url(offer), f"offer:{offer.pk}:withdrawn") for offer in offers
    }
    _notify("offer_withdrawn", NoticeKind.OFFER, need, to, now=now)


def tell_askers(template: str, need: Need, *, now: datetime) -> None:
    """Tell the beneficiary and whoever asked for her how far the search has got."""
    key = f"need:{need.pk}:{template}:{now.timestamp():.0f}"
    url = f"/needs/{need.public_id}/"
    people = {need.beneficiary_id: (url, key), need.requested_by_id: (url, key)}
    _notify(template, NoticeKind.NEED, need, people, now=now)


def tell_by_phone(need: Need, *, now: datetime) -> None:
    """Tell the number left with a need that somebody comes: who rang up has no inbox."""
    if need.phone:
        send_sms(
            phone=need.phone,
            template="need_assigned",
            params=_params(need),
            key=f"need:{need.pk}:assigned:{now.timestamp():.0f}",
            cell=need.cell,
            now=now,
        )


def tell_station(need: Need, *, now: datetime) -> None:
    """Tell the workers who dispatch there that a helper must be found by hand."""
    to = {
        person_id: (
            f"/console/dispatch/{need.public_id}/",
            f"need:{need.pk}:escalated:{now.timestamp():.0f}",
        )
        for person_id in queries.dispatchers_at(need.region_id)
    }
    _notify("need_escalated", NoticeKind.TASK, need, to, now=now)


def tell_not_going(assignment: Assignment, need: Need, *, now: datetime) -> None:
    """Tell a helper that she need not go."""
    to = {assignment.volunteer_id: ("/visits/", f"assignment:{assignment.pk}:ended")}
    _notify("visit_cancelled", NoticeKind.VISIT, need, to, now=now)


def _notify(
    template: str,
    kind: NoticeKind,
    need: Need,
    people: dict[int, tuple[str, str]],
    *,
    now: datetime,
) -> None:
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=kind,
            template=template,
            params=_params(need),
            url=url,
            key=key,
        )
        for person_id, (url, key) in sorted(people.items())
    ]
    if orders:
        notify_many(orders=orders, now=now)


def _params(need: Need) -> dict[str, Any]:
    return {
        "item": need.item.name,
        "item_en": need.item.name_en,
        "starts_at": need.starts_at,
    }


def _offer_url(offer: Offer) -> str:
    return f"/offers/{offer.public_id}/"
