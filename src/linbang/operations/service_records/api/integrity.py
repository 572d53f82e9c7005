"""Doubtful hours, voidings and appeals."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import FlagKind
from linbang.operations.service_records.schemas.integrity import (
    FlagDecisionIn,
    FlaggedRecordPageOut,
    RecordFlagOut,
    RecordVoidOut,
    VoidAppealAnswerIn,
    VoidAppealIn,
    VoidDecisionIn,
    VoidProposalIn,
)

router = Router(tags=["records"])


@router.get("/records/flags", response=FlaggedRecordPageOut, operation_id="list_record_flags")
def list_record_flags(
    request: Any, page: Query[PageIn], kind: FlagKind | None = None, had_counted: bool = False
) -> dict[str, Any]:
    """List the undecided doubts of one's regions: about hours that wait, or that count already."""
    _require(request, Permission.CHECK_RECORDS)
    flags = queries.flags_open(request.actor, had_counted=had_counted)
    return paged(queries.of_kind(flags, kind or ""), page, queries.flag_rows)


@router.post(
    "/records/flags/{uuid:flag_id}/decision",
    response=RecordFlagOut,
    operation_id="decide_record_flag",
)
def decide_record_flag(request: Any, flag_id: UUID, decision: FlagDecisionIn) -> Any:
    """Clear a doubt or uphold it, once."""
    flag = get_object_or_404(queries.flags_looked_into_by(request.actor), public_id=flag_id)
    actions.decide_flag(flag=flag_id, by=request.actor, now=clock.now(), **decision.dict())
    lines = queries.flag_lines(flag.record)
    return next(line for line in lines if line.public_id == flag_id)


@router.post(
    "/records/{uuid:record_id}/voids",
    response={201: RecordVoidOut},
    operation_id="propose_record_void",
)
def propose_record_void(request: Any, record_id: UUID, proposal: VoidProposalIn) -> Any:
    """Propose that a record be void; another officer decides."""
    found = get_object_or_404(queries.records_checked_by(request.actor), public_id=record_id)
    made = actions.propose_void(
        record_id=found.pk, by=request.actor, now=clock.now(), **proposal.dict()
    )
    return Status(201, queries.void_line(made))


@router.post(
    "/voids/{uuid:void_id}/decision", response=RecordVoidOut, operation_id="decide_record_void"
)
def decide_record_void(request: Any, void_id: UUID, decision: VoidDecisionIn) -> Any:
    """Decide a proposal as a second officer."""
    get_object_or_404(queries.voids_looked_into_by(request.actor), public_id=void_id)
    actions.decide_void(void=void_id, by=request.actor, now=clock.now(), **decision.dict())
    return queries.void_line(queries.void_with(void_id))


@router.post(
    "/voids/{uuid:void_id}/appeal", response={201: RecordVoidOut}, operation_id="appeal_record_void"
)
def appeal_record_void(request: Any, void_id: UUID, appeal: VoidAppealIn) -> Any:
    """Appeal against the voiding of one's own hours, or of those one led."""
    get_object_or_404(queries.voids_told_to(request.actor), public_id=void_id)
    actions.appeal_void(void=void_id, by=request.actor, now=clock.now(), **appeal.dict())
    return Status(201, queries.void_line(queries.void_with(void_id)))


@router.post(
    "/voids/{uuid:void_id}/appeal/answer",
    response=RecordVoidOut,
    operation_id="answer_void_appeal",
)
def answer_void_appeal(request: Any, void_id: UUID, answer: VoidAppealAnswerIn) -> Any:
    """Answer an appeal as a third officer; upheld, the hours count again."""
    get_object_or_404(queries.voids_looked_into_by(request.actor), public_id=void_id)
    actions.answer_appeal(void=void_id, by=request.actor, now=clock.now(), **answer.dict())
    return queries.void_line(queries.void_with(void_id))


def _require(request: Any, permission: Permission) -> None:
    if not request.actor.may_anywhere(permission):
        raise Http404
