"""Degrees to metres on a local plane."""

from math import cos, radians

_EARTH_RADIUS_M = 6_371_008.8


def project(
    longitude: float, latitude: float, *, origin: tuple[float, float]
) -> tuple[float, float]:
    """Give x (east) and y (north) in metres from an origin (longitude, latitude).

    Equirectangular: within a city the error stays far below the size of a building. All points
    of one pool and its requests must share one origin.
    """
    east = radians(longitude - origin[0]) * cos(radians(origin[1])) * _EARTH_RADIUS_M
    north = radians(latitude - origin[1]) * _EARTH_RADIUS_M
    return east, north
