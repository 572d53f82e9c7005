"""A visit becomes a record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.events import announce
from linbang.foundation.messaging import actions as messaging
from linbang.intake.needs.models import Need
from linbang.operations.service.choices import PROVED_METHODS, PresenceMethod
from linbang.operations.service.models import Visit
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.integrity import raise_flags
from linbang.operations.service_records.actions.telling import record_step, tell
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.events import (
    RecordDrafted,
)
from linbang.operations.service_records.models import (
    ServiceRecord,
)
from linbang.operations.service_records.rules import CreditPolicy, Segment, Window


@transaction.atomic
def draft_record(*, visit_id: int, now: datetime) -> ServiceRecord:
    """Turn a visit that is over into a record, and ask the resident; once a visit.

    Raises VisitNotOver.
    """
    visit = Visit.objects.select_related(
        "check_in", "check_out", "assignment__need__item", "volunteer"
    ).get(pk=visit_id)
    if getattr(visit, "check_in", None) is None or getattr(visit, "check_out", None) is None:
        raise errors.VisitNotOver
    queries.lock_person(visit.volunteer_id)
    existing = ServiceRecord.objects.filter(cell=visit.volunteer.cell, visit=visit).first()
    if existing is not None:
        return existing
    records = _create_records(visit, now=now)
    for record in records:
        record_step(record, "draft_record", by=Actor.system(record.cell), now=now)
        announce(RecordDrafted(record_id=record.id, cell=record.cell, at=now))
    raise_flags(records, now=now)
    for record in records:
        _ask_to_confirm(record, visit.assignment.need, now=now)
    return records[0]


def _create_records(visit: Visit, *, now: datetime) -> list[ServiceRecord]:
    need = visit.assignment.need
    policy = queries.policy_in_force(need.region_id, local_date(visit.starts_at))
    presence = Window(visit.check_in.at, visit.check_out.at)
    kind = rules.kind_of(
        PresenceMethod(visit.check_in.method), PresenceMethod(visit.check_out.method)
    )
    segments = rules.credit(
        presence,
        Window(visit.starts_at, visit.ends_at),
        kind=kind,
        taken=queries.segments_of(visit.volunteer_id, presence),
        policy=policy,
    )
    return [
        ServiceRecord.objects.create(
            cell=visit.volunteer.cell,
            person_id=visit.volunteer_id,
            visit=visit,
            beneficiary_id=need.beneficiary_id,
            category=need.item.category,
            item_code=need.item_id,
            region_id=need.region_id,
            recording_unit=queries.recording_unit(need.region_id),
            entered_by_id=_entered_by(visit),
            **credited_by(policy, segment, kind=kind, now=now),
        )
        for segment in segments
    ]


def credited_by(
    policy: CreditPolicy, segment: Segment, *, kind: RecordKind, now: datetime
) -> dict[str, Any]:
    """Return the columns of a record that say what a policy made of a presence."""
    return {
        "part": segment.part,
        "starts_at": segment.window.starts_at,
        "ends_at": segment.window.ends_at,
        "minutes": segment.minutes,
        "credited_minutes": segment.credited,
        "cuts": list(segment.cuts),
        "kind": kind,
        "policy": policy.code,
        "policy_version": policy.version,
        "drafted_at": now,
    }


def _entered_by(visit: Visit) -> int | None:
    for presence in (visit.check_out, visit.check_in):
        if presence.method not in PROVED_METHODS:
            return int(presence.by_id)
    return None


def _ask_to_confirm(record: ServiceRecord, need: Need, *, now: datetime) -> None:
    """Ask the resident, and who made the request, in the inbox; the resident by SMS as well.

    Most who are helped have no app: the SMS says that the station will phone otherwise.
    """
    askers = {need.beneficiary_id, need.requested_by_id} - {record.person_id}
    tell("record_to_confirm", record, sorted(askers), now=now)
    if need.phone:
        messaging.send_sms(
            phone=need.phone,
            template="record_to_confirm",
            params={"item": need.item.name},
            key=f"record_to_confirm:{record.cell}:{record.id}",
            cell=need.cell,
            now=now,
        )
