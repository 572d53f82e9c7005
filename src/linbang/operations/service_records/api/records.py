from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import RecordTab
from linbang.operations.service_records.schemas.records import (
    ConfirmationIn,
    CorrectionIn,
    NoticeLineOut,
    RecordClaimAnswerIn,
    RecordClaimIn,
    RecordClaimOut,
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


@router.get(
    "/records/{uuid:record_id}/claims",
    response=list[RecordClaimOut],
    operation_id="list_record_claims",
)
def list_record_claims(request: Any, record_id: UUID) -> Any:
    """List what was said against a record: one's own words, or for who looks after it, all."""
    record = _visible(request, record_id)
    looks_after = queries.records_looked_after_by(request.actor).filter(pk=record.pk).exists()
    return queries.claim_lines(record, by_id=None if looks_after else request.actor.person_id or 0)


@router.post(
    "/records/{uuid:record_id}/claims", response={201: RecordClaimOut}, operation_id="claim_record"
)
def claim_record(request: Any, record_id: UUID, claim: RecordClaimIn) -> Any:
    """Say that a record is not right: one's own, or one on public notice."""
    now = clock.now()
    own = queries.records_earned_by(request.actor).filter(public_id=record_id).first()
    record = own or queries.record_on_notice(record_id, now)
    made = actions.claim_record(record_id=record.pk, text=claim.text, by=request.actor, now=now)
    lines = queries.claim_lines(record, by_id=request.actor.person_id)
    return Status(201, next(line for line in lines if line.public_id == made.public_id))


@router.post(
    "/records/{uuid:record_id}/claims/{uuid:claim_id}/answer",
    response=RecordClaimOut,
    operation_id="answer_record_claim",
)
def answer_record_claim(
    request: Any, record_id: UUID, claim_id: UUID, answer: RecordClaimAnswerIn
) -> Any:
    """Answer a claim; what changes is corrected by a call of its own."""
    record = _visible(request, record_id)
    actions.answer_claim(claim=claim_id, by=request.actor, now=clock.now(), **answer.dict())
    lines = queries.claim_lines(record)
    return next(line for line in lines if line.public_id == claim_id)


@router.get(
    "/activities/{uuid:activity_id}/hours",
    response=list[NoticeLineOut],
    operation_id="list_hours_on_notice",
    auth=None,
)
def list_hours_on_notice(request: Any, activity_id: UUID) -> Any:
    """List an activity's hours on public notice, names masked (rule 44)."""
    return queries.notice_lines(queries.activity_on_notice(activity_id), clock.now())


def _visible(request: Any, record_id: UUID) -> Any:
    return get_object_or_404(queries.records_visible_to(request.actor), public_id=record_id)
