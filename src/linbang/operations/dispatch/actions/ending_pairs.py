"""A pairing ends with its reason, and looking at pairings leaves a trace."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch.actions.telling_pairs import tell_ended
from linbang.operations.dispatch.choices import PairingEnd
from linbang.operations.dispatch.errors import PairingOver
from linbang.operations.dispatch.models import Pairing
from linbang.operations.dispatch.queries import pairings


@transaction.atomic
def end_pairing(
    *, pairing_id: int, cause: PairingEnd, by: Actor, now: datetime, note: str = ""
) -> Pairing:
    """End a pairing for a reason; both are told and thanked. Raises NotFound, PairingOver."""
    pairing = pairings.lock_pairing(pairing_id)
    if not by.may(Permission.DISPATCH, region=pairing.beneficiary.region_id):
        raise NotFound
    if pairing.ended_at is not None:
        raise PairingOver
    pairing.ended_at, pairing.end_cause, pairing.end_note = now, cause, note.strip()
    pairing.ended_by_id = by.person_id
    pairing.save(update_fields=["ended_at", "end_cause", "end_note", "ended_by_id"])
    record(
        by=by,
        action="dispatch.end_pairing",
        subject=pairing,
        region_code=pairing.beneficiary.region_id,
        about_id=pairing.beneficiary_id,
        now=now,
        detail={"cause": cause},
    )
    tell_ended(pairing, now=now)
    return pairing


@transaction.atomic
def end_pairings_of(*, person_id: int, is_gone: bool, by: Actor, now: datetime) -> None:
    """End what a volunteer who serves no more carries; of somebody gone, who stood by her too."""
    for pairing_id in pairings.running_pairings_of(person_id, also_helped=is_gone):
        pairing = pairings.lock_pairing(pairing_id)
        is_helped = pairing.beneficiary_id == person_id
        cause = PairingEnd.PASSED_AWAY if is_helped else PairingEnd.HELPER_STOPS
        end_pairing(pairing_id=pairing_id, cause=cause, by=by, now=now)


@transaction.atomic
def note_pairings_seen(*, by: Actor, now: datetime, pairing: Pairing | None = None) -> None:
    """Keep that somebody looked at the pairings of a place, or at one of them (rule 94)."""
    if pairing is not None:
        record(
            by=by,
            action="dispatch.see_pairing",
            subject=pairing,
            region_code=pairing.beneficiary.region_id,
            about_id=pairing.beneficiary_id,
            outcome=Outcome.SEEN,
            now=now,
        )
        return
    record(
        by=by,
        action="dispatch.see_pairings",
        subject_type="dispatch.pairing",
        region_code=next(iter(by.regions_for(Permission.DISPATCH)), ""),
        outcome=Outcome.SEEN,
        now=now,
    )
