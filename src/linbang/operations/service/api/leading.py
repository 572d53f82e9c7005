"""The leader's day under ``/api/v1/``."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service import actions, queries
from linbang.operations.service.api.attendances import Key
from linbang.operations.service.schemas.attendances import (
    ActivityDayOut,
    ActivityDayPageOut,
    CardIn,
    CardOut,
    ClosureIn,
    ClosureOut,
    MarksIn,
    ReportedOut,
    RollOut,
    SettlementIn,
    SheetIn,
    WalkInIn,
    WalkInOut,
)

router = Router(tags=["leading"])


@router.get("/led-days", response=ActivityDayPageOut, operation_id="list_led_days")
def list_led_days(request: Any, page: Query[PageIn]) -> dict[str, Any]:
    """List the days of activities one leads, to a week ahead, and those not closed."""
    return paged(
        queries.days_led(request.actor, clock.now()),
        page,
        lambda shown: [ActivityDayOut.of(day) for day in queries.activity_days(shown)],
    )


@router.get("/activities/{uuid:activity_id}/roll", response=RollOut, operation_id="get_roll")
def get_roll(request: Any, activity_id: UUID, day: date | None = None) -> RollOut:
    """Show who should be there, is there, and is missing; by default on the day at hand."""
    activity = _led(request, activity_id)
    now = clock.now()
    return RollOut.of(queries.roll_of(activity, day or queries.day_to_lead(activity, now), now))


@router.post(
    "/activities/{uuid:activity_id}/roll", response=list[ReportedOut], operation_id="call_roll"
)
def call_roll(request: Any, activity_id: UUID, given: MarksIn) -> list[ReportedOut]:
    """Take marks, each with an answer of its own; safe to send again."""
    answers = actions.call_roll(
        activity_id=_led(request, activity_id).pk,
        lines=[one.told() for one in given.marks],
        by=request.actor,
        now=clock.now(),
    )
    return [ReportedOut.of(answer) for answer in answers]


@router.post(
    "/activities/{uuid:activity_id}/settlement",
    response=list[ReportedOut],
    operation_id="settle_forgotten",
)
def settle_forgotten(request: Any, activity_id: UUID, given: SettlementIn) -> list[ReportedOut]:
    """Check out who forgot, at the planned end at the latest."""
    answers = actions.settle_forgotten(
        activity_id=_led(request, activity_id).pk,
        sign_ups=given.sign_up_ids,
        at=time.fromisoformat(given.time) if given.time else None,
        note=given.note,
        by=request.actor,
        now=clock.now(),
    )
    return [ReportedOut.of(answer) for answer in answers]


@router.post(
    "/activities/{uuid:activity_id}/roll-closure",
    response=ClosureOut,
    operation_id="close_roll",
)
def close_roll(request: Any, activity_id: UUID, given: ClosureIn) -> ClosureOut:
    """Close the rolls of a day that are over: who never came is absent."""
    absent = actions.close_roll(
        activity_id=_led(request, activity_id).pk,
        day=given.day,
        by=request.actor,
        now=clock.now(),
    )
    return ClosureOut(absent=absent)


@router.post("/activities/{uuid:activity_id}/cards", response=CardOut, operation_id="scan_card")
def scan_card(request: Any, activity_id: UUID, given: CardIn, idempotency_key: Key = "") -> CardOut:
    """Check in or out whoever holds a card."""
    answer = actions.scan_card(
        activity_id=_led(request, activity_id).pk,
        card=given.card,
        direction=given.direction,
        at=given.at,
        key=idempotency_key,
        by=request.actor,
        now=clock.now(),
    )
    return CardOut.of(answer)


@router.post(
    "/activities/{uuid:activity_id}/sheet",
    response=list[ReportedOut],
    operation_id="enter_sheet",
)
def enter_sheet(request: Any, activity_id: UUID, given: SheetIn) -> list[ReportedOut]:
    """Enter a paper sheet: for each person all or nothing."""
    answers = actions.enter_sheet(
        activity_id=_led(request, activity_id).pk,
        lines=[one.told() for one in given.lines],
        note=given.note,
        by=request.actor,
        now=clock.now(),
    )
    return [ReportedOut.of(answer) for answer in answers]


@router.post("/activities/{uuid:activity_id}/walk-ins", response=WalkInOut, operation_id="walk_in")
def walk_in(
    request: Any, activity_id: UUID, given: WalkInIn, idempotency_key: Key = ""
) -> WalkInOut:
    """Sign somebody at a desk in, registering her first if nobody knows her."""
    done = actions.walk_in(
        activity_id=_led(request, activity_id).pk,
        shift=given.shift_id,
        visitor=given.told(),
        key=idempotency_key,
        by=request.actor,
        now=clock.now(),
    )
    return WalkInOut.of(done)


def _led(request: Any, activity_id: UUID) -> Any:
    return get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
