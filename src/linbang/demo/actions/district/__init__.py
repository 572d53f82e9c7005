"""Huli beside Xinzhu: a whole district to switch to."""

from datetime import datetime

from linbang.demo.actions.community import Community
from linbang.demo.actions.district.duty import write_duty
from linbang.demo.actions.district.people import write_people
from linbang.demo.actions.district.points import write_points
from linbang.demo.actions.district.teams import District, found_teams
from linbang.demo.actions.district.trainings import write_trainings

__all__ = ["District", "write_district", "write_duty"]


def write_district(community: Community, *, now: datetime) -> District:
    """Write Huli's units, teams, people, trainings and points."""
    huli = found_teams(community)
    write_people(huli, community, now=now)
    write_trainings(huli)
    write_points(huli)
    return huli
