"""Storing shifts: set-based, one event for the batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min, ProtectedError

from linbang.foundation.events import announce
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.steps import is_public
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.errors import ActivityHasPeople, PostUnknown
from linbang.intake.activities.events import ShiftsCancelled, ShiftsDropped, ShiftsPlanned
from linbang.intake.activities.models import Activity, Post, Series, Shift
from linbang.intake.activities.rules import PlannedWindow, Window

_BATCH = 2_000


@dataclass(frozen=True)
class Wanted:
    """A shift to be stored."""

    post: Post
    window: Window
    places: int
    places_min: int
    series: Series | None = None
    series_date: date | None = None


def wanted_at(windows: Iterable[PlannedWindow], posts: Sequence[Post]) -> list[Wanted]:
    """Return post × window; windows name posts by their place from 1. Raises PostUnknown."""
    everybody = tuple(range(1, len(posts) + 1))
    found = []
    for one in windows:
        for place in one.posts or everybody:
            if not 1 <= place <= len(posts):
                raise PostUnknown(field="shifts")
            post = posts[place - 1]
            found.append(Wanted(post, one.window, post.places, post.places_min))
    return found


def store_shifts(activity: Activity, wanted: Sequence[Wanted], *, now: datetime) -> list[Shift]:
    """Store shifts that are not planned yet, and announce them; the same twice changes nothing.

    Raises WindowImpossible, WindowPast, ActivityTooLong, ShiftsBeyondPolicy.
    """
    windows = [one.window for one in wanted]
    require_plannable(activity, windows, now=now)
    there = set(queries.planned_windows(activity)) if wanted else set()
    new = [one for one in wanted if (one.post.pk, one.window) not in there]
    shifts = Shift.objects.bulk_create(
        (
            Shift(
                cell=activity.cell,
                activity=activity,
                post=one.post,
                series=one.series,
                series_date=one.series_date,
                starts_at=one.window.starts_at,
                ends_at=one.window.ends_at,
                places=one.places,
                places_min=one.places_min,
            )
            for one in new
        ),
        batch_size=_BATCH,
    )
    if shifts:
        ids = tuple(shift.pk for shift in shifts)
        announce(ShiftsPlanned(shift_ids=ids, cell=activity.cell, at=now))
    refresh_agreement(activity)
    return shifts


def require_plannable(activity: Activity, windows: Sequence[Window], *, now: datetime) -> None:
    """Refuse windows no shift of the activity may have.

    Raises WindowImpossible, WindowPast, ActivityTooLong, ShiftsBeyondPolicy.
    """
    for window in windows:
        rules.require_window(window)
    rules.require_ahead(windows, now=now)
    if windows:
        rules.require_within_year([*windows, *span_of(activity)])
    require_insured(activity, windows)


def require_insured(activity: Activity, windows: Sequence[Window]) -> None:
    """Refuse windows beyond the policy of a published high-risk activity (rule 17).

    A draft may be planned first and insured later: its gates say so. Raises ShiftsBeyondPolicy.
    """
    policy = activity.policy
    if activity.hazards and policy is not None and activity.state != ActivityState.DRAFT:
        rules.require_covered(windows, starts_at=policy.starts_at, ends_at=policy.ends_at)


def span_of(activity: Activity) -> list[Window]:
    """Return one window from the first to the last shift that takes place, or none."""
    planned = Shift.objects.filter(
        cell=activity.cell, activity=activity, state=ShiftState.PLANNED
    ).aggregate(first=Min("starts_at"), last=Max("ends_at"))
    first, last = planned["first"], planned["last"]
    return [Window(first, last)] if first and last else []


def refresh_agreement(activity: Activity) -> None:
    """Keep ``needs_agreement`` in step with details and shifts (rule 21)."""
    causes = rules.agreement_causes(queries.details_of(activity), span_of(activity))
    if activity.needs_agreement != bool(causes):
        activity.needs_agreement = bool(causes)
        activity.save(update_fields=["needs_agreement"])


def take_back(activity: Activity, shifts: Sequence[Shift], *, reason: str, now: datetime) -> None:
    """Cancel locked shifts with a reason, or drop them where nobody outside ever saw them.

    Raises ReasonMissing, ActivityHasPeople.
    """
    if not shifts:
        return
    if not is_public(activity):
        drop_shifts(activity, [shift.pk for shift in shifts], now=now)
        return
    reason = rules.require_reason(reason)
    ids = tuple(sorted(shift.pk for shift in shifts))
    Shift.objects.filter(cell=activity.cell, pk__in=ids).update(
        state=ShiftState.CANCELLED, cancelled_at=now, cancel_reason=reason
    )
    announce(ShiftsCancelled(shift_ids=ids, cell=activity.cell, at=now))


def drop_shifts(activity: Activity, shift_ids: Sequence[int], *, now: datetime) -> None:
    """Delete shifts that were never published; their empty counters go first.

    Raises ActivityHasPeople where somebody holds on to one (rule 29).
    """
    if not shift_ids:
        return
    ids = tuple(sorted(shift_ids))
    announce(ShiftsDropped(shift_ids=ids, cell=activity.cell, at=now))
    try:
        Shift.objects.filter(cell=activity.cell, pk__in=ids).delete()
    except ProtectedError as error:
        raise ActivityHasPeople from error
