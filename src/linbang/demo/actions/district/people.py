"""The 8,536 volunteers of Huli's squads, with the demo's people among them."""

from collections.abc import Sequence
from datetime import datetime

from linbang.demo.actions import cast as casting
from linbang.demo.actions.community import Community, enter_people
from linbang.demo.actions.copying import fill_tables
from linbang.demo.actions.district.teams import District
from linbang.demo.choices import CAST, OFFICER, Player
from linbang.demo.rules import district, figures
from linbang.demo.rules.names import AREA_OF_DISTRICT
from linbang.demo.rules.population import Inventor, Resident
from linbang.foundation.people.rules import volunteer_number

# Skills and categories, by turns.
_OFFERS = (
    ("10", "0009 0011"), ("01 19", "0004 0017"), ("08", "0003 0001"), ("13", "0010 0001"),
    ("03", "0011 0001"), ("09", "0001 0017"), ("21", "0008 0010"), ("05 22", "0007 0001"),
)  # fmt: skip
_WEEK_BITS = 21


def write_people(huli: District, community: Community, *, now: datetime) -> None:
    """Write everybody, in squads; leader and guide of the cast are in one of the traffic squads."""
    inventor = Inventor(huli.rng, huli.today, area=AREA_OF_DISTRICT, first_phone=100_000)
    players = {one.key: one for one in CAST if one.place != OFFICER.place}
    sizes = district.squad_sizes(huli.rng, len(huli.community_squads), len(huli.unit_squads))
    residents = _residents(huli, inventor, sizes)
    first = _first_of_traffic(huli, sizes)
    residents[first] = _played(inventor, players["brigade"])
    residents[first + 1] = _played(inventor, players["guide"])
    people = enter_people(community, [*residents, _played(inventor, players["district"])])
    ids = iter(person.pk for person in people)
    for squad, size in zip(huli.squads, sizes, strict=True):
        squad.members = [next(ids) for _ in range(size)]
    huli.leader, huli.guide, huli.officer = people[first], people[first + 1], people[-1]
    _let_them_serve(huli)
    for key, person in (
        ("brigade", huli.leader), ("guide", huli.guide), ("district", huli.officer),
    ):  # fmt: skip
        casting.open_account_of(person, players[key], now=now)
    team = huli.organisations[players["brigade"].team]
    casting.grant_team(huli.leader, players["brigade"], team, now=now)


def _residents(huli: District, inventor: Inventor, sizes: Sequence[int]) -> list[Resident]:
    """Invent the people of each squad; a unit's live all over the district."""
    codes = [region.code for region in huli.communities]
    homes = [squad.organisation.region_id for squad in huli.squads]
    return [
        inventor.person(
            age=huli.rng.randrange(19, 66),
            region=huli.rng.choice(codes) if home == figures.DISTRICT else home,
        )
        for home, size in zip(homes, sizes, strict=True)
        for _ in range(size)
    ]


def _first_of_traffic(huli: District, sizes: Sequence[int]) -> int:
    """Return the place of the first person of the traffic brigade's first squad."""
    brigade = huli.organisations[district.TRAFFIC_BRIGADE]
    squads = [squad.organisation.parent_id for squad in huli.squads]
    return sum(sizes[: squads.index(brigade.pk)])


def _played(inventor: Inventor, player: Player) -> Resident:
    return inventor.person(sex=player.sex, age=player.age, region=player.home, name=player.name)


def _let_them_serve(huli: District) -> None:
    """Write profiles, consents and memberships, each by one query."""
    people = huli.everybody
    offers = [_OFFERS[n % len(_OFFERS)] for n, _ in enumerate(people)]
    first = figures.VOLUNTEERS + 1
    fill_tables(
        "district",
        {
            "people": people,
            "numbers": [volunteer_number(first + n) for n, _ in enumerate(people)],
            "skills": [skills for skills, _ in offers],
            "categories": [categories for _, categories in offers],
            "availability": [huli.rng.getrandbits(_WEEK_BITS) for _ in people],
            "teams": [squad.organisation.pk for squad in huli.squads for _ in squad.members],
            "leads": [not nth for squad in huli.squads for nth, _ in enumerate(squad.members)],
        },
    )
