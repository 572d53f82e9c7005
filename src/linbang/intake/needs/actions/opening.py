"""Taking requests for help down."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.crypto import blind_index
from linbang.foundation.errors import KeyReused, NotAllowed, NotFound, refusing
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import may_speak_for
from linbang.intake.needs import queries, rules
from linbang.intake.needs.actions.answering import verify_need
from linbang.intake.needs.actions.moving import helpers_for, note_step
from linbang.intake.needs.choices import NeedChannel, NeedState, Urgency
from linbang.intake.needs.errors import (
    AlreadyAskedThatDay,
    ContactMissing,
    EmergencyNotDispatched,
    ItemNotOffered,
    MayNotSpeakFor,
)
from linbang.intake.needs.models import Need, ServiceItem


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
    helper_sex: str = "",
    helper_languages: Iterable[str] = (),
    is_extra: bool = False,
    is_no_emergency: bool = False,
) -> Need:
    """Take a request for help down; the same key with the same content returns the same need.

    ``helper_sex``, ``helper_languages``: wished of every helper; one language is enough.
    ``is_extra``: the station allows a second visit of the kind that day (rule 65).
    ``is_no_emergency``: the asker has read the emergency numbers and says it is none.
    Raises MayNotSpeakFor, ItemNotOffered, WindowNotBookable, EmergencyNotDispatched, RiskUnknown,
    WishUnknown, ContactMissing, AlreadyAskedThatDay, KeyReused.
    """
    person = _beneficiary(beneficiary_id)
    channel, risks = NeedChannel(channel), rules.known_risks(known_risks)
    sex, languages = rules.wished_sex(helper_sex), rules.wished_languages(helper_languages)
    content_digest = _digest(
        beneficiary_id, requested_by_id, channel, item_code, starts_at, ends_at, note,
        risks, urgency, address, phone, is_extra, sex, languages,
    )  # fmt: skip
    _require_speaker(person, requested_by_id=requested_by_id, channel=channel, by=by)
    if (before := queries.need_with_key(person.cell, key)) is not None:
        return _same_or_refuse(before, content_digest)
    item = _item(item_code)
    _require_sound(note, starts_at, ends_at, is_no_emergency=is_no_emergency, now=now)
    _require_extra_allowed(person, by=by, is_extra=is_extra)
    helpers = helpers_for(item, person, starts_at, ends_at)
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
        helper_sex=sex,
        helper_languages=languages,
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
    note_step(need, by=by, now=now, reason="", action="needs.open_need")
    return need
