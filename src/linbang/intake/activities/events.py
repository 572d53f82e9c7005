"""What happened to what is planned. Bulk work announces one event for the batch."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class ShiftsPlanned(Event):
    """Shifts were added: places are opened for them, drafts included."""

    shift_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class ShiftPlacesChanged(Event):
    """Shifts now have more or fewer places."""

    shift_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class ShiftsMoved(Event):
    """Shifts take place at another time: promises move along, and everybody is told."""

    shift_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class ShiftsCancelled(Event):
    """Shifts do not take place: everybody is told and freed without a mark (rule 27)."""

    shift_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class ActivityPublished(Event):
    """An activity is open to sign-ups."""

    activity_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class ActivityChanged(Event):
    """A published activity's place or risk text changed: everybody is told (rule 27)."""

    activity_id: int
    cell: str
