"""Reads of the demo: is it there, who plays, and do the published figures come out."""

from datetime import datetime

from linbang.demo.choices import CAST, Player
from linbang.demo.rules import figures
from linbang.foundation.access.models import Account
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.choices import TeamRank
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Household, Person, VolunteerProfile
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.queries import regions_under, within_any
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.queries import care_counts


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
    """Return the figures published for Xinzhu as the product's own queries count them."""
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
