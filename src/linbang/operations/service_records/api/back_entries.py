import binascii
from base64 import b64decode
from typing import Annotated, Any
from uuid import UUID, uuid4

from ninja import Header, Router, Status

from linbang.foundation import clock
from linbang.operations.service_records import actions, errors, queries
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.schemas.back_entries import BackEntryIn, BackEntryOut

router = Router(tags=["records"])
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]


@router.post("/back-entries", response={201: BackEntryOut}, operation_id="enter_afterwards")
def enter_afterwards(request: Any, given: BackEntryIn, idempotency_key: Key = "") -> Any:
    """Enter service no machine saw: each person's lines all or none, the rest is reported."""
    try:
        evidence = b64decode(given.evidence, validate=True)
    except binascii.Error as error:
        raise errors.EvidenceUnreadable(field="evidence") from error
    order = EntryOrder(
        activity=given.activity,
        organiser=given.organiser,
        name=given.name,
        category=given.category,
        lines=[one.line() for one in given.lines],
        reason=given.reason,
        evidence=evidence,
        declares=given.declares,
        key=idempotency_key or str(uuid4()),
    )
    entry = actions.enter_afterwards(order=order, by=request.actor, now=clock.now())
    return Status(201, _told(queries.entry_sheet(entry)))


@router.get("/back-entries/{uuid:entry_id}", response=BackEntryOut, operation_id="get_back_entry")
def get_back_entry(request: Any, entry_id: UUID) -> Any:
    """Show what was entered, what was refused and why."""
    return _told(queries.entry_sheet(queries.entry_visible_to(request.actor, entry_id)))


def _told(sheet: Any) -> dict[str, Any]:
    return {
        "id": sheet.entry.public_id,
        "title": sheet.entry.title,
        "organiser": sheet.entry.organiser.name,
        "entered_at": sheet.entry.entered_at,
        "waiting": sheet.waiting,
        "segments": [
            {
                "name": one.person.name,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "is_late": one.is_late,
            }
            for one in sheet.segments
        ],
        "refused": sheet.refused,
    }
