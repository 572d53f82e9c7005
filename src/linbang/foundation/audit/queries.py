"""Reads of the trail."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from linbang.foundation import clock
from linbang.foundation.audit import rules
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.audit.models import AuditEvent, AuditSeal
from linbang.foundation.audit.rules import Viewer

# A string, because permissions are words of ``access``, which stands above.
SEE_AUDIT = "see_audit"
_STRIDE = 2000

NamesOf = Callable[[Collection[int]], Mapping[int, str]]
AccountsNamed = Callable[[str], Collection[int]]


@dataclass(frozen=True)
class Names:
    """How accounts get their people's names and back; the apps above know, and connect it."""

    of: NamesOf
    accounts: AccountsNamed


_names = Names(of=lambda _ids: {}, accounts=lambda _text: ())


def connect_names(names: Names) -> None:
    """Install where the names of accounts come from; called once, by ``access.apps``."""
    global _names  # noqa: PLW0603 - set once while Django starts, like the reactions of events
    _names = names


def events_visible_to(viewer: Viewer) -> QuerySet[AuditEvent]:
    """Return the events of the regions an auditor answers for, newest first; else none."""
    events = AuditEvent.objects.order_by("-id")
    if viewer.is_system:
        return events
    within = Q(pk__in=[])
    for prefix in viewer.regions_for(SEE_AUDIT):
        # ``:`` follows ``9`` in the C collation: an index range of the subtree.
        within |= Q(region_code__gte=prefix, region_code__lt=prefix + ":")
    return events.filter(within)


def events_found(
    viewer: Viewer, *, action: str = "", person: str = "", day: date | None = None
) -> QuerySet[AuditEvent]:
    """Return the visible events of an action (by its beginning), an actor's name and a day."""
    events = events_visible_to(viewer)
    if action:
        events = events.filter(action__startswith=action)
    if person:
        events = events.filter(account_id__in=_names.accounts(person))
    if day:
        starts_at, ends_at = clock.day_window(day)
        events = events.filter(at__gte=starts_at, at__lt=ends_at)
    return events


def access_log_of(viewer: Viewer) -> QuerySet[AuditEvent]:
    """Return who else saw or exported the viewer's own data, newest first (PIPL 45)."""
    if viewer.person_id is None:
        return AuditEvent.objects.none()
    return (
        AuditEvent.objects.filter(
            about_id=viewer.person_id, outcome__in=(Outcome.SEEN, Outcome.EXPORTED)
        )
        .exclude(person_id=viewer.person_id)
        .order_by("-id")
    )


def names_of(events: Collection[AuditEvent]) -> Mapping[int, str]:
    """Return the names behind the events' accounts, by account id; one query."""
    ids = {event.account_id for event in events if event.account_id is not None}
    return _names.of(ids) if ids else {}


def unsealed_events(*, look_back: int | None) -> QuerySet[AuditEvent]:
    """Return the events without a seal, oldest first."""
    events = AuditEvent.objects.filter(
        ~Exists(AuditSeal.objects.filter(event_id=OuterRef("pk")))
    ).order_by("id")
    newest = AuditEvent.objects.aggregate(Max("id"))["id__max"]
    if look_back is None or newest is None:
        return events
    return events.filter(id__gt=newest - look_back)


def sealed_columns(event: AuditEvent) -> dict[str, Any]:
    """Return every column of an event as the chain hashes it."""
    return {field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields}


@dataclass(frozen=True)
class ChainReport:
    """What a walk along the whole chain found."""

    links: int
    head: str
    unsealed: int
    faults: tuple[str, ...]


def walk_chain(*, sealed_before: datetime, known_head: str = "") -> ChainReport:
    """Verify every seal and event, streaming.

    ``known_head`` is a hash noted earlier: a chain that lost it was cut. Events older than
    ``sealed_before`` should have been sealed.
    """
    head, last, links, met = rules.GENESIS, 0, 0, not known_head
    faults: list[str] = []
    for seal, event in _links():
        faults += [f"seal {seal.sequence}: {fault}" for fault in _faults(seal, event, last, head)]
        head, last, links = seal.hash, seal.sequence, links + 1
        met = met or head == known_head
    faults += [f"event {pk}: never sealed" for pk in _overdue(sealed_before)]
    if not met:
        faults.append(f"the chain does not contain {known_head}: its end was cut off")
    return ChainReport(links, head, unsealed_events(look_back=None).count(), tuple(faults))


def _links() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    # Not a join: a seal whose event is gone must be met, not skipped.
    seals = AuditSeal.objects.order_by("sequence").iterator(chunk_size=_STRIDE)
    while stride := list(islice(seals, _STRIDE)):
        events = AuditEvent.objects.in_bulk([seal.event_id for seal in stride])
        yield from ((seal, events.get(seal.event_id)) for seal in stride)


def _faults(seal: AuditSeal, event: AuditEvent | None, last: int, head: str) -> Iterator[str]:
    if seal.sequence != last + 1:
        yield f"follows seal {last}: what stood between is gone"
    if seal.previous_hash != head:
        yield "does not continue the chain before it"
    if event is None:
        yield f"event {seal.event_id} is gone"
    elif rules.chain(seal.previous_hash, sealed_columns(event)) != seal.hash:
        yield f"event {seal.event_id} or its seal was changed"


def _overdue(sealed_before: datetime) -> list[int]:
    overdue = unsealed_events(look_back=None).filter(at__lt=sealed_before)
    return list(overdue.values_list("id", flat=True)[:20])
