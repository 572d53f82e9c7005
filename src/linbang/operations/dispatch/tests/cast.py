"""The people of these tests: an elder who asks, volunteers near and far, a worker, an outsider."""

from datetime import timedelta

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import make_region
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_need
from linbang.intake.needs.models import Need

SAME_GRID = "450103001005001002"
NEIGHBOUR_COMMUNITY_BUILDING = "450103001006001001"
OTHER_STREET_BUILDING = "450103002001001001"
VISIT_AT = MONDAY + timedelta(days=1)  # Tuesday 10:00

__all__ = [
    "MONDAY", "NEIGHBOUR_COMMUNITY_BUILDING", "OTHER_STREET_BUILDING", "SAME_GRID", "VISIT_AT",
    "Role", "actor_for", "make_elder", "make_elsewhere", "make_helper", "make_verified_need",
    "make_worker",
]  # fmt: skip


def make_elder(name: str = "李秀英") -> Person:
    return make_person(name, now=MONDAY - timedelta(days=90))


def make_helper(name: str = "王建国", **columns: object) -> Person:
    """Make a volunteer's person; ``columns`` as for make_volunteer."""
    return make_volunteer(name, now=MONDAY - timedelta(days=90), **columns).person


def make_elsewhere() -> None:
    """Make buildings in the neighbouring community and in another street of the county."""
    make_region("450103001006001", "第1网格")
    make_region(NEIGHBOUR_COMMUNITY_BUILDING, "1栋", longitude=108.3451, latitude=22.8148)
    make_region("450103002", "中山街道")
    make_region("450103002001", "中山社区")
    make_region("450103002001001", "第1网格")
    make_region(OTHER_STREET_BUILDING, "1栋", longitude=108.3351, latitude=22.8048)


def make_verified_need(elder: Person, **columns: object) -> Need:
    columns.setdefault("state", NeedState.VERIFIED)
    return make_need(elder, **{"starts_at": VISIT_AT, **columns})


def actor_for(person: Person) -> Actor:
    return make_actor(person)
