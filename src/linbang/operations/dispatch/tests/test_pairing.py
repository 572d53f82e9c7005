"""Pairings are proposed near first, agreed by both, and end with a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.factories import make_membership, make_team
from linbang.foundation.people.actions import close_person, end_volunteer
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.factories import make_kinship, make_person
from linbang.foundation.people.models import Household, VolunteerProfile
from linbang.foundation.places.factories import make_region
from linbang.foundation.places.models import Region
from linbang.intake.care.factories import make_listing
from linbang.operations.dispatch import actions, errors, rules
from linbang.operations.dispatch.choices import (
    PairingEnd,
    PairingProposalState,
    Rhythm,
    Unfit,
)
from linbang.operations.dispatch.factories import make_assignment, make_pairing
from linbang.operations.dispatch.models import BlockedPair, Pairing, PairingProposal, ProposedPair
from linbang.operations.dispatch.queries import (
    load_pool,
    own_pairings,
    pairing_pool,
    pairing_proposals,
    pairings,
)
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    OTHER_STREET_BUILDING,
    SAME_GRID,
    actor_for,
    make_elder,
    make_elsewhere,
    make_helper,
    make_verified_need,
    make_worker,
)

pytestmark = pytest.mark.django_db
COMMUNITY = "450103001005"
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def worker() -> Actor:
    return make_worker()


@pytest.fixture
def elder():
    person = make_elder()
    make_listing(person)
    return person


def propose(by: Actor, **given: object) -> PairingProposal:
    return actions.propose_pairs(region=COMMUNITY, by=by, now=MONDAY, **given)


def agree(pair: ProposedPair, by: Actor, **given: object) -> Pairing:
    facts = {"rhythm": Rhythm.WEEKLY, "both_agree": True, "now": LATER, **given}
    return actions.agree_pair(pair_id=pair.pk, by=by, **facts)


def add(person, helper, by: Actor, **given: object) -> Pairing:
    facts = {"rhythm": Rhythm.MONTHLY, "both_agree": True, "now": LATER, **given}
    return actions.add_pairing(
        beneficiary_id=person.pk, volunteer_id=helper.pk if helper else None, by=by, **facts
    )


def test_who_is_on_the_register_is_proposed_a_neighbour(worker, elder):
    make_elder("没有登记")
    near = make_helper()
    paired = make_elder("已有结对")
    make_listing(paired)
    make_pairing(paired, make_helper("赵六"))

    proposal = propose(worker)

    [pair] = pairing_proposals.proposed_pairs(proposal)
    assert (pair.beneficiary, pair.volunteer, pair.metres) == (elder, near, 0)
    assert rules.why_words(pair.reasons) == ("同一栋楼", "手头服务不多")
    assert (proposal.considered, proposal.figures["people"], proposal.figures["missing"]) == (
        2,
        1,
        0,
    )
    assert AuditEvent.objects.filter(action="care.see_register").exists()
    assert not Pairing.objects.filter(beneficiary=elder).exists()


def test_who_must_not_be_paired_is_counted_by_cause(worker, elder):
    make_kinship(elder, make_helper("女儿"))
    BlockedPair.objects.create(
        cell=elder.cell, beneficiary=elder, volunteer=make_helper("不合"), since=MONDAY
    )
    paused = make_helper("歇着")
    VolunteerProfile.objects.filter(person=paused).update(paused_until=LATER)
    make_helper("少年", birth_date=MONDAY.date() - timedelta(days=12 * 365))
    full = make_helper("满了")
    for name in ("甲", "乙", "丙"):
        make_pairing(make_elder(f"{name}奶奶"), full)
    make_helper("男士")

    proposal = propose(worker, wishes=rules.Wishes(sex=Sex.MALE))
    [pair] = pairing_proposals.proposed_pairs(propose(worker, wishes=rules.Wishes(sex=Sex.FEMALE)))

    assert proposal.figures["pairs"] == 1
    assert pair.volunteer is None
    assert pair.causes == {"paused": 1, "minor": 1, "other_sex": 4}
    [open_place] = [
        one
        for one in pairing_proposals.proposed_pairs(propose(worker, wishes=rules.Wishes(helpers=2)))
        if one.volunteer is None
    ]
    assert dict(rules.why_nobody(open_place.causes)) == {
        "暂停服务中": 1,
        "未成年": 1,
        "本人、亲属或已结对": 1,
        "双方不予配对": 1,
        "结对已满": 1,
    }


def test_household_is_family_and_an_unknown_home_has_no_distance(worker):
    make_elsewhere()
    Region.objects.filter(pk=OTHER_STREET_BUILDING).update(longitude=None, latitude=None)
    home = Household.objects.create(
        cell="450103", region_id=OTHER_STREET_BUILDING, created_at=MONDAY
    )
    elder = make_person("孙奶奶", region=OTHER_STREET_BUILDING, household=home)
    lodger = make_helper("同住", region=OTHER_STREET_BUILDING, household=home)
    neighbour = make_helper("邻居", region=OTHER_STREET_BUILDING)

    bars = [pairing_pool.fit_of(elder, one.pk, now=MONDAY).barred for one in (lodger, neighbour)]
    near = pairing_pool.fit_of(elder, neighbour.pk, now=MONDAY).found
    abroad = make_helper("外地")
    make_region("450102", "兴宁区")
    VolunteerProfile.objects.filter(person=abroad).update(region_id="450102", longitude=None)

    assert bars == [Unfit.SELF_OR_FAMILY, None]
    assert near is not None
    assert near.metres is None
    pairing = actions.add_pairing(
        beneficiary_id=elder.pk,
        volunteer_id=abroad.pk,
        rhythm=Rhythm.WEEKLY,
        both_agree=True,
        by=Actor.system("450103"),
        now=LATER,
    )
    assert (pairing.metres, pairing.reasons) == (None, [])


def test_minor_gets_two_helpers_and_skill_is_asked(worker):
    child = make_person("小明", birth_date=MONDAY.date() - timedelta(days=9 * 365))
    able = [make_helper(f"{n}号", skills=("05",)) for n in "甲乙"]
    make_helper("丙号")

    proposal = propose(worker, people=[child], wishes=rules.Wishes(skill="05"))

    pairs = list(pairing_proposals.proposed_pairs(proposal))
    assert {pair.volunteer for pair in pairs} == set(able)


def test_proposing_is_refused_without_people_or_permission(worker, elder):
    make_elsewhere()
    far = make_worker("外人", region="450103001006")

    with pytest.raises(errors.NobodyToPair):
        propose(worker, people=[])
    with pytest.raises(errors.TooManyToPair):
        propose(worker, people=[elder] * (rules.PROPOSED_AT_ONCE_MAX + 1))
    with pytest.raises(NotAllowed):
        propose(far)
    with pytest.raises(NotAllowed):
        actions.propose_pairs(region="450103001006", people=[elder], by=far, now=MONDAY)


def test_agreed_pair_is_a_pairing_and_both_are_told(worker, elder):
    helper = make_helper()
    proposal = propose(worker)
    [pair] = pairing_proposals.proposed_pairs(proposal)

    pairing = agree(pair, worker, note=" 周三下午 ")

    assert (pairing.beneficiary, pairing.volunteer, pairing.rhythm) == (elder, helper, "weekly")
    assert (pairing.note, pairing.metres, pairing.noted_by_id) == ("周三下午", 0, worker.person_id)
    told = Notice.objects.order_by("id").values_list("person_id", "template")
    assert list(told) == [
        (helper.pk, "pairing_with_neighbour"),
        (elder.pk, "pairing_with_helper"),
    ]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == (PairingProposalState.DONE, LATER)
    with pytest.raises(errors.PairingProposalClosed):
        agree(pair, worker)


def test_pair_needs_a_helper_and_both_words(worker, elder):
    make_listing(make_elder("赵奶奶"))
    make_helper()
    proposal = propose(worker, wishes=rules.Wishes(helpers=2))
    first, *_, last = pairing_proposals.proposed_pairs(proposal)

    with pytest.raises(errors.AgreementMissing):
        agree(first, worker, both_agree=False)
    with pytest.raises(errors.HelperMissing):
        agree(last, worker)
    agree(first, worker)
    with pytest.raises(errors.PairSettled):
        agree(first, worker)
    with pytest.raises(errors.PairSettled):
        actions.drop_helper(pair_id=first.pk, by=worker, now=LATER)


def test_helper_is_replaced_by_hand_by_a_group_or_dropped(worker, elder):
    make_helper()
    other = make_helper("远一点", region=SAME_GRID)
    team = make_team("邻里队")
    [pair] = pairing_proposals.proposed_pairs(propose(worker))
    facts = {"pair_id": pair.pk, "by": worker, "now": LATER}

    chosen = actions.choose_helper(volunteer_id=other.pk, **facts)
    assert (chosen.volunteer_id, chosen.is_by_hand) == (other.pk, True)
    group = actions.choose_helper(organisation_id=team.pk, **facts)
    assert (group.volunteer_id, group.organisation_id, group.metres) == (None, team.pk, None)
    actions.drop_helper(**facts)
    pair.refresh_from_db()
    assert (pair.volunteer_id, pair.organisation_id) == (None, None)
    for nobody in ({}, {"volunteer_id": other.pk, "organisation_id": team.pk}):
        with pytest.raises(errors.PairingHelperUnclear):
            actions.choose_helper(**nobody, **facts)


def test_same_helper_stands_once_for_a_person(worker, elder):
    first, second = make_helper("甲"), make_helper("乙")
    one, other = pairing_proposals.proposed_pairs(propose(worker, wishes=rules.Wishes(helpers=2)))
    taken = first if one.volunteer_id == first.pk else second

    with pytest.raises(errors.PairTwice):
        actions.choose_helper(pair_id=other.pk, volunteer_id=taken.pk, by=worker, now=LATER)


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (make_kinship, "本人、亲属或已结对"),
        (
            lambda elder, helper: BlockedPair.objects.create(
                cell=elder.cell, beneficiary=elder, volunteer=helper, since=MONDAY
            ),
            str(Unfit.BLOCKED.label),
        ),
        (
            lambda elder, helper: VolunteerProfile.objects.filter(person=helper).update(
                ended_at=MONDAY
            ),
            str(Unfit.NOT_ACTIVE.label),
        ),
    ],
)
def test_what_changed_meanwhile_bars_the_agreement(spoil, cause, worker, elder):
    helper = make_helper()
    [pair] = pairing_proposals.proposed_pairs(propose(worker))
    spoil(elder, helper)

    with pytest.raises(errors.PairingHelperUnfit) as refused:
        agree(pair, worker)
    assert cause in str(refused.value)


def test_pairing_is_noted_without_a_proposal(worker, elder):
    make_elsewhere()
    far = make_helper("很远", region=OTHER_STREET_BUILDING)
    pairing = add(elder, far, worker)

    assert (pairing.rhythm, pairing.metres > 1_000) == ("monthly", True)
    with pytest.raises(errors.PairingHelperUnfit):
        add(elder, far, worker)
    with pytest.raises(errors.PairingHelperUnclear):
        add(elder, None, worker)
    with pytest.raises(NotAllowed):
        add(elder, far, actor_for(far))
    with pytest.raises(NotFound):
        actions.add_pairing(
            beneficiary_id=0,
            rhythm=Rhythm.WEEKLY,
            both_agree=True,
            by=worker,
            now=LATER,
        )


def test_group_is_paired_once_and_its_leader_is_told(worker, elder):
    team, leader = make_team("邻里队"), make_helper("队长")
    make_membership(team, leader, role=MemberRole.LEADER)
    make_membership(team, member := make_helper("队员"))

    add(elder, None, worker, organisation_id=team.pk)

    assert Notice.objects.filter(person=leader, template="pairing_with_neighbour").exists()
    with pytest.raises(errors.PairedAlready):
        add(elder, None, worker, organisation_id=team.pk)
    [theirs] = own_pairings.pairings_of(actor_for(leader)).neighbours
    assert (theirs.other, theirs.is_group) == ("李秀英", True)
    assert own_pairings.pairings_of(actor_for(member)).neighbours == ()


def test_pairing_ends_once_with_its_reason(worker, elder):
    pairing = make_pairing(elder, make_helper())
    facts = {"pairing_id": pairing.pk, "cause": PairingEnd.MOVED, "now": LATER}

    with pytest.raises(NotFound):
        actions.end_pairing(by=actor_for(elder), **facts)
    ended = actions.end_pairing(by=worker, note="搬去女儿家", **facts)

    assert (ended.ended_at, ended.end_cause, ended.end_note) == (LATER, "moved", "搬去女儿家")
    assert Notice.objects.filter(template="pairing_ended").count() == 2
    with pytest.raises(errors.PairingOver):
        actions.end_pairing(by=worker, **facts)


def test_pairings_end_with_whoever_stops_or_is_gone(worker, elder):
    helper, other = make_helper(), make_helper("乙")
    carried = make_pairing(elder, helper)
    helped = make_pairing(helper, other)
    by_team = make_pairing(helper, make_team("没有队长的队"))

    end_volunteer(person_id=helper.pk, by=actor_for(helper), now=LATER)

    carried.refresh_from_db()
    helped.refresh_from_db()
    assert (carried.end_cause, helped.ended_at) == (PairingEnd.HELPER_STOPS, None)
    close_person(person_id=helper.pk, by=actor_for(helper), now=LATER)
    helped.refresh_from_db()
    by_team.refresh_from_db()
    assert {helped.end_cause, by_team.end_cause} == {PairingEnd.PASSED_AWAY}
    # She who is gone is told nothing of it; only that what she carried has ended.
    assert Notice.objects.filter(person=helper, template="pairing_ended").count() == 1


def test_discarded_proposal_leaves_what_was_agreed(worker, elder):
    make_listing(make_elder("赵奶奶"))
    make_helper()
    proposal = propose(worker)
    first, _ = pairing_proposals.proposed_pairs(proposal)
    agree(first, worker)

    actions.discard_pairs(proposal_id=proposal.pk, by=worker, now=LATER)

    assert Pairing.objects.count() == 1
    with pytest.raises(errors.PairingProposalClosed):
        actions.discard_pairs(proposal_id=proposal.pk, by=worker, now=LATER)
    with pytest.raises(NotFound):
        actions.discard_pairs(proposal_id=proposal.pk, by=actor_for(elder), now=LATER)
    for missing in (
        lambda: actions.discard_pairs(proposal_id=0, by=worker, now=LATER),
        lambda: actions.drop_helper(pair_id=0, by=worker, now=LATER),
        lambda: pairings.lock_pairing(0),
    ):
        with pytest.raises(NotFound):
            missing()


def test_pairing_counts_as_known_when_helpers_are_ranked(elder):
    helper, member, team = make_helper(), make_helper("队员"), make_team("邻里队")
    make_membership(team, member)
    make_pairing(elder, helper)
    make_pairing(elder, team)
    make_pairing(elder, make_helper("以前"), ended_at=LATER, end_cause=PairingEnd.OTHER)

    pool = load_pool(make_verified_need(elder), area="450103", now=MONDAY)

    assert pool.request.previous == {helper.pk, member.pk}


def test_names_must_mean_one_resident_each(worker, elder):
    assert pairings.people_named(worker, "李秀英\n\n 李秀英 ") == [elder]
    make_elder()
    for lines in ("李秀英", "没有这个人"):
        with pytest.raises(errors.NameUnclear):
            pairings.people_named(worker, lines)
    with pytest.raises(errors.TooManyToPair):
        pairings.people_named(worker, "\n".join(map(str, range(rules.PROPOSED_AT_ONCE_MAX + 1))))


@pytest.mark.parametrize("size", [1, 3])
def test_proposing_takes_a_fixed_number_of_statements(size, worker):
    for n in range(size):
        elder = make_elder(f"老人{n}")
        make_listing(elder)
        make_assignment(make_verified_need(elder, state="offered"), make_helper(f"志愿者{n}"))

    with CaptureQueriesContext(connection) as captured:
        proposal = propose(worker)

    assert proposal.figures["pairs"] == size
    assert len(captured) == 16


def test_system_sees_all_pairings(elder):
    make_pairing(elder, make_helper())

    system = Actor.system()

    assert pairings.pairings_visible_to(system).count() == 1
    assert pairing_proposals.proposals_of_pairings(system).count() == 0
    assert pairings.people_without_pairing(system).count() == 0
    assert system.may(Permission.DISPATCH, region=COMMUNITY)
    assert own_pairings.pairings_of(Actor()) == own_pairings.OwnPairings()
