from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from linbang.foundation import clock
from linbang.foundation.people import queries as people
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.actions import HonourDetails
from linbang.outcomes.recognition.choices import Side, StarTab
from linbang.outcomes.recognition.schemas.answers import (
    HonourDecisionIn,
    HonourIn,
    HonourOut,
    HonourPageOut,
    OwnStarOut,
    RatingIn,
    RatingLineOut,
    RatingsOut,
    StarAdoptionIn,
    StarApplicationIn,
    StarApplicationOut,
    StarApplicationPageOut,
    StarDecisionIn,
    StarLevelsOut,
    StarObjectionAnswerIn,
    StarObjectionIn,
    StarObjectionOut,
)

router = Router(tags=["recognition"])


@router.get("/stars", response=OwnStarOut, operation_id="get_own_star")
def get_own_star(request: Any) -> Any:
    """Show one's own star, what the next asks for, and whether it may be asked for."""
    return queries.star_page(people.person_of(request.actor), now=clock.now())


@router.post(
    "/stars/applications", response={201: StarApplicationOut}, operation_id="apply_for_star"
)
def apply_for_star(request: Any, wish: StarApplicationIn) -> Any:
    """Ask for a star of one's own."""
    made = actions.apply_for_star(star=wish.star, by=request.actor, now=clock.now())
    return Status(201, _row(queries.own_applications(request.actor), made.public_id))


@router.post(
    "/stars/applications/{uuid:application_id}/withdrawal",
    response=StarApplicationOut,
    operation_id="withdraw_star_application",
)
def withdraw_star_application(request: Any, application_id: UUID) -> Any:
    """Take one's own application back."""
    actions.withdraw_application(application=application_id, by=request.actor, now=clock.now())
    return _row(queries.own_applications(request.actor), application_id)


@router.get(
    "/stars/notice", response=StarApplicationPageOut, operation_id="list_star_notice", auth=None
)
def list_star_notice(request: Any, page: Query[PageIn]) -> Any:
    """List the stars on public notice, names masked."""
    return paged(queries.applications_on_notice(clock.now()), page, queries.application_rows)


@router.post(
    "/stars/notice/{uuid:star_notice_id}/objections",
    response={201: StarObjectionOut},
    operation_id="object_to_star",
)
def object_to_star(request: Any, star_notice_id: UUID, objection: StarObjectionIn) -> Any:
    """Object to a star on public notice."""
    now = clock.now()
    found = queries.application_on_notice(star_notice_id, now=now)
    made = actions.object_to_star(
        application=star_notice_id, text=objection.text, by=request.actor, now=now
    )
    rows = queries.objection_rows(found)
    return Status(201, next(row for row in rows if row.public_id == made.public_id))


@router.get(
    "/stars/desk/{star_tab}",
    response=StarApplicationPageOut,
    operation_id="list_star_applications",
)
def list_star_applications(request: Any, star_tab: StarTab, page: Query[PageIn]) -> Any:
    """List one heap of the station's desk."""
    found = queries.applications_on_tab(request.actor, star_tab)
    return paged(found, page, queries.application_rows)


@router.post(
    "/stars/desk/applications/{uuid:application_id}/decision",
    response=StarApplicationOut,
    operation_id="decide_star_application",
)
def decide_star_application(request: Any, application_id: UUID, word: StarDecisionIn) -> Any:
    """Put an application on public notice, or refuse it."""
    looked_after = queries.applications_looked_after_by(request.actor)
    found = get_object_or_404(looked_after, public_id=application_id)
    how = {"application_id": found.pk, "by": request.actor, "now": clock.now()}
    if word.approve:
        actions.approve_application(**how)
    else:
        actions.refuse_application(reason=word.reason, **how)
    return _row(looked_after, application_id)


@router.get(
    "/stars/desk/applications/{uuid:application_id}/objections",
    response=list[StarObjectionOut],
    operation_id="list_star_objections",
)
def list_star_objections(request: Any, application_id: UUID) -> Any:
    """List what was said against a star."""
    looked_after = queries.applications_looked_after_by(request.actor)
    return queries.objection_rows(get_object_or_404(looked_after, public_id=application_id))


@router.post(
    "/stars/desk/applications/{uuid:application_id}/objections/{uuid:objection_id}/answer",
    response=list[StarObjectionOut],
    operation_id="answer_star_objection",
)
def answer_star_objection(
    request: Any, application_id: UUID, objection_id: UUID, answer: StarObjectionAnswerIn
) -> Any:
    """Answer an objection; upheld, it ends the application."""
    looked_after = queries.applications_looked_after_by(request.actor)
    found = get_object_or_404(looked_after, public_id=application_id)
    actions.answer_objection(
        objection=objection_id, by=request.actor, now=clock.now(), **answer.dict()
    )
    return queries.objection_rows(found)


@router.post("/stars/levels", response={201: StarLevelsOut}, operation_id="adopt_star_levels")
def adopt_star_levels(request: Any, wish: StarAdoptionIn) -> Any:
    """Let a table of levels hold in a region and below."""
    actions.adopt_scheme(
        region_code=wish.region,
        code=wish.code,
        version=wish.version,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, queries.scheme_at(wish.region).table)


@router.get("/ratings", response=RatingsOut, operation_id="get_own_ratings")
def get_own_ratings(request: Any) -> Any:
    """Tell what was said of oneself as a volunteer, once it is shown, and what one said."""
    now, actor = clock.now(), request.actor
    total = queries.own_rating(actor, now=now)
    return RatingsOut(
        average=total.text,
        count=total.count,
        received=[RatingLineOut.of(one) for one in queries.ratings_received(actor, now=now)],
        given=[RatingLineOut.of(one) for one in queries.ratings_given(actor)],
    )


@router.post(
    "/records/{uuid:record_id}/ratings",
    response={201: list[RatingLineOut]},
    operation_id="rate_record",
)
def rate_record(request: Any, record_id: UUID, rating: RatingIn) -> Any:
    """Rate the other side of a service; answer with what may be seen of it by now."""
    now = clock.now()
    record = queries.record_to_rate(
        request.actor, record_id, Side(rating.side), by_station=rating.by_station
    )
    actions.rate(record_id=record.pk, by=request.actor, now=now, **rating.dict())
    shown = queries.ratings_on_record(record, now=now)
    return Status(201, [RatingLineOut.of(one) for one in shown])


@router.get("/honours", response=HonourPageOut, operation_id="list_own_honours")
def list_own_honours(request: Any, page: Query[PageIn]) -> Any:
    """List one's own honours, and those of one's teams."""
    return paged(queries.honours_of(request.actor), page, queries.honour_rows)


@router.post("/honours", response={201: HonourOut}, operation_id="enter_own_honour")
def enter_own_honour(
    request: Any, entry: Form[HonourIn], proof: File[UploadedFile | None] = None
) -> Any:
    """Enter an honour of one's own; it waits for the station."""
    made = actions.enter_honour(
        details=HonourDetails(**entry.dict()),
        whose=people.person_of(request.actor),
        proof=proof.read() if proof else b"",
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, _honour(queries.honours_of(request.actor), made.public_id))


@router.get("/honours/register", response=HonourPageOut, operation_id="list_honours")
def list_honours(request: Any, page: Query[PageIn]) -> Any:
    """List the register of one's regions and teams."""
    found = queries.registered(queries.register_visible_to(request.actor))
    return paged(found, page, queries.honour_rows)


@router.post("/honours/{uuid:honour_id}/decision", response=HonourOut, operation_id="decide_honour")
def decide_honour(request: Any, honour_id: UUID, word: HonourDecisionIn) -> Any:
    """Register what a volunteer entered, or refuse it."""
    actions.decide_honour(honour=honour_id, by=request.actor, now=clock.now(), **word.dict())
    return _honour(queries.register_visible_to(request.actor), honour_id)


def _row(among: Any, application_id: UUID) -> Any:
    return queries.application_rows([among.get(public_id=application_id)])[0]


def _honour(among: Any, honour_id: UUID) -> Any:
    return queries.honour_rows([get_object_or_404(among, public_id=honour_id)])[0]
