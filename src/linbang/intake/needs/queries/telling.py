"""Needs as the API tells them, and who asks for whom there."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import may_speak_for, people_visible_to
from linbang.intake.needs import rules
from linbang.intake.needs.choices import NeedChannel
from linbang.intake.needs.errors import MayNotSpeakFor
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries.callers import Caller
from linbang.intake.needs.queries.needs import needs_with_item
from linbang.intake.needs.queries.stories import sheet_of, story_of

_PLAIN = (
    "public_id", "item_id", "state", "urgency", "starts_at", "ends_at", "opened_at",
    "answer_due_at", "helpers",
)  # fmt: skip


def needs_in_order(actor: Actor, *, state: str | None = None) -> QuerySet[Need]:
    """Return the visible needs, newest first, narrowed to a state; sealed columns left shut."""
    needs = needs_with_item(actor).defer("address", "phone", "note", "known_risks", "risk_note")
    if state is not None:
        needs = needs.filter(state=state)
    return needs.order_by("-opened_at", "-id")


def need_told(need: Need) -> dict[str, Any]:
    """Return one line of a list: the beneficiary by surname."""
    told = {name: getattr(need, name) for name in _PLAIN}
    return {**told, "beneficiary": mask_name(need.beneficiary.name)}


def need_told_in_full(need: Need, *, viewer: Actor, now: datetime) -> dict[str, Any]:
    """Return a need as its page shows it to this viewer."""
    sheet = sheet_of(need, viewer=viewer, now=now)
    return {
        **need_told(need),
        "beneficiary": sheet.who,
        "place": sheet.place,
        "phone": sheet.phone,
        "note": sheet.note,
        "known_risks": list(need.risks) if sheet.is_trusted else [],
        "risk_note": sheet.risk_note,
        "helper_sex": need.helper_sex,
        "helper_languages": need.helper_languages,
        "story": [
            {**asdict(line), "title": str(line.title)} for line in story_of(need, viewer=viewer)
        ],
    }


def caller_told(caller: Caller) -> dict[str, Any]:
    """Return who is on the telephone with what they asked for last."""
    told = ("place", "phone", "age", "is_on_care_register", "may_ask_for")
    return {
        "public_id": caller.person.public_id,
        "name": caller.who,
        **{name: getattr(caller, name) for name in told},
        "last": [need_told(need) for need in caller.last],
    }


def asker_and_beneficiary(
    actor: Actor, *, requested_by: UUID | None, beneficiary: UUID | None
) -> tuple[Person, Person]:
    """Return who asks and who is to be helped; oneself where none is named. Raises NotFound."""
    wanted = {public_id for public_id in (requested_by, beneficiary) if public_id}
    people = people_visible_to(actor)
    found = {
        person.public_id: person
        for person in people.filter(Q(public_id__in=wanted) | Q(pk=actor.person_id or 0))
    }
    own = next((person for person in found.values() if person.pk == actor.person_id), None)
    asker = found.get(requested_by) if requested_by else own
    helped = found.get(beneficiary) if beneficiary else asker
    if asker is None or helped is None:
        raise NotFound
    return asker, helped


def channel_of(actor: Actor, asker: Person, beneficiary: Person) -> NeedChannel:
    """Return how a request reaches us when nobody says. Raises MayNotSpeakFor."""
    channel = rules.channel_for(
        asker_id=actor.person_id if actor.person_id == asker.pk else None,
        beneficiary_id=beneficiary.pk,
        is_kin=actor.person_id == asker.pk and may_speak_for(actor, beneficiary.pk),
        may_take=actor.may(Permission.TAKE_NEEDS, region=beneficiary.region_id),
    )
    if channel is None:
        raise MayNotSpeakFor
    return channel
