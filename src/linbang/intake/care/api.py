from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest
from linbang.foundation.shell.schemas import PageIn, RowId, paged
from linbang.intake.care import actions, queries, schemas
from linbang.intake.care.choices import CareCategory

router = Router(tags=["care"])


@router.get("/care-listings", response=schemas.CarePageOut, operation_id="list_care_listings")
def list_care_listings(
    request: MemberRequest,
    page: Query[PageIn],
    category: CareCategory | None = None,
):
    """List the care register of one's regions; the look is logged."""
    _require(request)
    actions.note_sight(person=None, by=request.actor, now=clock.now())
    found = queries.register(request.actor, category=category or "")
    return paged(found, page, queries.care_rows)


@router.get("/care-counts", response=list[schemas.CareCountOut], operation_id="count_care")
def count_care(request: MemberRequest):
    """Count people and households by care category."""
    _require(request)
    return queries.counts_visible_to(request.actor)


@router.post(
    "/people/{person_id}/care-listings",
    response={201: schemas.CareListingOut},
    operation_id="list_person_in_care",
)
def list_person_in_care(request: MemberRequest, person_id: UUID, body: schemas.CareListingIn):
    """Enter a person in the care register."""
    person = queries.person_in_care_of(request.actor, person_id)
    listing = actions.list_person(
        person_id=person.pk, **body.dict(), by=request.actor, now=clock.now()
    )
    (row,) = queries.care_rows(queries.register(request.actor).filter(pk=listing.pk))
    return Status(201, row)


@router.post(
    "/care-listings/{listing_id}/ending", response={204: None}, operation_id="end_care_listing"
)
def end_care_listing(request: MemberRequest, listing_id: RowId, body: schemas.CareEndingIn):
    """Take a person off the care register."""
    listing = get_object_or_404(queries.care_visible_to(request.actor), pk=listing_id)
    actions.end_listing(
        listing_id=listing.pk, reason=body.reason, by=request.actor, now=clock.now()
    )
    return Status(204, None)


def _require(request: MemberRequest) -> None:
    if not request.actor.may_anywhere(Permission.SEE_CARE):
        raise Http404
