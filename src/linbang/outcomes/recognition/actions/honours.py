"""The register of honours: entering, checking, striking out, looking at proof, taking along."""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity, Project
from linbang.outcomes.recognition import errors, queries, rules
from linbang.outcomes.recognition.actions.telling import (
    person_id_of,
    record_step,
    require_reason,
    tell,
)
from linbang.outcomes.recognition.choices import HonourLevel, HonourTarget, HonourVerdict
from linbang.outcomes.recognition.models import Honour, HonourProof

Honoured = Person | Organisation | Activity | Project

_TARGETS: dict[type[Honoured], tuple[HonourTarget, str]] = {
    Person: (HonourTarget.PERSON, "person"),
    Organisation: (HonourTarget.TEAM, "team"),
    Activity: (HonourTarget.ACTIVITY, "activity"),
    Project: (HonourTarget.PROJECT, "project"),
}


@dataclass(frozen=True)
class HonourDetails:
    """What an honour says: its name, when, by whom, in which document."""

    name: str
    granted_date: date
    granted_by: str
    level: HonourLevel
    document_name: str = ""
    document_number: str = ""


@transaction.atomic
def enter_honour(
    *,
    details: HonourDetails,
    whose: Honoured,
    proof: bytes = b"",
    by: Actor,
    now: datetime,
) -> Honour:
    """Enter an honour: one's own waits for the station, a worker's entry for others is registered.

    Raises NotAllowed, HonourDateAhead, ProofMissing, ProofUnreadable, ProofTooLarge.
    """
    entered_by = person_id_of(by)
    is_own = isinstance(whose, Person) and whose.pk == entered_by
    if not (is_own or by.may(Permission.VERIFY_RECORDS, region=whose.region_id)):
        raise NotAllowed
    rules.require_past(details.granted_date, today=local_date(now))
    media_type = rules.require_proof(details.level, proof)
    target, column = _TARGETS[type(whose)]
    decided = (
        {}
        if is_own
        else {
            "verdict": HonourVerdict.REGISTERED,
            "decided_at": now,
            "decided_by_id": entered_by,
        }
    )
    honour = Honour.objects.create(
        cell=whose.cell,
        name=details.name,
        granted_date=details.granted_date,
        granted_by=details.granted_by,
        document_name=details.document_name,
        document_number=details.document_number,
        level=details.level,
        target=target,
        region_id=whose.region_id[:12],
        entered_at=now,
        entered_by_id=entered_by,
        **{column: whose},
        **decided,
    )
    if media_type:
        HonourProof.objects.create(
            cell=honour.cell,
            honour=honour,
            media_type=media_type,
            content=base64.b64encode(proof).decode(),
            added_at=now,
        )
    record_step(honour, "enter_honour", by=by, now=now, detail={"level": details.level})
    if honour.verdict:
        _tell(honour, "honour_registered", now=now)
    return honour


@transaction.atomic
def decide_honour(
    *, honour: UUID, verdict: HonourVerdict, reason: str = "", by: Actor, now: datetime
) -> Honour:
    """Check what a volunteer entered: register it, or refuse it with the reason she reads.

    Raises NotFound, OwnHonour, HonourDecided, StarReasonMissing.
    """
    found = queries.lock_honour(honour, queries.honours_kept_by(by))
    if by.person_id in {found.person_id, found.entered_by_id}:
        raise errors.OwnHonour
    if found.verdict or found.struck_at is not None:
        raise errors.HonourDecided
    if verdict == HonourVerdict.REFUSED:
        reason = require_reason(reason, field="reason")
    found.verdict, found.reason = verdict, reason.strip()
    found.decided_at, found.decided_by_id = now, person_id_of(by)
    found.save(update_fields=["verdict", "reason", "decided_at", "decided_by_id"])
    record_step(found, "decide_honour", by=by, now=now, detail={"verdict": verdict})
    if verdict == HonourVerdict.REFUSED:
        _tell(found, "honour_refused", now=now, reason=found.reason)
    else:
        _tell(found, "honour_registered", now=now)
    return found


@transaction.atomic
def strike_honour(*, honour: UUID, reason: str, by: Actor, now: datetime) -> Honour:
    """Take an honour that was entered wrongly out of the register, with the reason.

    Raises NotFound, OwnHonour, HonourDecided, StarReasonMissing.
    """
    found = queries.lock_honour(honour, queries.honours_kept_by(by))
    if by.person_id == found.person_id:
        raise errors.OwnHonour
    if found.struck_at is not None or found.verdict != HonourVerdict.REGISTERED:
        raise errors.HonourDecided
    why = require_reason(reason, field="reason")
    found.struck_at, found.struck_by_id, found.struck_reason = now, person_id_of(by), why
    found.save(update_fields=["struck_at", "struck_by_id", "struck_reason"])
    record_step(found, "strike_honour", by=by, now=now)
    _tell(found, "honour_refused", now=now, reason=why)
    return found


@transaction.atomic
def see_proof(*, honour: UUID, by: Actor, now: datetime) -> tuple[str, bytes]:
    """Return a proof's media type and bytes; a look at somebody else's is logged.

    Raises NotFound.
    """
    found = queries.honours_visible_to(by).filter(public_id=honour).first()
    if found is None:
        raise NotFound
    proof = queries.proof_of(found)
    if found.person_id != by.person_id:
        audit.record(
            by=by,
            action="recognition.see_proof",
            subject=found,
            about_id=found.person_id,
            outcome=Outcome.SEEN,
            now=now,
        )
    return proof.media_type, base64.b64decode(proof.content)


@transaction.atomic
def export_honours(
    *, wanted: queries.HonourFilters, by: Actor, now: datetime
) -> list[queries.HonourRow]:
    """Return the registered honours that were asked for, to be taken along; logged.

    Raises NotAllowed for who may not export.
    """
    if not by.regions_for(Permission.EXPORT):
        raise NotAllowed
    found = queries.filtered(queries.registered(queries.register_to_export(by)), wanted)
    rows = queries.honour_rows(found[: queries.EXPORT_MAX])
    audit.record(
        by=by,
        action="recognition.export_honours",
        subject_type="recognition.honour",
        subject_id=wanted.region or "*",
        region_code=wanted.region,
        detail={"rows": len(rows)},
        now=now,
    )
    return rows


def _tell(honour: Honour, template: str, *, now: datetime, **params: object) -> None:
    if honour.person_id is not None:
        key = f"{honour.pk}:{'struck' if honour.struck_at else ''}"
        told = {"honour": honour.name, **params}
        tell(template, honour.person_id, told, key=key, now=now, url="/honours/")
