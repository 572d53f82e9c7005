"""The shape of the figures outside: JSON here, a workbook beside."""

from linbang.reporting.statistics.schemas.answers import DefinitionOut, FiguresOut

__all__ = ["DefinitionOut", "FiguresOut"]
