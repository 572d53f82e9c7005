"""Who is insured: named lists, and the list of a high-risk shift frozen at its start (rule 81)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.intake.activities.choices import PolicyScope
from linbang.intake.activities.models import InsurancePolicy, Shift
from linbang.operations.clearance import queries
from linbang.operations.clearance.errors import (
    LinesRefused,
    ListEmpty,
    PolicyEnded,
    PolicyNeedsNoList,
)
from linbang.operations.clearance.models import InsuredList, InsuredListEntry, InsuredPerson


@transaction.atomic
def freeze_list(
    *, shift_id: int, person_ids: Iterable[int], policy_id: int, now: datetime
) -> InsuredList:
    """Freeze who is insured for a shift; afterwards nobody is added (rule 81). Safe to repeat.

    ``person_ids`` are the people who hold a place now. Of a policy that covers named people only
    those on its list are insured. Raises NotFound.
    """
    shift = Shift.objects.filter(pk=shift_id).first()
    policy = InsurancePolicy.objects.filter(pk=policy_id).first()
    if shift is None or policy is None:
        raise NotFound
    frozen, is_new = InsuredList.objects.get_or_create(
        cell=shift.cell, shift=shift, defaults={"policy": policy, "frozen_at": now}
    )
    if not is_new:
        return frozen
    insured = set(person_ids)
    if policy.scope == PolicyScope.NAMED:
        insured &= queries.insured_ids(policy)
    InsuredListEntry.objects.bulk_create(
        [
            InsuredListEntry(cell=frozen.cell, insured_list=frozen, person_id=person_id)
            for person_id in sorted(insured)
        ]
    )
    record(
        by=Actor.system(shift.cell),
        action="clearance.freeze_list",
        subject=frozen,
        detail={"shift": shift.pk, "policy": policy.pk, "people": len(insured)},
        now=now,
    )
    return frozen


@transaction.atomic
def insure_people(*, policy_id: int, person_ids: Iterable[int], by: Actor, now: datetime) -> int:
    """Put people on a policy's list; return how many were not on it yet.

    Raises NotFound, NotAllowed, PolicyEnded, PolicyNeedsNoList.
    """
    policy = _open_policy(policy_id, by=by, now=now)
    wanted = set(person_ids)
    people = queries.open_people(wanted)
    if wanted - people:
        raise NotFound
    new = sorted(people - queries.insured_ids(policy))
    InsuredPerson.objects.bulk_create(
        [
            InsuredPerson(
                cell=policy.cell,
                policy=policy,
                person_id=person_id,
                added_at=now,
                added_by_id=by.person_id,
            )
            for person_id in new
        ],
        ignore_conflicts=True,
    )
    if new:
        _record("clearance.insure_people", policy, new, by=by, now=now)
    return len(new)


@transaction.atomic
def insure_team(*, policy_id: int, organisation_id: int, by: Actor, now: datetime) -> int:
    """Put everybody who belongs to a unit or team, or below it, on a policy's list.

    Raises NotFound, NotAllowed, PolicyEnded, PolicyNeedsNoList.
    """
    _open_policy(policy_id, by=by, now=now)
    people = queries.members_of(organisation_id)
    return insure_people(policy_id=policy_id, person_ids=people, by=by, now=now)


@transaction.atomic
def insure_numbers(*, policy_id: int, text: str, by: Actor, now: datetime) -> int:
    """Put a pasted list of volunteer numbers on a policy's list, all of it or none (rule 46).

    Raises LinesRefused with a report of each line, ListEmpty, NotFound, NotAllowed, PolicyEnded,
    PolicyNeedsNoList.
    """
    _open_policy(policy_id, by=by, now=now)
    lines = queries.read_numbers(text)
    refused = tuple(line for line in lines if line.flaw)
    if not lines:
        raise ListEmpty(field="numbers")
    if refused:
        raise LinesRefused(
            field="numbers", count=len(refused), report=queries.report_of(refused), lines=refused
        )
    people = [line.person_id for line in lines if line.person_id is not None]
    return insure_people(policy_id=policy_id, person_ids=people, by=by, now=now)


@transaction.atomic
def remove_insured(*, policy_id: int, person_id: int, by: Actor, now: datetime) -> None:
    """Take somebody off a policy's list; frozen lists stay. Safe to repeat.

    Raises NotFound, NotAllowed, PolicyEnded, PolicyNeedsNoList.
    """
    policy = _open_policy(policy_id, by=by, now=now)
    removed = InsuredPerson.objects.filter(
        cell=policy.cell, policy=policy, person_id=person_id, removed_at=None
    ).update(removed_at=now)
    if removed:
        _record("clearance.remove_insured", policy, [person_id], by=by, now=now)


@transaction.atomic
def remove_insured_everywhere(*, person_id: int, by: Actor, now: datetime) -> int:
    """Take somebody who is gone off every running list; return off how many."""
    entries = list(queries.entries_of(person_id))
    InsuredPerson.objects.filter(pk__in=[entry.pk for entry in entries]).update(removed_at=now)
    for entry in entries:
        _record("clearance.remove_insured", entry.policy, [person_id], by=by, now=now)
    return len(entries)


def _open_policy(policy_id: int, *, by: Actor, now: datetime) -> InsurancePolicy:
    policy = InsurancePolicy.objects.filter(pk=policy_id).first()
    if policy is None:
        raise NotFound
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=policy.region_id):
        raise NotAllowed
    if policy.ended_at is not None or policy.ends_at <= now:
        raise PolicyEnded
    if policy.scope != PolicyScope.NAMED:
        raise PolicyNeedsNoList
    return policy


def _record(
    action: str, policy: InsurancePolicy, people: list[int], *, by: Actor, now: datetime
) -> None:
    record(by=by, action=action, subject=policy, detail={"people": people}, now=now)
