"""Units, teams and memberships for tests."""

from datetime import datetime
from itertools import count

from linbang.foundation import clock
from linbang.foundation.organisations.choices import MemberRole, OrganisationKind, TeamRank
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.factories import make_person
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY, make_region_tree

_numbers = count(1)


def make_unit(
    name: str = "",
    *,
    kind: OrganisationKind = OrganisationKind.COMMITTEE,
    region: str = COMMUNITY,
    **columns: object,
) -> Organisation:
    """Make a community's committee, or another unit."""
    return _make(
        name or f"单位{next(_numbers)}", kind=kind, region=region, parent=None, columns=columns
    )


def make_team(
    name: str = "",
    *,
    parent: Organisation | None = None,
    rank: TeamRank = TeamRank.SQUAD,
    region: str = COMMUNITY,
    content: str = "0001",
    **columns: object,
) -> Organisation:
    """Make an open team of mixed residents."""
    columns = {"rank": rank, "content": content, "membership": "mixed", **columns}
    return _make(
        name or f"队伍{next(_numbers)}",
        kind=OrganisationKind.TEAM,
        region=region,
        parent=parent,
        columns=columns,
    )


def _make(
    name: str,
    *,
    kind: OrganisationKind,
    region: str,
    parent: Organisation | None,
    columns: dict[str, object],
) -> Organisation:
    make_region_tree()
    organisation = Organisation.objects.create(
        **{
            "cell": region[:6],
            "name": name,
            "kind": kind,
            "region_id": region,
            "parent": parent,
            "path": f"new{next(_numbers)}",
            "founded_at": clock.now(),
            **columns,
        }
    )
    organisation.path = f"{parent.path if parent else ''}{organisation.pk:010d}"
    organisation.save(update_fields=["path"])
    return organisation


def make_membership(
    organisation: Organisation,
    person: Person | None = None,
    *,
    approved: bool = True,
    role: MemberRole = MemberRole.MEMBER,
    now: datetime | None = None,
    **columns: object,
) -> Membership:
    """Make a member, or with ``approved=False`` somebody who asked."""
    now = now or clock.now()
    return Membership.objects.create(
        cell=organisation.cell,
        organisation=organisation,
        person=person or make_person(),
        role=role,
        asked_at=now,
        approved_at=now if approved else None,
        **columns,
    )
