"""Units and teams: registering, founding and closing them."""

from datetime import datetime

from django.db import connection, transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.events import announce
from linbang.foundation.organisations import queries, rules
from linbang.foundation.organisations.actions import leading
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.errors import (
    CreditCodeTaken,
    OrganisationClosed,
    OrganisationNameTaken,
    OrganisationNotEmpty,
)
from linbang.foundation.organisations.events import TeamFounded
from linbang.foundation.organisations.models import Liaison, Membership, Organisation
from linbang.foundation.people.rules import normal_phone


@transaction.atomic
def register_organisation(*, details: rules.UnitDetails, by: Actor, now: datetime) -> Organisation:
    """Register a unit under its unified social credit code (rule 11).

    Raises NotAllowed, RegionUnknown, OrganisationNameMissing, CreditCodeMissing, CreditCodeWrong,
    CreditCodeTaken, OrganisationNameTaken, PhoneMalformed.
    """
    _require_keeper(by, details.region_code)
    unit = Organisation(
        name=rules.require_organisation_name(details.name),
        kind=OrganisationKind(details.kind),
        credit_code=rules.require_credit_code(details.credit_code),
        contact_name=details.contact_name.strip(),
        contact_phone=normal_phone(details.contact_phone),
    )
    _add(unit, region_code=details.region_code, now=now)
    record(by=by, action="organisations.register_organisation", subject=unit, now=now)
    return unit


@transaction.atomic
def found_team(
    *,
    details: rules.TeamDetails,
    approved_by_id: int | None,
    by: Actor,
    now: datetime,
    parent_id: int | None = None,
) -> Organisation:
    """Found a team below a unit or a team of higher rank: 支队 → 大队 → 分队.

    ``approved_by_id`` is the community or unit that answers for it (rule 11).
    Raises NotAllowed, NotFound, RegionUnknown, OrganisationNameMissing, TeamKindMissing,
    RankOutOfOrder, ApproverMissing, TeamContactMissing, PhoneMalformed, OrganisationClosed,
    OrganisationNameTaken.
    """
    _require_keeper(by, details.region_code)
    rules.require_team_kind(details)
    parent = _open_organisation(parent_id)
    rules.require_rank_below(details.rank, parent.rank if parent else "")
    approver = _open_organisation(approved_by_id)
    rules.require_approver(approver.kind if approver else None)
    contact_name, contact_phone = rules.require_contact(details.contact_name, details.contact_phone)
    team = Organisation(
        name=rules.require_organisation_name(details.name),
        kind=OrganisationKind.TEAM,
        parent=parent,
        approved_by=approver,
        rank=details.rank,
        content=details.content,
        membership=details.membership,
        contact_name=contact_name,
        contact_phone=contact_phone,
    )
    _add(team, region_code=details.region_code, now=now)
    record(by=by, action="organisations.found_team", subject=team, now=now)
    announce(TeamFounded(organisation_id=team.pk, cell=team.cell, at=now))
    return team


@transaction.atomic
def close_organisation(*, organisation_id: int, by: Actor, now: datetime) -> Organisation:
    """End an organisation with its memberships, liaisons and leaders' rights; its past stays.

    Raises NotFound, NotAllowed, OrganisationClosed, OrganisationNotEmpty.
    """
    organisation = queries.lock_organisation(organisation_id)
    _require_keeper(by, organisation.region_id)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    if Organisation.objects.filter(parent_id=organisation.pk, closed_at=None).exists():
        raise OrganisationNotEmpty
    organisation.closed_at = now
    organisation.save(update_fields=["closed_at"])
    mine = {"cell": organisation.cell, "organisation": organisation}
    Membership.objects.filter(**mine, ended_at=None).update(ended_at=now)
    today = local_date(now)
    Liaison.objects.filter(**mine, until_date=None, since_date__lte=today).update(until_date=today)
    leading.end_leading(organisation.path, now=now)
    record(by=by, action="organisations.close_organisation", subject=organisation, now=now)
    return organisation


def _require_keeper(by: Actor, region_code: str) -> None:
    if not by.may(Permission.EDIT_ORGANISATIONS, region=region_code):
        raise NotAllowed


def _open_organisation(organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    # Locked, so that nothing is founded below what is being closed.
    organisation = queries.lock_organisation(organisation_id)
    if organisation.closed_at is not None:
        raise OrganisationClosed
    return organisation


def _add(organisation: Organisation, *, region_code: str, now: datetime) -> None:
    region = queries.region_at(region_code)
    organisation.cell, organisation.region = region.cell, region
    organisation.founded_at = now
    # The path holds the row's own number, so that is drawn first.
    organisation.pk = _next_id()
    parent = organisation.parent
    organisation.path = rules.path_of(parent.path if parent else "", organisation.pk)
    refusals = {
        "organisation_name_once_a_region": OrganisationNameTaken,
        "organisation_credit_code_once": CreditCodeTaken,
    }
    with refusing(refusals), transaction.atomic():
        organisation.save(force_insert=True)


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id'))")
        (number,) = cursor.fetchone()
    return int(number)
