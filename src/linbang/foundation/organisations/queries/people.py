"""Members, liaisons, and to what a person belongs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, QuerySet, Value, When

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.choices import MemberRole, OrganisationKind
from linbang.foundation.organisations.errors import PersonUnclear
from linbang.foundation.organisations.models import Liaison, Membership, Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import found_people, people_visible_to
from linbang.foundation.people.rules import needs_guardian


def affiliations_of(person_id: int) -> QuerySet[Membership]:
    """Return the organisations a person belongs to now, units and teams, the oldest first."""
    memberships = Membership.objects.select_related("organisation", "organisation__region")
    return memberships.filter(
        person_id=person_id, approved_at__isnull=False, ended_at=None
    ).order_by("approved_at", "id")


def memberships_of(person_id: int) -> QuerySet[Membership]:
    """Return a person's memberships and open requests."""
    memberships = Membership.objects.select_related("organisation")
    return memberships.filter(person_id=person_id, ended_at=None).order_by("asked_at", "id")


def open_team_memberships(person_id: int) -> QuerySet[Membership]:
    """Return a person's memberships of teams and requests to join one (rule 13)."""
    return Membership.objects.filter(
        person_id=person_id, ended_at=None, organisation__kind=OrganisationKind.TEAM
    )


def membership_in(organisation: Organisation, person_id: int | None) -> Membership | None:
    """Return a person's membership of, or open request to, one organisation."""
    memberships = Membership.objects.filter(cell=organisation.cell, organisation=organisation)
    return memberships.filter(person_id=person_id or 0, ended_at=None).first()


def own_membership(organisation: Organisation, actor: Actor) -> Membership:
    """Return the actor's own membership or open request. Raises NotFound."""
    membership = membership_in(organisation, actor.person_id)
    if membership is None:
        raise NotFound
    return membership


def leaders_of(organisation: Organisation) -> list[str]:
    """Return the masked names of a team's leader and deputies."""
    leading = members_of(organisation).filter(
        role__in=(MemberRole.LEADER, MemberRole.DEPUTY), approved_at__isnull=False
    )
    return [mask_name(membership.person.name) for membership in leading]


def membership_with_id(membership_id: int) -> Membership:
    """Return a membership. Raises NotFound."""
    membership = Membership.objects.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    return membership


def lock_membership(membership_id: int) -> Membership:
    """Return a membership with its row locked, and its organisation. Raises NotFound."""
    memberships = Membership.objects.select_for_update(of=("self",))
    membership = memberships.select_related("organisation").filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    return membership


def lock_organisation(organisation_id: int) -> Organisation:
    """Return an organisation with its row locked. Raises NotFound."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def lock_liaison(liaison_id: int) -> Liaison:
    """Return a liaison with its row locked, and its organisation. Raises NotFound."""
    liaisons = Liaison.objects.select_for_update(of=("self",)).select_related("organisation")
    liaison = liaisons.filter(pk=liaison_id).first()
    if liaison is None:
        raise NotFound
    return liaison


def liaisons_of(organisation: Organisation) -> QuerySet[Liaison]:
    """Return who keeps an organisation in touch with which region, those of today first."""
    liaisons = Liaison.objects.select_related("person", "region").filter(
        cell=organisation.cell, organisation=organisation
    )
    return liaisons.order_by(Case(When(until_date=None, then=0), default=1), "since_date", "id")


@dataclass(frozen=True)
class MemberRow:
    """A member as the organisation's page shows one; the name in full only where one may look."""

    membership: Membership
    name: str
    number: str
    phone: str
    is_known: bool


def member_rows(memberships: Iterable[Membership], *, actor: Actor, today: date) -> list[MemberRow]:
    """Return memberships with their people: two queries beyond those of ``memberships``.

    Minors, and people outside what the actor may see, stay masked.
    """
    found = list(memberships)
    ids = [membership.person_id for membership in found]
    known = set(people_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        _member_row(membership, is_known=membership.person_id in known, today=today)
        for membership in found
    ]


def _member_row(membership: Membership, *, is_known: bool, today: date) -> MemberRow:
    person = membership.person
    is_known = is_known and not needs_guardian(person.birth_date, today=today)
    profile = getattr(person, "volunteer", None)
    return MemberRow(
        membership=membership,
        name=person.name if is_known else mask_name(person.name),
        number=profile.number if profile else "",
        phone=person.phone,
        is_known=is_known,
    )


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return the memberships and open requests of one organisation: requests, leaders, others."""
    place = Case(
        When(approved_at=None, then=Value(0)),
        When(role=MemberRole.LEADER, then=Value(1)),
        When(role=MemberRole.DEPUTY, then=Value(2)),
        default=Value(3),
    )
    memberships = Membership.objects.select_related("person", "person__volunteer")
    return memberships.filter(
        cell=organisation.cell, organisation=organisation, ended_at=None
    ).order_by(place, "asked_at", "id")


def person_meant(actor: Actor, text: str) -> Person:
    """Return the one visible person a clerk's words fit. Raises PersonUnclear."""
    found = list(found_people(actor, text)[:2]) if text.strip() else []
    if len(found) != 1:
        raise PersonUnclear(field="person")
    return found[0]
