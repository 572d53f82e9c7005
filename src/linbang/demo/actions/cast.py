"""The cast: residents moved into their homes, workers with roles, accounts to sign in with."""

from datetime import datetime

import pyotp

from linbang.demo.actions.community import Community, enter_people
from linbang.demo.choices import CAST, OFFICER, Player
from linbang.demo.rules.population import Resident
from linbang.foundation.access.actions import open_account
from linbang.foundation.access.choices import Role
from linbang.foundation.access.models import RoleGrant, SecondFactor
from linbang.foundation.access.rules import Actor, needs_second_factor
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.models import Kinship, Person
from linbang.intake.care.choices import CareCategory


def cast_residents(community: Community) -> None:
    """Give the residents of the cast the places of three who live in the building anyway.

    So the published number of residents stays what it was.
    """
    taken: set[int] = set()
    for player in CAST:
        if player.is_resident:
            resident = _someone_like(community, player, taken)
            taken.add(id(resident))
            resident.name = player.name


def _someone_like(community: Community, player: Player, taken: set[int]) -> Resident:
    """Return the resident of the building nearest in age, of the same sex; elders live alone."""
    residents = community.population.residents
    sizes: dict[int | None, int] = {}
    for resident in residents:
        sizes[resident.household] = sizes.get(resident.household, 0) + 1

    def distance(resident: Resident) -> tuple[bool, int]:
        alone = sizes[resident.household] == 1
        age = (community.today - resident.born).days // 365
        return (player.key == "elder" and not alone, abs(age - player.age))

    fitting = [
        resident
        for resident in residents
        if resident.region == player.home
        and resident.sex == player.sex
        and id(resident) not in taken
    ]
    chosen = min(fitting, key=distance)
    inventor_like = community.inventor.person(
        sex=player.sex, age=player.age, region=player.home, name=player.name
    )
    chosen.born, chosen.document, chosen.phone = (
        inventor_like.born,
        inventor_like.document,
        inventor_like.phone,
    )
    return chosen


def write_cast(community: Community, *, now: datetime) -> dict[str, Person]:
    """Write the workers, everybody's account and roles, and who is whose daughter."""
    outside = [player for player in (*CAST, OFFICER) if not player.is_resident]
    entered = enter_people(
        community,
        [
            community.inventor.person(
                sex=player.sex, age=player.age, region=player.home, name=player.name
            )
            for player in outside
        ],
    )
    cast = {player.key: person for player, person in zip(outside, entered, strict=True)}
    for player in CAST:
        if player.is_resident:
            cast[player.key] = next(
                person
                for person in community.people
                if person.name == player.name and person.region_id == player.home
            )
    for player in (*CAST, OFFICER):
        _open_account(cast[player.key], player, now=now)
    _make_kin(cast, now=now)
    return cast


def _open_account(person: Person, player: Player, *, now: datetime) -> None:
    account = open_account(phone=person.phone, cell=person.cell, by=Actor.system(), now=now)
    person.account = account
    person.save(update_fields=["account"])
    if not player.role:
        return
    RoleGrant.objects.create(
        cell=account.cell,
        account=account,
        role=player.role,
        region_id=player.region,
        granted_at=now,
    )
    if needs_second_factor([Role(player.role)]):
        SecondFactor.objects.create(
            cell=account.cell,
            account=account,
            secret=pyotp.random_base32(),
            created_at=now,
            confirmed_at=now,
        )


def _make_kin(cast: dict[str, Person], *, now: datetime) -> None:
    Kinship.objects.create(
        cell=cast["elder"].cell,
        person=cast["elder"],
        relative=cast["daughter"],
        relation=Relation.CHILD,
        declared_at=now,
        declared_by_id=cast["daughter"].pk,
        confirmed_at=now,
    )


# The elder stands on the care register.
CAST_CARE = (CareCategory.AGED, CareCategory.EMPTY_NEST)
