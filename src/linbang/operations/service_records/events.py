"""What happened to a record of service."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordDrafted(Event):
    """A visit became a record that waits for the resident's word."""

    record_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RecordConfirmed(Event):
    """The resident, a relative or the station's call says: it was so."""

    record_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RecordDisputed(Event):
    """The resident says: it was not so; the station looks into it."""

    record_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RecordsVerified(Event):
    """The records count from here on; some with 0 minutes, when nothing of them did."""

    record_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class RecordCorrected(Event):
    """A verified record's minutes were changed by a row of its own."""

    record_id: int
    cell: str
    correction_id: int
    minutes_before: int
    minutes_after: int


@dataclass(frozen=True, kw_only=True)
class RecordVoided(Event):
    """Hours that counted were proven false: they count for nothing now (rule 55)."""

    record_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RecordRestored(Event):
    """An appeal was upheld: void hours count again as before."""

    record_id: int
    cell: str
