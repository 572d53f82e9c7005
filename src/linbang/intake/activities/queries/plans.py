"""A plan as one value, for the gates: from the tables, or from what somebody is typing."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.intake.activities import rules
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity, Desk, InsurancePolicy, Post, Shift
from linbang.intake.activities.queries.activities import posts_of
from linbang.intake.activities.rules import (
    ActivityDetails,
    DeskDetails,
    PlannedWindow,
    PostDetails,
    Window,
)

_LISTS = {"categories", "beneficiaries", "hazards", "guarantees"}


def details_of(activity: Activity) -> ActivityDetails:
    """Return what was told of an activity; no query."""
    told = {
        one.name: getattr(activity, "region_id" if one.name == "region_code" else one.name)
        for one in fields(ActivityDetails)
    }
    return ActivityDetails(**{**told, **{name: tuple(told[name]) for name in _LISTS}})


def desks_of(activity: Activity) -> list[Desk]:
    """Return the desks of a consult event by number."""
    desks = Desk.objects.filter(cell=activity.cell, activity=activity)
    return list(desks.order_by("number", "id"))


def desk_details(desks: Iterable[Desk]) -> tuple[DeskDetails, ...]:
    """Return what was told of desks."""
    return tuple(DeskDetails(desk.number, desk.department, tuple(desk.topics)) for desk in desks)


def post_details(posts: Iterable[Post]) -> tuple[PostDetails, ...]:
    """Return what was told of posts; their desks must be selected."""
    return tuple(
        PostDetails(
            name=post.name,
            places=post.places,
            places_min=post.places_min,
            public_id=post.public_id,
            tasks=post.tasks,
            skills=tuple(post.skills),
            qualifications=tuple(post.qualifications),
            age_min=post.age_min,
            age_max=post.age_max,
            point_id=post.point_id,
            desk=post.desk.number if post.desk else None,
        )
        for post in posts
    )


def planned_windows(activity: Activity) -> list[tuple[int, Window]]:
    """Return the post and window of every shift that takes place; one query."""
    shifts = Shift.objects.filter(
        cell=activity.cell, activity=activity, state=ShiftState.PLANNED
    ).order_by("starts_at", "id")
    return [
        (post_id, Window(starts_at, ends_at))
        for post_id, starts_at, ends_at in shifts.values_list("post_id", "starts_at", "ends_at")
    ]


def hand_windows(activity: Activity, posts: Sequence[Post]) -> list[PlannedWindow]:
    """Return the windows of a plan that was never published and that belong to no series.

    Those are simply changed where they are typed; everything else is moved or cancelled.
    """
    if activity.state not in (ActivityState.DRAFT, ActivityState.IN_REVIEW):
        return []
    places = {post.pk: place for place, post in enumerate(posts, 1)}
    shifts = Shift.objects.filter(
        cell=activity.cell, activity=activity, series=None, state=ShiftState.PLANNED
    ).order_by("starts_at", "ends_at", "post__position", "id")
    found: dict[Window, list[int]] = {}
    for post_id, starts_at, ends_at in shifts.values_list("post_id", "starts_at", "ends_at"):
        found.setdefault(Window(starts_at, ends_at), []).append(places[post_id])
    return [
        PlannedWindow(window, chosen)
        for window, staffed in found.items()
        for chosen in ([()] if len(staffed) == len(posts) else [(place,) for place in staffed])
    ]


def plan_of(activity: Activity) -> rules.Plan:
    """Return a stored plan for the gates: seven queries at most, whatever its size."""
    posts = list(posts_of(activity))
    places = {post.pk: place for place, post in enumerate(posts, 1)}
    return _plan(
        details_of(activity),
        posts=post_details(posts),
        desks=desk_details(desks_of(activity)),
        shifts=[
            (places[post_id], window)
            for post_id, window in planned_windows(activity)
            if post_id in places
        ],
        is_published=activity.state == ActivityState.PUBLISHED,
    )


def plan_from(
    details: ActivityDetails,
    *,
    posts: Sequence[PostDetails],
    desks: Sequence[DeskDetails],
    windows: Sequence[PlannedWindow],
    activity: Activity | None = None,
    dropped: Iterable[Window] = (),
) -> rules.Plan:
    """Return what is being typed as a plan; ``windows`` are added to those of the activity."""
    everybody = tuple(range(1, len(posts) + 1))
    shifts = [(place, one.window) for one in windows for place in (one.posts or everybody)]
    if activity is not None:
        shifts += _kept(activity, posts, gone=set(dropped))
    return _plan(
        details,
        posts=tuple(posts),
        desks=tuple(desks),
        shifts=shifts,
        is_published=activity is not None and activity.state == ActivityState.PUBLISHED,
    )


def _kept(
    activity: Activity, posts: Sequence[PostDetails], *, gone: set[Window]
) -> list[tuple[int, Window]]:
    named = {post.public_id: place for place, post in enumerate(posts, 1) if post.public_id}
    places = {post.pk: named.get(post.public_id) for post in posts_of(activity)}
    return [
        (place, window)
        for post_id, window in planned_windows(activity)
        if (place := places.get(post_id)) is not None and window not in gone
    ]


def _plan(
    details: ActivityDetails,
    *,
    posts: tuple[PostDetails, ...],
    desks: tuple[DeskDetails, ...],
    shifts: Sequence[tuple[int, Window]],
    is_published: bool,
) -> rules.Plan:
    return rules.Plan(
        details=details,
        organiser=_organiser(details.organiser_id),
        leader=_leader(details.leader_id),
        policy=_policy(details.policy_id),
        posts=posts,
        desks=desks,
        shifts=tuple(shifts),
        is_published=is_published,
    )


def _organiser(organiser_id: int) -> rules.Organiser:
    found = Organisation.objects.filter(pk=organiser_id).values_list(
        "name", "kind", "approved_by_id", "closed_at"
    )
    for name, kind, approved_by_id, closed_at in found:
        is_approved = kind != OrganisationKind.TEAM or approved_by_id is not None
        return rules.Organiser(name, is_open=closed_at is None, is_approved=is_approved)
    return rules.Organiser("", is_open=False)


def _leader(leader_id: int | None) -> rules.Leader | None:
    if leader_id is None:
        return None
    found = Person.objects.filter(pk=leader_id).values_list(
        "name", "confirmed_at", "closed_at", "account_id"
    )
    for name, confirmed_at, closed_at, account_id in found:
        is_confirmed = bool(confirmed_at and account_id and closed_at is None)
        return rules.Leader(name, is_confirmed=is_confirmed)
    return None


def _policy(policy_id: int | None) -> rules.Policy | None:
    policy = InsurancePolicy.objects.filter(pk=policy_id).first() if policy_id else None
    if policy is None:
        return None
    return rules.Policy(
        str(policy), policy.starts_at, policy.ends_at, is_ended=policy.ended_at is not None
    )
