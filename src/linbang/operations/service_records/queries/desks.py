"""The desk of looking into hours: its heaps, and who may do what there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records.choices import IntegrityTab
from linbang.operations.service_records.models import RecordFlag, ServiceRecord
from linbang.operations.service_records.queries.integrity import (
    flags_decided,
    flags_looked_into_by,
    flags_open,
    flags_upheld,
    of_kind,
)
from linbang.operations.service_records.queries.records import records_with_facts
from linbang.operations.service_records.queries.voiding import appeals_to_answer, voids_to_decide


@dataclass(frozen=True)
class IntegrityHeap:
    """One tab of the desk and how much lies there."""

    tab: IntegrityTab
    count: int


def on_integrity_tab(actor: Actor, tab: IntegrityTab, *, kind: str = "") -> QuerySet[Any]:
    """Return what lies on one heap: flags, or voidings."""
    if tab == IntegrityTab.VOIDS:
        return voids_to_decide(actor)
    if tab == IntegrityTab.APPEALS:
        return appeals_to_answer(actor)
    flags = {
        IntegrityTab.FLAGGED: lambda: flags_open(actor, had_counted=False),
        IntegrityTab.COUNTED: lambda: flags_open(actor, had_counted=True),
        IntegrityTab.UPHELD: lambda: flags_upheld(actor),
        IntegrityTab.DECIDED: lambda: flags_decided(actor),
    }
    return of_kind(flags[tab](), kind)


def integrity_heaps(actor: Actor) -> list[IntegrityHeap]:
    """Return the heaps with their sizes; one query each, none for what is decided."""
    wanted = [tab for tab in IntegrityTab if tab != IntegrityTab.DECIDED]
    counted = [IntegrityHeap(tab, on_integrity_tab(actor, tab).count()) for tab in wanted]
    return [*counted, IntegrityHeap(IntegrityTab.DECIDED, 0)]


def integrity_count(actor: Actor) -> int:
    """Return how much waits for somebody on the desk of looking into hours."""
    return sum(heap.count for heap in integrity_heaps(actor))


def flags_named(actor: Actor, names: Sequence[str]) -> list[RecordFlag]:
    """Return the flags of the actor's regions by their public ids; what is no id is left out."""
    ids = []
    for name in names:
        try:
            ids.append(UUID(name))
        except ValueError:
            continue
    return list(flags_looked_into_by(actor).filter(public_id__in=ids))


def records_checked_by(actor: Actor) -> QuerySet[ServiceRecord]:
    """Return the records in the regions where the actor looks into hours."""
    records = records_with_facts()
    if actor.is_system:
        return records
    return records.filter(within_any("region_id", actor.regions_for(Permission.CHECK_RECORDS)))


def may_judge(actor: Actor, record: ServiceRecord) -> bool:
    """Tell whether the actor may propose or decide that the record is void."""
    return actor.may(Permission.JUDGE_RECORDS, region=record.region_id)
