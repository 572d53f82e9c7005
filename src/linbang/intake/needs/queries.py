"""Reads of the service catalogue and of needs."""

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import Kinship, Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.queries import lineage, within_any
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need, NeedStep, ServiceItem


def items_offered() -> QuerySet[ServiceItem]:
    """Return the service items that may be asked for, in catalogue order."""
    return ServiceItem.objects.filter(is_offered=True).order_by("position", "code")


def people_spoken_for(person_id: int | None) -> QuerySet[Person]:
    """Return the people for whom this person is confirmed kin or guardian."""
    return Person.objects.filter(
        closed_at=None,
        pk__in=Kinship.objects.filter(relative_id=person_id, ended_at=None)
        .exclude(confirmed_at=None)
        .values("person_id"),
    ).order_by("id")


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


def may_speak_for(actor: Actor, person_id: int) -> bool:
    """Tell whether the actor is confirmed kin or guardian of a person; one query."""
    return people_spoken_for(actor.person_id).filter(pk=person_id).exists()


def may_withdraw(actor: Actor, need: Need) -> bool:
    """Tell whether the actor may take a need back."""
    return (
        actor.may(Permission.TAKE_NEEDS, region=need.region_id)
        or actor.person_id in (need.beneficiary_id, need.requested_by_id)
        or may_speak_for(actor, need.beneficiary_id)
    )


def steps_of(need: Need) -> QuerySet[NeedStep]:
    """Return a need's steps in order."""
    return NeedStep.objects.filter(cell=need.cell, need_id=need.pk).order_by("id")


def address_of(person: Person) -> str:
    """Return where a person is visited: community, building and door."""
    names = [
        region.name
        for region in lineage(person.region_id)
        if region.level in (RegionLevel.COMMUNITY, RegionLevel.BUILDING)
    ]
    return " ".join([*names, person.address]).strip()
