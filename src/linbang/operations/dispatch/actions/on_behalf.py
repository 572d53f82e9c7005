"""People are signed up by others: by a worker or leader, by a team, by a unit with places kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.foundation.events import announce
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.ending import change_places
from linbang.operations.dispatch.actions.signing_up import (
    SignUpAnswer,
    Wish,
    sign_up,
    sign_up_all,
)
from linbang.operations.dispatch.actions.telling_shifts import tell, tell_of_reservation
from linbang.operations.dispatch.choices import SignUpChannel, SignUpVerdict
from linbang.operations.dispatch.errors import (
    NotOfTeam,
    ReservationTooSmall,
    ShiftCancelled,
    ShiftFull,
)
from linbang.operations.dispatch.events import PlacesAdded
from linbang.operations.dispatch.models import Reservation, SignUp

_GIVEN = frozenset({SignUpVerdict.CONFIRMED, SignUpVerdict.WAITING, SignUpVerdict.REQUESTED})


@dataclass(frozen=True)
class Report:
    """What became of one person who was signed up by somebody else; ``reasons`` in words."""

    person_id: int
    answer: SignUpAnswer
    reasons: str


@transaction.atomic
def sign_up_for(
    *,
    shift: UUID,
    person_id: int,
    by: Actor,
    now: datetime,
    waits: bool = False,
    channel: SignUpChannel = SignUpChannel.WORKER,
    key: str = "",
) -> SignUp:
    """Sign somebody up as whoever leads the shift (代报, rule 102); the person is told.

    Raises NotFound for others, and whatever ``sign_up`` refuses.
    """
    found = queries.shift_with(shift)
    if not queries.leads(by, found.activity):
        raise NotFound
    made = sign_up(
        shift=shift,
        person_id=person_id,
        by=by.on_behalf_of(person_id),
        now=now,
        channel=channel,
        key=key,
        waits=waits,
    )
    if made.asked_at == now:
        tell("signed_up_for", [made], now=now)
    return made


@transaction.atomic
def sign_up_team(
    *,
    shift: UUID,
    organisation_id: int,
    person_ids: Sequence[int],
    by: Actor,
    now: datetime,
    waits: bool = False,
) -> list[Report]:
    """Sign members of a team or unit up in one statement; each has a report, and is told.

    By who leads the organisation. Raises NotFound, NotOfTeam.
    """
    organisation = queries.organisation_led_by(by, organisation_id)
    _require_members(organisation, person_ids)
    return _sign_up_many(shift, person_ids, SignUpChannel.TEAM, by=by, now=now, waits=waits)


@transaction.atomic
def reserve_places(
    *, shift: UUID, organisation_id: int, places: int, by: Actor, now: datetime
) -> Reservation:
    """Keep places of a shift for a unit or team that will name its people; zero gives all back.

    By who leads the shift. Reserving again sets the number that is still to be named. Raises
    NotFound, ShiftCancelled, ShiftFull.
    """
    found = queries.shift_with(shift)
    if not queries.leads(by, found.activity):
        raise NotFound
    load = queries.lock_places([found.pk])[found.pk]
    if not queries.is_fillable(found, now=now):
        raise ShiftCancelled
    kept = queries.reservation_of(found.pk, organisation_id)
    more = places - (kept.places if kept else 0)
    if load.taken + more > load.places:
        raise ShiftFull(field="places")
    change_places(taken={found.pk: more})
    reservation = _keep(kept, found, organisation_id, places=places, by=by, now=now)
    record(
        by=by,
        action="dispatch.reserve_places",
        subject=reservation,
        region_code=found.activity.region_id,
        now=now,
        detail={"places": places},
    )
    if more < 0 and load.waiting:
        announce(PlacesAdded(shift_ids=(found.pk,), cell=found.cell, at=now))
    if more > 0:
        tell_of_reservation(reservation, now=now)
    return reservation


@transaction.atomic
def name_reserved(
    *, reservation_id: int, person_ids: Sequence[int], by: Actor, now: datetime
) -> list[Report]:
    """Put people on the places kept for their unit: as many places are given back, and the people
    signed up for them, under one lock. Who cannot go leaves the place with the unit.

    By who leads the unit, or the shift. Raises NotFound, NotOfTeam, ReservationTooSmall.
    """
    kept = queries.reservation_with_id(reservation_id)
    if not (
        queries.leads_organisation(by, kept.organisation) or queries.leads(by, kept.shift.activity)
    ):
        raise NotFound
    _require_members(kept.organisation, person_ids)
    # People before places, as everywhere; the statement below finds its locks already taken.
    queries.lock_people(person_ids)
    queries.lock_places([kept.shift_id])
    kept = queries.reservation_with_id(reservation_id)
    if kept.released_at is not None or len(person_ids) > kept.places:
        raise ReservationTooSmall(places=0 if kept.released_at else kept.places)
    change_places(taken={kept.shift_id: -len(person_ids)})
    reports = _sign_up_many(
        kept.shift.public_id, person_ids, SignUpChannel.RESERVED, by=by, now=now
    )
    named = sum(report.answer.verdict == SignUpVerdict.CONFIRMED for report in reports)
    change_places(taken={kept.shift_id: len(person_ids) - named})
    _keep(kept, kept.shift, kept.organisation_id, places=kept.places - named, by=by, now=now)
    return reports


def _keep(
    kept: Reservation | None,
    shift: Shift,
    organisation_id: int,
    *,
    places: int,
    by: Actor,
    now: datetime,
) -> Reservation:
    """Write how many places are still kept; none left ends the reservation."""
    if kept is None:
        return Reservation.objects.create(
            cell=shift.cell,
            shift=shift,
            organisation_id=organisation_id,
            places=places,
            made_at=now,
            made_by_id=by.person_id,
            released_at=None if places else now,
        )
    kept.places, kept.released_at = places, None if places else now
    kept.save(update_fields=["places", "released_at"])
    return kept


def _require_members(organisation: Organisation, person_ids: Sequence[int]) -> None:
    if set(person_ids) - queries.member_ids(organisation):
        raise NotOfTeam(field="people")


def _sign_up_many(
    shift: UUID,
    person_ids: Sequence[int],
    channel: SignUpChannel,
    *,
    by: Actor,
    now: datetime,
    waits: bool = False,
) -> list[Report]:
    people = list(dict.fromkeys(person_ids))
    answers = sign_up_all(
        wishes=[Wish(shift, person_id, channel, waits=waits) for person_id in people],
        by=by,
        now=now,
    )
    made = [answer.sign_up_id for answer in answers if answer.verdict in _GIVEN]
    tell("signed_up_for", queries.sign_ups_with_ids(made), now=now)
    return [
        Report(person_id, answer, clearance.causes_in_words(answer.causes))
        for person_id, answer in zip(people, answers, strict=True)
    ]
