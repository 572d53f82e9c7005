from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import RecordTab
from linbang.operations.service_records.schemas import (
    ConfirmationIn,
    CorrectionIn,
    RecordOut,
    RecordPageOut,
    TotalsOut,
    VerificationIn,
)

router = Router(tags=["records"])

ROWS_MAX = 100
SIDES = {"earned": queries.records_earned_by, "received": queries.records_received_by}


@router.get("/records", response=RecordPageOut, operation_id="list_records")
def list_records(
    request: Any,
    side: Literal["earned", "received"] = "earned",
    limit: int = Query(20, ge=1, le=ROWS_MAX),
    offset: int = Query(0, ge=0),
) -> Any:
    records = SIDES[side](request.actor)
    return _page(records, limit, offset)


@router.get("/records/desk/{tab}", response=RecordPageOut, operation_id="list_records_on_desk")
def list_records_on_desk(
    request: Any,
    tab: RecordTab,
    limit: int = Query(20, ge=1, le=ROWS_MAX),
    offset: int = Query(0, ge=0),
) -> Any:
    return _page(queries.records_on_tab(request.actor, tab, clock.now()), limit, offset)


@router.get("/records/totals", response=TotalsOut, operation_id="get_record_totals")
def get_record_totals(request: Any) -> Any:
    return queries.totals_of(request.actor.person_id)


@router.get("/records/{uuid:record_id}", response=RecordOut, operation_id="get_record")
def get_record(request: Any, record_id: UUID) -> Any:
    return queries.record_row(_visible(request, record_id))


@router.post(
    "/records/{uuid:record_id}/confirmation", response=RecordOut, operation_id="confirm_record"
)
def confirm_record(request: Any, record_id: UUID, word: ConfirmationIn) -> Any:
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
def verify_record(request: Any, record_id: UUID, approval: VerificationIn) -> Any:
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
    actions.correct_record(
        record_id=_visible(request, record_id).id,
        by=request.actor,
        now=clock.now(),
        **change.dict(),
    )
    return get_record(request, record_id)


def _visible(request: Any, record_id: UUID) -> Any:
    return get_object_or_404(queries.records_visible_to(request.actor), public_id=record_id)


def _page(records: Any, limit: int, offset: int) -> dict[str, Any]:
    rows = queries.record_rows(records[offset : offset + limit])
    return {"count": records.count(), "results": rows}
