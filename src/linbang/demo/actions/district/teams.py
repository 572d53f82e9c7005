"""Units and the tree of 163 teams: one detachment, eighteen brigades, 144 squads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from linbang.demo.actions.community import Community
from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.rules import district, figures
from linbang.foundation.organisations.choices import OrganisationKind, TeamRank
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import regions_under
from linbang.intake.activities.models import DutyPoint, InsurancePolicy

CELL = figures.DISTRICT
CENTRE = (118.130, 24.512)


@dataclass
class Squad:
    """A squad with the people in it."""

    organisation: Organisation
    members: list[int] = field(default_factory=list)


@dataclass
class District:
    """What has been written of Huli so far, for the steps that follow."""

    rng: Random
    today: date
    streets: dict[str, Region]
    communities: list[Region]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    community_squads: list[Squad] = field(default_factory=list)
    unit_squads: list[Squad] = field(default_factory=list)
    officer: Person | None = None
    leader: Person | None = None
    guide: Person | None = None
    traffic_trained: list[int] = field(default_factory=list)
    points: dict[str, list[DutyPoint]] = field(default_factory=dict)
    policy: InsurancePolicy | None = None

    @property
    def squads(self) -> list[Squad]:
        """All squads, the communities' first."""
        return self.community_squads + self.unit_squads

    @property
    def everybody(self) -> list[int]:
        """Everybody who serves, squad by squad."""
        return [person for squad in self.squads for person in squad.members]

    def head_of(self, team: str) -> int:
        """Return who leads a team: of the traffic brigade the demo's, else its first squad's."""
        if self.leader and team == district.TRAFFIC_BRIGADE:
            return self.leader.pk
        path = self.organisations[team].path
        return next(s.members[0] for s in self.squads if s.organisation.path.startswith(path))

    def spot(self, code: str) -> tuple[float, float]:
        """Return longitude and latitude of somewhere in a community; neighbours lie together."""
        nth = [region.code for region in self.communities].index(code)
        longitude = CENTRE[0] + (nth % 10 - 4.5) * 0.009 + self.rng.uniform(-0.003, 0.003)
        latitude = CENTRE[1] + (nth // 10 - 2) * 0.011 + self.rng.uniform(-0.003, 0.003)
        return round(longitude, 6), round(latitude, 6)


def found_teams(community: Community) -> District:
    """Write units and committees, then the teams from the top: a path needs its parent's."""
    streets = {one.code: one for one in regions_under(figures.DISTRICT, level=RegionLevel.STREET)}
    communities = [
        region
        for street, count in zip(streets, district.COMMUNITIES_A_STREET, strict=False)
        for region in regions_under(street, level=RegionLevel.COMMUNITY)[:count]
    ]
    rng = Random(community.rng.random())  # noqa: S311 - an invented district, not a secret
    huli = District(rng, community.today, streets, communities)
    founder = _Founder(huli, founded=community.long_ago(5))
    founder.units()
    founder.brigades()
    founder.squads()
    return huli


class _Founder:
    """Makes organisations and notes each by its name."""

    def __init__(self, huli: District, *, founded: datetime) -> None:
        self.huli = huli
        self.founded = founded

    def units(self) -> None:
        units = [self._organisation(unit.name, unit.kind) for unit in district.units()]
        committees = [
            self._organisation(_committee(region), "committee", region_id=region.code)
            for region in self.huli.communities
        ]
        self._save([*units, *committees])

    def brigades(self) -> None:
        head = district.units()[-1].name
        self._save([self._team(district.DETACHMENT, TeamRank.DETACHMENT, head, head)])
        of_streets = [
            self._team(
                self._street_brigade(code), TeamRank.BRIGADE, district.DETACHMENT, head,
                region_id=code,
            )
            for code in dict.fromkeys(region.code[:9] for region in self.huli.communities)
        ]  # fmt: skip
        of_fields = [
            self._team(
                one.name, TeamRank.BRIGADE, district.DETACHMENT, head, content=one.content,
                membership=one.membership,
            )
            for one in district.brigades()
        ]  # fmt: skip
        self._save([*of_streets, *of_fields])

    def squads(self) -> None:
        self.huli.community_squads = [
            Squad(
                self._team(
                    f"{_short(region)}志愿服务分队", TeamRank.SQUAD,
                    self._street_brigade(region.code[:9]), _committee(region),
                    region_id=region.code, membership="residents",
                )
            )
            for region in self.huli.communities
        ]  # fmt: skip
        self.huli.unit_squads = [
            Squad(
                self._team(
                    district.squad_name(owners), TeamRank.SQUAD, brigade.name, owners[0].name,
                    content=brigade.content, membership=brigade.membership,
                )
            )
            for brigade in district.brigades()
            for owners in brigade.squads
        ]  # fmt: skip
        self._save([squad.organisation for squad in self.huli.squads])

    def _street_brigade(self, code: str) -> str:
        return f"{self.huli.streets[code].name}志愿服务大队"

    def _organisation(self, name: str, kind: str, **columns: object) -> Organisation:
        given = {"region_id": figures.DISTRICT, "founded_at": self.founded, **columns}
        return Organisation(cell=CELL, name=name, kind=kind, **given)

    def _team(
        self, name: str, rank: TeamRank, parent: str, approver: str, **columns: object
    ) -> Organisation:
        known = self.huli.organisations
        given = {"content": "0001", "membership": "mixed", **columns}
        return self._organisation(
            name, OrganisationKind.TEAM, rank=rank, parent=known[parent],
            approved_by=known[approver], **given,
        )  # fmt: skip

    def _save(self, organisations: Sequence[Organisation]) -> None:
        for one in numbered(organisations):
            one.path = f"{one.parent.path if one.parent else ''}{one.pk:010d}"
            self.huli.organisations[one.name] = one
        copy_in(organisations)


def _short(region: Region) -> str:
    return region.name.removesuffix("居委会")


def _committee(region: Region) -> str:
    return f"{_short(region)}居民委员会"
