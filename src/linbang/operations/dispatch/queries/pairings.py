"""Pairings as the station keeps them and as the two see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.people.queries import found_people, place_names
from linbang.foundation.places.queries import within_any
from linbang.intake.care.queries import care_visible_to
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Rhythm
from linbang.operations.dispatch.errors import NameUnclear, TooManyToPair
from linbang.operations.dispatch.models import Assignment, Pairing
from linbang.operations.dispatch.queries.board import names_of
from linbang.operations.dispatch.queries.desk import volunteer_with

_VISITED = (NeedState.SERVED, NeedState.FULFILLED)
_NAMED_TEAMS_MAX = 200


@dataclass(frozen=True)
class PairingRow:
    """One pairing in a list. ``visited_at`` is the end of the last visit the two had."""

    public_id: UUID
    beneficiary: str
    place: str
    helper: str
    number: str
    is_group: bool
    rhythm: str
    agreed_at: datetime
    visited_at: datetime | None
    is_overdue: bool
    ended_at: datetime | None
    end_cause: str


@dataclass(frozen=True)
class PairingFigures:
    """How many pairings there are, how many wait for a visit, and who has none yet."""

    open: int
    overdue: int
    unpaired: int


def pairings_visible_to(actor: Actor) -> QuerySet[Pairing]:
    """Return the pairings of residents where the actor dispatches, with the last visit of each."""
    pairings = Pairing.objects.select_related(
        "beneficiary", "volunteer__volunteer", "organisation"
    ).defer("note", "end_note")
    if not actor.is_system:
        regions = actor.regions_for(Permission.DISPATCH)
        pairings = pairings.filter(within_any("beneficiary__region_id", regions))
    return with_last_visit(pairings)


def with_last_visit(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Add when the two last met for a service: of a group, any of its members counts."""
    members = Membership.objects.filter(
        organisation_id=OuterRef(OuterRef("organisation_id")),
        person_id=OuterRef("volunteer_id"),
        approved_at__isnull=False,
        ended_at=None,
    )
    visits = Assignment.objects.filter(
        Q(volunteer_id=OuterRef("volunteer_id")) | Exists(members),
        need__beneficiary_id=OuterRef("beneficiary_id"),
        need__state__in=_VISITED,
        ended_at=None,
    )
    last = visits.order_by("-need__ends_at").values("need__ends_at")[:1]
    return pairings.annotate(visited_at=Subquery(last))


def pairings_found(
    actor: Actor, *, text: str = "", state: str = "", now: datetime
) -> QuerySet[Pairing]:
    """Return the visible pairings that words and a state find, the longest unvisited first.

    state: empty = running, ``overdue`` = long without a visit, ``ended``.
    """
    pairings = pairings_visible_to(actor).filter(ended_at__isnull=state != "ended")
    pairings = pairings.annotate(seen_at=Greatest("visited_at", "agreed_at"))
    if words := text.strip():
        people = found_people(actor, words).values("pk")
        pairings = pairings.filter(
            Q(beneficiary__in=people)
            | Q(volunteer__in=people)
            | Q(organisation__name__contains=words)
        )
    if state == "overdue":
        pairings = pairings.filter(_overdue(now))
    return pairings.order_by("-ended_at" if state == "ended" else "seen_at", "id")


def _overdue(now: datetime) -> Q:
    return Q(
        seen_at__lt=Case(
            *(
                When(rhythm=rhythm, then=Value(now - rules.OVERDUE_AFTER[rhythm]))
                for rhythm in Rhythm
            )
        )
    )


def pairing_figures(actor: Actor, *, now: datetime) -> PairingFigures:
    """Return what stands above the list; three queries."""
    return PairingFigures(
        open=pairings_visible_to(actor).filter(ended_at=None).count(),
        overdue=pairings_found(actor, state="overdue", now=now).count(),
        unpaired=people_without_pairing(actor).count(),
    )


def pairing_rows(pairings: Iterable[Pairing], *, now: datetime) -> list[PairingRow]:
    """Return one page of pairings as lines; one query for the places."""
    pairings = list(pairings)
    places = place_names(one.beneficiary.region_id for one in pairings)
    return [
        PairingRow(
            public_id=one.public_id,
            beneficiary=one.beneficiary.name,
            place=places[one.beneficiary.region_id],
            helper=one.helper_name,
            number=one.volunteer.volunteer.number if one.volunteer else "",
            is_group=one.volunteer is None,
            rhythm=one.get_rhythm_display(),
            agreed_at=one.agreed_at,
            visited_at=visited_at_of(one),
            is_overdue=one.ended_at is None
            and rules.is_overdue(
                Rhythm(one.rhythm),
                agreed_at=one.agreed_at,
                visited_at=visited_at_of(one),
                now=now,
            ),
            ended_at=one.ended_at,
            end_cause=one.get_end_cause_display(),
        )
        for one in pairings
    ]


def visited_at_of(pairing: Pairing) -> datetime | None:
    """Return when the two last met, as ``with_last_visit`` found it."""
    visited: datetime | None = getattr(pairing, "visited_at", None)
    return visited


def people_without_pairing(actor: Actor, *, region: str = "") -> QuerySet[Person]:
    """Return who stands on the care register the actor may see and is paired with nobody.

    The categories are not read; who was listed first comes first.
    """
    listed = care_visible_to(actor).values("person_id")
    running = Pairing.objects.filter(beneficiary_id=OuterRef("pk"), ended_at=None)
    people = Person.objects.filter(~Exists(running), pk__in=listed, closed_at=None)
    if not actor.is_system:
        people = people.filter(within_any("region_id", actor.regions_for(Permission.DISPATCH)))
    if region:
        people = people.filter(within_any("region_id", [region]))
    return people.select_related("region").order_by("id")


def people_named(actor: Actor, lines: str) -> list[Person]:
    """Return the one resident whom each line of a list means, where the actor dispatches.

    Raises NameUnclear, TooManyToPair.
    """
    named = list(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))
    if len(named) > rules.PROPOSED_AT_ONCE_MAX:
        raise TooManyToPair(field="names", most=rules.PROPOSED_AT_ONCE_MAX)
    return [person_named(actor, name, field="names") for name in named]


def person_named(actor: Actor, name: str, *, field: str) -> Person:
    """Return the resident whom words mean, where the actor dispatches. Raises NameUnclear."""
    here = within_any("region_id", actor.regions_for(Permission.DISPATCH))
    found = list(found_people(actor, name).filter(here).select_related("region")[:2])
    if not name.strip() or len(found) != 1:
        raise NameUnclear(field=field, name=name)
    return found[0]


def person_to_pair(person_id: int) -> Person:
    """Return a resident with where she lives. Raises NotFound."""
    found = Person.objects.select_related("region").filter(pk=person_id, closed_at=None).first()
    if found is None:
        raise NotFound
    return found


def people_to_pair_with(actor: Actor, public_ids: Collection[UUID]) -> list[Person]:
    """Return the residents with these ids where the actor dispatches. Raises NotFound."""
    here = within_any("region_id", actor.regions_for(Permission.DISPATCH))
    people = Person.objects.filter(here, public_id__in=set(public_ids), closed_at=None)
    found = list(people.select_related("region").order_by("id"))
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def volunteer_to_pair(public_id: UUID) -> int:
    """Return the id of the person behind a volunteer's public id. Raises NotFound."""
    found = volunteer_with(public_id)
    if found is None:
        raise NotFound
    return found


def teams_to_pair(actor: Actor) -> list[tuple[str, str]]:
    """Return units and teams of the streets where the actor dispatches, as choices; one query."""
    streets = {region[:9] for region in actor.regions_for(Permission.DISPATCH)}
    teams = Organisation.objects.filter(within_any("region_id", streets), closed_at=None)
    return [
        (str(team.public_id), team.name) for team in teams.order_by("name", "id")[:_NAMED_TEAMS_MAX]
    ]


def lock_pairing(pairing_id: int) -> Pairing:
    """Return a pairing with its row locked. Raises NotFound."""
    found = (
        Pairing.objects.select_for_update(of=("self",))
        .select_related("beneficiary", "volunteer", "organisation")
        .filter(pk=pairing_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def running_pairings_of(person_id: int, *, also_helped: bool) -> list[int]:
    """Return the running pairings that a person carries, and those she is helped by, by id."""
    whose = Q(volunteer_id=person_id)
    if also_helped:
        whose |= Q(beneficiary_id=person_id)
    pairings = Pairing.objects.filter(whose, ended_at=None).order_by("id")
    return list(pairings.values_list("pk", flat=True))


def helpers_of_pairing(pairing: Pairing) -> list[int]:
    """Return whom to tell on the helper's side: the volunteer, or who leads the group."""
    if pairing.volunteer_id is not None:
        return [pairing.volunteer_id]
    leaders = Membership.objects.filter(
        organisation=pairing.organisation,
        role=MemberRole.LEADER,
        approved_at__isnull=False,
        ended_at=None,
    )
    return list(leaders.order_by("id").values_list("person_id", flat=True))


def paired_people(beneficiary_id: int) -> QuerySet[Person, int]:
    """Return the ids of all who stand by a resident: volunteers, and the members of groups."""
    running = Pairing.objects.filter(beneficiary_id=beneficiary_id, ended_at=None)
    return Person.objects.filter(
        Q(pk__in=running.values("volunteer_id"))
        | Q(
            pk__in=Membership.objects.filter(
                organisation_id__in=running.values("organisation_id"),
                approved_at__isnull=False,
                ended_at=None,
            ).values("person_id")
        )
    ).values_list("pk", flat=True)


def paired_with(people: Sequence[int]) -> list[tuple[int, int]]:
    """Return (resident, helper) for all who stand by these residents; two queries."""
    running = Pairing.objects.filter(beneficiary_id__in=people, ended_at=None)
    alone = running.filter(volunteer_id__isnull=False)
    in_groups = running.filter(
        organisation__memberships__approved_at__isnull=False,
        organisation__memberships__ended_at=None,
    )
    return [
        *alone.values_list("beneficiary_id", "volunteer_id"),
        *in_groups.values_list("beneficiary_id", "organisation__memberships__person_id"),
    ]


def volunteer_named(actor: Actor, words: str) -> int:
    """Return the one visible volunteer whom a worker's words mean. Raises NameUnclear."""
    found = list(
        VolunteerProfile.objects.filter(person__in=found_people(actor, words), ended_at=None)[:2]
    )
    if not words.strip() or len(found) != 1:
        raise NameUnclear(field="volunteer", name=words)
    return found[0].person_id


def masked_helper(pairing: Pairing) -> str:
    """Return the helper's name as the resident's notice says it: of a group, the whole."""
    return mask_name(pairing.volunteer.name) if pairing.volunteer else pairing.helper_name


def noted_by(pairing: Pairing) -> str:
    """Return who wrote down that both agreed, for staff; one query."""
    return names_of([pairing.noted_by_id]).get(pairing.noted_by_id or 0, "")
