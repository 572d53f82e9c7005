"""Founding, joining, leading, liaising."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import GrantBeyondScope
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.organisations import actions, queries, rules
from linbang.foundation.organisations.choices import MemberRole, TeamRank
from linbang.foundation.organisations.errors import (
    AlreadyMember,
    ApproverMissing,
    CreditCodeTaken,
    LeaderAlready,
    LeaderNotReal,
    LiaisonEnded,
    LiaisonNamedAlready,
    MembershipDecided,
    MembershipEnded,
    NotYetMember,
    OrganisationClosed,
    OrganisationNameTaken,
    OrganisationNotEmpty,
    TooManyTeams,
)
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Liaison, Membership
from linbang.foundation.people.errors import NotAVolunteer, RegionUnknown
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def unit_details(**told):
    return rules.UnitDetails(
        **{
            "name": "新竹物业", "kind": "company", "region_code": COMMUNITY,
            "credit_code": "91110000600037341L", "contact_phone": "0771-5530103", **told,
        }
    )  # fmt: skip


def team_details(**told):
    return rules.TeamDetails(
        **{
            "name": "帮帮队", "region_code": COMMUNITY, "rank": "squad", "content": "0001",
            "membership": "residents", "contact_name": "覃芳", "contact_phone": "13800138000",
            **told,
        }
    )  # fmt: skip


def found(worker, *, approver=None, parent=None, **told):
    return actions.found_team(
        details=team_details(**told),
        approved_by_id=approver.pk if approver else None,
        parent_id=parent.pk if parent else None,
        by=worker,
        now=NOW,
    )


def joined(team, person=None, **columns):
    return make_membership(team, person or make_volunteer().person, now=NOW, **columns)


def officer():
    return make_actor(make_person("陈静"), Role.COMMUNITY_OFFICER)


def test_unit_is_registered_once_a_code():
    worker = make_worker()

    unit = actions.register_organisation(details=unit_details(), by=worker, now=NOW)

    assert (unit.cell, unit.path) == ("450103", f"{unit.pk:010d}")
    assert (unit.credit_code, unit.contact_phone) == ("91110000600037341L", "07715530103")
    assert AuditEvent.objects.get().action == "organisations.register_organisation"
    with pytest.raises(CreditCodeTaken):
        actions.register_organisation(details=unit_details(name="别名"), by=worker, now=NOW)


def test_teams_grow_down_the_tree():
    worker, committee = make_worker(), make_unit()

    detachment = found(worker, approver=committee, rank="detachment", name="支队")
    squad = found(worker, approver=committee, parent=detachment)

    assert squad.path == f"{detachment.path}{squad.pk:010d}"
    assert (squad.parent, squad.approved_by) == (detachment, committee)
    assert list(queries.teams_under(detachment.path)) == [detachment, squad]


def test_team_is_refused_without_approver_or_under_a_taken_name():
    worker, committee = make_worker(), make_unit()
    found(worker, approver=committee)

    with pytest.raises(OrganisationNameTaken):
        found(worker, approver=committee)
    with pytest.raises(ApproverMissing):
        found(worker, name="乙队")
    with pytest.raises(ApproverMissing):
        found(worker, name="乙队", approver=make_team())
    with pytest.raises(RegionUnknown):
        actions.found_team(
            details=team_details(name="乙队", region_code=COMMUNITY + "999"),
            approved_by_id=committee.pk, by=worker, now=NOW,
        )  # fmt: skip


def test_neighbour_founds_and_closes_nothing():
    neighbour = make_worker(region=NEIGHBOUR_COMMUNITY)

    with pytest.raises(NotAllowed):
        found(neighbour, approver=make_unit())
    with pytest.raises(NotAllowed):
        actions.register_organisation(details=unit_details(), by=neighbour, now=NOW)
    with pytest.raises(NotAllowed):
        actions.close_organisation(organisation_id=make_team().pk, by=neighbour, now=NOW)
    with pytest.raises(NotFound):
        actions.close_organisation(organisation_id=0, by=neighbour, now=NOW)


def test_closing_ends_what_hangs_on_a_team():
    boss = officer()
    team = make_team()
    member = joined(team)
    actions.appoint_leader(membership_id=member.pk, by=boss, now=NOW)
    actions.name_liaison(
        organisation_id=team.pk, person_id=make_person().pk, region_code=COMMUNITY, by=boss, now=NOW
    )

    actions.close_organisation(organisation_id=team.pk, by=boss, now=NOW)

    assert not Membership.objects.filter(ended_at=None).exists()
    assert Liaison.objects.get().until_date == date(2026, 11, 22)
    assert RoleGrant.objects.get(role=Role.TEAM_LEADER).ended_at == NOW
    with pytest.raises(OrganisationClosed):
        actions.close_organisation(organisation_id=team.pk, by=boss, now=NOW)
    with pytest.raises(OrganisationClosed):
        found(boss, approver=make_unit(), parent=team)
    with pytest.raises(OrganisationClosed):
        actions.name_liaison(
            organisation_id=team.pk, person_id=make_person().pk, region_code=COMMUNITY,
            by=boss, now=NOW,
        )  # fmt: skip


def test_parent_closes_after_its_teams():
    committee = make_unit()
    make_team(parent=committee)

    with pytest.raises(OrganisationNotEmpty):
        actions.close_organisation(organisation_id=committee.pk, by=make_worker(), now=NOW)


def ask(team, person, *, by=None):
    return actions.ask_to_join(
        organisation_id=team.pk, person_id=person.pk, by=by or make_actor(person), now=NOW
    )


def test_volunteer_asks_and_is_let_in():
    team, person, worker = make_team(), make_volunteer().person, make_worker()

    membership = ask(team, person)
    approved = actions.approve_membership(membership_id=membership.pk, by=worker, now=NOW)

    approved.refresh_from_db()
    assert (approved.asked_at, approved.approved_at) == (NOW, NOW)
    assert approved.approved_by_id == worker.person_id
    with pytest.raises(AlreadyMember):
        ask(team, person)
    with pytest.raises(MembershipDecided):
        actions.approve_membership(membership_id=membership.pk, by=worker, now=NOW)


def test_team_takes_volunteers_units_take_everybody():
    person = make_person()

    with pytest.raises(NotAVolunteer):
        ask(make_team(), person)
    assert ask(make_unit(), person).approved_at is None


def test_nobody_asks_for_a_stranger_or_at_a_closed_team():
    person = make_volunteer().person

    with pytest.raises(NotAllowed):
        ask(make_team(), person, by=make_actor(make_person("外人")))
    with pytest.raises(OrganisationClosed):
        ask(make_team(closed_at=NOW), person)
    with pytest.raises(NotFound):
        actions.ask_to_join(organisation_id=0, person_id=person.pk, by=make_actor(person), now=NOW)


def test_sixth_team_is_refused_and_units_do_not_count():
    person = make_volunteer().person
    joined(make_unit(), person)
    for _each in range(5):
        ask(make_team(), person)

    with pytest.raises(TooManyTeams):
        ask(make_team(), person)


def test_approval_looks_at_the_limit_again():
    person = make_volunteer().person
    for _each in range(5):
        joined(make_team(), person)
    sixth = joined(make_team(), person, approved=False)

    with pytest.raises(TooManyTeams):
        actions.approve_membership(membership_id=sixth.pk, by=make_worker(), now=NOW)


def test_request_is_declined_and_may_be_made_again():
    team, person = make_team(), make_volunteer().person
    membership = ask(team, person)

    actions.decline_membership(membership_id=membership.pk, by=make_worker(), now=NOW)

    assert queries.membership_in(team, person.pk) is None
    assert ask(team, person).pk != membership.pk


def test_neighbour_decides_on_nobody():
    membership = joined(make_team(), approved=False)
    neighbour = make_worker(region=NEIGHBOUR_COMMUNITY)

    for act in (actions.approve_membership, actions.decline_membership, actions.leave_team):
        with pytest.raises(NotFound):
            act(membership_id=membership.pk, by=neighbour, now=NOW)
    with pytest.raises(NotFound):
        actions.leave_team(membership_id=0, by=neighbour, now=NOW)


def test_leader_is_appointed_and_admits():
    team, boss = make_team(), officer()
    member = joined(team)

    leader = actions.appoint_leader(membership_id=member.pk, by=boss, now=NOW)

    acting = make_actor(member.person)
    assert leader.role == MemberRole.LEADER
    assert acting.grants[0].organisation_path == team.path
    waiting = joined(team, approved=False)
    assert actions.approve_membership(membership_id=waiting.pk, by=acting, now=NOW).approved_at
    with pytest.raises(LeaderAlready):
        actions.appoint_leader(membership_id=member.pk, by=boss, now=NOW)


def test_new_leader_replaces_the_old_one():
    team, boss = make_team(), officer()
    old, new = joined(team), joined(team)
    actions.appoint_leader(membership_id=old.pk, by=boss, now=NOW)

    actions.appoint_leader(membership_id=new.pk, by=boss, now=NOW)

    old.refresh_from_db()
    assert old.role == MemberRole.MEMBER
    assert not make_actor(old.person).grants
    assert make_actor(new.person).roles() == {Role.TEAM_LEADER}


def test_leaving_ends_the_leaders_rights():
    team = make_team()
    member = joined(team)
    actions.appoint_leader(membership_id=member.pk, by=officer(), now=NOW)

    actions.leave_team(membership_id=member.pk, by=make_actor(member.person), now=NOW)

    member.refresh_from_db()
    assert (member.ended_at, member.role) == (NOW, MemberRole.MEMBER)
    assert not make_actor(member.person).grants
    with pytest.raises(MembershipEnded):
        actions.leave_team(membership_id=member.pk, by=make_actor(member.person), now=NOW)
    with pytest.raises(MembershipEnded):
        actions.appoint_leader(membership_id=member.pk, by=officer(), now=NOW)


def test_leader_is_a_confirmed_member_with_an_account():
    team, boss = make_team(), officer()
    unconfirmed = joined(team, make_person(confirmed=False))
    without_account = joined(team, make_person(has_account=False))

    for member in (unconfirmed, without_account):
        with pytest.raises(LeaderNotReal):
            actions.appoint_leader(membership_id=member.pk, by=boss, now=NOW)
    with pytest.raises(NotYetMember):
        actions.appoint_leader(membership_id=joined(team, approved=False).pk, by=boss, now=NOW)


def test_appointing_takes_the_right_to_grant():
    member = joined(make_team())

    with pytest.raises(GrantBeyondScope):
        actions.appoint_leader(membership_id=member.pk, by=make_worker(), now=NOW)
    with pytest.raises(NotAllowed):
        actions.appoint_leader(
            membership_id=member.pk, by=make_worker(region=NEIGHBOUR_COMMUNITY), now=NOW
        )
    with pytest.raises(NotFound):
        actions.appoint_leader(membership_id=0, by=officer(), now=NOW)


def test_liaison_is_named_once_and_ended():
    unit, person, worker = make_unit(rank=TeamRank.SQUAD), make_person(), make_worker()
    told = {"organisation_id": unit.pk, "person_id": person.pk, "region_code": COMMUNITY}

    liaison = actions.name_liaison(**told, by=worker, now=NOW)
    with pytest.raises(LiaisonNamedAlready):
        actions.name_liaison(**told, by=worker, now=NOW)
    ended = actions.end_liaison(liaison_id=liaison.pk, by=worker, now=NOW + timedelta(days=2))

    assert (liaison.since_date, ended.until_date) == (date(2026, 11, 22), date(2026, 11, 24))
    with pytest.raises(LiaisonEnded):
        actions.end_liaison(liaison_id=liaison.pk, by=worker, now=NOW)
    with pytest.raises(NotFound):
        actions.end_liaison(
            liaison_id=liaison.pk, by=make_worker(region=NEIGHBOUR_COMMUNITY), now=NOW
        )
    with pytest.raises(NotFound):
        actions.end_liaison(liaison_id=0, by=worker, now=NOW)
