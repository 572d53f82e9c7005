"""Where a device is, and whether that is near enough."""

import math

from linbang.operations.service import errors

LOCATION_RADIUS_M = 200
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


def distance_m(from_point: tuple[float, float], to_point: tuple[float, float]) -> int:
    """Return the great-circle distance in whole metres, rounded; points are (lat, lon) degrees.

    Source: haversine formula (Sinnott 1984).
    """
    latitude, longitude = math.radians(from_point[0]), math.radians(from_point[1])
    other_latitude, other_longitude = math.radians(to_point[0]), math.radians(to_point[1])
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude)
        * math.cos(other_latitude)
        * math.sin((other_longitude - longitude) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half_chord))))


def require_near(metres: int) -> None:
    """Refuse a device further away than the circle of the building. Raises TooFarAway."""
    if metres > LOCATION_RADIUS_M:
        raise errors.TooFarAway(distance_m=metres, limit_m=LOCATION_RADIUS_M)
