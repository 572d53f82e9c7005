"""Shifts, series and rosters of an activity."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.intake.activities import actions, queries, rules, schemas
from linbang.intake.activities.api.activities import visible

router = Router(tags=["activities"])
_ONE = "/activities/{uuid:activity_id}"
_CHANGE = ("on", "start_time", "minutes", "rule", "day_rule", "ends_on")


@router.get(_ONE + "/shifts", response=schemas.ShiftPageOut, operation_id="list_shifts")
@permitted(Permission.EDIT_ACTIVITIES)
def list_shifts(request: MemberRequest, activity_id: UUID, page: Query[PageIn]):
    """List the shifts of an activity by time, cancelled ones included."""
    shifts = queries.shifts_of(visible(request, activity_id))
    return paged(shifts, page, lambda shown: map(queries.shift_told, shown))


@router.post(_ONE + "/shifts", response={201: schemas.CountOut}, operation_id="plan_shifts")
@permitted(Permission.EDIT_ACTIVITIES)
def plan_shifts(request: MemberRequest, activity_id: UUID, body: schemas.ShiftsIn):
    """Plan every window for some posts, or for all; what is planned already stays."""
    activity = visible(request, activity_id)
    shifts = actions.plan_shifts(
        activity_id=activity.pk,
        windows=[rules.Window(one.starts_at, one.ends_at) for one in body.windows],
        post_ids=queries.post_ids(activity, body.posts),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, {"shifts": len(shifts)})


@router.post(_ONE + "/shifts/moves", response=schemas.CountOut, operation_id="move_shifts")
@permitted(Permission.EDIT_ACTIVITIES)
def move_shifts(request: MemberRequest, activity_id: UUID, body: schemas.MovesIn):
    """Give shifts another time each; whoever signed up comes along and is told."""
    activity = visible(request, activity_id)
    ids = queries.shift_ids(activity, [one.shift for one in body.moves])
    moved = actions.move_shifts(
        activity_id=activity.pk,
        moves={ids[one.shift]: rules.Window(one.starts_at, one.ends_at) for one in body.moves},
        by=request.actor,
        now=clock.now(),
    )
    return {"shifts": len(moved)}


@router.post(_ONE + "/shifts/cancellation", response=schemas.CountOut, operation_id="cancel_shifts")
@permitted(Permission.EDIT_ACTIVITIES)
def cancel_shifts(request: MemberRequest, activity_id: UUID, body: schemas.ShiftsCancelIn):
    """Cancel shifts with a reason; everybody is told and freed without a mark."""
    activity = visible(request, activity_id)
    count = actions.cancel_shifts(
        activity_id=activity.pk,
        shift_ids=queries.shift_ids(activity, body.shifts).values(),
        reason=body.reason,
        by=request.actor,
        now=clock.now(),
    )
    return {"shifts": count}


@router.post(_ONE + "/shifts/places", response=schemas.CountOut, operation_id="set_shift_places")
@permitted(Permission.EDIT_ACTIVITIES)
def set_shift_places(request: MemberRequest, activity_id: UUID, body: schemas.ShiftPlacesIn):
    """Give shifts more or fewer places."""
    activity = visible(request, activity_id)
    count = actions.set_places(
        activity_id=activity.pk,
        shift_ids=queries.shift_ids(activity, body.shifts).values(),
        places=body.places,
        places_min=body.places_min,
        by=request.actor,
        now=clock.now(),
    )
    return {"shifts": count}


@router.get(_ONE + "/series", response=list[schemas.SeriesOut], operation_id="list_series")
@permitted(Permission.EDIT_ACTIVITIES)
def list_series(request: MemberRequest, activity_id: UUID):
    """List the rhythms that hold."""
    return queries.series_of(visible(request, activity_id))


@router.post(_ONE + "/series", response={201: schemas.SeriesOut}, operation_id="add_series")
@permitted(Permission.EDIT_ACTIVITIES)
def add_series(request: MemberRequest, activity_id: UUID, body: schemas.SeriesIn):
    """Plan the dates of a rhythm that lie ahead, a year at most."""
    activity = visible(request, activity_id)
    series = actions.add_series(
        activity_id=activity.pk,
        rhythm=rules.Rhythm(**body.dict(exclude={"posts"})),
        post_ids=queries.post_ids(activity, body.posts),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, series)


_CHANGES = _ONE + "/shifts/{uuid:shift_id}/changes"


@router.post(_CHANGES, response=schemas.SeriesChangeOut, operation_id="edit_series")
@permitted(Permission.EDIT_ACTIVITIES)
def edit_series(
    request: MemberRequest, activity_id: UUID, shift_id: UUID, body: schemas.SeriesChangeIn
):
    """Change one date, this and following, or all; whoever signed up keeps the shift."""
    activity = visible(request, activity_id)
    shift = _shift(activity, shift_id)
    edit = actions.SeriesEdit(
        _change(body), **body.dict(include={"scope", "places", "places_min", "reason"})
    )
    plan = actions.edit_series(shift_id=shift.pk, edit=edit, by=request.actor, now=clock.now())
    return queries.edit_told(activity, plan)


@router.post(
    _CHANGES + "/preview", response=schemas.SeriesChangeOut, operation_id="preview_series_edit"
)
@permitted(Permission.EDIT_ACTIVITIES)
def preview_series_edit(
    request: MemberRequest, activity_id: UUID, shift_id: UUID, body: schemas.SeriesChangeIn
):
    """Tell what a change would do to each shift; nothing is changed."""
    activity = visible(request, activity_id)
    shift = _shift(activity, shift_id)
    plan = queries.edit_plan(shift, _change(body), scope=body.scope, now=clock.now())
    return queries.edit_told(activity, plan)


@router.post(_ONE + "/roster", response={201: schemas.CountOut}, operation_id="plan_roster")
@permitted(Permission.EDIT_ACTIVITIES)
def plan_roster(request: MemberRequest, activity_id: UUID, body: schemas.DutyRosterIn):
    """Plan points × days × times of a duty calendar, as far as not planned yet."""
    points = queries.point_ids(request.actor, body.points)
    calendar = rules.DutyCalendar(
        points=tuple(points[one] for one in body.points),
        times=tuple(rules.DutyTime(**part.dict()) for part in body.times),
        weekdays=tuple(body.weekdays),
        **body.dict(include={"starts_on", "ends_on", "day_rule"}),
    )
    activity = visible(request, activity_id)
    count = actions.plan_roster(
        activity_id=activity.pk, calendar=calendar, by=request.actor, now=clock.now()
    )
    return Status(201, {"shifts": count})


def _shift(activity: Any, shift_id: UUID) -> Any:
    return get_object_or_404(queries.shifts_of(activity), public_id=shift_id)


def _change(body: schemas.SeriesChangeIn) -> rules.SeriesChange:
    wanted: Iterable[str] = _CHANGE
    return rules.SeriesChange(**body.dict(include=set(wanted)))
