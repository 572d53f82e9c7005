"""Who leads a team, and who keeps an organisation in touch with a region."""

from datetime import date, datetime

from django.db import transaction

from linbang.foundation.access import actions as access
from linbang.foundation.access import queries as roles
from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.events import announce
from linbang.foundation.organisations import queries
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.errors import (
    LeaderAlready,
    LeaderNotReal,
    LiaisonEnded,
    LiaisonNamedAlready,
    MembershipEnded,
    NotYetMember,
    OrganisationClosed,
)
from linbang.foundation.organisations.events import LeaderAppointed
from linbang.foundation.organisations.models import Liaison, Membership, Organisation
from linbang.foundation.people import queries as people
from linbang.foundation.people.models import Person


@transaction.atomic
def appoint_leader(*, membership_id: int, by: Actor, now: datetime) -> Membership:
    """Make a member the leader, with the leader's role over the team; the one before steps back.

    Raises NotFound, NotAllowed, MembershipEnded, NotYetMember, LeaderAlready, LeaderNotReal, and
    what granting a role refuses (GrantBeyondScope, GrantTooHigh, GrantToSelf).
    """
    found = queries.membership_with_id(membership_id)
    person = people.lock_person(found.person_id)
    # The team's row is the queue of those who would lead it.
    team = queries.lock_organisation(found.organisation_id)
    membership = queries.lock_membership(membership_id)
    _require_keeper(by, team)
    _require_eligible(membership, person)
    _step_back(team, now=now)
    membership.role = MemberRole.LEADER
    membership.save(update_fields=["role"])
    access.grant_role(
        account_id=person.account_id or 0,
        role=Role.TEAM_LEADER,
        organisation_path=team.path,
        organisation_region=team.region_id,
        by=by,
        now=now,
    )
    record(
        by=by,
        action="organisations.appoint_leader",
        subject=membership,
        region_code=team.region_id,
        now=now,
    )
    announce(LeaderAppointed(membership_id=membership.pk, cell=membership.cell, at=now))
    return membership


def _require_keeper(by: Actor, organisation: Organisation) -> None:
    if not by.may(Permission.EDIT_ORGANISATIONS, region=organisation.region_id):
        raise NotAllowed


def _require_eligible(membership: Membership, person: Person) -> None:
    if membership.ended_at is not None:
        raise MembershipEnded
    if membership.approved_at is None:
        raise NotYetMember
    if membership.role == MemberRole.LEADER:
        raise LeaderAlready
    if not person.is_confirmed or person.account_id is None:
        raise LeaderNotReal


def _step_back(team: Organisation, *, now: datetime) -> None:
    leaders = Membership.objects.filter(
        cell=team.cell, organisation=team, role=MemberRole.LEADER, ended_at=None
    )
    leaders.update(role=MemberRole.MEMBER)
    end_leading(team.path, now=now)


def end_leading(path: str, *, now: datetime) -> None:
    """End the leader's role over exactly this organisation."""
    grants = roles.grants_visible_to(Actor.system()).filter(
        role=Role.TEAM_LEADER, organisation_path=path, ended_at=None
    )
    for grant in grants:
        # A right that falls away with its office needs nobody's permission, not even one's own.
        access.end_grant(grant_id=grant.pk, by=Actor.system(grant.cell), now=now)


@transaction.atomic
def name_liaison(
    *,
    organisation_id: int,
    person_id: int,
    region_code: str,
    by: Actor,
    now: datetime,
    since_date: date | None = None,
) -> Liaison:
    """Name who keeps an organisation in touch with a region (派驻联络员).

    Raises NotFound, NotAllowed, OrganisationClosed, RegionUnknown, PersonClosed,
    LiaisonNamedAlready.
    """
    organisation = queries.lock_organisation(organisation_id)
    _require_keeper(by, organisation)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    region = queries.region_at(region_code)
    person = people.lock_person(person_id)
    with refusing({"liaison_once_a_region": LiaisonNamedAlready}), transaction.atomic():
        liaison = Liaison.objects.create(
            cell=organisation.cell,
            organisation=organisation,
            person=person,
            region=region,
            since_date=since_date or local_date(now),
        )
    record(by=by, action="organisations.name_liaison", subject=liaison, now=now)
    return liaison


@transaction.atomic
def end_liaison(*, liaison_id: int, by: Actor, now: datetime) -> Liaison:
    """End a liaison today, never before its first day. Raises NotFound, LiaisonEnded."""
    liaison = queries.lock_liaison(liaison_id)
    if not by.may(Permission.EDIT_ORGANISATIONS, region=liaison.organisation.region_id):
        raise NotFound
    if liaison.until_date is not None:
        raise LiaisonEnded
    liaison.until_date = max(local_date(now), liaison.since_date)
    liaison.save(update_fields=["until_date"])
    record(by=by, action="organisations.end_liaison", subject=liaison, now=now)
    return liaison
