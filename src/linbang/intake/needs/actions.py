"""Opening needs, answering them, and moving them on."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.clock import local_date
from linbang.foundation.crypto import blind_index
from linbang.foundation.errors import KeyReused, NotAllowed, NotFound, refusing
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import may_speak_for
from linbang.intake.needs import queries, rules
from linbang.intake.needs.choices import HelpersReason, NeedChannel, NeedState, Urgency
from linbang.intake.needs.errors import (
    AlreadyAskedThatDay,
    ContactMissing,
    EmergencyNotDispatched,
    ItemNotOffered,
    MayNotSpeakFor,
    ReasonRequired,
    TooFewHelpers,
)
from linbang.intake.needs.events import NeedDeclined, NeedVerified, NeedWithdrawn
from linbang.intake.needs.models import Need, NeedStep, ServiceItem


class Contact(NamedTuple):
    """Where to go and whom to ring."""

    address: str
    phone: str


@transaction.atomic
def open_need(  # noqa: PLR0913 - who, what, where, when and risks are each asked for (rule 57)
    *,
    beneficiary_id: int,
    requested_by_id: int,
    channel: NeedChannel | str,
    item_code: str,
    starts_at: datetime,
    ends_at: datetime,
    key: str,
    by: Actor,
    now: datetime,
    note: str = "",
    known_risks: Iterable[str] = (),
    urgency: Urgency | str = Urgency.NORMAL,
    address: str | None = None,
    phone: str | None = None,
    is_extra: bool = False,
    is_no_emergency: bool = False,
) -> Need:
    """Take a request for help down; the same key with the same content returns the same need.

    ``is_extra``: the station allows a second visit of the kind that day (rule 65).
    ``is_no_emergency``: the asker has read the emergency numbers and says it is none.
    Raises MayNotSpeakFor, ItemNotOffered, WindowNotBookable, EmergencyNotDispatched, RiskUnknown,
    ContactMissing, AlreadyAskedThatDay, KeyReused.
    """
    person = _beneficiary(beneficiary_id)
    channel, risks = NeedChannel(channel), rules.known_risks(known_risks)
    content_digest = _digest(
        beneficiary_id, requested_by_id, channel, item_code, starts_at, ends_at, note,
        risks, urgency, address, phone, is_extra,
    )  # fmt: skip
    _require_speaker(person, requested_by_id=requested_by_id, channel=channel, by=by)
    if (before := queries.need_with_key(person.cell, key)) is not None:
        return _same_or_refuse(before, content_digest)
    item = _item(item_code)
    _require_sound(note, starts_at, ends_at, is_no_emergency=is_no_emergency, now=now)
    _require_extra_allowed(person, by=by, is_extra=is_extra)
    helpers = _helpers(item, person, starts_at, ends_at)
    need = Need(
        cell=person.cell,
        key=key,
        content_digest=content_digest,
        beneficiary=person,
        requested_by_id=requested_by_id,
        taken_by_id=by.person_id if by.person_id != requested_by_id else None,
        channel=channel,
        item=item,
        region_id=person.region_id,
        address=address or queries.address_of(person),
        phone=phone or _phone_for(person, requested_by_id),
        note=note.strip(),
        known_risks=",".join(risks),
        urgency=Urgency(urgency),
        helpers=helpers.count,
        helpers_reason=",".join(helpers.reasons),
        starts_at=starts_at,
        ends_at=ends_at,
        is_extra=is_extra,
        opened_at=now,
        answer_due_at=rules.first_answer_due(now),
        state=NeedState.OPENED,
        state_since=now,
    )
    return _store(need, by=by, now=now)


@transaction.atomic
def take_down_need(
    *,
    caller_id: int,
    beneficiary_id: int,
    minutes: int,
    starts_at: datetime,
    verify_now: bool = False,
    by: Actor,
    now: datetime,
    **told: Any,
) -> Need:
    """Write down what somebody asks for on the telephone or at the door, and verify it if heard.

    ``told`` as in ``open_need``, whose refusals it raises; also those of ``verify_need``.
    """
    need = open_need(
        beneficiary_id=beneficiary_id,
        requested_by_id=caller_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        by=by,
        now=now,
        **told,
    )
    if verify_now and need.state == NeedState.OPENED:
        return verify_need(need_id=need.pk, by=by, now=now)
    return need


@transaction.atomic
def verify_need(
    *,
    need_id: int,
    by: Actor,
    now: datetime,
    known_risks: Iterable[str] | None = None,
    risk_note: str | None = None,
    helpers: int | None = None,
) -> Need:
    """Say that the need is real and may be dispatched; None leaves risks and helpers as they are.

    Raises NotAllowed, StateNotNext, RiskUnknown, TooFewHelpers.
    """
    need = _locked_for_staff(need_id, by=by)
    if known_risks is not None:
        need.known_risks = ",".join(rules.known_risks(known_risks))
    if risk_note is not None:
        need.risk_note = risk_note.strip()
    if helpers is not None:
        _set_helpers(need, helpers)
    _answer(need, NeedState.VERIFIED, by=by, now=now)
    announce(NeedVerified(need_id=need.pk, cell=need.cell))
    return need


@transaction.atomic
def decline_need(*, need_id: int, reason: str, by: Actor, now: datetime) -> Need:
    """Say that the station cannot take the need on, why, and where to turn instead.

    Raises NotAllowed, ReasonRequired, StateNotNext.
    """
    need = _locked_for_staff(need_id, by=by)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    _answer(need, NeedState.DECLINED, by=by, now=now, reason=reason)
    announce(NeedDeclined(need_id=need.pk, cell=need.cell))
    return need


@transaction.atomic
def withdraw_need(*, need_id: int, by: Actor, now: datetime, reason: str = "") -> Need:
    """Take a need back, at any time before it was served.

    The beneficiary, the requester, a relative or the station may. Raises NotFound, StateNotNext.
    """
    need = queries.lock_need(need_id)
    if not queries.may_withdraw(by, need):
        raise NotFound
    _move(need, NeedState.WITHDRAWN, by=by, now=now, reason=reason)
    announce(NeedWithdrawn(need_id=need.pk, cell=need.cell))
    return need


@transaction.atomic
def see_contact(*, need_id: int, by: Actor, now: datetime) -> Contact:
    """Show a worker the full address and phone of a need; every look is logged.

    Raises NotAllowed.
    """
    need = Need.objects.get(pk=need_id)
    if not by.may(Permission.UNMASK_CONTACT, region=need.region_id):
        raise NotAllowed
    record(
        by=by, action="needs.see_contact", subject=need, region_code=need.region_id,
        outcome=Outcome.SEEN, now=now,
    )  # fmt: skip
    return Contact(need.address, need.phone)


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
        _move(current, NeedState(state), by=by, now=now, reason=reason)
    need.state, need.state_since = current.state, current.state_since
    return need


def _beneficiary(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    if person is None:
        raise NotFound
    return person


def _item(code: str) -> ServiceItem:
    item = queries.items_offered().filter(code=code).first()
    if item is None:
        raise ItemNotOffered(field="item")
    return item


def _digest(*content: object) -> str:
    return blind_index(json.dumps(content, default=str), purpose="needs.content")


def _require_speaker(
    person: Person, *, requested_by_id: int, channel: NeedChannel, by: Actor
) -> None:
    allowed = by.is_system or rules.is_channel_open(
        channel,
        asker_id=by.person_id,
        requester_id=requested_by_id,
        beneficiary_id=person.pk,
        is_kin=may_speak_for(by, person.pk),
        may_take=by.may(Permission.TAKE_NEEDS, region=person.region_id),
    )
    if not allowed:
        raise MayNotSpeakFor


def _require_sound(
    note: str, starts_at: datetime, ends_at: datetime, *, is_no_emergency: bool, now: datetime
) -> None:
    emergency = rules.emergency_in(note)
    if emergency is not None and not is_no_emergency:
        raise EmergencyNotDispatched(field="note", number=emergency.value)
    rules.require_bookable(starts_at, ends_at, now=now)


def _require_extra_allowed(person: Person, *, by: Actor, is_extra: bool) -> None:
    if is_extra and not by.may(Permission.VERIFY_NEEDS, region=person.region_id):
        raise NotAllowed


def _helpers(
    item: ServiceItem, person: Person, starts_at: datetime, ends_at: datetime
) -> rules.Helpers:
    return rules.helpers_needed(
        item.helpers,
        is_first_visit=not queries.was_served_before(person.pk, cell=person.cell),
        is_minor=rules.is_minor(person.birth_date, local_date(starts_at)),
        is_night=rules.is_night(starts_at, ends_at),
    )


def _phone_for(person: Person, requested_by_id: int) -> str:
    if person.phone or requested_by_id == person.pk:
        return str(person.phone)
    return str(Person.objects.get(pk=requested_by_id).phone)


def _same_or_refuse(need: Need, content_digest: str) -> Need:
    if need.content_digest != content_digest:
        raise KeyReused
    return need


def _store(need: Need, *, by: Actor, now: datetime) -> Need:
    if not (need.address and need.phone):
        raise ContactMissing
    broken = {"need_same_kind_once_a_day": AlreadyAskedThatDay, "need_key_once": KeyReused}
    try:
        with refusing(broken), transaction.atomic():
            need.save(force_insert=True)
    except (AlreadyAskedThatDay, KeyReused):
        # The same tap may have come in twice at once: the other connection stored it first, and
        # which of the two constraints speaks up depends on their order.
        before = queries.need_with_key(need.cell, need.key)
        if before is None:
            raise
        return _same_or_refuse(before, need.content_digest)
    _note_step(need, by=by, now=now, reason="", action="needs.open_need")
    return need


def _locked_for_staff(need_id: int, *, by: Actor) -> Need:
    need = queries.lock_need(need_id)
    if not by.may(Permission.VERIFY_NEEDS, region=need.region_id):
        raise NotAllowed
    return need


def _set_helpers(need: Need, helpers: int) -> None:
    needed = _helpers(need.item, need.beneficiary, need.starts_at, need.ends_at)
    if not needed.count <= helpers <= rules.HELPERS_MAX:
        raise TooFewHelpers(field="helpers", count=needed.count)
    reasons = needed.reasons
    if helpers > needed.count:
        reasons = (*reasons, HelpersReason.STATION)
    need.helpers, need.helpers_reason = helpers, ",".join(reasons)


def _answer(need: Need, state: NeedState, *, by: Actor, now: datetime, reason: str = "") -> None:
    need.first_answered_at = need.first_answered_at or now
    _move(need, state, by=by, now=now, reason=reason)


def _move(need: Need, state: NeedState, *, by: Actor, now: datetime, reason: str) -> None:
    rules.require_following(NeedState(need.state), state)
    need.state, need.state_since = state, now
    need.save(
        update_fields=[
            "state", "state_since", "first_answered_at", "known_risks", "risk_note", "helpers",
            "helpers_reason",
        ]
    )  # fmt: skip
    _note_step(
        need, by=by, now=now, reason=reason, action=_ACTIONS.get(state, "needs.advance_need")
    )


_ACTIONS = {
    NeedState.VERIFIED: "needs.verify_need",
    NeedState.DECLINED: "needs.decline_need",
    NeedState.WITHDRAWN: "needs.withdraw_need",
}


def _note_step(need: Need, *, by: Actor, now: datetime, reason: str, action: str) -> None:
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
