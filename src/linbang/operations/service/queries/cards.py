"""The volunteer card: what stands on it, and where a scanned one leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.models import Membership
from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.places.queries import lineage
from linbang.foundation.places.rules import short_name
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import queries as dispatch

_TEAMS_MAX = 3


@dataclass(frozen=True)
class Card:
    """A volunteer's card (Pingshan: 志愿者身份证); the number shows nothing of the ID (rule 6)."""

    name: str
    number: str
    community: str
    teams: tuple[str, ...]
    since: datetime


def card_of(actor: Actor) -> Card | None:
    """Return the actor's own card; none for who is no volunteer."""
    profile = (
        VolunteerProfile.objects.filter(
            cell=actor.cell, person_id=actor.person_id or 0, ended_at=None
        )
        .select_related("person")
        .first()
    )
    if profile is None:
        return None
    teams = Membership.objects.filter(
        person_id=profile.person_id, approved_at__isnull=False, ended_at=None
    ).order_by("approved_at", "id")
    return Card(
        name=profile.person.name,
        number=profile.number,
        community=_community(profile.person.region_id),
        teams=tuple(teams.values_list("organisation__name", flat=True)[:_TEAMS_MAX]),
        since=profile.activated_at,
    )


def led_now(actor: Actor, now: datetime) -> list[Activity]:
    """Return the activities the actor leads that have a shift about now."""
    found = Activity.objects.filter(
        dispatch.led_by(actor),
        shifts__state=ShiftState.PLANNED,
        shifts__starts_at__lt=now + timedelta(hours=1),
        shifts__ends_at__gt=now - timedelta(hours=12),
    )
    return list(found.distinct().order_by("name", "id")[:20])


def _community(code: str) -> str:
    return "".join(short_name(region.name) for region in lineage(code)[3:5])
