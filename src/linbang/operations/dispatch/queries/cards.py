"""An offer as the volunteer reads it, and helpers as those who asked read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import minutes_between
from linbang.foundation.people.queries import may_speak_for
from linbang.foundation.places.models import Region
from linbang.intake.needs.choices import Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import ANSWER_TONES, Answer, ReasonCode, Unfit
from linbang.operations.dispatch.models import Assignment, Offer
from linbang.operations.dispatch.queries.offers import helpers_of

_COMMUNITY_DIGITS, _GRID_DIGITS = 12, 15


@dataclass(frozen=True)
class OfferCard:
    """One offer without anything that tells who or which door: the place is community and grid.

    ``visit_id`` is set once a visit was planned for it; ``left_at`` when the helper stepped back.
    """

    public_id: UUID
    item: str
    icon: str
    caution: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    place: str
    why: tuple[str, ...]
    risks: tuple[str, ...]
    wishes: tuple[str, ...]
    helpers: int
    is_urgent: bool
    expires_at: datetime
    minutes_left: int
    is_open: bool
    is_accepted: bool
    answer: str
    tone: str
    answered_at: datetime | None
    left_at: datetime | None
    visit_id: UUID | None


@dataclass(frozen=True)
class HelperShown:
    """Who comes, as the beneficiary and those who speak for her may know it."""

    name: str
    number: str
    accepted_at: datetime


def offers_made_to(actor: Actor) -> QuerySet[Offer]:
    """Return the actor's own offers, ready for cards, the newest first."""
    return (
        Offer.objects.filter(volunteer_id=actor.person_id or 0)
        .select_related("need__item", "answer", "assignment__visit")
        .defer("need__address", "need__phone", "need__note", "need__risk_note")
        .order_by("-offered_at", "-id")
    )


def open_offers_made_to(actor: Actor, *, now: datetime) -> QuerySet[Offer]:
    """Return the actor's offers that can be answered, the one that lapses first first."""
    made = offers_made_to(actor).filter(answer=None, expires_at__gt=now)
    return made.order_by("expires_at", "id")


def past_offers_made_to(actor: Actor, *, now: datetime) -> QuerySet[Offer]:
    """Return the actor's offers that can no longer be answered, the newest first."""
    return offers_made_to(actor).exclude(answer=None, expires_at__gt=now)


def cards_of(offers: Iterable[Offer], *, now: datetime) -> list[OfferCard]:
    """Return offers as cards; one query for the names of the places."""
    offers = list(offers)
    places = _places(offer.need.region_id for offer in offers)
    return [_card(offer, places[offer.need.region_id], now=now) for offer in offers]


def _card(offer: Offer, place: str, *, now: datetime) -> OfferCard:
    need, answer = offer.need, getattr(offer, "answer", None)
    assignment = getattr(offer, "assignment", None)
    is_open = rules.is_open(
        Answer(answer.answer) if answer else None, expires_at=offer.expires_at, now=now
    )
    # Nobody may have come round to writing the expiry down yet.
    ended = Answer(answer.answer) if answer else None if is_open else Answer.EXPIRED
    visit = getattr(assignment, "visit", None)
    return OfferCard(
        public_id=offer.public_id,
        item=need.item.label,
        icon=need.item.icon,
        caution=need.item.caution,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        minutes=minutes_between(need.starts_at, need.ends_at),
        place=place,
        # What a worker overruled is between the worker and the file.
        why=rules.reason_words(
            reason for reason in offer.reasons if reason["code"] != ReasonCode.DESPITE
        ),
        risks=tuple(str(risk.label) for risk in need.risks),
        wishes=_wishes(offer),
        helpers=need.helpers,
        is_urgent=need.urgency == Urgency.URGENT,
        expires_at=offer.expires_at,
        minutes_left=max(0, minutes_between(now, offer.expires_at)),
        is_open=is_open,
        is_accepted=assignment is not None and assignment.ended_at is None,
        answer=str(ended.label) if ended else "",
        tone=ANSWER_TONES[ended] if ended else "blue",
        answered_at=answer.at if answer else None,
        left_at=assignment.ended_at if assignment else None,
        visit_id=visit.public_id if visit else None,
    )


def _wishes(offer: Offer) -> tuple[str, ...]:
    # A man whom the station asks all the same need not read that a woman was wished for.
    is_settled = any(reason["value"] == Unfit.OTHER_SEX for reason in offer.reasons)
    return offer.need.wishes[1:] if is_settled else offer.need.wishes


def _places(codes: Iterable[str]) -> dict[str, str]:
    """Name each region down to its grid; one query."""
    levels = {code: (code[:_COMMUNITY_DIGITS], code[:_GRID_DIGITS]) for code in set(codes)}
    wanted = {part for parts in levels.values() for part in parts}
    names = dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
    return {
        code: " · ".join(names[part] for part in dict.fromkeys(parts) if part in names)
        for code, parts in levels.items()
    }


def helpers_shown(need: Need, actor: Actor) -> Sequence[HelperShown]:
    """Return who comes for a need, to those it concerns and to staff; nobody else sees any."""
    concerned = (
        actor.may(Permission.SEE_NEEDS, region=need.region_id)
        or actor.person_id == need.requested_by_id
        or may_speak_for(actor, need.beneficiary_id)
    )
    return [_shown(assignment) for assignment in helpers_of(need)] if concerned else []


def _shown(assignment: Assignment) -> HelperShown:
    return HelperShown(
        name=mask_name(assignment.volunteer.name),
        number=assignment.volunteer.volunteer.number,
        accepted_at=assignment.accepted_at,
    )
