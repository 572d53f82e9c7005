"""Teams as neighbours see them: open to everybody signed in, the nearest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, QuerySet, Value, When

from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.organisations.queries.organisations import with_member_counts
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import short_name


def teams_near(actor: Actor, *, home: str = "", content: str = "") -> QuerySet[Organisation]:
    """Return the open teams: those of the own community first, then the street, the county.

    ``home`` is a region code of the reader's; strangers see none.
    """
    teams = Organisation.objects.select_related("region")
    if not (actor.is_signed_in or actor.is_system):
        return teams.none()
    teams = teams.filter(kind=OrganisationKind.TEAM, closed_at=None)
    if content:
        teams = teams.filter(content=content)
    rings = [home[:length] for length in (12, 9, 6) if len(home) >= length]
    within = [When(within_any("region_id", [ring]), then=n) for n, ring in enumerate(rings)]
    nearness = Case(*within, default=Value(len(rings)))
    return with_member_counts(teams).order_by(nearness, "region_id", "path")


@dataclass(frozen=True)
class TeamRow:
    """A team as phones show it, with the reader's own standing in it."""

    team: Organisation
    place: str
    members: int
    membership: Membership | None

    @property
    def is_member(self) -> bool:
        """The reader belongs to the team."""
        return self.membership is not None and self.membership.approved_at is not None

    @property
    def is_waiting(self) -> bool:
        """The reader asked and waits."""
        return self.membership is not None and self.membership.approved_at is None


def team_rows(teams: Iterable[Organisation], *, actor: Actor) -> list[TeamRow]:
    """Return teams with the reader's standing: one query beyond those of ``teams``."""
    found = list(teams)
    own = Membership.objects.filter(
        person_id=actor.person_id or 0, ended_at=None, organisation__in=[team.pk for team in found]
    )
    standing = {membership.organisation_id: membership for membership in own}
    return [
        TeamRow(
            team=team,
            place=short_name(team.region.name),
            members=getattr(team, "members", 0),
            membership=standing.get(team.pk),
        )
        for team in found
    ]
