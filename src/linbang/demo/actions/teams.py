"""The committee of the community, its brigade and the twelve teams with their members."""

from collections.abc import Mapping
from datetime import datetime

from linbang.demo.actions.community import CELL, Community, Team
from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.rules import figures
from linbang.foundation.organisations.choices import MemberRole, OrganisationKind, TeamRank
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person


def write_teams(community: Community, *, leaders: Mapping[str, Person]) -> None:
    """Write the committee, its brigade and the twelve teams; ``leaders`` by a team's name."""
    rng, founded = community.rng, community.long_ago(5)
    committee = _organisation(figures.COMMITTEE, OrganisationKind.COMMITTEE, None, founded=founded)
    community.organisations[committee.name] = committee
    brigade = _organisation(
        figures.BRIGADE, OrganisationKind.TEAM, committee, founded=founded, rank=TeamRank.BRIGADE,
        content="0001", membership="mixed", approved_by=committee,
    )  # fmt: skip
    free = set(community.hands) - {person.pk for person in leaders.values()}
    activated = {one.person_id: one.activated_at for one in community.volunteers}
    memberships = []
    for name, content, membership, size in figures.TEAMS:
        organisation = _organisation(
            name, OrganisationKind.TEAM, brigade, founded=founded, rank=TeamRank.SQUAD,
            content=content, membership=membership, approved_by=committee,
        )  # fmt: skip
        own = [leaders[name].pk] if name in leaders else []
        fitting = [one for one in community.volunteers if content in one.categories]
        pool = fitting if len(fitting) >= size else community.volunteers
        others = [one.person_id for one in pool if one.person_id in free]
        members = [*own, *rng.sample(others, size - len(own))]
        community.teams[name] = Team(organisation, members[0], tuple(members))
        memberships += [
            Membership(
                cell=CELL,
                organisation=organisation,
                person_id=person_id,
                role=MemberRole.MEMBER if nth else MemberRole.LEADER,
                asked_at=max(founded, activated[person_id]),
                approved_at=max(founded, activated[person_id]),
            )
            for nth, person_id in enumerate(members)
        ]
    copy_in(numbered(memberships))


def _organisation(
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None,
    *,
    founded: datetime,
    **columns: object,
) -> Organisation:
    organisation = Organisation(
        cell=CELL,
        name=name,
        kind=kind,
        parent=parent,
        region_id=figures.COMMUNITY,
        founded_at=founded,
        **columns,
    )
    numbered([organisation])
    organisation.path = f"{parent.path if parent else ''}{organisation.pk:010d}"
    organisation.save(force_insert=True)
    return organisation
