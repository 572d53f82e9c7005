"""Reads of needs: which one may see, lists, single rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.people.queries import (
    may_speak_for,
)
from linbang.foundation.places.queries import within_any
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    LOOKING_FOR_SOMEBODY,
    STATE_TONES,
    NeedState,
    Urgency,
)
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries.asking import people_spoken_for


@dataclass(frozen=True)
class NeedRow:
    """A need as the console lists it: the beneficiary by surname, the place by building."""

    public_id: UUID
    who: str
    place: str
    item: str
    icon: str
    starts_at: datetime
    ends_at: datetime
    state: str
    tone: str
    is_urgent: bool
    opened_at: datetime
    answer_due_at: datetime | None
    is_overdue: bool


def needs_visible_to(actor: Actor) -> QuerySet[Need]:
    """Return the needs an actor may see: her own, her relatives', her region's.

    One query more when somebody is signed in: the relatives are looked up first, so that every
    branch of the condition is an index scan.
    """
    if actor.is_system:
        return Need.objects.all()
    visible = within_any("region_id", actor.regions_for(Permission.SEE_NEEDS))
    if actor.person_id is not None:
        kin = list(people_spoken_for(actor.person_id).values_list("pk", flat=True))
        visible |= Q(requested_by_id=actor.person_id)
        visible |= Q(beneficiary_id__in=[actor.person_id, *kin])
    return Need.objects.filter(visible)


def needs_awaiting_verification(actor: Actor) -> QuerySet[Need]:
    """Return the needs this actor is to verify, the one due first first."""
    return Need.objects.filter(
        within_any("region_id", actor.regions_for(Permission.VERIFY_NEEDS)),
        state=NeedState.OPENED,
    ).order_by("answer_due_at", "id")


def needs_listed(
    actor: Actor,
    *,
    state: str = "",
    urgency: str = "",
    item: str = "",
    is_overdue: bool = False,
    now: datetime,
) -> QuerySet[Need]:
    """Return the needs of the actor's region for the console, narrowed; sealed columns left shut.

    Index need_by_region_and_time. Open ones by what is due; others newest first.
    """
    needs = Need.objects.filter(within_any("region_id", actor.regions_for(Permission.SEE_NEEDS)))
    given = {"state": state, "urgency": urgency, "item_id": item}
    needs = needs.filter(**{field: value for field, value in given.items() if value})
    if is_overdue:
        needs = needs.filter(state=NeedState.OPENED, answer_due_at__lt=now)
    return (
        needs.select_related("item", "region", "beneficiary")
        .only(
            "cell", "public_id", "starts_at", "ends_at", "state", "urgency", "opened_at",
            "answer_due_at", "item", "region__name", "beneficiary__cell", "beneficiary__name",
        )
        .order_by("-opened_at", "-id")
    )  # fmt: skip


def rows_of(needs: Iterable[Need], *, now: datetime) -> list[NeedRow]:
    """Return needs as the console lists them; no query of its own."""
    return [
        NeedRow(
            public_id=need.public_id,
            who=mask_name(need.beneficiary.name),
            place=need.region.name,
            item=need.item.label,
            icon=need.item.icon,
            starts_at=need.starts_at,
            ends_at=need.ends_at,
            state=need.get_state_display(),
            tone=STATE_TONES[need.state],
            is_urgent=need.urgency == Urgency.URGENT,
            opened_at=need.opened_at,
            answer_due_at=need.answer_due_at if need.state == NeedState.OPENED else None,
            is_overdue=rules.is_answer_overdue(NeedState(need.state), need.answer_due_at, now=now),
        )
        for need in needs
    ]


def needs_of(actor: Actor) -> QuerySet[Need]:
    """Return the needs the actor has to do with as a resident, newest first."""
    kin = list(people_spoken_for(actor.person_id).values_list("pk", flat=True))
    mine = Q(requested_by_id=actor.person_id) | Q(beneficiary_id__in=[actor.person_id, *kin])
    return (
        Need.objects.filter(mine)
        .select_related("item", "beneficiary")
        .defer("address", "phone", "note", "known_risks", "risk_note")
        .order_by("-opened_at", "-id")
    )


def needs_with_item(actor: Actor) -> QuerySet[Need]:
    """Return the visible needs as a page of one of them shows it."""
    return needs_visible_to(actor).select_related(
        "item", "region", "beneficiary", "requested_by", "taken_by"
    )


def lock_need(need_id: int) -> Need:
    """Return the need, locked until the transaction ends.

    Raises Need.DoesNotExist: ids come from our own look-ups.
    """
    return Need.objects.select_for_update(of=("self",)).select_related("item").get(pk=need_id)


def last_needs_of(person_id: int, *, limit: int = 5) -> QuerySet[Need]:
    """Return the newest needs of a beneficiary."""
    return (
        Need.objects.filter(beneficiary_id=person_id)
        .select_related("item")
        .order_by("-opened_at", "-id")[:limit]
    )


def needs_before_visit(person_id: int) -> QuerySet[Need]:
    """Return a beneficiary's needs for which nobody has checked in yet, the oldest first."""
    return Need.objects.filter(
        beneficiary_id=person_id,
        state__in=(NeedState.OPENED, *LOOKING_FOR_SOMEBODY, NeedState.ASSIGNED),
    ).order_by("id")


def need_with_key(cell: str, key: str) -> Need | None:
    """Return the need stored under an idempotency key."""
    return Need.objects.filter(cell=cell, key=key).first()


def was_served_before(person_id: int, *, cell: str) -> bool:
    """Tell whether a visit to this person has taken place before (rule 63)."""
    return Need.objects.filter(
        cell=cell,
        beneficiary_id=person_id,
        state__in=(NeedState.SERVED, NeedState.FULFILLED),
    ).exists()


def may_withdraw(actor: Actor, need: Need) -> bool:
    """Tell whether the actor may take a need back."""
    return (
        actor.may(Permission.TAKE_NEEDS, region=need.region_id)
        or actor.person_id in (need.beneficiary_id, need.requested_by_id)
        or may_speak_for(actor, need.beneficiary_id)
    )
