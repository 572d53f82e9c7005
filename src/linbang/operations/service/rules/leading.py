"""Who leads an activity on the spot, over plain values."""

from dataclasses import dataclass

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor


@dataclass(frozen=True)
class Leadership:
    """What decides who leads: the named leader, the organiser's path, and the region."""

    leader_id: int | None
    organiser_path: str
    region: str


def leads(actor: Actor, leadership: Leadership) -> bool:
    """Tell whether somebody leads the shifts of an activity.

    That is its named leader, without any grant; who may lead shifts in the organiser's path
    (team leaders); and who may in its region (workers).
    """
    if actor.person_id is not None and actor.person_id == leadership.leader_id:
        return True
    return actor.may(Permission.LEAD_SHIFTS, region=leadership.region) or any(
        leadership.organiser_path.startswith(path)
        for path in actor.organisations_for(Permission.LEAD_SHIFTS)
    )
