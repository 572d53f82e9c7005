"""Which rooms a person is shown, over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import surname_of
from linbang.web.choices import CONSOLE, RESIDENT_TABS, VOLUNTEER_TABS, Room


def console_rooms(actor: Actor) -> tuple[Room, ...]:
    """Return the console's entries for an actor: none for people who only ask and help."""
    rooms = tuple(
        room for room in CONSOLE if room.permission is None or actor.may_anywhere(room.permission)
    )
    return rooms if any(room.permission for room in rooms) else ()


def tab_rooms(*, is_volunteer: bool) -> Sequence[Room]:
    """Return the phone's tabs: volunteers see invitations and visits first."""
    return VOLUNTEER_TABS if is_volunteer else RESIDENT_TABS


def current_room(path: str, addresses: Iterable[str]) -> str:
    """Return the address that the path lies under: the longest that is its beginning."""
    fitting = [address for address in addresses if path.startswith(address)]
    return max(fitting, key=len, default="")


def works_at_a_desk(actor: Actor) -> bool:
    """Tell whether the first page is the console: for everybody with a role but building heads and
    team leaders, who are residents first.
    """
    return bool(actor.roles() - {Role.BUILDING_HEAD, Role.TEAM_LEADER})


@dataclass(frozen=True)
class Greeting:
    """How to address a reader; the page has the words. ``title``: the old are called by surname
    and respect (auntie, uncle, grandma, grandpa), everybody else by name (empty).
    """

    name: str
    surname: str
    title: str
    part_of_day: str


def greeting(name: str, sex: str, *, age: int, hour: int) -> Greeting:
    """Return how to address somebody at an hour of the day."""
    titles = {
        ("f", False): "auntie",
        ("m", False): "uncle",
        ("f", True): "grandma",
        ("m", True): "grandpa",
    }
    title = titles[sex, age >= 75] if age >= 60 else ""
    return Greeting(name, surname_of(name), title, _part_of_day(hour))


def _part_of_day(hour: int) -> str:
    if hour < 5 or hour >= 22:
        return "night"
    parts = ((11, "morning"), (13, "noon"), (18, "afternoon"), (24, "evening"))
    return next(part for until, part in parts if hour < until)
