"""Rating the other side of a service, once each way (rule 53)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, Refused, refusing
from linbang.foundation.people import actions as people_actions
from linbang.foundation.people import queries as people
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.recognition import errors, queries, rules
from linbang.outcomes.recognition.actions.telling import person_id_of, record_step
from linbang.outcomes.recognition.choices import RatedBy, Side
from linbang.outcomes.recognition.models import Rating


@transaction.atomic
def rate(
    *,
    record_id: int,
    side: Side,
    points: Sequence[int],
    comment: str = "",
    by: Actor,
    now: datetime,
    by_station: bool = False,
) -> Rating:
    """Rate the volunteer of a record, or as the volunteer its service; once a side.

    ``by_station``: the resident said so on the telephone. Raises NotAllowed, OwnRating,
    RatingClosed, PointsOutOfRange, AlreadyRated.
    """
    record = queries.lock_record_to_rate(record_id)
    rated_by = _part_of(record, side, by=by, by_station=by_station)
    if not queries.is_first_of_its_shift(record):
        raise errors.AlreadyRated  # another coming on the same shift stands for it
    if queries.is_over(record, now=now):
        raise errors.RatingClosed
    rules.require_points(points)
    first, second, third = points
    with refusing({"rating_once_a_side": errors.AlreadyRated}), transaction.atomic():
        rating = Rating.objects.create(
            cell=record.cell,
            record=record,
            person=record.person,
            side=side,
            first=first,
            second=second,
            third=third,
            comment=comment.strip(),
            rated_by=rated_by,
            by_id=person_id_of(by),
            rated_at=now,
        )
    record_step(rating, "rate", by=by, now=now, detail={"side": side, "by": rated_by})
    return rating


def rate_many(
    *, points: Mapping[int, Sequence[int]], by: Actor, now: datetime
) -> tuple[int, list[Refused]]:
    """Rate many volunteers of an activity as their leader, each by itself.

    ``points``: by record. Return how many were rated, and what was refused.
    """
    refusals: list[Refused] = []
    for record_id, three in points.items():
        try:
            rate(record_id=record_id, side=Side.VOLUNTEER, points=three, by=by, now=now)
        except Refused as refusal:
            refusals.append(refusal)
    return len(points) - len(refusals), refusals


def _part_of(record: ServiceRecord, side: Side, *, by: Actor, by_station: bool) -> RatedBy:
    """Tell in which part the actor rates. Raises NotAllowed, OwnRating."""
    is_own = person_id_of(by) == record.person_id
    if side == Side.SERVICE:
        if not is_own:
            raise NotAllowed
        return RatedBy.VOLUNTEER
    if is_own:
        raise errors.OwnRating
    rated_by = _on_behalf(record, by=by) if by_station else _served(record, by=by)
    if rated_by is None:
        raise NotAllowed
    return rated_by


def _on_behalf(record: ServiceRecord, *, by: Actor) -> RatedBy | None:
    may = by.may(Permission.VERIFY_RECORDS, region=record.region_id)
    return RatedBy.STATION if record.visit_id is not None and may else None


def _served(record: ServiceRecord, *, by: Actor) -> RatedBy | None:
    if record.attendance is not None:
        leads = queries.may_lead(by, record.attendance.sign_up.shift.activity)
        return RatedBy.LEADER if leads else None
    if record.beneficiary_id is None or not people.may_speak_for(by, record.beneficiary_id):
        return None
    return RatedBy.RESIDENT if by.person_id == record.beneficiary_id else RatedBy.RELATIVE


def pass_on_ratings(*, now: datetime) -> int:
    """Tell dispatch what the volunteers rated lately have on average; return how many changed.

    Only shown ratings tell, so that nobody learns from who is asked first what is hidden still.
    """
    found = queries.ratings_of(queries.people_rated_lately(now), now=now)
    tenths = {person_id: one.tenths for person_id, one in found.items() if one.tenths is not None}
    return people_actions.set_ratings(tenths=tenths)
