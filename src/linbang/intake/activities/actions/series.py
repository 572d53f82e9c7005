"""Series: adding a rhythm, and changing one date, this and following, or all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.planning import (
    Wanted,
    refresh_agreement,
    require_plannable,
    store_shifts,
    take_back,
)
from linbang.intake.activities.actions.shifts import (
    announce_moved,
    chosen_posts,
    give_places,
    move_shifts,
)
from linbang.intake.activities.actions.steps import editable_for, note
from linbang.intake.activities.choices import EditScope, ShiftState
from linbang.intake.activities.errors import RhythmEmpty, ShiftNotPlanned
from linbang.intake.activities.models import Activity, Post, Series, Shift
from linbang.intake.activities.rules import EditPlan, Rhythm, SeriesChange, window_on


@transaction.atomic
def add_series(
    *,
    activity_id: int,
    rhythm: Rhythm,
    by: Actor,
    now: datetime,
    post_ids: Iterable[int] = (),
) -> Series:
    """Plan a rhythm's dates that lie ahead for some posts, or for all; the same twice is one.

    Raises NotFound, NotAllowed, ActivityStateNotNext, PostUnknown, WindowImpossible,
    ActivityTooLong, ShiftsBeyondPolicy, and what ``rules.occurrences`` raises.
    """
    activity = editable_for(activity_id, by=by)
    wanted_posts = sorted(set(post_ids))
    posts = chosen_posts(activity, wanted_posts)
    dates = [
        day
        for day in rules.occurrences(rhythm, queries.CHINA_DAYS)
        if window_on(day, rhythm.start_time, rhythm.minutes).starts_at > now
    ]
    if not dates:
        raise RhythmEmpty(field="ends_on")
    settled = rules.settled(rhythm, dates)
    if (same := _same_series(activity, settled, wanted_posts)) is not None:
        return same
    series = _store_series(activity, settled, wanted_posts, now=now)
    store_shifts(activity, _wanted(series, settled, dates, posts), now=now)
    note(activity, action="add_series", by=by, now=now, rule=settled.rule, dates=len(dates))
    return series


@dataclass(frozen=True)
class SeriesEdit:
    """What is to be different about dates of an activity; None leaves it as it is."""

    change: SeriesChange
    scope: EditScope | str = EditScope.ONE
    places: int | None = None
    places_min: int | None = None
    reason: str = ""


@transaction.atomic
def edit_series(*, shift_id: int, edit: SeriesEdit, by: Actor, now: datetime) -> EditPlan:
    """Change one date, this and following, or all; return what became of each shift.

    People who signed up keep their shift, moved with it and told; where a date goes, its shifts
    are cancelled with the reason. A shift outside a series stands for its own window. Raises
    NotFound, NotAllowed, ActivityStateNotNext, ShiftStarted, ShiftNotPlanned, NothingAhead,
    ReasonMissing, PostPlacesImpossible, ShiftsBeyondPolicy, ActivityTooLong, and what
    ``rules.plan_edit`` raises.
    """
    shift = queries.shift_with_id(shift_id)
    activity = editable_for(shift.activity_id, by=by)
    if shift.series is None:
        return _edit_window(activity, shift, edit, by=by, now=now)
    held = _lock_series(shift.series)
    plan = queries.edit_plan(shift, edit.change, scope=edit.scope, now=now)
    require_plannable(activity, plan.windows, now=now)
    if edit.scope == EditScope.ONE:
        _apply_one(activity, held, plan, now=now)
    else:
        _apply_rest(activity, shift.series, held, plan, edit, now=now)
    if edit.places is not None:
        _resize(activity, held, plan, edit, now=now)
    refresh_agreement(activity)
    note(
        activity, action="edit_series", by=by, now=now, scope=str(edit.scope),
        moved=len(plan.moves), cancelled=len(plan.cancels), added=len(plan.adds),
    )  # fmt: skip
    return plan


def _edit_window(
    activity: Activity, shift: Shift, edit: SeriesEdit, *, by: Actor, now: datetime
) -> EditPlan:
    """Move all posts of a window that belongs to no series."""
    ids = queries.shifts_in_scope(shift, scope=EditScope.ONE, now=now)
    if shift.pk not in ids:
        raise ShiftNotPlanned
    window = rules.moved_window(rules.Window(shift.starts_at, shift.ends_at), edit.change)
    moved = move_shifts(activity_id=activity.pk, moves=dict.fromkeys(ids, window), by=by, now=now)
    if edit.places is not None:
        give_places(
            activity, queries.lock_shifts(activity, ids), places=edit.places,
            places_min=edit.places_min, now=now,
        )  # fmt: skip
    day = local_date(shift.starts_at)
    return EditPlan(moves=tuple(rules.Kept(one.pk, day, window) for one in moved))


def _apply_one(
    activity: Activity, held: dict[int, Shift], plan: EditPlan, *, now: datetime
) -> None:
    moved = []
    for kept in plan.moves:
        shift = held[kept.shift_id]
        shift.starts_at, shift.ends_at = kept.window.starts_at, kept.window.ends_at
        shift.is_moved = True
        moved.append(shift)
    Shift.objects.bulk_update(moved, ["starts_at", "ends_at", "is_moved"])
    if moved:
        announce_moved(activity, moved, now=now)


def _apply_rest(
    activity: Activity,
    series: Series,
    held: dict[int, Shift],
    plan: EditPlan,
    edit: SeriesEdit,
    *,
    now: datetime,
) -> None:
    take_back(activity, [held[pk] for pk in plan.cancels], reason=edit.reason, now=now)
    _loosen(series, plan)
    new = None
    if plan.rhythm is not None:
        new = _store_series(activity, plan.rhythm, series.posts, now=now)
        _follow(activity, new, held, plan, now=now)
        posts = [post for post in queries.posts_of(activity) if _has_post(series, post)]
        wanted = _wanted(new, plan.rhythm, plan.adds, posts)
        if edit.places is not None:
            least = edit.places_min if edit.places_min is not None else 1
            wanted = [
                Wanted(one.post, one.window, edit.places, least, one.series, one.series_date)
                for one in wanted
            ]
        store_shifts(activity, wanted, now=now)
    _end(series, plan, now=now)


def _has_post(series: Series, post: Post) -> bool:
    return not series.posts or post.pk in series.posts


def _follow(
    activity: Activity, new: Series, held: dict[int, Shift], plan: EditPlan, *, now: datetime
) -> None:
    """Let moved and staying shifts belong to the new series; two statements whatever the number."""
    moved = []
    for kept in (*plan.moves, *plan.stays):
        shift = held[kept.shift_id]
        shift.series, shift.series_date = new, kept.series_date
        if (shift.starts_at, shift.ends_at) != (kept.window.starts_at, kept.window.ends_at):
            shift.starts_at, shift.ends_at = kept.window.starts_at, kept.window.ends_at
            moved.append(shift)
    everything = [held[kept.shift_id] for kept in (*plan.moves, *plan.stays)]
    Shift.objects.bulk_update(
        everything, ["series", "series_date", "starts_at", "ends_at"], batch_size=1_000
    )
    if moved:
        announce_moved(activity, moved, now=now)


def _loosen(series: Series, plan: EditPlan) -> None:
    Shift.objects.filter(cell=series.cell, pk__in=plan.loose).update(
        series=None, series_date=None, is_moved=False
    )


def _end(series: Series, plan: EditPlan, *, now: datetime) -> None:
    """Let the old series end before the change, or be replaced where nothing of it has begun."""
    if plan.old_ends_on is None:
        series.replaced_at = now
    else:
        series.ends_on = plan.old_ends_on
    series.save(update_fields=["replaced_at", "ends_on"])


def _resize(
    activity: Activity, held: dict[int, Shift], plan: EditPlan, edit: SeriesEdit, *, now: datetime
) -> None:
    kept = {one.shift_id for one in (*plan.moves, *plan.stays)} | set(plan.loose)
    shifts = [held[pk] for pk in sorted(kept) if held[pk].state == ShiftState.PLANNED]
    give_places(activity, shifts, places=edit.places or 0, places_min=edit.places_min, now=now)


def _lock_series(series: Series) -> dict[int, Shift]:
    shifts = Shift.objects.select_for_update(no_key=True).filter(cell=series.cell, series=series)
    return {shift.pk: shift for shift in shifts.order_by("pk")}


def _store_series(
    activity: Activity, rhythm: Rhythm, post_ids: Sequence[int], *, now: datetime
) -> Series:
    return Series.objects.create(
        cell=activity.cell,
        activity=activity,
        rule=rhythm.rule,
        day_rule=rhythm.day_rule,
        starts_on=rhythm.starts_on,
        ends_on=rhythm.ends_on,
        start_time=rhythm.start_time,
        minutes=rhythm.minutes,
        posts=list(post_ids),
        created_at=now,
    )


def _same_series(activity: Activity, rhythm: Rhythm, post_ids: list[int]) -> Series | None:
    same = queries.series_of(activity).filter(
        rule=rhythm.rule,
        day_rule=rhythm.day_rule,
        starts_on=rhythm.starts_on,
        ends_on=rhythm.ends_on,
        start_time=rhythm.start_time,
        minutes=rhythm.minutes,
        posts=post_ids,
    )
    return same.first()


def _wanted(
    series: Series, rhythm: Rhythm, dates: Iterable[date], posts: Sequence[Post]
) -> list[Wanted]:
    return [
        Wanted(
            post,
            window_on(day, rhythm.start_time, rhythm.minutes),
            post.places,
            post.places_min,
            series,
            day,
        )
        for day in dates
        for post in posts
    ]
