"""Looking for helpers: rank, store why, ask the next, hand over to the station."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.repairing import ask_by_plan
from linbang.operations.dispatch.actions.telling import tell_asked, tell_station
from linbang.operations.dispatch.choices import EscalationCause
from linbang.operations.dispatch.models import Candidacy, Escalation, Offer, Ranking
from matching import Candidate
from matching import Ranking as Ranked


@transaction.atomic
def find_helpers(*, need_id: int, by: Actor, now: datetime) -> Ranking | None:
    """Ask the best volunteers for the places of a need that nobody is asked for yet.

    Stores the ranking with its reasons. Hands over to the station when nobody suits, or after
    three offers or two hours (rule 60). A need that stands in a published plan is given the next
    one by plan. Safe to run again: with nothing to do it returns None.
    Raises NotAllowed.
    """
    need = lock_for(need_id, by)
    search = queries.search_of(need, now=now)
    if search.wanted <= 0 or not rules.is_dispatchable(NeedState(need.state)):
        return None
    # Once the station has it, only the station asks: whom it rings up must not be overtaken.
    if need.state == NeedState.ESCALATED:
        _put_back(need, search, by=by, now=now)
        return None
    # What a plan is about to give to somebody is not asked for past it.
    if need.state == NeedState.VERIFIED and queries.needs_left_to_plans([need.pk], now=now):
        return None
    cause = rules.station_takes_over(
        ended_offers=search.failed,
        first_offered_at=search.first_offered_at,
        starts_at=need.starts_at,
        now=now,
    )
    if cause is not None:
        escalate(need, cause=cause, by=by, now=now)
        return None
    wanted = search.wanted - ask_by_plan(need, wanted=search.wanted, by=by, now=now)
    return _ask_best(need, wanted=wanted, by=by, now=now) if wanted > 0 else None


@transaction.atomic
def rank_again(*, need_id: int, by: Actor, now: datetime) -> Ranking:
    """Rank once more without asking anybody, for a worker who looks for herself.

    Raises NotAllowed.
    """
    need = lock_for(need_id, by)
    ranked, area = _ranked(need, now=now)
    ranking, _ = _store(need, ranked, area=area, by=by, now=now)
    return ranking


def lock_for(need_id: int, by: Actor) -> Need:
    """Return a need, locked, for an actor who dispatches there. Raises NotAllowed."""
    need = lock_need(need_id)
    if not by.may(Permission.DISPATCH, region=need.region_id):
        raise NotAllowed
    return need


def _ask_best(need: Need, *, wanted: int, by: Actor, now: datetime) -> Ranking:
    ranked, area = _ranked(need, now=now)
    ranking, candidacies = _store(need, ranked, area=area, by=by, now=now)
    chosen = candidacies[:wanted]
    if chosen:
        _offer_all(need, chosen, now=now)
        advance_need(need=need, state=NeedState.OFFERED, by=by, now=now)
    if len(chosen) < wanted:
        escalate(need, cause=EscalationCause.NOBODY, by=by, now=now)
    return ranking


def _ranked(need: Need, *, now: datetime) -> tuple[Ranked, str]:
    """Rank the street; when it has too few, the county."""
    wanted = queries.wanted_of(need)
    for area in rules.search_areas(need.region_id):
        ranked = queries.rank_helpers(wanted, area=area, limit=rules.CANDIDATES_KEPT, now=now)
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
    expires_at = rules.offer_expires_at(Urgency(need.urgency), now=now, starts_at=need.starts_at)
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
    tell_asked(offers, need, now=now)


def escalate(need: Need, *, cause: EscalationCause, by: Actor, now: datetime) -> None:
    """Put a locked need on the station's list and tell its workers; once is enough."""
    _, created = Escalation.objects.get_or_create(
        cell=need.cell, need=need, taken_at=None, defaults={"cause": cause, "raised_at": now}
    )
    if created:
        advance_need(need=need, state=NeedState.ESCALATED, by=by, now=now, reason=str(cause.label))
        tell_station(need, now=now)


def _put_back(need: Need, search: queries.Search, *, by: Actor, now: datetime) -> None:
    """Put a need that a worker took over back on the list when her search has come to nothing."""
    last = (
        Escalation.objects.filter(cell=need.cell, need_id=need.pk).order_by("taken_at", "id").last()
    )
    if last is None or last.taken_at is None:
        return
    asked_since = search.last_offered_at is not None and search.last_offered_at >= last.taken_at
    if rules.is_station_late(taken_at=last.taken_at, asked_since=asked_since, now=now):
        escalate(need, cause=EscalationCause.UNANSWERED, by=by, now=now)
