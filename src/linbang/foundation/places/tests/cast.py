"""The cast of these tests. Accounts stand above places: who acts is a plain value here."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.rules import EDIT_PLACES, OpeningWindow, StationDetails

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # a Sunday, ten o'clock in China


@dataclass(frozen=True)
class Clerk:
    """Keeps the places of some regions."""

    regions: tuple[str, ...] = ()
    account_id: int | None = 1
    person_id: int | None = 1
    cell: str = "450103"
    address: str | None = None
    on_behalf_of_id: int | None = None
    is_system: bool = False

    @property
    def is_signed_in(self):
        return self.person_id is not None

    def regions_for(self, permission):
        return self.regions if permission == EDIT_PLACES else ()

    def may(self, permission, *, region):
        return self.is_system or region.startswith(self.regions_for(permission))

    def may_anywhere(self, permission):
        return self.is_system or bool(self.regions_for(permission))


CLERK = Clerk((COMMUNITY,))
NEIGHBOUR_CLERK = Clerk((NEIGHBOUR_COMMUNITY,))
STRANGER = Clerk(person_id=None)
SYSTEM = Clerk(is_system=True)


def station_details(**told):
    """Tell of a station as the form would."""
    return StationDetails(
        **{
            "region_code": COMMUNITY,
            "name": "新竹社区志愿服务站",
            "address": "新竹路 12 号",
            "phone": "0771-5530103",
            "longitude": 108.335,
            "latitude": 22.815,
            "features": ("sign", "venue"),
            "hours": (OpeningWindow(6, time(9), time(12)),),
            **told,
        }
    )
