"""Reads of the demo: is it there, who plays, and do the published figures come out."""

from datetime import datetime

from linbang.demo.rules import figures
from linbang.demo.choices import CAST, Player
from linbang.foundation.access.models import Account
from linbang.foundation.people.models import Household, Person, VolunteerProfile
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.queries import regions_under, within_any


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
