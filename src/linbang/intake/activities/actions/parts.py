"""Posts and desks of an activity, brought in step with what was told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from linbang.foundation.errors import refusing
from linbang.foundation.events import announce
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.planning import drop_shifts
from linbang.intake.activities.actions.steps import is_public
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.errors import (
    ActivityHasPeople,
    DeskNumberTaken,
    PointClosed,
    PostAgesImpossible,
    PostHasShifts,
    PostNameMissing,
    PostNameTaken,
    PostPlacesImpossible,
    PostUnknown,
    QualificationUnknown,
)
from linbang.intake.activities.events import ShiftPlacesChanged
from linbang.intake.activities.models import Activity, Desk, Post, Shift
from linbang.intake.activities.rules import DeskDetails, PostDetails

_BROKEN = {
    "post_name_once_an_activity": PostNameTaken,
    "post_places_cover_the_minimum": PostPlacesImpossible,
    "post_ages_are_in_order": PostAgesImpossible,
}
_COLUMNS = (
    "position", "name", "tasks", "skills", "qualifications", "age_min", "age_max", "places",
    "places_min", "point_id", "desk_id",
)  # fmt: skip


def set_parts(
    activity: Activity,
    *,
    posts: Sequence[PostDetails],
    desks: Sequence[DeskDetails],
    now: datetime,
) -> list[Post]:
    """Give an activity exactly these posts and desks; return the posts in their order.

    Raises DeskNumberTaken, PostNameMissing, PostNameTaken, PostPlacesImpossible,
    PostAgesImpossible, PostUnknown, PostHasShifts, QualificationUnknown, PointClosed,
    ActivityHasPeople.
    """
    _require_sound(activity, posts)
    kept = _set_desks(activity, desks)
    stored = _set_posts(activity, posts, kept, now=now)
    try:
        Desk.objects.filter(cell=activity.cell, activity=activity).exclude(
            pk__in=[desk.pk for desk in kept.values()]
        ).delete()
    except ProtectedError as error:
        raise ActivityHasPeople from error
    return stored


def _require_sound(activity: Activity, posts: Sequence[PostDetails]) -> None:
    seen = set()
    for place, post in enumerate(posts):
        at, name = f"posts.{place}", post.name.strip()
        if not name:
            raise PostNameMissing(field=f"{at}.name")
        if name in seen:
            raise PostNameTaken(field=f"{at}.name", post=name)
        seen.add(name)
        rules.require_places(post.places, post.places_min)
        if None not in (post.age_min, post.age_max) and (post.age_min or 0) > (post.age_max or 0):
            raise PostAgesImpossible(field=f"{at}.age_min", post=name)
    wanted = {code for post in posts for code in post.qualifications}
    if wanted - queries.known_qualifications(wanted):
        raise QualificationUnknown(field="posts")
    _require_points(activity, posts)


def _require_points(activity: Activity, posts: Sequence[PostDetails]) -> None:
    wanted = {post.point_id for post in posts if post.point_id is not None}
    already = set(
        queries.posts_of(activity).filter(point__isnull=False).values_list("point_id", flat=True)
    )
    if wanted - already - queries.open_points(wanted - already, cell=activity.cell).keys():
        raise PointClosed(field="posts")


def _set_desks(activity: Activity, desks: Sequence[DeskDetails]) -> dict[int, Desk]:
    numbers = [desk.number for desk in desks]
    for number in numbers:
        if numbers.count(number) > 1:
            raise DeskNumberTaken(field="desks", number=number)
    there = {desk.number: desk for desk in queries.desks_of(activity)}
    kept = {}
    for told in desks:
        desk = there.get(told.number) or Desk(
            cell=activity.cell, activity=activity, number=told.number
        )
        desk.department, desk.topics = told.department.strip(), list(told.topics)
        if desk.pk is None:
            desk.save(force_insert=True)
        else:
            desk.save(update_fields=["department", "topics"])
        kept[told.number] = desk
    return kept


def _set_posts(
    activity: Activity, told: Sequence[PostDetails], desks: dict[int, Desk], *, now: datetime
) -> list[Post]:
    there = {post.public_id: post for post in queries.posts_of(activity)}
    if any(post.public_id is not None and post.public_id not in there for post in told):
        raise PostUnknown(field="posts")
    named = {post.public_id for post in told}
    _remove(activity, [post for key, post in there.items() if key not in named], now=now)
    stored, before = [], {post.pk: post.places for post in there.values()}
    for position, details in enumerate(told, 1):
        post = there.get(details.public_id) if details.public_id else None
        post = post or Post(cell=activity.cell, activity=activity)
        _write(post, details, position, desks)
        stored.append(post)
    with refusing(_BROKEN), transaction.atomic():
        Post.objects.bulk_update([post for post in stored if post.pk], _COLUMNS)
        Post.objects.bulk_create([post for post in stored if not post.pk])
    _resize(activity, stored, before, now=now)
    return stored


def _write(post: Post, told: PostDetails, position: int, desks: dict[int, Desk]) -> None:
    desk = desks.get(told.desk) if told.desk is not None else None
    columns = {
        "position": position,
        "name": told.name.strip(),
        "tasks": told.tasks.strip(),
        "skills": list(told.skills),
        "qualifications": list(told.qualifications),
        "age_min": told.age_min,
        "age_max": told.age_max,
        "places": told.places,
        "places_min": told.places_min,
        "point_id": told.point_id,
        "desk_id": desk.pk if desk else None,
    }
    for name, value in columns.items():
        setattr(post, name, value)


def _remove(activity: Activity, posts: Sequence[Post], *, now: datetime) -> None:
    """Remove posts: for good where nobody outside ever saw them, else once no shift is ahead."""
    if not posts:
        return
    ids = [post.pk for post in posts]
    shifts = Shift.objects.filter(cell=activity.cell, post__in=ids)
    if not is_public(activity):
        drop_shifts(activity, list(shifts.values_list("pk", flat=True)), now=now)
        Post.objects.filter(cell=activity.cell, pk__in=ids).delete()
        return
    ahead = shifts.filter(state=ShiftState.PLANNED, starts_at__gt=now).select_related("post")
    if (held := ahead.first()) is not None:
        raise PostHasShifts(field="posts", post=held.post.name)
    Post.objects.filter(cell=activity.cell, pk__in=ids).update(removed_at=now)


def _resize(
    activity: Activity, posts: Sequence[Post], before: dict[int, int], *, now: datetime
) -> None:
    """Let shifts ahead follow their post's number, unless they were given one of their own."""
    changed: list[int] = []
    for post in posts:
        old = before.get(post.pk)
        if old is None or old == post.places:
            continue
        shifts = Shift.objects.filter(
            cell=activity.cell,
            post=post,
            state=ShiftState.PLANNED,
            starts_at__gt=now,
            places=old,
        )
        changed += shifts.order_by("pk").values_list("pk", flat=True)
        shifts.update(places=post.places, places_min=post.places_min)
    if changed:
        ids = tuple(sorted(changed))
        announce(ShiftPlacesChanged(shift_ids=ids, cell=activity.cell, at=now))
