"""What surrounds records, as far as it may raise a doubt (rule 45): six statements at most."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import ServiceRecord
from linbang.operations.service_records.rules import FlagLimits, Leg, RecordFacts

_SQL = Path(__file__).parent.parent / "sql"
# What only matters of records of one kind is not asked of others.
_OF_KIND = {
    "device_facts": RecordKind.PROVED,
    "identical_facts": RecordKind.ENTERED,
    "leg_facts": RecordKind.PROVED,
    "stranger_facts": RecordKind.ENTERED,
}
_COLUMNS = {
    "activity_facts": (
        "activity_age_minutes",
        "activity_minutes",
        "activity_entered_minutes",
        "activity_entered_people",
    ),
    "device_facts": ("device_people",),
    "identical_facts": ("identical_people", "identical_days"),
    "leader_facts": ("leader_shifts", "leader_attendances", "leader_off_plan"),
}


def flag_limits() -> FlagLimits:
    """Return where doubts begin on this site."""
    return FlagLimits(**settings.LINBANG_FLAG_LIMITS)


def facts_of(records: Iterable[ServiceRecord]) -> list[RecordFacts]:
    """Return the facts of records that count for something: six queries at most, however many."""
    kinds = {one.pk: RecordKind(one.kind) for one in records if one.credited_minutes}
    if not kinds:
        return []
    known: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, columns in _COLUMNS.items():
        for record_id, *values in _rows(name, kinds):
            known[record_id] |= dict(zip(columns, values, strict=True))
    legs: dict[int, list[Leg]] = defaultdict(list)
    for record_id, metres, minutes in _rows("leg_facts", kinds):
        legs[record_id].append(Leg(metres, minutes))
    strangers = {record_id for (record_id,) in _rows("stranger_facts", kinds)}
    return [
        RecordFacts(
            record_id=record_id,
            kind=kind,
            legs=tuple(legs[record_id]),
            has_contact=record_id not in strangers,
            **known[record_id],
        )
        for record_id, kind in kinds.items()
    ]


def _rows(name: str, kinds: Mapping[int, RecordKind]) -> list[tuple[Any, ...]]:
    wanted = _OF_KIND.get(name)
    ids = [record_id for record_id, kind in kinds.items() if wanted in {None, kind}]
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), {"ids": ids})
        return list(cursor.fetchall())


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
