"""Activities as the console lists and locks them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.access.rules import PERMISSIONS, Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, short_name
from linbang.intake.activities import rules
from linbang.intake.activities.choices import ActivityState, ShiftState, Tab
from linbang.intake.activities.models import Activity, ActivityStep, Post, Shift

# What lists never show: long texts, and a sealed column that costs a decryption a row.
_UNLISTED = (
    "content", "conditions", "risk_text", "outcome", "contact_phone", "organiser__contact_phone",
)  # fmt: skip


def within_reach(actor: Actor, *, region: str, organiser: str) -> Q:
    """Return the condition that rows are planned where the actor plans.

    ``region`` and ``organiser`` are the names of the two foreign keys, such as ``region_id`` and
    ``organiser``.
    """
    scope = within_any(region, actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        scope |= Q(**{f"{organiser}__path__gte": path, f"{organiser}__path__lt": path + ":"})
    return scope


def activities_visible_to(actor: Actor) -> QuerySet[Activity]:
    """Return the activities the actor plans: staff by region, leaders by organisation.

    Indexes: ``activity_by_region_and_state``, ``activity_by_organiser``.
    """
    activities = Activity.objects.select_related("organiser", "region")
    if actor.is_system:
        return activities
    return activities.filter(within_reach(actor, region="region_id", organiser="organiser"))


def activities_listed(
    actor: Actor, *, tab: Tab | str, now: datetime, text: str = ""
) -> QuerySet[Activity]:
    """Return one tab of the visible activities, narrowed by a part of the name.

    What is published stands by its next shift, the rest newest first.
    """
    activities = activities_visible_to(actor).defer(*_UNLISTED).filter(_TABS[Tab(tab)])
    if text:
        activities = activities.filter(name__contains=text)
    activities = activities.annotate(is_ahead=Exists(_ahead(now)))
    if tab == Tab.PUBLISHED:
        found = activities.filter(Q(is_ahead=True) | ~Exists(_planned()))
        return found.annotate(next_at=Subquery(_ahead(now).values("starts_at")[:1])).order_by(
            F("next_at").asc(nulls_last=True), "id"
        )
    if tab == Tab.PAST:
        over = Q(state=ActivityState.CLOSED) | Q(is_ahead=False) & Exists(_planned())
        activities = activities.filter(over)
    return activities.order_by("-id")


_TABS = {
    Tab.DRAFTS: Q(state=ActivityState.DRAFT),
    Tab.REVIEW: Q(state=ActivityState.IN_REVIEW),
    Tab.PUBLISHED: Q(state=ActivityState.PUBLISHED),
    Tab.PAST: Q(state__in=(ActivityState.PUBLISHED, ActivityState.CLOSED)),
    Tab.CANCELLED: Q(state=ActivityState.CANCELLED),
}


def _planned() -> QuerySet[Shift]:
    return Shift.objects.filter(
        cell=OuterRef("cell"), activity=OuterRef("pk"), state=ShiftState.PLANNED
    )


def _ahead(now: datetime) -> QuerySet[Shift]:
    # Index shift_by_activity.
    return _planned().filter(ends_at__gt=now).order_by("starts_at", "id")


def tab_counts(actor: Actor) -> dict[str, int]:
    """Return how many activities wait in the tabs that ask for work; one query."""
    waiting = activities_visible_to(actor).aggregate(
        drafts=Count("id", filter=_TABS[Tab.DRAFTS]),
        review=Count("id", filter=_TABS[Tab.REVIEW]),
    )
    return {tab.value: waiting.get(tab.value, 0) for tab in Tab}


@dataclass(frozen=True)
class ActivityRow:
    """An activity as lists show it."""

    activity: Activity
    place: str
    next_shift: Shift | None
    shifts: int
    places: int


def activity_rows(activities: Iterable[Activity], *, now: datetime) -> list[ActivityRow]:
    """Return activities with their next shift and what is ahead: two queries for a page."""
    found = list(activities)
    ids = [activity.pk for activity in found]
    ahead = Shift.objects.filter(
        cell__in={activity.cell for activity in found},
        activity__in=ids,
        state=ShiftState.PLANNED,
        ends_at__gt=now,
    )
    counting = ahead.order_by().values("activity_id").annotate(Count("id"), Sum("places"))
    counted = {
        activity_id: (shifts, places)
        for activity_id, shifts, places in counting.values_list(
            "activity_id", "id__count", "places__sum"
        )
    }
    first = ahead.order_by("activity_id", "starts_at", "id").distinct("activity_id")
    upcoming = {shift.activity_id: shift for shift in first}
    return [
        ActivityRow(
            activity=activity,
            place=short_name(activity.region.name),
            next_shift=upcoming.get(activity.pk),
            shifts=counted.get(activity.pk, (0, 0))[0],
            places=counted.get(activity.pk, (0, 0))[1],
        )
        for activity in found
    ]


def activity_with_key(cell: str, key: str) -> Activity | None:
    """Return the activity stored under an idempotency key."""
    return Activity.objects.filter(cell=cell, key=key).first()


def lock_activity(activity_id: int) -> Activity:
    """Return an activity with its organiser, locked until the transaction ends. Raises NotFound.

    Who signs up is not held up: the lock leaves the key alone.
    """
    activities = Activity.objects.select_for_update(of=("self",), no_key=True)
    activity = activities.select_related("organiser").filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def lock_shifts(activity: Activity, shift_ids: Iterable[int]) -> list[Shift]:
    """Return shifts of an activity, locked in the order of their ids. Raises NotFound.

    For a shift that is not the activity's.
    """
    wanted = set(shift_ids)
    shifts = Shift.objects.select_for_update(no_key=True).filter(
        cell=activity.cell, activity=activity, pk__in=wanted
    )
    found = list(shifts.order_by("pk"))
    if len(found) != len(wanted):
        raise NotFound
    return found


def shifts_of(activity: Activity) -> QuerySet[Shift]:
    """Return the shifts of an activity by time, cancelled ones included."""
    return (
        Shift.objects.filter(cell=activity.cell, activity=activity)
        .select_related("post", "series")
        .order_by("starts_at", "post__position", "id")
    )


def shifts_ahead(activity: Activity, *, now: datetime) -> QuerySet[Shift]:
    """Return the shifts that take place and have not begun."""
    return shifts_of(activity).filter(state=ShiftState.PLANNED, starts_at__gt=now)


def activities_over(before: datetime) -> list[int]:
    """Return the published activities of which nothing took place since an instant; ids."""
    later = Shift.objects.filter(
        cell=OuterRef("cell"),
        activity=OuterRef("pk"),
        state=ShiftState.PLANNED,
        ends_at__gt=before,
    )
    over = Activity.objects.filter(
        ~Exists(later), state=ActivityState.PUBLISHED, state_since__lte=before
    )
    return list(over.order_by("id").values_list("pk", flat=True))


def activity_with_id(activity_id: int) -> Activity:
    """Return an activity with its organiser. Raises NotFound."""
    activity = Activity.objects.select_related("organiser").filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def shift_with_id(shift_id: int) -> Shift:
    """Return a shift with its activity. Raises NotFound."""
    shift = Shift.objects.select_related("activity", "series").filter(pk=shift_id).first()
    if shift is None:
        raise NotFound
    return shift


def posts_of(activity: Activity) -> QuerySet[Post]:
    """Return the posts of an activity that were not removed, in their order."""
    posts = Post.objects.filter(cell=activity.cell, activity=activity, removed_at=None)
    return posts.select_related("point", "desk").order_by("position", "id")


def post_ids(activity: Activity, public_ids: Iterable[UUID]) -> list[int]:
    """Return the posts of an activity that public ids name. Raises NotFound."""
    wanted = set(public_ids)
    found = list(posts_of(activity).filter(public_id__in=wanted).values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise NotFound(field="posts")
    return found


def shift_ids(activity: Activity, public_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the shifts of an activity that public ids name, by public id. Raises NotFound."""
    wanted = set(public_ids)
    shifts = Shift.objects.filter(cell=activity.cell, activity=activity, public_id__in=wanted)
    found = dict(shifts.values_list("public_id", "pk"))
    if wanted - found.keys():
        raise NotFound(field="shifts")
    return found


def steps_of(activity: Activity) -> QuerySet[ActivityStep]:
    """Return how an activity came to where it stands, the oldest first."""
    return ActivityStep.objects.filter(cell=activity.cell, activity=activity).order_by("id")


def authors_of(activity: Activity) -> set[int | None]:
    """Return who made an activity and who last submitted it; they do not review it."""
    submitted = steps_of(activity).filter(state=ActivityState.IN_REVIEW).last()
    return {activity.created_by_id, submitted.by_id if submitted else None} - {None}


_REVIEWERS = [role for role in Role if Permission.REVIEW_ACTIVITIES in PERMISSIONS[role]]


def reviewers_for(region_code: str, *, without: Iterable[int | None] = ()) -> list[int]:
    """Return the people who review in the nearest region that has any, as person ids."""
    grants = RoleGrant.objects.filter(
        role__in=_REVIEWERS,
        region_id__in=ancestor_codes(region_code),
        ended_at=None,
        account__person__isnull=False,
    )
    found = [
        (region, person)
        for region, person in grants.values_list("region_id", "account__person__id")
        if person not in set(without)
    ]
    nearest = max((len(region) for region, _person in found), default=0)
    return sorted({person for region, person in found if len(region) == nearest})


def may_edit(actor: Actor, activity: Activity) -> bool:
    """Tell whether the actor plans this activity."""
    return rules.may_plan(actor, region=activity.region_id, path=activity.organiser.path)
