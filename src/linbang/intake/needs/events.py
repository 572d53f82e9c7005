"""What happened to needs, as told to later steps."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class NeedVerified(Event):
    """A need was verified: somebody has to go."""

    need_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class NeedDeclined(Event):
    """The station cannot take the need on."""

    need_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class NeedWithdrawn(Event):
    """The need is no longer wanted: whoever was promised is free again."""

    need_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class NeedLapsed(Event):
    """The need could not be met: nobody came."""

    need_id: int
    cell: str
