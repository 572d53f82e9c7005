"""The people of the demo community: households behind the doors of its buildings."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from linbang.demo.rules import figures
from linbang.demo.rules.names import (
    AREA,
    invented_document,
    invented_name,
    invented_phone,
    surname_of,
)

_SIZES = (1, 2, 3, 4, 5, 6)
_SIZE_WEIGHTS = (9, 19, 27, 25, 13, 7)


@dataclass
class Resident:
    """One invented person; ``door`` is empty for those who live elsewhere."""

    name: str
    sex: str
    born: date
    document: str
    phone: str
    region: str
    household: int | None = None
    door: str = ""
    is_head: bool = False


@dataclass(frozen=True)
class Building:
    """A building of a grid, with the point it stands at (degrees)."""

    code: str
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Household:
    """A door of a building."""

    building: str
    door: str


@dataclass
class Population:
    """Everybody, and where they live."""

    grids: list[tuple[str, str]] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)


class Inventor:
    """Makes people one after the other, each with an unused phone and document number."""

    def __init__(
        self, rng: Random, today: date, *, area: str = AREA, first_phone: int = 1_000
    ) -> None:
        self.rng = rng
        self.today = today
        self.area = area
        self._phones = first_phone
        self._documents: defaultdict[tuple[date, str], int] = defaultdict(int)

    def person(
        self, *, sex: str = "", age: int, region: str, name: str = "", surname: str = ""
    ) -> Resident:
        """Return a new person of an age in whole years."""
        rng = self.rng
        sex = sex or rng.choice("mf")
        born = self.today - timedelta(days=age * 365 + age // 4 + rng.randrange(1, 360))
        serial = self._documents[born, sex]
        self._documents[born, sex] += 1
        self._phones += 1
        return Resident(
            name=name or invented_name(rng, sex, surname),
            sex=sex,
            born=born,
            document=invented_document(born, sex, serial, self.area),
            phone=invented_phone(self._phones) if age >= 12 else "",
            region=region,
        )


def _household_sizes(rng: Random) -> list[int]:
    sizes = rng.choices(_SIZES, _SIZE_WEIGHTS, k=figures.HOUSEHOLDS)
    # Bring the sum to the published number one person at a time.
    while (gap := figures.RESIDENTS - sum(sizes)) != 0:
        for at in rng.sample(range(len(sizes)), min(abs(gap), len(sizes))):
            if gap > 0 and sizes[at] < 7:
                sizes[at] += 1
            elif gap < 0 and sizes[at] > 1:
                sizes[at] -= 1
    return sizes


def _ages(rng: Random, size: int) -> list[tuple[int, str]]:
    """Return age and sex of each member of a household, its head first."""
    if size == 1:
        age = rng.choice((24, 28, 33, 41, 56, 63, 68, 72, 77, 81, 84, 88))
        return [(age + rng.randrange(3), rng.choice("mf"))]
    head = rng.choice((29, 33, 37, 42, 47, 53, 61, 67, 74, 80)) + rng.randrange(4)
    members = [(head, "m"), (max(22, head - rng.randrange(5)), "f")]
    while len(members) < size:
        if head < 58 and len(members) < 4:
            members.append((max(0, head - 26 - rng.randrange(6)), rng.choice("mf")))
        elif head >= 58 and len(members) < 4:
            members.append((head - 25 - rng.randrange(4), rng.choice("mf")))
        else:
            elder = head + 25 if head < 58 else head - 54
            members.append((max(1, min(96, elder + rng.randrange(5))), rng.choice("mf")))
    return members


def _share(total: int, parts: int) -> list[int]:
    """Split a total into parts that differ by at most one."""
    return [total // parts + (1 if part < total % parts else 0) for part in range(parts)]


def _buildings(rng: Random, population: Population) -> None:
    longitude, latitude = figures.CENTRE
    for grid, count in enumerate(_share(figures.BUILDINGS, figures.GRIDS), start=1):
        code = f"{figures.COMMUNITY}{grid:03d}"
        population.grids.append((code, f"第{grid}网格"))
        # Grids lie in two rows of four, about 220 m apart: 0.78 km² in all.
        centre = (
            longitude + ((grid - 1) % 4 - 1.5) * 0.0022,
            latitude + (0.5 - (grid - 1) // 4) * 0.0022,
        )
        for building in range(1, count + 1):
            number = len(population.buildings) + 1
            population.buildings.append(
                Building(
                    code=f"{code}{building:03d}",
                    name=f"{number}栋",
                    longitude=round(centre[0] + rng.uniform(-0.001, 0.001), 6),
                    latitude=round(centre[1] + rng.uniform(-0.001, 0.001), 6),
                )
            )


def invent_population(rng: Random, inventor: Inventor) -> Population:
    """Return the grids, buildings, households and residents, in the published numbers."""
    population = Population()
    _buildings(rng, population)
    sizes = iter(_household_sizes(rng))
    doors = _share(figures.HOUSEHOLDS, figures.BUILDINGS)
    for building, count in zip(population.buildings, doors, strict=True):
        for nth in range(count):
            door = f"{nth // 18 + 1}单元{nth // 3 % 6 + 1}0{nth % 3 + 1}室"
            household = len(population.households)
            population.households.append(Household(building.code, door))
            _move_in(population, inventor, next(sizes), household)
    return population


def _move_in(population: Population, inventor: Inventor, size: int, household: int) -> None:
    home = population.households[household]
    surname = ""
    for nth, (age, sex) in enumerate(_ages(inventor.rng, size)):
        resident = inventor.person(sex=sex, age=age, region=home.building, surname=surname)
        resident.household, resident.door, resident.is_head = household, home.door, nth == 0
        population.residents.append(resident)
        # A wife keeps her own name; everybody else bears the head's.
        surname = "" if nth == 0 else surname_of(population.residents[-nth - 1].name)
