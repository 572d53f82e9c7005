"""The cards of a whole team, and whose team one may print them for."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.organisations.queries import organisations_visible_to
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import ancestor_codes, short_name


@dataclass(frozen=True, slots=True)
class PaperCard:
    """What is printed on a card: no digit of an identity number (rule 6)."""

    name: str
    number: str
    community: str
    team: str
    since: str


@dataclass(frozen=True, slots=True)
class TeamCards:
    """A team's cards; minors print their own, so they are only counted (rule 99)."""

    team: Organisation
    cards: tuple[PaperCard, ...]
    minors: int


def scheme_name() -> str:
    """Return what the savings are called here, as the red card's head."""
    return str(getattr(settings, "LINBANG_SCHEME_NAME", _("爱心储蓄所")))


def teams_to_print_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the open organisations whose members' cards the actor may print."""
    return organisations_visible_to(actor).filter(closed_at=None)


def own_card(actor: Actor) -> PaperCard | None:
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
    teams = Membership.objects.filter(_present(), person_id=profile.person_id)
    names = teams.order_by("approved_at", "id").values_list("organisation__name", flat=True)
    return _card(profile.person, profile, names.first() or "", _names({profile.person.region_id}))


def cards_of_team(team: Organisation, *, now: datetime) -> TeamCards:
    """Return the cards of a team's members and those of its sub-teams, by name; two queries."""
    members = (
        Membership.objects.filter(
            _present(),
            organisation__path__gte=team.path,
            organisation__path__lt=team.path + ":",
            person__closed_at=None,
            person__volunteer__ended_at=None,
            person__volunteer__isnull=False,
        )
        .select_related("person__volunteer", "organisation")
        .order_by("organisation__path", "person__pinyin", "id")
    )
    once = {one.person_id: one for one in members}
    today = local_date(now)
    shown = [m for m in once.values() if not needs_guardian(m.person.birth_date, today=today)]
    names = _names({m.person.region_id for m in shown})
    return TeamCards(
        team=team,
        cards=tuple(_card(m.person, m.person.volunteer, m.organisation.name, names) for m in shown),
        minors=len(once) - len(shown),
    )


def _present() -> Q:
    return Q(approved_at__isnull=False, ended_at=None)


def _names(codes: set[str]) -> dict[str, str]:
    """Return the community of each code, street before it; one query."""
    wanted = {code: [c for c in ancestor_codes(code) if len(c) in {9, 12}] for code in codes}
    found = dict(
        Region.objects.filter(code__in={c for cs in wanted.values() for c in cs}).values_list(
            "code", "name"
        )
    )
    return {
        code: "".join(short_name(found[c]) for c in sorted(cs) if c in found)
        for code, cs in wanted.items()
    }


def _card(person: Person, profile: VolunteerProfile, team: str, names: dict[str, str]) -> PaperCard:
    return PaperCard(
        name=person.name,
        number=profile.number,
        community=names[person.region_id],
        team=team,
        since=f"{local_date(profile.activated_at):%Y-%m-%d}",
    )
