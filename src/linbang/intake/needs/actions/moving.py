"""Moving needs on: every change is a step, audited and told to those concerned."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.intake.needs import queries, rules
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.events import NeedLapsed
from linbang.intake.needs.models import Need, NeedStep, ServiceItem


@transaction.atomic
def advance_need(
    *, need: Need, state: NeedState, by: Actor, now: datetime, reason: str = ""
) -> Need:
    """Move a need on for a later step, which has decided that it may.

    A need already there stays as it is: the second helper's check-in changes nothing.
    Raises StateNotNext.
    """
    current = queries.lock_need(need.pk)
    if current.state != state:
        move(current, NeedState(state), by=by, now=now, reason=reason)
        if state == NeedState.LAPSED:
            announce(NeedLapsed(need_id=current.pk, cell=current.cell, at=now))
    need.state, need.state_since = current.state, current.state_since
    return need


def move(need: Need, state: NeedState, *, by: Actor, now: datetime, reason: str) -> None:
    """Store a locked need in its next state, with all that an answer may have changed.

    Raises StateNotNext.
    """
    rules.require_following(NeedState(need.state), state)
    need.state, need.state_since = state, now
    need.save(
        update_fields=[
            "state", "state_since", "first_answered_at", "known_risks", "risk_note", "helpers",
            "helpers_reason", "helper_sex", "helper_languages",
        ]
    )  # fmt: skip
    note_step(need, by=by, now=now, reason=reason, action=_ACTIONS.get(state, "needs.advance_need"))


def helpers_for(
    item: ServiceItem, person: Person, starts_at: datetime, ends_at: datetime
) -> rules.Helpers:
    """Return how many helpers this visit to this person needs; one query."""
    return rules.helpers_needed(
        item.helpers,
        is_first_visit=not queries.was_served_before(person.pk, cell=person.cell),
        is_minor=rules.is_minor(person.birth_date, local_date(starts_at)),
        is_night=rules.is_night(starts_at, ends_at),
    )


_ACTIONS = {
    NeedState.VERIFIED: "needs.verify_need",
    NeedState.DECLINED: "needs.decline_need",
    NeedState.WITHDRAWN: "needs.withdraw_need",
}


def note_step(need: Need, *, by: Actor, now: datetime, reason: str, action: str) -> None:
    """Write down the state a need is in now: step, audit and notices."""
    NeedStep.objects.create(
        cell=need.cell,
        need=need,
        state=need.state,
        at=now,
        by_id=by.person_id,
        on_behalf_of_id=_for_whom(need, by),
        reason=str(reason).strip()[:200],
    )
    record(
        by=by, action=action, subject=need, region_code=need.region_id, now=now,
        detail={"state": str(need.state)},
    )  # fmt: skip
    if need.state in _NOTICES:
        _tell_those_concerned(need, by=by, now=now, reason=reason)


# Later steps tell of what they do themselves.
_NOTICES = {
    NeedState.OPENED: "need_opened",
    NeedState.VERIFIED: "need_verified",
    NeedState.DECLINED: "need_declined",
    NeedState.WITHDRAWN: "need_withdrawn",
}


def _tell_those_concerned(need: Need, *, by: Actor, now: datetime, reason: str) -> None:
    """Write to beneficiary and requester, except to the one who did it herself."""
    params = {
        "item": need.item.name,
        "item_en": need.item.name_en,
        "starts_at": need.starts_at,
        "reason": reason,
    }
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=NoticeKind.NEED,
            template=_NOTICES[NeedState(need.state)],
            params=params,
            url=f"/needs/{need.public_id}/",
            # A need may be verified twice, when its helper stepped back.
            key=f"need:{need.pk}:{need.state}:{now.timestamp():.0f}",
        )
        for person_id in sorted({need.beneficiary_id, need.requested_by_id} - {by.person_id})
    ]
    notify_many(orders=orders, now=now)


def _for_whom(need: Need, by: Actor) -> int | None:
    """Return whom a worker acts for when she writes down another's request (代办, rule 102)."""
    if by.on_behalf_of_id is not None:
        return by.on_behalf_of_id
    is_taking_down = need.state == NeedState.OPENED and need.taken_by_id is not None
    return need.requested_by_id if is_taking_down else None
