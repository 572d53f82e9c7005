"""A volunteer answers an offer."""

from datetime import datetime

from django.db import connection, transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotFound, Refused
from linbang.foundation.events import announce
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.closing import close_escalation, withdraw_open_offers
from linbang.operations.dispatch.actions.telling import tell_askers, tell_by_phone
from linbang.operations.dispatch.choices import Answer
from linbang.operations.dispatch.errors import (
    NotYourOffer,
    OfferClosed,
    OfferExpired,
    PlaceTaken,
    WindowTaken,
)
from linbang.operations.dispatch.events import OfferAccepted, OfferRefused
from linbang.operations.dispatch.models import Assignment, Offer, OfferAnswer
from linbang.operations.dispatch.queries import Contact

_ACCEPT = """
SELECT verdict, assignment_id
FROM dispatch_accept_v1(
    %s::varchar[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[]
)
"""
_REFUSALS: dict[str, type[Refused]] = {
    "not_yours": NotYourOffer,
    "closed": OfferClosed,
    "expired": OfferExpired,
    "place_taken": PlaceTaken,
    "window_taken": WindowTaken,
}


@transaction.atomic
def accept_offer(*, offer_id: int, by: Actor, now: datetime) -> Assignment:
    """Turn an open offer into the volunteer's assignment and commitment.

    A worker who dispatches there may accept for a volunteer who said yes on the telephone.
    Accepting twice returns the same assignment. Raises OfferClosed, OfferExpired, PlaceTaken,
    WindowTaken (the last two decided by the database).
    """
    offer = _offer_answered_by(offer_id, by)
    by = by.on_behalf_of(offer.volunteer_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _ACCEPT, [[offer.cell], [offer.pk], [offer.volunteer_id], [by.person_id], [now]]
        )
        verdict, assignment_id = cursor.fetchone()
    if verdict in _REFUSALS:
        raise _REFUSALS[verdict]
    assignment = Assignment.objects.select_related("need__item").get(
        cell=offer.cell, pk=assignment_id
    )
    if verdict == "accepted":
        _follow_up(assignment, by=by, now=now)
    return assignment


def _follow_up(assignment: Assignment, *, by: Actor, now: datetime) -> None:
    need = assignment.need
    record(
        by=by,
        action="dispatch.accept_offer",
        subject=assignment,
        region_code=need.region_id,
        about_id=need.beneficiary_id,
        now=now,
    )
    if queries.helpers_of(need).count() >= need.helpers:
        withdraw_open_offers(need, now=now)
        close_escalation(need, now=now)
        advance_need(need=need, state=NeedState.ASSIGNED, by=by, now=now)
        tell_askers("need_assigned", need, now=now)
        tell_by_phone(need, now=now)
    announce(OfferAccepted(assignment_id=assignment.pk, cell=assignment.cell, at=now))


@transaction.atomic
def refuse_offer(*, offer_id: int, by: Actor, now: datetime, reason: str = "") -> None:
    """Decline an offer; it costs nothing, and the next candidate is asked (rule 61).

    Raises OfferClosed, OfferExpired.
    """
    offer = _offer_answered_by(offer_id, by)
    by = by.on_behalf_of(offer.volunteer_id)
    lock_need(offer.need_id)
    answer = OfferAnswer.objects.filter(cell=offer.cell, offer_id=offer.pk).first()
    if answer is not None and answer.answer == Answer.REFUSED:
        return
    if answer is not None and answer.answer != Answer.EXPIRED:
        raise OfferClosed
    if answer is not None or not rules.is_open(None, expires_at=offer.expires_at, now=now):
        raise OfferExpired
    OfferAnswer.objects.create(
        cell=offer.cell,
        offer=offer,
        answer=Answer.REFUSED,
        at=now,
        by_id=by.person_id,
        reason=reason.strip()[:200],
    )
    record(
        by=by,
        action="dispatch.refuse_offer",
        subject=offer,
        region_code=offer.need.region_id,
        now=now,
    )
    announce(OfferRefused(need_id=offer.need_id, cell=offer.cell, at=now))


@transaction.atomic
def see_contact(*, assignment: Assignment, by: Actor, now: datetime) -> Contact | None:
    """Return the beneficiary's address and phone while rule 62 keeps them open, and write down
    that they were seen. Only the helper sees them here; everybody else gets None.
    """
    if by.person_id != assignment.volunteer_id:
        return None
    contact = queries.contact_of(assignment, now=now)
    if contact is not None:
        record(
            by=by,
            action="dispatch.see_contact",
            subject=assignment,
            region_code=assignment.need.region_id,
            about_id=assignment.need.beneficiary_id,
            outcome=Outcome.SEEN,
            now=now,
        )
    return contact


def _offer_answered_by(offer_id: int, by: Actor) -> Offer:
    offer = Offer.objects.select_related("need").filter(pk=offer_id).first()
    if offer is None or not (
        by.person_id == offer.volunteer_id
        or by.may(Permission.DISPATCH, region=offer.need.region_id)
    ):
        raise NotFound
    return offer
