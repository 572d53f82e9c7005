"""Degrees to metres on a local plane."""

from math import cos, radians

import numpy as np
import numpy.typing as npt

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


def project_all(
    longitudes: npt.NDArray[np.float64],
    latitudes: npt.NDArray[np.float64],
    *,
    origin: tuple[float, float],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Give x and y of many points as ``project`` does, NaN where either degree is NaN: f4[N]."""
    east = np.radians(longitudes - origin[0]) * cos(radians(origin[1])) * _EARTH_RADIUS_M
    north = np.radians(latitudes - origin[1]) * _EARTH_RADIUS_M
    is_unknown = np.isnan(east) | np.isnan(north)
    east[is_unknown] = north[is_unknown] = np.nan
    return east.astype(np.float32), north.astype(np.float32)
