"""Writes of the place tree and of stations."""

from linbang.foundation.places.actions.importing import ImportedRegions, import_regions
from linbang.foundation.places.actions.stations import edit_station, open_station
from linbang.foundation.places.actions.tree import (
    add_building,
    add_grid,
    close_region,
    move_point,
    rename_region,
)

__all__ = [
    "ImportedRegions",
    "add_building",
    "add_grid",
    "close_region",
    "edit_station",
    "import_regions",
    "move_point",
    "open_station",
    "rename_region",
]
