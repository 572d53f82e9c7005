"""Reads of the demo: is it there, who plays, and do the published figures come out."""

from datetime import datetime

from linbang.demo.choices import CAST, Player
from linbang.demo.rules import figures
from linbang.foundation.access.models import Account
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.choices import OrganisationKind, TeamRank
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.organisations.queries import coverage
from linbang.foundation.people.models import Household, Person, VolunteerProfile
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import regions_under, within_any
from linbang.intake.activities.choices import PointKind
from linbang.intake.activities.models import DutyPoint, PointPairing, Project
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.queries import care_counts
from linbang.operations.clearance.choices import TrainingResult
from linbang.operations.clearance.models import Enrolment, TrainingSession
from linbang.reporting.statistics.queries import Scope, activity_figures, twelve_months_to


def has_people() -> bool:
    """Tell whether anybody is registered."""
    return Person.objects.exists()


def account_of_part(key: str) -> Account | None:
    """Return the account of one of the cast."""
    player = next((one for one in CAST if one.key == key), None)
    if player is None:
        return None
    return Account.objects.filter(person__name=player.name, person__region_id=player.home).first()


def cast_with_phones() -> list[tuple[Player, str]]:
    """Return the cast that is loaded, with the phones they sign in with; one query a player."""
    found = [(player, account_of_part(player.key)) for player in CAST]
    return [(player, account.phone) for player, account in found if account is not None]


def published_figures(*, now: datetime) -> dict[str, int]:
    """Return the figures published for Xinzhu and Huli, as the product's own queries count them."""
    return {**_of_community(now=now), **_of_year(now=now), **_of_district()}


def _of_community(*, now: datetime) -> dict[str, int]:
    prefix = figures.COMMUNITY
    inside = within_any("region_id", [prefix])
    care = care_counts(prefix, day=local_date(now))
    return {
        "buildings": regions_under(prefix, level=RegionLevel.BUILDING).count(),
        "households": Household.objects.filter(inside).count(),
        "residents": Person.objects.filter(inside, closed_at=None).count(),
        "volunteers": VolunteerProfile.objects.filter(inside, ended_at=None).count(),
        "teams": Organisation.objects.filter(inside, rank=TeamRank.SQUAD, closed_at=None).count(),
        "care_dibao_households": care[CareCategory.DIBAO].households,
        "care_disabled": care[CareCategory.DISABLED].people,
        "care_empty_nest": care[CareCategory.EMPTY_NEST].people,
        "care_aged": care[CareCategory.AGED].people,
    }


def _of_year(*, now: datetime) -> dict[str, int]:
    """Return the three figures of the yearly report, over the year of the community's plan."""
    plan = Project.objects.filter(name=figures.YEARLY_PLAN).first()
    if plan is None:
        return {}
    counted = activity_figures(
        scope=Scope(Region.objects.get(code=figures.COMMUNITY)),
        period=twelve_months_to(plan.ends_on),
        asked_at=now,
    ).total
    return {
        "activities": counted.activities,
        "activity_person_times": counted.person_times,
        "activity_people_served": counted.people_served,
    }


def _of_district() -> dict[str, int]:
    prefix = figures.DISTRICT
    inside = within_any("region_id", [prefix])
    teams = Organisation.objects.filter(inside, kind=OrganisationKind.TEAM, closed_at=None)
    units = Organisation.objects.filter(inside, closed_at=None).exclude(
        kind__in=(OrganisationKind.TEAM, OrganisationKind.COMMITTEE)
    )
    points = DutyPoint.objects.filter(inside, closed_at=None)
    of_kind = {kind: points.filter(kind=kind) for kind in PointKind}
    paired = PointPairing.objects.filter(
        point__in=of_kind[PointKind.SERVICE_POINT], until_date=None
    )
    return {
        "huli_teams": teams.count(),
        "huli_units": units.count(),
        "huli_communities": coverage(prefix).covered,
        "huli_volunteers": VolunteerProfile.objects.filter(inside, ended_at=None).count(),
        "huli_crossings": of_kind[PointKind.CROSSING].count(),
        "huli_demonstration_crossings": of_kind[PointKind.CROSSING]
        .filter(is_demonstration=True)
        .count(),
        "huli_service_points": of_kind[PointKind.SERVICE_POINT].count(),
        "huli_paired_units": paired.values("organisation").distinct().count(),
        "huli_fire_communities": of_kind[PointKind.FIRE_POST].values("region").distinct().count(),
        "huli_trainings": TrainingSession.objects.filter(cell=prefix).count(),
        "huli_trained": Enrolment.objects.filter(cell=prefix, result=TrainingResult.PASSED)
        .values("person")
        .distinct()
        .count(),
    }
