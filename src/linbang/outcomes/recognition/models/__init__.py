"""The tables of recognition, one file a noun."""

from linbang.outcomes.recognition.models.honours import Honour, HonourProof
from linbang.outcomes.recognition.models.ratings import Rating
from linbang.outcomes.recognition.models.stars import (
    StarApplication,
    StarChange,
    StarObjection,
    StarScheme,
)

__all__ = [
    "Honour",
    "HonourProof",
    "Rating",
    "StarApplication",
    "StarChange",
    "StarObjection",
    "StarScheme",
]
