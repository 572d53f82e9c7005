"""Looking for helpers: rank, store why, ask the next, hand over to the station."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.actions import notify
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.choices import Answer, EscalationCause
from linbang.operations.dispatch.errors import AlreadyAsked, NotDispatchable, VolunteerUnfit
from linbang.operations.dispatch.models import (
    Assignment,
    Candidacy,
    Escalation,
    Offer,
    OfferAnswer,
    Ranking,
)
from matching import Candidate, rank_one
from matching import Ranking as Ranked


@transaction.atomic
def find_helpers(*, need_id: int, by: Actor, now: datetime) -> Ranking | None:
    """Ask the best volunteers for the places of a need that nobody is asked for yet.

    Stores the ranking with its reasons. Hands over to the station when nobody suits, or after
    three offers or two hours (rule 60). Safe to run again: with nothing to do it returns None.
    """
    need = lock_need(need_id)
    wanted = _places_to_fill(need, now=now)
    # Once the station has it, only the station asks: whom it rings up must not be overtaken.
    if wanted <= 0 or NeedState(need.state) not in rules.SOUGHT_BY_SYSTEM:
        return None
    cause = _reason_to_hand_over(need, now=now)
    if cause is not None:
        escalate(need, cause=cause, by=by, now=now)
        return None
    ranked, area = _ranked(need, now=now)
    ranking, candidacies = _store(need, ranked, area=area, by=by, now=now)
    chosen = candidacies[:wanted]
    if chosen:
        _offer_all(need, chosen, now=now)
        advance_need(need=need, state=NeedState.OFFERED, by=by, now=now)
    if len(chosen) < wanted:
        escalate(need, cause=EscalationCause.NOBODY, by=by, now=now)
    return ranking


def _places_to_fill(need: Need, *, now: datetime) -> int:
    taken = Assignment.objects.filter(cell=need.cell, need_id=need.pk, ended_at=None).count()
    asked = Offer.objects.filter(
        cell=need.cell, need_id=need.pk, answer=None, expires_at__gt=now
    ).count()
    return need.helpers - taken - asked


def _reason_to_hand_over(need: Need, *, now: datetime) -> EscalationCause | None:
    offers = list(
        Offer.objects.filter(cell=need.cell, need_id=need.pk)
        .order_by("id")
        .values_list("offered_at", "answer__answer")
    )
    failed = [answer for _, answer in offers if answer in (Answer.REFUSED, Answer.EXPIRED)]
    return rules.station_takes_over(
        ended_offers=len(failed),
        first_offered_at=offers[0][0] if offers else None,
        now=now,
    )


def _ranked(need: Need, *, now: datetime) -> tuple[Ranked, str]:
    """Rank the street; when it has too few, the county."""
    for area in rules.search_areas(need.region_id):
        pool = queries.load_pool(need, area=area, now=now)
        ranked = rank_one(pool.volunteers, pool.request, limit=rules.CANDIDATES_KEPT)
        if not ranked.missing:
            break
    return ranked, area


def _store(
    need: Need, ranked: Ranked, *, area: str, by: Actor, now: datetime
) -> tuple[Ranking, list[Candidacy]]:
    ranking = Ranking.objects.create(
        cell=need.cell,
        need=need,
        at=now,
        by_id=by.person_id,
        weights_version=ranked.weights_version,
        area=area,
        considered=ranked.considered,
        rejected={str(cause): count for cause, count in ranked.rejected.items() if count},
    )
    candidacies = Candidacy.objects.bulk_create(
        Candidacy(
            cell=need.cell,
            ranking=ranking,
            volunteer_id=candidate.id,
            rank=candidate.rank,
            metres=candidate.metres,
            reasons=_reasons(candidate),
        )
        for candidate in ranked.candidates
    )
    return ranking, candidacies


def _reasons(candidate: Candidate) -> list[dict[str, object]]:
    return [{"code": str(reason.code), "value": reason.value} for reason in candidate.reasons]


def _offer_all(need: Need, candidacies: Sequence[Candidacy], *, now: datetime) -> None:
    expires_at = rules.offer_expires_at(
        Urgency(need.urgency), now=now, starts_at=need.starts_at
    )
    offers = Offer.objects.bulk_create(
        Offer(
            cell=need.cell,
            need=need,
            volunteer_id=candidacy.volunteer_id,
            candidacy=candidacy,
            reasons=candidacy.reasons,
            offered_at=now,
            expires_at=expires_at,
        )
        for candidacy in candidacies
    )
    for offer in offers:
        _tell_volunteer(offer, need, now=now)


def _tell_volunteer(offer: Offer, need: Need, *, now: datetime) -> None:
    notify(
        person_id=offer.volunteer_id,
        kind=NoticeKind.OFFER,
        template="offer_made",
        params={"item": need.item.name, "starts_at": need.starts_at.isoformat()},
        url=f"/offers/{offer.public_id}/",
        key=f"offer:{offer.pk}",
        now=now,
    )


@transaction.atomic
def offer_to(*, need_id: int, volunteer_id: int, by: Actor, now: datetime) -> Offer:
    """Ask a volunteer whom a station worker chose by hand.

    Who is paused, ended, unconfirmed, a relative or blocked cannot be chosen; a missing skill or
    free time is the worker's to judge. Raises NotAllowed, NotDispatchable, VolunteerUnfit,
    AlreadyAsked.
    """
    need = lock_need(need_id)
    if not by.may(Permission.DISPATCH, region=need.region_id):
        raise NotAllowed
    if not rules.is_dispatchable(NeedState(need.state)) or _places_to_fill(need, now=now) <= 0:
        raise NotDispatchable
    if Offer.objects.filter(
        cell=need.cell, need_id=need.pk, volunteer_id=volunteer_id, answer=None, expires_at__gt=now
    ).exists():
        raise AlreadyAsked
    profile = VolunteerProfile.objects.filter(person_id=volunteer_id, ended_at=None).first()
    if profile is None:
        raise NotFound
    reason = queries.reason_against(need, profile, now=now)
    if reason is not None:
        raise VolunteerUnfit(reason=reason.label)
    _take_over(need, by=by, now=now)
    offer = Offer.objects.create(
        cell=need.cell,
        need=need,
        volunteer_id=volunteer_id,
        reasons=[{"code": "chosen_by_station", "value": None}],
        offered_at=now,
        expires_at=now + timedelta(minutes=rules.HAND_OFFER_MINUTES),
        offered_by_id=by.person_id,
    )
    record(by=by, action="dispatch.offer_to", subject=offer, region_code=need.region_id, now=now)
    _tell_volunteer(offer, need, now=now)
    return offer


def escalate(need: Need, *, cause: EscalationCause, by: Actor, now: datetime) -> None:
    """Put a need on the station's list; once is enough."""
    _, created = Escalation.objects.get_or_create(
        cell=need.cell, need=need, taken_at=None, defaults={"cause": cause, "raised_at": now}
    )
    if created:
        advance_need(need=need, state=NeedState.ESCALATED, by=by, now=now, reason=cause.label)


@transaction.atomic
def take_escalation(*, need_id: int, by: Actor, now: datetime) -> None:
    """A station worker says: I look after this one. Raises NotAllowed."""
    need = lock_need(need_id)
    if not by.may(Permission.DISPATCH, region=need.region_id):
        raise NotAllowed
    _take_over(need, by=by, now=now)


def _take_over(need: Need, *, by: Actor, now: datetime) -> None:
    taken = Escalation.objects.filter(cell=need.cell, need_id=need.pk, taken_at=None).update(
        taken_at=now, taken_by_id=by.person_id
    )
    if taken:
        record(
            by=by, action="dispatch.take_escalation", subject=need, region_code=need.region_id, now=now
        )


@transaction.atomic
def expire_offers(*, now: datetime) -> tuple[int, ...]:
    """Close every offer whose time has run out; return the needs that look for somebody again."""
    lapsed = (
        Offer.objects.filter(answer=None, expires_at__lte=now)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("id")
    )
    answers = [
        OfferAnswer(
            cell=offer.cell, offer=offer, answer=Answer.EXPIRED, at=max(now, offer.expires_at)
        )
        for offer in lapsed
    ]
    OfferAnswer.objects.bulk_create(answers)
    return tuple(dict.fromkeys(answer.offer.need_id for answer in answers))


def sweep(*, now: datetime) -> int:
    """Make sure that no order is silently lost: expire offers, look again for every need that
    waits, and let those lapse whose time has passed without a helper. Returns how many needs
    were touched; each in its own transaction.
    """
    by = Actor.system()
    expire_offers(now=now)
    waiting = list(
        Need.objects.filter(state__in=(NeedState.VERIFIED, NeedState.OFFERED))
        .order_by("id")
        .values_list("pk", "ends_at")
    )
    unfilled = Need.objects.filter(state=NeedState.ESCALATED, ends_at__lte=now).order_by("id")
    waiting += list(unfilled.values_list("pk", "ends_at"))
    for need_id, ends_at in waiting:
        if ends_at <= now:
            _let_lapse(need_id, by=by, now=now)
        else:
            find_helpers(need_id=need_id, by=by, now=now)
    return len(waiting)


@transaction.atomic
def _let_lapse(need_id: int, *, by: Actor, now: datetime) -> None:
    need = lock_need(need_id)
    has_helper = Assignment.objects.filter(
        cell=need.cell, need_id=need.pk, ended_at=None
    ).exists()
    if rules.is_dispatchable(NeedState(need.state)) and not has_helper:
        advance_need(need=need, state=NeedState.LAPSED, by=by, now=now)
