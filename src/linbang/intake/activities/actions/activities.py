"""Writing activities down: making, changing, copying and deleting them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.crypto import blind_index
from linbang.foundation.errors import KeyReused, NotFound, refusing
from linbang.foundation.events import announce
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.queries import people_visible_to
from linbang.foundation.places.errors import LocationImpossible
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.parts import set_parts
from linbang.intake.activities.actions.planning import (
    drop_shifts,
    refresh_agreement,
    store_shifts,
    wanted_at,
)
from linbang.intake.activities.actions.steps import (
    editable_for,
    is_public,
    locked_for,
    note,
)
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.errors import (
    ActivityHasPeople,
    ActivityNameMissing,
    ActivityNotReady,
    DraftWasReviewed,
    EditedMeanwhile,
    FlaggedWordsAdded,
    OrganiserOutOfReach,
    ProgrammeMismatch,
    RadiusImpossible,
    RegionFixed,
    SignUpWindowImpossible,
)
from linbang.intake.activities.events import ActivityChanged
from linbang.intake.activities.models import Activity, Campaign, Post, Project
from linbang.intake.activities.rules import (
    ActivityDetails,
    PlannedWindow,
    PlanParts,
    Window,
)

_BROKEN = {
    "activity_key_once": KeyReused,
    "activity_has_a_name": ActivityNameMissing,
    "activity_location_is_on_earth": LocationImpossible,
    "activity_radius_up_to_9999_m": RadiusImpossible,
    "activity_sign_up_closes_after_opening": SignUpWindowImpossible,
}
_PLACE = ("place_name", "address", "longitude", "latitude")
_WORDS = (
    "name", "content", "conditions", "place_name", "address", "risk_text", "guarantee_note",
    "allowance_reason", "contact_name", "contact_phone",
)  # fmt: skip
_LISTS = ("categories", "beneficiaries", "hazards", "guarantees")
_RADIUS_MAX = 9_999


@transaction.atomic
def create_activity(
    *,
    details: ActivityDetails,
    key: str,
    by: Actor,
    now: datetime,
    parts: PlanParts = PlanParts(),  # noqa: B008 - frozen
) -> Activity:
    """Make a draft; the same key with the same content returns the same activity.

    Raises OrganiserOutOfReach, ActivityNameMissing, KeyReused, NotFound, and what its parts
    refuse (``set_parts``, ``store_shifts``).
    """
    digest = _digest(details, parts)
    _require_reach(details, by=by)
    cell = details.region_code[:6]
    if (before := queries.activity_with_key(cell, key)) is not None:
        return _same_or_refuse(before, digest)
    activity = Activity(
        cell=cell,
        key=key,
        content_digest=digest,
        state=ActivityState.DRAFT,
        state_since=now,
        created_at=now,
        created_by_id=by.person_id,
    )
    _write(activity, details, by=by)
    try:
        with refusing(_BROKEN), transaction.atomic():
            activity.save(force_insert=True)
    except KeyReused:
        # The same tap came in twice at once, and the other connection stored it first.
        stored = queries.activity_with_key(cell, key)
        if stored is None:
            raise
        return _same_or_refuse(stored, digest)
    posts = set_parts(activity, posts=parts.posts or (), desks=parts.desks or (), now=now)
    store_shifts(activity, wanted_at(parts.windows, posts), now=now)
    note(activity, action="create_activity", by=by, now=now)
    return activity


@transaction.atomic
def update_activity(
    *,
    activity_id: int,
    details: ActivityDetails,
    by: Actor,
    now: datetime,
    parts: PlanParts = PlanParts(),  # noqa: B008 - frozen
    version: int | None = None,
) -> Activity:
    """Change an activity; ``version`` is what the editor was shown.

    A published activity must still pass its gates. Raises NotFound, NotAllowed, EditedMeanwhile,
    ActivityStateNotNext, OrganiserOutOfReach, RegionFixed, ActivityNotReady, FlaggedWordsAdded,
    and what its parts refuse.
    """
    activity = editable_for(activity_id, by=by)
    if version is not None and version != activity.version:
        raise EditedMeanwhile
    before = queries.details_of(activity)
    flags = _flags_of(activity, before) if is_public(activity) else ()
    if (details.organiser_id, details.region_code) != (before.organiser_id, before.region_code):
        _require_reach(details, by=by)
    if not details.region_code.startswith(activity.cell):
        raise RegionFixed(field="region_code")
    _write(activity, details, by=by)
    if activity.risk_text != before.risk_text:
        activity.risk_version += 1
    activity.version += 1
    with refusing(_BROKEN), transaction.atomic():
        activity.save(update_fields=[*_columns(details), "brand_id", "risk_version", "version"])
    _set_plan(activity, parts, now=now)
    if is_public(activity):
        _require_still_publishable(activity, flags, now=now)
        if activity.risk_text != before.risk_text or _has_moved(activity, before):
            announce(ActivityChanged(activity_id=activity.pk, cell=activity.cell, at=now))
    note(activity, action="update_activity", by=by, now=now, version=activity.version)
    return activity


@transaction.atomic
def copy_activity(
    *, activity_id: int, key: str, by: Actor, now: datetime, starts_on: date | None = None
) -> Activity:
    """Make a draft like an activity: its words, posts and desks.

    With ``starts_on`` its shifts come along, as many days later as the first one is moved. What
    somebody declared or set a time for is asked anew. Raises NotAllowed and what
    ``create_activity`` raises.
    """
    original = queries.activity_with_id(activity_id)
    posts = list(queries.posts_of(original))
    places = {post.pk: place for place, post in enumerate(posts, 1)}
    details = replace(
        queries.details_of(original),
        sign_up_opens_at=None,
        sign_up_closes_at=None,
        declares_none_forbidden=False,
    )
    windows = _moved(original, places, starts_on) if starts_on is not None else []
    return create_activity(
        details=details,
        parts=PlanParts(
            posts=tuple(replace(one, public_id=None) for one in queries.post_details(posts)),
            desks=queries.desk_details(queries.desks_of(original)),
            windows=tuple(windows),
        ),
        key=key,
        by=by,
        now=now,
    )


@transaction.atomic
def delete_draft(*, activity_id: int, by: Actor, now: datetime) -> None:
    """Delete a plan that was never submitted.

    Raises NotFound, NotAllowed, ActivityStateNotNext, DraftWasReviewed, ActivityHasPeople.
    """
    activity = locked_for(activity_id, by=by)
    rules.require_state(activity.state, {ActivityState.DRAFT})
    if queries.steps_of(activity).exists():
        raise DraftWasReviewed
    shifts = queries.shifts_of(activity).values_list("pk", flat=True)
    drop_shifts(activity, list(shifts), now=now)
    note(activity, action="delete_draft", by=by, now=now, name=activity.name)
    try:
        # Posts protect their desks, so they go first.
        Post.objects.filter(cell=activity.cell, activity=activity).delete()
        Activity.objects.filter(cell=activity.cell, pk=activity.pk).delete()
    except ProtectedError as error:
        raise ActivityHasPeople from error


@transaction.atomic
def record_outcome(
    *, activity_id: int, people_served: int | None, outcome: str, by: Actor, now: datetime
) -> Activity:
    """Write down how many people were served and how it went.

    Raises NotFound, NotAllowed, ActivityStateNotNext.
    """
    activity = locked_for(activity_id, by=by)
    rules.require_state(activity.state, {ActivityState.PUBLISHED, ActivityState.CLOSED})
    activity.people_served, activity.outcome = people_served, outcome.strip()[:500]
    activity.save(update_fields=["people_served", "outcome"])
    note(activity, action="record_outcome", by=by, now=now, people_served=people_served)
    return activity


def _set_plan(activity: Activity, parts: PlanParts, *, now: datetime) -> None:
    stored = list(queries.posts_of(activity))
    if parts.dropped:
        _drop(activity, set(parts.dropped), now=now)
    if parts.posts is not None or parts.desks is not None:
        there = queries.post_details(stored), queries.desk_details(queries.desks_of(activity))
        stored = set_parts(
            activity,
            posts=there[0] if parts.posts is None else parts.posts,
            desks=there[1] if parts.desks is None else parts.desks,
            now=now,
        )
    if parts.windows:
        store_shifts(activity, wanted_at(parts.windows, stored), now=now)
    refresh_agreement(activity)


def _drop(activity: Activity, gone: set[Window], *, now: datetime) -> None:
    rules.require_state(activity.state, {ActivityState.DRAFT, ActivityState.IN_REVIEW})
    shifts = queries.shifts_of(activity).filter(series=None)
    found = [shift.pk for shift in shifts if Window(shift.starts_at, shift.ends_at) in gone]
    drop_shifts(activity, found, now=now)


def _write(activity: Activity, details: ActivityDetails, *, by: Actor) -> None:
    if not details.name.strip():
        raise ActivityNameMissing(field="name")
    if not 0 <= details.radius_m <= _RADIUS_MAX:
        raise RadiusImpossible(field="radius_m")
    _require_known(activity, details, by=by)
    for column, value in _columns(details).items():
        setattr(activity, column, value)
    activity.brand_id = _brand_of(details)


def _columns(details: ActivityDetails) -> dict[str, Any]:
    """Return the columns of an activity as told, without outer blanks; the brand is derived."""
    told = {**vars(details), "region_id": details.region_code}
    told |= {name: told[name].strip() for name in _WORDS}
    told |= {name: list(dict.fromkeys(told[name])) for name in _LISTS}
    return {name: value for name, value in told.items() if name not in {"region_code", "brand_id"}}


def _require_reach(details: ActivityDetails, *, by: Actor) -> None:
    organiser = Organisation.objects.filter(pk=details.organiser_id, closed_at=None).first()
    if organiser is None or queries.region_to_plan_at(details.region_code) is None:
        raise OrganiserOutOfReach(field="organiser")
    rules.require_within_reach(
        by, region=details.region_code, path=organiser.path, home=organiser.region_id
    )


def _require_known(activity: Activity, details: ActivityDetails, *, by: Actor) -> None:
    """Refuse a leader or policy the actor may not see, unless it was there before."""
    if details.leader_id not in (None, activity.leader_id) and not (
        people_visible_to(by).filter(pk=details.leader_id).exists()
    ):
        raise NotFound(field="leader")
    if details.policy_id not in (None, activity.policy_id) and not (
        queries.policies_visible_to(by).filter(pk=details.policy_id).exists()
    ):
        raise NotFound(field="policy")


def _brand_of(details: ActivityDetails) -> int | None:
    """Return the brand of campaign or project, or the activity's own. Raises ProgrammeMismatch."""
    project = Project.objects.filter(pk=details.project_id or 0).select_related("campaign").first()
    campaign = Campaign.objects.filter(pk=details.campaign_id or 0).first()
    if project and project.campaign_id and campaign and project.campaign_id != campaign.pk:
        raise ProgrammeMismatch(field="campaign")
    above = campaign or (project.campaign if project else None)
    if above is None or above.brand_id is None:
        return details.brand_id
    if details.brand_id not in (None, above.brand_id):
        raise ProgrammeMismatch(field="brand")
    return above.brand_id


def _digest(*content: object) -> str:
    return blind_index(repr(content), purpose="activities.content")


def _same_or_refuse(activity: Activity, digest: str) -> Activity:
    if activity.content_digest != digest:
        raise KeyReused
    return activity


def _moved(original: Activity, places: dict[int, int], starts_on: date) -> list[PlannedWindow]:
    planned = queries.planned_windows(original)
    if not planned:
        return []
    days = starts_on - local_date(planned[0][1].starts_at)
    by_window: dict[Window, list[int]] = {}
    for post_id, window in planned:
        if post_id in places:
            by_window.setdefault(window, []).append(places[post_id])
    return [
        PlannedWindow(Window(window.starts_at + days, window.ends_at + days), tuple(posts))
        for window, posts in by_window.items()
    ]


def _has_moved(activity: Activity, before: ActivityDetails) -> bool:
    return any(getattr(activity, name) != getattr(before, name) for name in _PLACE)


def _flags_of(activity: Activity, details: ActivityDetails) -> tuple[str, ...]:
    posts = queries.post_details(queries.posts_of(activity))
    return rules.flags_in(details, posts)


def _require_still_publishable(activity: Activity, flags: Sequence[str], *, now: datetime) -> None:
    plan = queries.plan_of(activity)
    if gates := rules.gates_before(plan, now=now):
        raise ActivityNotReady(gates)
    added = [word for word in rules.flags_in(plan.details, plan.posts) if word not in flags]
    if added:
        raise FlaggedWordsAdded(field="content", words="、".join(added))
