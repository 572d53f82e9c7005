"""Planning, moving and cancelling shifts, and giving them places."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.events import announce
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.planning import (
    Wanted,
    refresh_agreement,
    require_plannable,
    store_shifts,
    take_back,
)
from linbang.intake.activities.actions.steps import editable_for, note
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.errors import PostUnknown, ShiftNotPlanned, ShiftStarted
from linbang.intake.activities.events import ShiftPlacesChanged, ShiftsMoved
from linbang.intake.activities.models import Activity, Post, Shift
from linbang.intake.activities.rules import DutyCalendar, Window


@transaction.atomic
def plan_shifts(
    *,
    activity_id: int,
    windows: Sequence[Window],
    by: Actor,
    now: datetime,
    post_ids: Iterable[int] = (),
) -> list[Shift]:
    """Plan every window for some posts, or for all; what is planned already stays as it is.

    Raises NotFound, NotAllowed, ActivityStateNotNext, PostUnknown, WindowImpossible, WindowPast,
    ActivityTooLong, ShiftsBeyondPolicy.
    """
    activity = editable_for(activity_id, by=by)
    posts = chosen_posts(activity, post_ids)
    wanted = [
        Wanted(post, window, post.places, post.places_min) for window in windows for post in posts
    ]
    shifts = store_shifts(activity, wanted, now=now)
    note(activity, action="plan_shifts", by=by, now=now, shifts=len(shifts))
    return shifts


@transaction.atomic
def plan_roster(*, activity_id: int, calendar: DutyCalendar, by: Actor, now: datetime) -> int:
    """Plan what a calendar of duty needs and is not planned yet; return how many shifts.

    A point without a post of the activity is given one by its name. Raises as ``plan_shifts``,
    and RosterEmpty, RosterTooLarge, PostPlacesImpossible, RhythmEndsEarly, CalendarYearMissing.
    """
    activity = editable_for(activity_id, by=by)
    needed = rules.duty_shifts(calendar, queries.CHINA_DAYS)
    open_ones = rules.missing(needed, queries.planned_duty(activity))
    posts = _posts_at_points(activity, calendar)
    wanted = [
        Wanted(posts[one.point_id], one.window, one.places, one.places_min) for one in open_ones
    ]
    shifts = store_shifts(activity, wanted, now=now)
    note(activity, action="plan_roster", by=by, now=now, shifts=len(shifts))
    return len(shifts)


@transaction.atomic
def move_shifts(
    *, activity_id: int, moves: Mapping[int, Window], by: Actor, now: datetime
) -> list[Shift]:
    """Give shifts another time each; whoever signed up comes along and is told (rule 27).

    Raises NotFound, NotAllowed, ShiftStarted, ShiftNotPlanned, WindowImpossible, WindowPast,
    ActivityTooLong, ShiftsBeyondPolicy.
    """
    activity = editable_for(activity_id, by=by)
    shifts = ahead_locked(activity, moves.keys(), now=now)
    require_plannable(activity, list(moves.values()), now=now)
    moved = [shift for shift in shifts if _move(shift, moves[shift.pk])]
    Shift.objects.bulk_update(moved, ["starts_at", "ends_at", "is_moved"])
    if moved:
        announce_moved(activity, moved, now=now)
    refresh_agreement(activity)
    note(activity, action="move_shifts", by=by, now=now, shifts=len(moved))
    return moved


@transaction.atomic
def cancel_shifts(
    *, activity_id: int, shift_ids: Iterable[int], reason: str, by: Actor, now: datetime
) -> int:
    """Cancel shifts; everybody is told why and freed without a mark (rule 27).

    Shifts of a plan that was never published are dropped, and need no reason. Raises NotFound,
    NotAllowed, ShiftStarted, ShiftNotPlanned, ReasonMissing, ActivityHasPeople.
    """
    activity = editable_for(activity_id, by=by)
    shifts = ahead_locked(activity, shift_ids, now=now)
    take_back(activity, shifts, reason=reason, now=now)
    refresh_agreement(activity)
    note(activity, action="cancel_shifts", by=by, now=now, shifts=len(shifts), reason=reason[:200])
    return len(shifts)


@transaction.atomic
def set_places(
    *,
    activity_id: int,
    shift_ids: Iterable[int],
    places: int,
    by: Actor,
    now: datetime,
    places_min: int | None = None,
) -> int:
    """Give shifts more or fewer places.

    Fewer than are taken is refused by who keeps the taken ones. Raises NotFound, NotAllowed,
    ShiftStarted, ShiftNotPlanned, PostPlacesImpossible.
    """
    activity = editable_for(activity_id, by=by)
    shifts = ahead_locked(activity, shift_ids, now=now)
    give_places(activity, shifts, places=places, places_min=places_min, now=now)
    note(activity, action="set_places", by=by, now=now, shifts=len(shifts), places=places)
    return len(shifts)


def give_places(
    activity: Activity,
    shifts: Sequence[Shift],
    *,
    places: int,
    places_min: int | None,
    now: datetime,
) -> None:
    """Set the places of locked shifts and announce what changed. Raises PostPlacesImpossible."""
    changed = []
    for shift in shifts:
        least = min(shift.places_min, places) if places_min is None else places_min
        rules.require_places(places, least)
        if (shift.places, shift.places_min) != (places, least):
            shift.places, shift.places_min = places, least
            changed.append(shift)
    Shift.objects.bulk_update(changed, ["places", "places_min"], batch_size=1_000)
    if changed:
        ids = tuple(shift.pk for shift in changed)
        announce(ShiftPlacesChanged(shift_ids=ids, cell=activity.cell, at=now))


def ahead_locked(activity: Activity, shift_ids: Iterable[int], *, now: datetime) -> list[Shift]:
    """Return shifts that take place and have not begun, locked.

    Raises NotFound, ShiftNotPlanned, ShiftStarted.
    """
    shifts = queries.lock_shifts(activity, shift_ids)
    for shift in shifts:
        if shift.state != ShiftState.PLANNED:
            raise ShiftNotPlanned
        if shift.starts_at <= now:
            raise ShiftStarted
    return shifts


def announce_moved(activity: Activity, shifts: Sequence[Shift], *, now: datetime) -> None:
    """Tell later steps that shifts take place at another time."""
    ids = tuple(sorted(shift.pk for shift in shifts))
    announce(ShiftsMoved(shift_ids=ids, cell=activity.cell, at=now))


def chosen_posts(activity: Activity, post_ids: Iterable[int]) -> list[Post]:
    """Return the named posts of an activity, or all of them. Raises PostUnknown."""
    posts = list(queries.posts_of(activity))
    wanted = set(post_ids)
    chosen = [post for post in posts if post.pk in wanted] if wanted else posts
    if not chosen or wanted - {post.pk for post in chosen}:
        raise PostUnknown(field="posts")
    return chosen


def _move(shift: Shift, window: Window) -> bool:
    if (shift.starts_at, shift.ends_at) == (window.starts_at, window.ends_at):
        return False
    shift.starts_at, shift.ends_at = window.starts_at, window.ends_at
    shift.is_moved = shift.series_id is not None
    return True


def _posts_at_points(activity: Activity, calendar: DutyCalendar) -> dict[int, Post]:
    """Return a post at each point of the calendar, made where there is none. Raises NotFound."""
    posts = {post.point_id: post for post in queries.posts_of(activity) if post.point_id}
    points = queries.open_points(calendar.points, cell=activity.cell)
    if set(calendar.points) - points.keys():
        raise NotFound(field="points")
    position = queries.posts_of(activity).count()
    most = max(part.places for part in calendar.times)
    new = [
        Post(
            cell=activity.cell,
            activity=activity,
            point=point,
            position=position + number,
            name=point.name,
            places=most,
            places_min=min(part.places_min for part in calendar.times),
            age_min=18 if activity.is_high_risk else None,
        )
        for number, point in enumerate(
            (points[key] for key in dict.fromkeys(calendar.points) if key not in posts), 1
        )
    ]
    Post.objects.bulk_create(new)
    return posts | {post.point_id: post for post in new if post.point_id}
