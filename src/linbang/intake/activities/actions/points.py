"""Duty points and who keeps them; insurance policies."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import DateField, F, Model, Value
from django.db.models.functions import Greatest

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.places.errors import LocationImpossible
from linbang.intake.activities import queries, rules
from linbang.intake.activities.errors import (
    OrganiserOutOfReach,
    PairingEndsEarly,
    PairingExists,
    PointClosed,
    PointNameTaken,
    PolicyIncomplete,
    PolicyNumberTaken,
    PolicyPeriodImpossible,
    ProgrammeNameMissing,
)
from linbang.intake.activities.models import DutyPoint, InsurancePolicy, PointPairing
from linbang.intake.activities.rules import PointDetails, PolicyDetails

_BROKEN = {
    "duty_point_name_once_a_region": PointNameTaken,
    "duty_point_location_is_on_earth": LocationImpossible,
    "point_pairing_once_a_unit": PairingExists,
    "point_pairing_ends_after_start": PairingEndsEarly,
    "policy_ends_after_start": PolicyPeriodImpossible,
    "policy_number_once_an_insurer": PolicyNumberTaken,
}


@transaction.atomic
def open_point(*, details: PointDetails, by: Actor, now: datetime) -> DutyPoint:
    """Open a duty point.

    Raises NotAllowed, ProgrammeNameMissing, PointNameTaken, LocationImpossible.
    """
    point = DutyPoint(cell=details.region_code[:6], opened_at=now)
    return _store_point(point, details, by=by, now=now, action="open_point")


@transaction.atomic
def edit_point(*, point_id: int, details: PointDetails, by: Actor, now: datetime) -> DutyPoint:
    """Change a duty point. Raises as ``open_point``, and NotFound."""
    point = _locked_point(point_id, by=by)
    return _store_point(point, details, by=by, now=now, action="edit_point")


@transaction.atomic
def close_point(*, point_id: int, by: Actor, now: datetime) -> DutyPoint:
    """Close a duty point: its pairings end, nothing new is planned there.

    Raises NotFound, NotAllowed.
    """
    point = _locked_point(point_id, by=by)
    point.closed_at = now
    point.save(update_fields=["closed_at"])
    today = Value(local_date(now), DateField())
    PointPairing.objects.filter(cell=point.cell, point=point, until_date=None).update(
        until_date=Greatest(F("since_date"), today)
    )
    _note(point, action="close_point", region=point.region_id, by=by, now=now)
    return point


@transaction.atomic
def pair_point(
    *, point_id: int, organisation_id: int, since_date: date, by: Actor, now: datetime
) -> PointPairing:
    """Let a unit keep a point, alone or with others ("one-to-one", "N-to-one").

    Raises NotFound, NotAllowed, PointClosed, PairingExists.
    """
    point = _locked_point(point_id, by=by)
    if point.closed_at is not None:
        raise PointClosed
    organisation = Organisation.objects.filter(pk=organisation_id, closed_at=None).first()
    if organisation is None:
        raise NotFound(field="organisation")
    with refusing(_BROKEN), transaction.atomic():
        pairing = PointPairing.objects.create(
            cell=point.cell, point=point, organisation=organisation, since_date=since_date
        )
    _note(pairing, action="pair_point", region=point.region_id, by=by, now=now)
    return pairing


@transaction.atomic
def end_pairing(*, pairing_id: int, until_date: date, by: Actor, now: datetime) -> PointPairing:
    """End a pairing on a day. Raises NotFound, NotAllowed, PairingEndsEarly."""
    pairing = queries.lock_pairing(pairing_id)
    _require_region(pairing.point.region_id, by=by)
    pairing.until_date = until_date
    with refusing(_BROKEN), transaction.atomic():
        pairing.save(update_fields=["until_date"])
    _note(pairing, action="end_pairing", region=pairing.point.region_id, by=by, now=now)
    return pairing


@transaction.atomic
def enter_policy(*, details: PolicyDetails, by: Actor, now: datetime) -> InsurancePolicy:
    """Enter the cover an organiser bought (VSR 17).

    Raises OrganiserOutOfReach, PolicyIncomplete, PolicyPeriodImpossible, PolicyNumberTaken.
    """
    organiser = Organisation.objects.filter(pk=details.organiser_id, closed_at=None).first()
    if organiser is None or queries.region_to_plan_at(details.region_code) is None:
        raise OrganiserOutOfReach(field="organiser")
    rules.require_within_reach(
        by, region=details.region_code, path=organiser.path, home=organiser.region_id
    )
    if not (details.insurer.strip() and details.number.strip()):
        raise PolicyIncomplete(field="number")
    with refusing(_BROKEN), transaction.atomic():
        policy = InsurancePolicy.objects.create(
            cell=details.region_code[:6],
            organiser=organiser,
            region_id=details.region_code,
            insurer=details.insurer.strip(),
            number=details.number.strip(),
            scope=details.scope,
            starts_at=details.starts_at,
            ends_at=details.ends_at,
            sum_fen=details.sum_fen,
            entered_at=now,
            entered_by_id=by.person_id,
        )
    _note(policy, action="enter_policy", region=policy.region_id, by=by, now=now)
    return policy


@transaction.atomic
def extend_policy(
    *, policy_id: int, ends_at: datetime, by: Actor, now: datetime
) -> InsurancePolicy:
    """Lengthen a policy's cover (rule 17). Raises NotFound, NotAllowed, PolicyPeriodImpossible."""
    policy = _locked_policy(policy_id, by=by)
    if ends_at <= policy.ends_at or policy.ended_at is not None:
        raise PolicyPeriodImpossible(field="ends_at")
    policy.ends_at = ends_at
    policy.save(update_fields=["ends_at"])
    _note(
        policy, action="extend_policy", region=policy.region_id, by=by, now=now,
        ends_at=ends_at.isoformat(),
    )  # fmt: skip
    return policy


@transaction.atomic
def end_policy(*, policy_id: int, by: Actor, now: datetime) -> InsurancePolicy:
    """End a policy before its time: it covers nothing from now on. Raises NotFound, NotAllowed."""
    policy = _locked_policy(policy_id, by=by)
    policy.ended_at = now
    policy.save(update_fields=["ended_at"])
    _note(policy, action="end_policy", region=policy.region_id, by=by, now=now)
    return policy


def _locked_point(point_id: int, *, by: Actor) -> DutyPoint:
    point = queries.lock_point(point_id)
    _require_region(point.region_id, by=by)
    return point


def _locked_policy(policy_id: int, *, by: Actor) -> InsurancePolicy:
    policy = queries.lock_policy(policy_id)
    if not rules.may_plan(by, region=policy.region_id, path=policy.organiser.path):
        raise NotAllowed
    return policy


def _require_region(region_code: str, *, by: Actor) -> None:
    if not by.may(Permission.EDIT_ACTIVITIES, region=region_code):
        raise NotAllowed


def _store_point(
    point: DutyPoint, details: PointDetails, *, by: Actor, now: datetime, action: str
) -> DutyPoint:
    _require_region(details.region_code, by=by)
    if queries.region_to_plan_at(details.region_code) is None:
        raise NotFound(field="region_code")
    if not details.name.strip():
        raise ProgrammeNameMissing(field="name")
    columns = {**vars(details), "region_id": details.region_code, "name": details.name.strip()}
    del columns["region_code"]
    for name, value in columns.items():
        setattr(point, name, value)
    with refusing(_BROKEN), transaction.atomic():
        if point.pk is None:
            point.save(force_insert=True)
        else:
            point.save(update_fields=list(columns))
    _note(point, action=action, region=point.region_id, by=by, now=now)
    return point


def _note(
    subject: Model, *, action: str, region: str, by: Actor, now: datetime, **detail: object
) -> None:
    record(
        by=by, action=f"activities.{action}", subject=subject, region_code=region, now=now,
        detail=detail,
    )  # fmt: skip
