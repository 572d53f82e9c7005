"""Team leaders and units: whom they may sign up, and the places that are kept for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch.models import Reservation, SignUp

_MEMBERS_MAX = 300


@dataclass(frozen=True)
class MemberChoice:
    """A member as her leader ticks her: what is in the way, or what she has already."""

    person_id: int
    public_id: UUID
    name: str
    state: str
    reasons: str

    @property
    def may_be_ticked(self) -> bool:
        """Nothing is in the way, and she is not on the shift."""
        return not self.state and not self.reasons


def teams_led_by(actor: Actor) -> QuerySet[Organisation]:
    """Return the open units and teams for whose people the actor acts by a role in them."""
    led = Q(pk__in=[])
    for path in actor.organisations_for(Permission.LEAD_SHIFTS):
        low, high = prefix_range(path)
        led |= Q(path__gte=low, path__lt=high)
    return Organisation.objects.filter(led, closed_at=None).order_by("path")


def team_of(actor: Actor, public_id: UUID) -> Organisation:
    """Return a unit or team for whose people the actor acts. Raises NotFound."""
    near = within_any("region_id", actor.regions_for(Permission.LEAD_SHIFTS))
    team = Organisation.objects.filter(
        Q(pk__in=teams_led_by(actor).values("pk")) | near, public_id=public_id, closed_at=None
    ).first()
    if team is None:
        raise NotFound
    return team


def member_choices(
    organisation: Organisation, shift: Shift, *, now: datetime
) -> list[MemberChoice]:
    """Return the members of a unit or team, those who can go first; three queries."""
    members = (
        Membership.objects.select_related("person")
        .filter(
            organisation__path__gte=organisation.path,
            organisation__path__lt=organisation.path + ":",
            approved_at__isnull=False,
            ended_at=None,
            person__closed_at=None,
        )
        .order_by("person__pinyin", "person_id")[:_MEMBERS_MAX]
    )
    people = list({one.person_id: one.person for one in members}.values())
    mine = {
        sign_up.person_id: sign_up
        for sign_up in SignUp.objects.filter(
            shift_id=shift.pk, ended_at=None, person_id__in=[one.pk for one in people]
        )
    }
    told = clearance.reasons_against([(shift, one.pk) for one in people], now=now)
    choices = [
        MemberChoice(
            person_id=person.pk,
            public_id=person.public_id,
            name=person.name,
            state=str(mine[person.pk].get_state_display()) if person.pk in mine else "",
            reasons=clearance.causes_in_words(causes),
        )
        for person, causes in zip(people, told, strict=True)
    ]
    return sorted(choices, key=lambda one: not one.may_be_ticked)


def reservation_for(actor: Actor, public_id: UUID) -> Reservation:
    """Return the places kept for a unit the actor acts for. Raises NotFound."""
    reservation = (
        Reservation.objects.select_related(
            "organisation", "shift__activity__organiser", "shift__post"
        )
        .filter(public_id=public_id)
        .first()
    )
    if reservation is None:
        raise NotFound
    team_of(actor, reservation.organisation.public_id)
    return reservation
