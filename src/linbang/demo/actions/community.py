"""The place and its people: grids, buildings, households, volunteers, teams, care register."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.rules import figures
from linbang.demo.rules.population import Inventor, Population, Resident
from linbang.foundation.access.choices import DirectoryKind
from linbang.foundation.access.models import DirectoryEntry
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.choices import (
    ConsentKind,
    ConsentMethod,
    DocumentType,
    RegistrationChannel,
)
from linbang.foundation.people.models import (
    Consent,
    ConsentText,
    Household,
    Person,
    VolunteerProfile,
    document_digest,
    phone_digest,
    phone_tail_digest,
)
from linbang.foundation.people.rules import ADULT_AGE, pinyin_name, volunteer_number
from linbang.foundation.places.choices import RegionLevel, StationFeature
from linbang.foundation.places.models import OpeningHours, Region, Station
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.models import CareListing, category_digest

CELL = figures.COMMUNITY[:6]
VETTING = "minors-vetting"


@dataclass(frozen=True)
class Team:
    """A team with its people."""

    organisation: Organisation
    leader_id: int
    member_ids: tuple[int, ...]


@dataclass
class Community:
    """What has been written so far, for the steps that follow.

    ``qualified``: who has which qualification, by its code. ``absentee_id``: who stays away.
    ``minor_ids``: who of the volunteers is under age.
    """

    today: date
    rng: Random
    inventor: Inventor
    population: Population
    people: list[Person] = field(default_factory=list)
    volunteers: list[VolunteerProfile] = field(default_factory=list)
    listed: list[Person] = field(default_factory=list)
    station: Station | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    cast_ids: frozenset[int] = frozenset()
    absentee_id: int = 0
    minor_ids: frozenset[int] = frozenset()
    qualified: dict[str, set[int]] = field(default_factory=dict)

    def age(self, person: Person) -> int:
        """Return the age in whole years, near enough for inventing."""
        return (self.today - person.birth_date).days // 365

    def long_ago(self, years: int = 2) -> datetime:
        """Return a morning some years before today."""
        day = self.today - timedelta(days=365 * years + self.rng.randrange(300))
        return datetime.combine(day, time(9, self.rng.randrange(60)), CHINA)

    @property
    def hands(self) -> list[int]:
        """Who takes part in what goes on: every grown volunteer but the one who stays away."""
        apart = {self.absentee_id, *self.minor_ids}
        return [one.person_id for one in self.volunteers if one.person_id not in apart]

    def able(self, qualifications: Sequence[str], *, with_minors: bool) -> set[int] | None:
        """Return who has all the qualifications, and is vetted; None where anybody may come."""
        wanted = [*qualifications, *([VETTING] if with_minors else [])]
        return set.intersection(*(self.qualified[code] for code in wanted)) if wanted else None

    @property
    def committee(self) -> Organisation:
        """The residents' committee, once it is written."""
        return self.organisations[figures.COMMITTEE]

    def spot(self) -> tuple[float, float]:
        """Return longitude and latitude of one of the buildings."""
        building = self.rng.choice(self.population.buildings)
        return building.longitude, building.latitude


def write_places(community: Community) -> None:
    """Write grids, buildings and the station of the community."""
    population = community.population
    since = community.today - timedelta(days=2_000)
    copy_in(
        Region(code=code, name=name, level=RegionLevel.GRID, parent_id=code[:12], valid_from=since)
        for code, name in population.grids
    )
    copy_in(
        Region(
            code=building.code,
            name=building.name,
            level=RegionLevel.BUILDING,
            parent_id=building.code[:15],
            longitude=building.longitude,
            latitude=building.latitude,
            valid_from=since,
        )
        for building in population.buildings
    )
    longitude, latitude = figures.CENTRE
    community.station = Station.objects.create(
        cell=CELL,
        name="新竹社区志愿服务站",
        region_id=figures.COMMUNITY,
        address="新竹路（演示地址）社区综合服务中心一楼",
        phone="0771-0000000",
        longitude=longitude,
        latitude=latitude,
        features=StationFeature.values,
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(station=community.station, weekday=day, opens_at=opens, closes_at=closes)
        for day in range(7)
        for opens, closes in ((time(8, 30), time(12)), (time(14, 30), time(18)))
    )


def write_people(community: Community) -> None:
    """Write households and residents; everybody is confirmed and long registered."""
    households = numbered(
        [
            Household(
                cell=CELL, region_id=home.building, door=home.door, created_at=community.long_ago(4)
            )
            for home in community.population.households
        ]
    )
    copy_in(households)
    community.people = enter_people(
        community, community.population.residents, [household.pk for household in households]
    )


def enter_people(
    community: Community, residents: Sequence[Resident], households: Sequence[int] = ()
) -> list[Person]:
    """Write people and their entries in the directory of identities."""
    people = list(
        numbered(
            [
                _person(community, resident, households[resident.household])
                if resident.household is not None
                else _person(community, resident, None)
                for resident in residents
            ]
        )
    )
    copy_in(people)
    copy_in(
        DirectoryEntry(
            digest=person.document_digest,
            kind=DirectoryKind.IDENTITY,
            cell=person.cell,
            owner_id=person.pk,
        )
        for person in people
    )
    return people


def _person(community: Community, resident: Resident, household: int | None) -> Person:
    registered = community.long_ago()
    spelt = pinyin_name(resident.name)
    return Person(
        cell=resident.region[:6],
        name=resident.name,
        pinyin=spelt.pinyin,
        initials=spelt.initials,
        document_type=DocumentType.RESIDENT_ID,
        document_number=resident.document,
        document_digest=document_digest(DocumentType.RESIDENT_ID, resident.document),
        phone=resident.phone,
        phone_digest=phone_digest(resident.phone),
        phone_tail_digest=phone_tail_digest(resident.phone),
        sex=resident.sex,
        birth_date=resident.born,
        region_id=resident.region,
        household_id=household,
        address=resident.door,
        channel=RegistrationChannel.STATION,
        registered_at=registered,
        confirmed_at=registered,
    )


# Who offers what: skill codes, category codes and how many of a hundred volunteers.
_PROFILES: tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...] = (
    (("19",), ("0001", "0017"), 20),
    (("01", "19"), ("0004", "0017", "0001"), 14),
    (("09", "14"), ("0001", "0017"), 12),
    (("08",), ("0003", "0001", "0017"), 13),
    (("22", "05"), ("0007", "0001", "0017"), 8),
    (("18",), ("0004", "0017", "0001"), 6),
    (("04",), ("0005", "0001"), 5),
    (("20", "21"), ("0008", "0001", "0017"), 8),
    (("10",), ("0009", "0001", "0012"), 8),
    (("03",), ("0001", "0017", "0011"), 6),
)

# Who speaks what besides Mandarin: every third, seventh and fortieth volunteer, by serial number.
_SPOKEN_BY = (("yue", 3), ("zyb", 7), ("csl", 40))


def write_volunteers(
    community: Community, *, ready: Sequence[Person], also: Sequence[Person]
) -> None:
    """Write the volunteers: residents of working age and above, and people of nearby units.

    Those in ``ready`` can do nearly everything, all week; those in ``also`` are in it too.
    """
    rng = community.rng
    adults = [
        person
        for person in community.people
        if 18 <= community.age(person) <= 74 and person not in (*ready, *also)
    ]
    own = figures.VOLUNTEERS - figures.VOLUNTEERS_FROM_UNITS - len(ready) - len(also)
    residents = [*ready, *also, *rng.sample(adults, own)]
    guests = enter_people(
        community,
        [
            community.inventor.person(
                age=rng.randrange(22, 58), region=rng.choice(("450103001006", "450103001009"))
            )
            for _ in range(figures.VOLUNTEERS_FROM_UNITS)
        ],
    )
    homes = {building.code: building for building in community.population.buildings}
    profiles = [
        _profile(community, person, serial, homes)
        for serial, person in enumerate([*residents, *guests], start=1)
    ]
    for profile in profiles[: len(ready)]:
        _make_ready(profile)
    community.volunteers = list(numbered(profiles))
    copy_in(community.volunteers)
    community.minor_ids = frozenset(one.pk for one in also if community.age(one) < ADULT_AGE)
    community.absentee_id = residents[len(ready) + len(also)].pk
    write_consents([*residents, *guests])


def _profile(community: Community, person: Person, serial: int, homes: dict) -> VolunteerProfile:  # type: ignore[type-arg]  # buildings by code
    rng = community.rng
    skills, categories, _ = rng.choices(_PROFILES, [weight for _, _, weight in _PROFILES])[0]
    home = homes.get(person.region_id)
    return VolunteerProfile(
        cell=CELL,
        person=person,
        number=volunteer_number(serial),
        # Guests report in to the community (社区报到), residents serve from their building.
        region_id=person.region_id if home else figures.COMMUNITY,
        skills=sorted({*skills, *rng.sample(("07", "13", "17", "23"), rng.randrange(2))}),
        categories=sorted({*categories, "0006" if rng.random() < 0.3 else "0010"}),
        availability=_availability(rng, retired=community.age(person) >= 58),
        languages=[code for code, every in _SPOKEN_BY if serial % every == 0],
        longitude=home.longitude if home else figures.CENTRE[0],
        latitude=home.latitude if home else figures.CENTRE[1],
        rating=round(rng.uniform(3.9, 5.0), 1) if rng.random() < 0.7 else None,
        activated_at=person.registered_at + timedelta(days=rng.randrange(200)),
    )


def _make_ready(profile: VolunteerProfile) -> None:
    profile.skills = ["01", "03", "04", "08", "09", "14", "18", "19", "20", "22"]
    profile.categories = ["0001", "0003", "0004", "0005", "0007", "0008", "0010", "0017"]
    profile.availability = (1 << 24) - 1
    profile.rating = 4.9


def _availability(rng: Random, *, retired: bool) -> int:
    chance = (0.55, 0.5, 0.2) if retired else (0.08, 0.1, 0.35)
    mask = 0
    for day in range(8):
        for part in range(3):
            likely = chance[part] if retired or day < 5 else 0.5
            if rng.random() < likely:
                mask |= 1 << (day * 3 + part)
    return mask


def write_consents(people: Sequence[Person]) -> None:
    """Write everybody's own consent to the volunteer's text in force."""
    text = ConsentText.objects.filter(kind=ConsentKind.VOLUNTEER).order_by("-version")[0]
    copy_in(
        numbered(
            [
                Consent(
                    cell=person.cell,
                    person=person,
                    text=text,
                    given_by=person,
                    method=ConsentMethod.SIGNED_FORM,
                    given_at=person.registered_at,
                )
                for person in people
            ]
        )
    )


def write_care(community: Community, *, always: Mapping[int, Sequence[CareCategory]]) -> None:
    """Write the care register in the published numbers; ``always`` names who must be on it."""
    rng, people = community.rng, community.people
    sizes = Counter(person.household_id for person in people)
    very_old = [person for person in people if community.age(person) >= 80]
    alone = [
        person
        for person in people
        if community.age(person) >= 65 and sizes[person.household_id] == 1
    ]
    adults = [person for person in people if 18 <= community.age(person) < 75]
    homes = set(
        rng.sample(
            sorted({person.household_id or 0 for person in adults}), figures.CARE_DIBAO_HOUSEHOLDS
        )
    )
    wanted = {
        CareCategory.AGED: (very_old, figures.CARE_AGED),
        CareCategory.EMPTY_NEST: (alone, figures.CARE_EMPTY_NEST),
        CareCategory.DISABLED: (adults, figures.CARE_DISABLED),
    }
    chosen = {CareCategory.DIBAO: [person for person in people if person.household_id in homes]}
    for category, (pool, number) in wanted.items():
        fixed = [person for person in pool if category in always.get(person.pk, ())]
        rest = [person for person in pool if person not in fixed]
        chosen[category] = fixed + rng.sample(rest, number - len(fixed))
    copy_in(
        numbered(
            [
                CareListing(
                    cell=CELL,
                    person=person,
                    region_id=person.region_id,
                    category=category,
                    category_digest=category_digest(category),
                    listed_on=community.today - timedelta(days=rng.randrange(200, 900)),
                )
                for category, listed in chosen.items()
                for person in listed
            ]
        )
    )
    community.listed = list(
        {person.pk: person for listed in chosen.values() for person in listed}.values()
    )
