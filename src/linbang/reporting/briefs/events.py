"""What happened to the briefs."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class BriefIssued(Event):
    """A brief was numbered and issued."""

    brief_id: int
    cell: str
