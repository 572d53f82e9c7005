"""Activities: making, changing, publishing, reviewing, cancelling them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Header, Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.intake.activities import actions, queries, rules, schemas
from linbang.intake.activities.choices import Tab

router = Router(tags=["activities"])
_ONE = "/activities/{uuid:activity_id}"
_LINKS = ("organiser", "leader", "policy", "brand", "campaign", "project", "key_period")
# What an explicit null clears; elsewhere it says nothing.
_NULLABLE = {"longitude", "latitude", "sign_up_opens_at", "sign_up_closes_at"}
_LISTS = {"categories", "beneficiaries", "hazards", "guarantees"}
Key = Header(..., alias="Idempotency-Key", min_length=8, max_length=64)


def visible(request: MemberRequest, activity_id: UUID) -> Any:
    found = queries.activities_visible_to(request.actor).select_related(
        "leader", "policy", "brand", "campaign", "project", "key_period"
    )
    return get_object_or_404(found, public_id=activity_id)


def _told(request: MemberRequest, activity_id: UUID) -> dict[str, Any]:
    activity = visible(request, activity_id)
    return queries.activity_told_in_full(activity, now=clock.now())


@router.get("/activities", response=schemas.ActivityPageOut, operation_id="list_activities")
@permitted(Permission.EDIT_ACTIVITIES)
def list_activities(
    request: MemberRequest,
    page: Query[PageIn],
    tab: Tab = Tab.PUBLISHED,
    q: str = Query("", max_length=60),
):
    """List one tab of the activities one plans."""
    now = clock.now()
    found = queries.activities_listed(request.actor, tab=tab, now=now, text=q)
    rows = queries.activity_rows
    return paged(found, page, lambda shown: map(queries.row_told, rows(shown, now=now)))


@router.post(
    "/activities", response={201: schemas.ActivityDetailOut}, operation_id="create_activity"
)
@permitted(Permission.EDIT_ACTIVITIES)
def create_activity(request: MemberRequest, body: schemas.ActivityIn, key: str = Key):
    """Make a draft; the same key with the same content answers the same activity."""
    start = rules.ActivityDetails(organiser_id=0, region_code="", name="")
    activity = actions.create_activity(
        details=_details(request, body, start),
        parts=_parts(request, body),
        key=f"{request.actor.person_id}:{key}",
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, _told(request, activity.public_id))


@router.get(_ONE, response=schemas.ActivityDetailOut, operation_id="get_activity")
@permitted(Permission.EDIT_ACTIVITIES)
def get_activity(request: MemberRequest, activity_id: UUID):
    """Show a whole plan, with what stands in the way of publishing it."""
    return _told(request, activity_id)


@router.patch(_ONE, response=schemas.ActivityDetailOut, operation_id="update_activity")
@permitted(Permission.EDIT_ACTIVITIES)
def update_activity(request: MemberRequest, activity_id: UUID, body: schemas.ActivityPatchIn):
    """Change what is told; the rest stays. Posts and desks, if told, replace what is there."""
    activity = visible(request, activity_id)
    actions.update_activity(
        activity_id=activity.pk,
        details=_details(request, body, queries.details_of(activity)),
        parts=_parts(request, body),
        version=body.version,
        by=request.actor,
        now=clock.now(),
    )
    return _told(request, activity_id)


@router.delete(_ONE, response={204: None}, operation_id="delete_draft")
@permitted(Permission.EDIT_ACTIVITIES)
def delete_draft(request: MemberRequest, activity_id: UUID):
    """Delete a draft that was never submitted."""
    activity = visible(request, activity_id)
    actions.delete_draft(activity_id=activity.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    _ONE + "/copy", response={201: schemas.ActivityDetailOut}, operation_id="copy_activity"
)
@permitted(Permission.EDIT_ACTIVITIES)
def copy_activity(request: MemberRequest, activity_id: UUID, body: schemas.CopyIn, key: str = Key):
    """Make a draft like an activity, with its shifts where a first day is told."""
    copy = actions.copy_activity(
        activity_id=visible(request, activity_id).pk,
        starts_on=body.starts_on,
        key=f"{request.actor.person_id}:{key}",
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, _told(request, copy.public_id))


@router.get(_ONE + "/gates", response=list[schemas.GateOut], operation_id="list_gates")
@permitted(Permission.EDIT_ACTIVITIES)
def list_gates(request: MemberRequest, activity_id: UUID):
    """List every reason against publishing, each with the field to mend."""
    plan = queries.plan_of(visible(request, activity_id))
    return queries.gates_told(rules.gates_before(plan, now=clock.now()))


@router.post(
    _ONE + "/publication", response=schemas.ActivityDetailOut, operation_id="publish_activity"
)
@permitted(Permission.EDIT_ACTIVITIES)
def publish_activity(request: MemberRequest, activity_id: UUID):
    """Open an activity to sign-ups, or send it to review; ``errors`` of a refusal are the gates."""
    activity = visible(request, activity_id)
    actions.publish_activity(activity_id=activity.pk, by=request.actor, now=clock.now())
    return _told(request, activity_id)


@router.post(_ONE + "/review", response=schemas.ActivityDetailOut, operation_id="review_activity")
@permitted(Permission.REVIEW_ACTIVITIES)
def review_activity(request: MemberRequest, activity_id: UUID, body: schemas.ReviewIn):
    """Publish what waits for review, or send it back with a reason."""
    activity = visible(request, activity_id)
    actions.review_activity(
        activity_id=activity.pk, by=request.actor, now=clock.now(), **body.dict()
    )
    return _told(request, activity_id)


@router.post(
    _ONE + "/cancellation", response=schemas.ActivityDetailOut, operation_id="cancel_activity"
)
@permitted(Permission.EDIT_ACTIVITIES)
def cancel_activity(request: MemberRequest, activity_id: UUID, body: schemas.PlanReasonIn):
    """Cancel an activity; everybody is told why and freed without a mark."""
    activity = visible(request, activity_id)
    actions.cancel_activity(
        activity_id=activity.pk, reason=body.reason, by=request.actor, now=clock.now()
    )
    return _told(request, activity_id)


@router.post(_ONE + "/closure", response=schemas.ActivityDetailOut, operation_id="close_activity")
@permitted(Permission.EDIT_ACTIVITIES)
def close_activity(request: MemberRequest, activity_id: UUID):
    """End an activity after its last shift."""
    activity = visible(request, activity_id)
    actions.close_activity(activity_id=activity.pk, by=request.actor, now=clock.now())
    return _told(request, activity_id)


@router.post(
    _ONE + "/extension", response=schemas.ActivityDetailOut, operation_id="extend_activity"
)
@permitted(Permission.EDIT_ACTIVITIES)
def extend_activity(request: MemberRequest, activity_id: UUID):
    """Open a closed activity once more, within 30 days."""
    activity = visible(request, activity_id)
    actions.extend_activity(activity_id=activity.pk, by=request.actor, now=clock.now())
    return _told(request, activity_id)


@router.put(_ONE + "/outcome", response=schemas.ActivityDetailOut, operation_id="record_outcome")
@permitted(Permission.EDIT_ACTIVITIES)
def record_outcome(request: MemberRequest, activity_id: UUID, body: schemas.OutcomeIn):
    """Write down how many people were served and how it went."""
    activity = visible(request, activity_id)
    actions.record_outcome(
        activity_id=activity.pk, by=request.actor, now=clock.now(), **body.dict()
    )
    return _told(request, activity_id)


@router.get(
    "/qualifications",
    response=list[schemas.QualificationOut],
    operation_id="list_qualifications",
)
def list_qualifications(request: MemberRequest):
    """List what a post may ask for."""
    return queries.qualifications()


def _details(
    request: MemberRequest, body: schemas.ActivityPatchIn, before: rules.ActivityDetails
) -> rules.ActivityDetails:
    told = body.dict(exclude_unset=True, exclude={"version", "posts", "desks", "windows"})
    links = {name: told.pop(name) for name in _LINKS if name in told}
    told = {name: value for name, value in told.items() if value is not None or name in _NULLABLE}
    told |= {name: tuple(told[name]) for name in _LISTS & told.keys()}
    region = told.get("region_code", before.region_code)
    if links.get("organiser", ...) is None:
        del links["organiser"]
    return replace(before, **told, **queries.ids_of(request.actor, region, links))


def _parts(request: MemberRequest, body: schemas.ActivityPatchIn) -> rules.PlanParts:
    wanted = [post.point for post in body.posts or () if post.point]
    points = queries.point_ids(request.actor, wanted)
    return rules.PlanParts(
        posts=None
        if body.posts is None
        else tuple(
            rules.PostDetails(
                public_id=post.id,
                point_id=points[post.point] if post.point else None,
                skills=tuple(post.skills),
                qualifications=tuple(post.qualifications),
                **post.dict(exclude={"id", "point", "skills", "qualifications"}),
            )
            for post in body.posts
        ),
        desks=None
        if body.desks is None
        else tuple(
            rules.DeskDetails(desk.number, desk.department, tuple(desk.topics))
            for desk in body.desks
        ),
        windows=tuple(
            rules.PlannedWindow(rules.Window(one.starts_at, one.ends_at), tuple(one.posts))
            for one in body.windows
        ),
    )
