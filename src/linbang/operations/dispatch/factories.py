"""Offers, assignments and commitments for tests."""

from datetime import datetime, timedelta

from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import BEFORE, make_shift
from linbang.intake.activities.models import Shift
from linbang.intake.needs.factories import MONDAY
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import CommitmentSource
from linbang.operations.dispatch.models import (
    Assignment,
    Commitment,
    Offer,
    Pairing,
    ShiftPlaces,
    SignUp,
)


def make_offer(
    need: Need,
    volunteer: Person,
    *,
    offered_at: datetime = MONDAY,
    minutes: int = 30,
    **columns: object,
) -> Offer:
    """Make an open offer of a need to a volunteer."""
    return Offer.objects.create(
        cell=need.cell,
        need=need,
        volunteer=volunteer,
        offered_at=offered_at,
        expires_at=offered_at + timedelta(minutes=minutes),
        **{"reasons": [{"code": "same_building", "value": None}], **columns},
    )


def make_assignment(
    need: Need, volunteer: Person, *, offer: Offer | None = None, now: datetime = MONDAY
) -> Assignment:
    """Let a volunteer accept a need, through the action itself."""
    offer = offer or make_offer(need, volunteer, offered_at=now)
    by = Actor(person_id=volunteer.pk, cell=volunteer.cell, account_id=volunteer.account_id)
    return actions.accept_offer(offer_id=offer.pk, by=by, now=now)


def make_commitment(
    person: Person,
    *,
    starts_at: datetime,
    minutes: int = 60,
    source: CommitmentSource = CommitmentSource.SHIFT,
    source_id: int = 1,
    **columns: object,
) -> Commitment:
    """Promise a person's time to a shift."""
    return Commitment.objects.create(
        cell=person.cell,
        person=person,
        during=(starts_at, starts_at + timedelta(minutes=minutes)),
        source=source,
        source_id=source_id,
        made_at=starts_at - timedelta(days=1),
        **columns,
    )


def make_open_shift(**columns: object) -> Shift:
    """Make a shift of a published activity with its places open."""
    shift = make_shift(**columns)  # type: ignore[arg-type]  # columns of a shift
    ShiftPlaces.objects.create(cell=shift.cell, shift=shift, places=shift.places)
    return shift


def make_sign_up(
    shift: Shift, person: Person, *, now: datetime = BEFORE, waits: bool = False
) -> SignUp:
    """Let a person sign up for a shift, through the action itself."""
    by = Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)
    return actions.sign_up(shift=shift.public_id, person_id=person.pk, by=by, now=now, waits=waits)


def make_pairing(
    beneficiary: Person, helper: Person | Organisation, *, now: datetime = MONDAY, **columns: object
) -> Pairing:
    """Let a volunteer, or a group, stand by a resident."""
    who = "organisation" if isinstance(helper, Organisation) else "volunteer"
    return Pairing.objects.create(
        cell=beneficiary.cell, beneficiary=beneficiary, agreed_at=now, **{who: helper, **columns}
    )
