"""The shape of the figures outside: JSON here, a workbook beside."""

from linbang.reporting.statistics.schemas.activities import ActivityFiguresOut
from linbang.reporting.statistics.schemas.answers import DefinitionOut, FiguresOut

__all__ = ["ActivityFiguresOut", "DefinitionOut", "FiguresOut"]
