"""Taking a list of insured people out of the house: each line is an unmasking (rules 81, 94)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.audit.rules import mask_document, mask_name, mask_phone
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.choices import MINOR_REASONS, UnmaskReason
from linbang.foundation.people.models import Person
from linbang.foundation.people.rules import needs_guardian, require_reason
from linbang.intake.activities.models import InsurancePolicy, Shift
from linbang.operations.clearance import queries
from linbang.operations.clearance.models import InsuredList


@dataclass(frozen=True)
class ExportedLine:
    """One insured person as the insurer needs to know them; a minor stays masked."""

    name: str
    document_type: str
    document_number: str
    phone: str
    is_masked: bool


@dataclass(frozen=True)
class ExportedList:
    """A list as it leaves the house: whose policy, for which shift, who."""

    policy: InsurancePolicy
    shift: Shift | None
    lines: tuple[ExportedLine, ...]


@transaction.atomic
def export_frozen_list(
    *, list_id: int, reason: str, by: Actor, now: datetime, note: str = ""
) -> ExportedList:
    """Return a shift's frozen list in full, each line kept as an unmasking with its reason.

    Raises NotFound, NotAllowed, ReasonMissing.
    """
    frozen = (
        InsuredList.objects.select_related("policy", "shift__activity", "shift__post")
        .filter(pk=list_id)
        .first()
    )
    if frozen is None:
        raise NotFound
    people = queries.people_on(frozen)
    return _export(frozen.policy, frozen.shift, people, reason=reason, note=note, by=by, now=now)


@transaction.atomic
def export_named_list(
    *, policy_id: int, reason: str, by: Actor, now: datetime, note: str = ""
) -> ExportedList:
    """Return a policy's named list in full, each line kept as an unmasking with its reason.

    Raises NotFound, NotAllowed, ReasonMissing.
    """
    policy = InsurancePolicy.objects.select_related("organiser").filter(pk=policy_id).first()
    if policy is None:
        raise NotFound
    people = queries.people_named(policy)
    return _export(policy, None, people, reason=reason, note=note, by=by, now=now)


def _export(
    policy: InsurancePolicy,
    shift: Shift | None,
    people: Sequence[Person],
    *,
    reason: str,
    note: str,
    by: Actor,
    now: datetime,
) -> ExportedList:
    if not queries.may_export(by, policy):
        raise NotAllowed
    told = require_reason(reason, note, approved=tuple(UnmaskReason))
    today = clock.local_date(now)
    lines = []
    for person in people:
        # A minor's record opens for none but the approved reasons (rule 99).
        is_masked = needs_guardian(person.birth_date, today=today) and told not in MINOR_REASONS
        lines.append(_line(person, is_masked=is_masked))
        record(
            by=by,
            action="clearance.export_insured",
            subject=policy,
            about_id=person.pk,
            outcome=Outcome.EXPORTED,
            detail={
                "shift": shift.pk if shift else None,
                "reason": told,
                "note": note,
                "masked": is_masked,
            },
            now=now,
        )
    return ExportedList(policy, shift, tuple(lines))


def _line(person: Person, *, is_masked: bool) -> ExportedLine:
    return ExportedLine(
        name=mask_name(person.name) if is_masked else person.name,
        document_type=person.get_document_type_display(),
        document_number=mask_document(person.document_number)
        if is_masked
        else person.document_number,
        phone=mask_phone(person.phone) if is_masked else person.phone,
        is_masked=is_masked,
    )
