"""Asking to join, being let in, leaving."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.events import announce
from linbang.foundation.organisations import queries, rules
from linbang.foundation.organisations.actions import leading
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.errors import (
    AlreadyMember,
    MembershipDecided,
    OrganisationClosed,
)
from linbang.foundation.organisations.errors import MembershipEnded as EndedAlready
from linbang.foundation.organisations.events import (
    MembershipApproved,
    MembershipAsked,
    MembershipEnded,
)
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people import queries as people


@transaction.atomic
def ask_to_join(*, organisation_id: int, person_id: int, by: Actor, now: datetime) -> Membership:
    """Ask to join; a team takes volunteers, and a volunteer at most five teams (rule 13).

    Raises NotFound, OrganisationClosed, NotAllowed, PersonClosed, NotAVolunteer, TooManyTeams,
    AlreadyMember.
    """
    organisation = queries.organisation_with_id(organisation_id)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if not people.may_speak_for(by, person_id):
        raise NotAllowed
    # The person's row is the queue: two requests at once cannot both be the fifth.
    person = people.lock_person(person_id)
    if organisation.is_team:
        people.active_profile(person.pk)
        rules.require_room_for_team(queries.open_team_memberships(person.pk).count())
    with refusing({"membership_once_an_organisation": AlreadyMember}), transaction.atomic():
        membership = Membership.objects.create(
            cell=organisation.cell, organisation=organisation, person=person, asked_at=now
        )
    _record(membership, organisation, "organisations.ask_to_join", by=by, now=now)
    announce(MembershipAsked(membership_id=membership.pk, cell=membership.cell, at=now))
    return membership


@transaction.atomic
def approve_membership(*, membership_id: int, by: Actor, now: datetime) -> Membership:
    """Let somebody in who asked.

    Raises NotFound, PersonClosed, MembershipDecided, TooManyTeams.
    """
    membership, organisation = _waiting(membership_id, by=by)
    if organisation.is_team:
        others = queries.open_team_memberships(membership.person_id).filter(
            approved_at__isnull=False
        )
        rules.require_room_for_team(others.count())
    membership.approved_at, membership.approved_by_id = now, by.person_id
    membership.save(update_fields=["approved_at", "approved_by_id"])
    _record(membership, organisation, "organisations.approve_membership", by=by, now=now)
    announce(MembershipApproved(membership_id=membership.pk, cell=membership.cell, at=now))
    return membership


@transaction.atomic
def decline_membership(*, membership_id: int, by: Actor, now: datetime) -> Membership:
    """Do not let somebody in who asked. Raises NotFound, PersonClosed, MembershipDecided."""
    membership, organisation = _waiting(membership_id, by=by)
    _end(membership, now=now)
    _record(membership, organisation, "organisations.decline_membership", by=by, now=now)
    return membership


@transaction.atomic
def leave_team(*, membership_id: int, by: Actor, now: datetime) -> Membership:
    """End a membership or take a request back; a leader's rights end with it.

    For the member, who may speak for them, and who decides on members.
    Raises NotFound, PersonClosed, MembershipEnded.
    """
    membership, organisation = _locked(membership_id)
    admits = rules.may_admit(by, region=organisation.region_id, path=organisation.path)
    if not admits and not people.may_speak_for(by, membership.person_id):
        raise NotFound
    if membership.ended_at is not None:
        raise EndedAlready
    was_leader = membership.role == MemberRole.LEADER
    _end(membership, now=now)
    if was_leader:
        leading.end_leading(organisation.path, now=now)
    _record(membership, organisation, "organisations.leave_team", by=by, now=now)
    return membership


def _locked(membership_id: int) -> tuple[Membership, Organisation]:
    found = queries.membership_with_id(membership_id)
    # The person first, as in asking: one order of locks for all.
    people.lock_person(found.person_id)
    membership = queries.lock_membership(membership_id)
    return membership, membership.organisation


def _waiting(membership_id: int, *, by: Actor) -> tuple[Membership, Organisation]:
    membership, organisation = _locked(membership_id)
    if not rules.may_admit(by, region=organisation.region_id, path=organisation.path):
        raise NotFound
    if membership.approved_at is not None or membership.ended_at is not None:
        raise MembershipDecided
    return membership, organisation


def _end(membership: Membership, *, now: datetime) -> None:
    membership.ended_at, membership.role = now, MemberRole.MEMBER
    membership.save(update_fields=["ended_at", "role"])
    announce(MembershipEnded(membership_id=membership.pk, cell=membership.cell, at=now))


def _record(
    membership: Membership, organisation: Organisation, action: str, *, by: Actor, now: datetime
) -> None:
    region = organisation.region_id
    record(by=by, action=action, subject=membership, region_code=region, now=now)
