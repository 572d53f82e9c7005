"""The shape of briefs outside: JSON here, an official document beside."""

from linbang.reporting.briefs.schemas.answers import BriefIn, BriefOut, BriefPageOut, DraftOut

__all__ = ["BriefIn", "BriefOut", "BriefPageOut", "DraftOut"]
