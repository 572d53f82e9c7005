"""The cast: residents moved into their homes, workers with roles, accounts to sign in with."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pyotp

from linbang.demo.actions.community import Community, enter_people
from linbang.demo.choices import CAST, OFFICER, Player
from linbang.demo.rules.population import Resident
from linbang.foundation.access.actions import open_account
from linbang.foundation.access.choices import Role
from linbang.foundation.access.models import RoleGrant, SecondFactor
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor, needs_second_factor
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import ConsentKind, ConsentMethod, Relation
from linbang.foundation.people.models import Consent, ConsentText, Kinship, Person
from linbang.intake.care.choices import CareCategory


def cast_residents(community: Community) -> None:
    """Give the residents of the cast the places of some who live in the building anyway.

    So the published number of residents stays what it was. The child comes first: its parent is
    looked for in its home.
    """
    taken: dict[str, Resident] = {}
    for player in sorted(_residents(), key=lambda one: one.key != "child"):
        taken[player.key] = _someone_like(community, player, taken)
        taken[player.key].name = player.name


def _residents() -> list[Player]:
    return [player for player in CAST if player.is_resident]


def _someone_like(community: Community, player: Player, taken: dict[str, Resident]) -> Resident:
    """Return the resident of the building nearest in age, of the same sex; elders live alone."""
    residents = community.population.residents
    sizes = Counter(resident.household for resident in residents)

    def distance(resident: Resident) -> tuple[bool, bool, int]:
        alone = sizes[resident.household] == 1
        apart = player.key == "parent" and resident.household != taken["child"].household
        age = (community.today - resident.born).days // 365
        return (player.key == "elder" and not alone, apart, abs(age - player.age))

    fitting = [
        resident
        for resident in residents
        if resident.region == player.home
        and resident.sex == player.sex
        and all(resident is not other for other in taken.values())
    ]
    chosen = min(fitting, key=distance)
    if player.key == "elder":
        _let_live_alone(chosen, [one for one in residents if one.region == player.home])
    inventor_like = community.inventor.person(
        sex=player.sex, age=player.age, region=player.home, name=player.name
    )
    chosen.born, chosen.document, chosen.phone = (
        inventor_like.born,
        inventor_like.document,
        inventor_like.phone,
    )
    return chosen


def _let_live_alone(resident: Resident, neighbours: list[Resident]) -> None:
    """Let the rest of a household move in with the smallest other one of the building."""
    sizes = Counter(one.household for one in neighbours if one.household != resident.household)
    host = next(one for one in neighbours if one.household == min(sizes, key=sizes.__getitem__))
    for one in neighbours:
        if one.household == resident.household and one is not resident:
            one.household, one.door, one.is_head = host.household, host.door, False
    resident.is_head = True


def write_cast(community: Community, *, now: datetime) -> dict[str, Person]:
    """Write the workers, everybody's account and roles, and who is whose daughter."""
    here = [player for player in (*CAST, OFFICER) if player.place == OFFICER.place]
    outside = [player for player in here if not player.is_resident]
    entered = enter_players(community, outside, now=now)
    cast = {player.key: person for player, person in zip(outside, entered, strict=True)}
    for player in _residents():
        cast[player.key] = next(
            person
            for person in community.people
            if person.name == player.name and person.region_id == player.home
        )
        open_account_of(cast[player.key], player, now=now)
    community.cast_ids = frozenset(person.pk for person in cast.values())
    _make_kin(cast, now=now)
    return cast


def open_account_of(person: Person, player: Player, *, now: datetime) -> None:
    """Let one of the cast sign in, with the role held within a region."""
    account = open_account(phone=person.phone, cell=person.cell, by=Actor.system(), now=now)
    person.account = account
    person.save(update_fields=["account"])
    if not player.region:
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


def enter_players(
    community: Community, players: Sequence[Player], *, now: datetime
) -> list[Person]:
    """Write people of elsewhere with their accounts and roles, in the order of the players."""
    entered = enter_people(
        community,
        [
            community.inventor.person(
                sex=player.sex, age=player.age, region=player.home, name=player.name
            )
            for player in players
        ],
    )
    for person, player in zip(entered, players, strict=True):
        open_account_of(person, player, now=now)
    return entered


def acting(person: Person) -> Actor:
    """Return a person as an actor, with the rights of the account if there is one."""
    account_id = person.account_id
    return actor_of(account_id) if account_id else Actor(person_id=person.pk, cell=person.cell)


def grant_team(
    person: Person, player: Player, organisation: Organisation, *, now: datetime
) -> None:
    """Let one of the cast lead a team and all below it."""
    RoleGrant.objects.create(
        cell=person.cell,
        account=person.account,
        role=player.role,
        organisation_path=organisation.path,
        granted_at=now,
    )


def _make_kin(cast: dict[str, Person], *, now: datetime) -> None:
    pairs = (
        ("elder", "daughter", Relation.CHILD, False),
        ("child", "parent", Relation.PARENT, True),
    )
    for person, relative, relation, is_guardian in pairs:
        Kinship.objects.create(
            cell=cast[person].cell,
            person=cast[person],
            relative=cast[relative],
            relation=relation,
            is_guardian=is_guardian,
            declared_at=now,
            declared_by_id=cast[relative].pk,
            confirmed_at=now,
        )
    guardians = ConsentText.objects.filter(kind=ConsentKind.GUARDIAN).order_by("-version")[0]
    Consent.objects.create(
        cell=cast["child"].cell,
        person=cast["child"],
        text=guardians,
        given_by=cast["parent"],
        method=ConsentMethod.SIGNED_FORM,
        given_at=cast["child"].registered_at,
    )


# The elder stands on the care register.
CAST_CARE = (CareCategory.AGED, CareCategory.EMPTY_NEST)
