"""Pairings as the two themselves see them, and those who speak for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.models import Membership
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import place_names
from linbang.intake.needs.queries import people_spoken_for
from linbang.operations.dispatch.models import Pairing
from linbang.operations.dispatch.queries.pairings import visited_at_of, with_last_visit


@dataclass(frozen=True)
class OwnPairing:
    """A pairing as one of the two sees it: with whom, how often, since when."""

    public_id: UUID
    other: str
    for_whom: str
    place: str
    is_group: bool
    rhythm: str
    agreed_at: datetime
    visited_at: datetime | None


@dataclass(frozen=True)
class OwnPairings:
    """Whom somebody stands by, and who stands by her and by those she speaks for.

    ``region``: where they are, for the station to telephone; else where she lives.
    """

    neighbours: tuple[OwnPairing, ...] = ()
    helpers: tuple[OwnPairing, ...] = ()
    region: str = ""


@dataclass(frozen=True)
class PairingCard:
    """A pairing in a line on the first page: with whom, who helps whom, how often."""

    other: str
    is_helper: bool
    rhythm: str


def pairings_of(actor: Actor) -> OwnPairings:
    """Return the running pairings of somebody, of those she speaks for, and of teams she leads.

    Of a group whoever leads it sees for whom it stands; its members when they accept a visit.
    """
    if actor.person_id is None:
        return OwnPairings()
    teams = Membership.objects.filter(
        person_id=actor.person_id,
        role__in=(MemberRole.LEADER, MemberRole.DEPUTY),
        approved_at__isnull=False,
        ended_at=None,
    ).values("organisation_id")
    cared_for = [actor.person_id, *people_spoken_for(actor.person_id).values_list("pk", flat=True)]
    pairings = with_last_visit(Pairing.objects.filter(ended_at=None)).select_related(
        "beneficiary", "volunteer", "organisation"
    )
    rows = list(
        pairings.filter(
            Q(volunteer_id=actor.person_id)
            | Q(organisation_id__in=teams)
            | Q(beneficiary_id__in=cared_for)
        ).order_by("agreed_at", "id")
    )
    places = place_names({one.beneficiary.region_id[:12] for one in rows})
    home = next((one.beneficiary.region_id for one in rows), "") or _home_of(actor)
    helped = [one for one in rows if one.beneficiary_id in cared_for]
    return OwnPairings(
        neighbours=tuple(
            _own(one, other=one.beneficiary.name, places=places)
            for one in rows
            if one not in helped
        ),
        helpers=tuple(
            _own(
                one,
                other=one.helper_name,
                places=places,
                for_whom="" if one.beneficiary_id == actor.person_id else one.beneficiary.name,
            )
            for one in helped
        ),
        region=home,
    )


def pairing_cards(person_id: int) -> list[PairingCard]:
    """Return somebody's own running pairings, who helps her first; one query."""
    pairings = Pairing.objects.select_related("beneficiary", "volunteer", "organisation").filter(
        Q(beneficiary_id=person_id) | Q(volunteer_id=person_id), ended_at=None
    )
    cards = [
        PairingCard(
            other=one.helper_name if one.beneficiary_id == person_id else one.beneficiary.name,
            is_helper=one.beneficiary_id == person_id,
            rhythm=one.get_rhythm_display(),
        )
        for one in pairings.order_by("id")
    ]
    return sorted(cards, key=lambda card: not card.is_helper)


def _own(
    pairing: Pairing, *, other: str, places: Mapping[str, str], for_whom: str = ""
) -> OwnPairing:
    return OwnPairing(
        public_id=pairing.public_id,
        other=other,
        for_whom=for_whom,
        place=places.get(pairing.beneficiary.region_id[:12], ""),
        is_group=pairing.volunteer_id is None,
        rhythm=pairing.get_rhythm_display(),
        agreed_at=pairing.agreed_at,
        visited_at=visited_at_of(pairing),
    )


def _home_of(actor: Actor) -> str:
    mine = Person.objects.filter(cell=actor.cell, pk=actor.person_id or 0)
    return mine.values_list("region_id", flat=True).first() or ""
