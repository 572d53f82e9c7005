"""Writes of the care register."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.people.actions import give_consent
from linbang.foundation.people.choices import ConsentKind, ConsentMethod
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import lock_person
from linbang.intake.care import queries
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.errors import (
    EndReasonMissing,
    ListedAlready,
    ListingEnded,
    SeparateConsentMissing,
)
from linbang.intake.care.models import CareListing, category_digest


@transaction.atomic
def list_person(
    *,
    person_id: int,
    category: CareCategory,
    note: str = "",
    signed_form: bool = False,
    by: Actor,
    now: datetime,
) -> CareListing:
    """Put a person on the care register in a category, on a separate consent (rule 80).

    ``signed_form`` says that the consent was just signed on paper.
    Raises ListedAlready, SeparateConsentMissing, NotAllowed, PersonClosed.
    """
    person = lock_person(person_id)
    _require_care(by, person)
    if signed_form:
        give_consent(
            person_id=person.pk, kind=ConsentKind.SENSITIVE, method=ConsentMethod.SIGNED_FORM,
            by=by, now=now,
        )  # fmt: skip
    elif not queries.has_separate_consent(person.pk):
        raise SeparateConsentMissing(field="signed_form")
    with refusing({"care_listing_once_a_category": ListedAlready}), transaction.atomic():
        listing = CareListing.objects.create(
            cell=person.cell,
            person=person,
            region_id=person.region_id,
            category=category,
            category_digest=category_digest(category),
            note=note.strip(),
            listed_on=clock.local_date(now),
            listed_by_id=by.person_id,
        )
    # The trail names the listing, never its category.
    record(by=by, action="care.list_person", subject=listing, now=now)
    return listing


@transaction.atomic
def end_listing(*, listing_id: int, reason: str, by: Actor, now: datetime) -> CareListing:
    """End a listing with its reason: a case can end well.

    Raises EndReasonMissing, ListingEnded, NotAllowed, NotFound.
    """
    listing = queries.lock_listing(listing_id)
    _require_care(by, listing.person)
    if listing.ended_on is not None:
        raise ListingEnded
    if not reason.strip():
        raise EndReasonMissing(field="reason")
    return _end(listing, reason.strip(), by=by, now=now)


@transaction.atomic
def end_listings_of(*, person_id: int, reason: str, by: Actor, now: datetime) -> int:
    """End every listing of a person whose consent or record ended; return how many."""
    open_ones = CareListing.objects.select_for_update().filter(person_id=person_id, ended_on=None)
    listings = list(open_ones.order_by("id"))
    for listing in listings:
        _end(listing, reason, by=by, now=now)
    return len(listings)


def _end(listing: CareListing, reason: str, *, by: Actor, now: datetime) -> CareListing:
    listing.ended_on, listing.end_reason = clock.local_date(now), reason
    listing.save(update_fields=["ended_on", "end_reason"])
    record(by=by, action="care.end_listing", subject=listing, now=now)
    return listing


@transaction.atomic
def note_sight(*, person: Person | None, by: Actor, now: datetime) -> None:
    """Keep that somebody looked at a person's categories, or at the whole register (rule 94)."""
    if person is not None:
        record(by=by, action="care.see_categories", subject=person, outcome=Outcome.SEEN, now=now)
        return
    prefix = next(iter(by.regions_for(Permission.SEE_CARE)), "")
    record(
        by=by, action="care.see_register", subject_type="care.carelisting", region_code=prefix,
        outcome=Outcome.SEEN, now=now,
    )  # fmt: skip


def _require_care(by: Actor, person: Person) -> None:
    if not by.may(Permission.SEE_CARE, region=person.region_id):
        raise NotAllowed
