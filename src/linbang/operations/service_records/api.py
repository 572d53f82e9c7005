from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import RecordTab
from linbang.operations.service_records.schemas import (
    ConfirmationIn,
    CorrectionIn,
    RecordOut,
    RecordPageOut,
    RecordVerificationIn,
    TotalsOut,
)

router = Router(tags=["records"])

SIDES = {"earned": queries.records_earned_by, "received": queries.records_received_by}


@router.get("/records", response=RecordPageOut, operation_id="list_records")
def list_records(
    request: Any,
    page: Query[PageIn],
    side: Literal["earned", "received"] = "earned",
) -> dict[str, Any]:
    """List the records of what one gave or received."""
    return paged(SIDES[side](request.actor), page, queries.record_rows)


@router.get("/records/desk/{tab}", response=RecordPageOut, operation_id="list_records_on_desk")
def list_records_on_desk(request: Any, tab: RecordTab, page: Query[PageIn]) -> dict[str, Any]:
    """List the records of one tab of the station's desk."""
    found = queries.records_on_tab(request.actor, tab, clock.now())
    return paged(found, page, queries.record_rows)


@router.get("/records/totals", response=TotalsOut, operation_id="get_record_totals")
def get_record_totals(request: Any) -> Any:
    """Tell one's verified minutes and visits."""
    return queries.totals_of(request.actor.person_id)


@router.get("/records/{uuid:record_id}", response=RecordOut, operation_id="get_record")
def get_record(request: Any, record_id: UUID) -> Any:
    """Show a record."""
    return queries.record_row(_visible(request, record_id))


@router.post(
    "/records/{uuid:record_id}/confirmation", response=RecordOut, operation_id="confirm_record"
)
def confirm_record(request: Any, record_id: UUID, word: ConfirmationIn) -> Any:
    """Confirm or dispute what was done."""
    actions.confirm_record(
        record_id=_visible(request, record_id).id,
        by=request.actor,
        now=clock.now(),
        **word.dict(),
    )
    return get_record(request, record_id)


@router.post(
    "/records/{uuid:record_id}/verification", response=RecordOut, operation_id="verify_record"
)
def verify_record(request: Any, record_id: UUID, approval: RecordVerificationIn) -> Any:
    """Verify a record; its minutes are banked with it."""
    actions.verify_record(
        record_id=_visible(request, record_id).id,
        by=request.actor,
        now=clock.now(),
        **approval.dict(),
    )
    return get_record(request, record_id)


@router.post(
    "/records/{uuid:record_id}/correction", response=RecordOut, operation_id="correct_record"
)
def correct_record(request: Any, record_id: UUID, change: CorrectionIn) -> Any:
    """Correct a verified record; the correction is a new row."""
    actions.correct_record(
        record_id=_visible(request, record_id).id,
        by=request.actor,
        now=clock.now(),
        **change.dict(),
    )
    return get_record(request, record_id)


def _visible(request: Any, record_id: UUID) -> Any:
    return get_object_or_404(queries.records_visible_to(request.actor), public_id=record_id)
