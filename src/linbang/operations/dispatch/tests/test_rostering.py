"""Rosters are proposed fairly, changed by hand, confirmed by a person, and can be refused."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_worker
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.activities.factories import make_post
from linbang.intake.activities.models import DutyPoint, PointPairing
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import actions, errors, queries
from linbang.operations.dispatch.choices import (
    CommitmentSource,
    ProposalState,
    SignUpChannel,
    SignUpVerdict,
)
from linbang.operations.dispatch.factories import make_commitment, make_open_shift, make_sign_up
from linbang.operations.dispatch.models import RosterPair, RosterProposal, SignUp
from linbang.operations.dispatch.tests.crowd import (
    BEFORE,
    LONG_AGO,
    SATURDAY,
    actor,
    led,
    recount,
    someone,
)

pytestmark = pytest.mark.django_db
DAY = SATURDAY.date()


@pytest.fixture
def duty():
    """Two days of duty with one person wanted each, and the leader."""
    activity, leader = led(name="路口执勤")
    post = make_post(activity, "东门路口", places=2)
    shifts = [
        make_open_shift(post=post, starts_at=SATURDAY + timedelta(days=n), places=2)
        for n in range(2)
    ]
    return activity, leader, shifts


def propose(activity, by, **columns):
    facts = {"starts_on": DAY, "ends_on": DAY + timedelta(days=1), "now": BEFORE, **columns}
    return actions.propose_roster(activity_id=activity.pk, by=by, **facts)


def pairs(proposal) -> list[tuple[int, int]]:
    return list(queries.pairs_of(proposal).values_list("shift_id", "person_id"))


def test_proposal_shares_the_work_and_signs_nobody_up(duty):
    activity, leader, shifts = duty
    first, second = someone("甲一"), someone("乙二")

    proposal = propose(activity, leader)

    assert pairs(proposal) == [(shifts[0].pk, first.pk), (shifts[1].pk, second.pk)]
    assert (proposal.considered, proposal.figures["gaps"]) == (2, [])
    assert not SignUp.objects.exists()


def test_who_cannot_go_is_not_proposed_and_the_gap_says_why(duty):
    activity, leader, shifts = duty
    barred, busy, tired = someone("甲一"), someone("乙二"), someone("丙三")
    Suspension.objects.create(
        cell=barred.cell,
        person=barred,
        cause="no_shows",
        starts_at=LONG_AGO,
        ends_at=SATURDAY + timedelta(days=9),
    )
    make_commitment(busy, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)
    VolunteerProfile.objects.filter(person=tired).update(availability=1)

    proposal = propose(activity, leader)

    assert pairs(proposal) == [(shifts[1].pk, busy.pk)]
    [gap] = proposal.figures["gaps"]
    assert gap == {
        "shift": shifts[0].pk,
        "day": "2026-05-16",
        "missing": 1,
        "causes": {"barred": 2, "conflict": 1, "rostered": 0, "day_full": 0},
    }


def test_who_served_lately_comes_later(duty):
    activity, leader, shifts = duty
    busy_bee, fresh = someone("甲一"), someone("乙二")
    make_sign_up(make_open_shift(starts_at=SATURDAY - timedelta(days=3)), busy_bee)

    proposal = propose(activity, leader, ends_on=DAY)

    assert pairs(proposal) == [(shifts[0].pk, fresh.pk)]


def test_paired_unit_stands_at_its_own_point():
    activity, leader = led(name="路口执勤")
    unit, point = (
        make_unit("税务局"),
        DutyPoint.objects.create(
            cell=activity.cell,
            kind="crossing",
            region_id=activity.region_id,
            name="东门路口",
            opened_at=LONG_AGO,
        ),
    )
    PointPairing.objects.create(
        cell=activity.cell, point=point, organisation=unit, since_date=date(2026, 1, 1)
    )
    shift = make_open_shift(post=make_post(activity, "东门路口", point=point))
    someone("甲一")
    theirs = someone("乙二")
    make_membership(unit, theirs)

    proposal = propose(activity, leader)

    assert pairs(proposal) == [(shift.pk, theirs.pk)]
    board = queries.roster_board(activity, DAY, unit=unit.public_id)
    assert [row.units for row in board.rows] == [["税务局"]]
    assert queries.units_of_board(board) == [(str(unit.public_id), "税务局")]
    assert queries.roster_board(activity, DAY, unit=activity.public_id).rows == []


def test_team_fills_a_roster_with_its_own(duty):
    activity, leader, _ = duty
    someone("外人")
    team, member = make_team("红袖章队"), someone("队员")
    make_membership(team, member)

    proposal = propose(activity, leader, organisation_id=team.pk, day_cap=2, fill=True)

    assert {person for _, person in pairs(proposal)} == {member.pk}
    assert (proposal.organisation, proposal.considered) == (team, 1)


def test_proposal_keeps_what_was_proven_of_it(duty):
    activity, leader, _ = duty
    someone()

    full, short = propose(activity, leader), propose(activity, leader, fill=True)
    RosterProposal.objects.filter(pk=short.pk).update(
        figures=short.figures | {"proof": {"open_places": 0, "filled": 4, "most": 60}}
    )
    short.refresh_from_db()

    assert full.figures["proof"] == {"open_places": 0, "filled": 2, "most": 240}
    assert queries.proof_of(full) == queries.ProposalProof(0, 0, 240, 240)
    assert queries.proof_of(short) == queries.ProposalProof(0, 2, 240, 60)
    short.figures.pop("proof")
    assert queries.proof_of(short) is None


def test_nothing_to_roster_is_refused(duty):
    activity, leader, _ = duty

    with pytest.raises(errors.RosterEmpty):
        propose(activity, leader)
    someone()
    with pytest.raises(errors.RosterEmpty):
        propose(activity, leader, starts_on=DAY + timedelta(days=9), ends_on=DAY)
    with pytest.raises(NotFound):
        propose(activity, leader, organisation_id=0)
    with pytest.raises(NotFound):
        propose(activity, actor(someone("外人")))


def test_confirmed_roster_signs_up_tells_once_and_may_be_refused(duty):
    activity, leader, _shifts = duty
    person = someone()
    proposal = propose(activity, leader)
    assert len(pairs(proposal)) == 2

    actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)

    made = list(SignUp.objects.order_by("id"))
    assert [(one.channel, one.state) for one in made] == [(SignUpChannel.ROSTER, "confirmed")] * 2
    notice = Notice.objects.get(person_id=person.pk)
    assert (notice.template, notice.params["count"]) == ("shifts_rostered", 2)
    assert set(queries.pairs_of(proposal).values_list("verdict", flat=True)) == {"confirmed"}
    recount()
    late = SATURDAY - timedelta(hours=3)
    SignUp.objects.update(free_until=late + timedelta(minutes=1))
    actions.withdraw_sign_up(sign_up_id=made[0].pk, by=actor(person), now=late)
    made[0].refresh_from_db()
    assert made[0].is_late is False
    with pytest.raises(errors.RosterDecided):
        actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)


def test_day_to_say_no_begins_with_the_roster(duty):
    activity, leader, _ = duty
    someone()
    proposal = propose(activity, leader)

    actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)

    assert set(SignUp.objects.values_list("free_until", flat=True)) == {BEFORE + timedelta(days=1)}


def test_what_changed_meanwhile_is_told_by_its_verdict(duty):
    activity, leader, _ = duty
    person = someone()
    proposal = propose(activity, leader, ends_on=DAY)
    make_commitment(person, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)

    actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)

    [pair] = queries.pairs_of(proposal)
    assert pair.verdict == SignUpVerdict.WINDOW_TAKEN
    assert not Notice.objects.filter(person_id=person.pk).exists()


def test_planner_changes_any_pair(duty):
    activity, leader, shifts = duty
    first, second, third = someone("甲一"), someone("乙二"), someone("丙三")
    proposal = propose(activity, leader)
    [one, two] = queries.pairs_of(proposal)
    facts = {"by": leader, "now": BEFORE}

    actions.replace_pair(pair_id=one.pk, person_id=third.pk, **facts)
    actions.drop_pair(pair_id=two.pk, **facts)
    actions.add_pair(proposal_id=proposal.pk, shift_id=shifts[0].pk, person_id=second.pk, **facts)

    assert pairs(proposal) == [(shifts[0].pk, third.pk), (shifts[0].pk, second.pk)]
    assert {pair.is_by_hand for pair in queries.pairs_of(proposal)} == {True}
    for act in (
        lambda: actions.add_pair(
            proposal_id=proposal.pk, shift_id=shifts[0].pk, person_id=third.pk, **facts
        ),
        lambda: actions.replace_pair(pair_id=one.pk, person_id=second.pk, **facts),
    ):
        with pytest.raises(errors.PairTwice), transaction.atomic():
            act()
    with pytest.raises(NotFound):
        actions.add_pair(
            proposal_id=proposal.pk,
            shift_id=make_open_shift().pk,
            person_id=first.pk,
            **facts,
        )
    with pytest.raises(NotFound):
        actions.drop_pair(pair_id=two.pk, **facts)


def test_only_leaders_touch_a_roster(duty):
    activity, leader, _ = duty
    someone()
    proposal = propose(activity, leader)
    stranger = {"by": actor(someone("外人")), "now": BEFORE}

    for act in (
        lambda: actions.confirm_roster(proposal_id=proposal.pk, **stranger),
        lambda: actions.discard_roster(proposal_id=proposal.pk, **stranger),
        lambda: actions.drop_pair(pair_id=queries.pairs_of(proposal)[0].pk, **stranger),
        lambda: actions.discard_roster(proposal_id=0, by=leader, now=BEFORE),
    ):
        with pytest.raises(NotFound):
            act()
    assert actions.discard_roster(proposal_id=proposal.pk, by=leader, now=BEFORE).state == (
        ProposalState.DISCARDED
    )
    with pytest.raises(errors.RosterDecided):
        actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)


def test_board_shows_the_gaps_of_a_week_at_a_glance(duty):
    activity, _, shifts = duty
    make_sign_up(shifts[0], someone())

    board = queries.roster_board(activity, DAY)

    assert [day.isoformat() for day in board.days[:1]] == ["2026-05-11"]
    assert board.missing_by_day == [0, 0, 0, 0, 0, 0, 1]
    assert (board.missing, board.gaps) == (1, 1)
    [row] = board.rows
    assert [len(cell.loads) for cell in row.cells] == [0, 0, 0, 0, 0, 1, 1]


def test_proposal_is_looked_through_day_by_day(duty):
    activity, leader, shifts = duty
    person = someone()
    make_commitment(person, starts_at=SATURDAY, source=CommitmentSource.ASSIGNMENT)
    proposal = propose(activity, leader)

    assert queries.days_of(proposal) == [(DAY, 1), (DAY + timedelta(days=1), 0)]
    [short] = queries.proposal_day(proposal, DAY).shifts
    [full] = queries.proposal_day(proposal, DAY + timedelta(days=1)).shifts
    assert (short.missing, [(str(c.label), n) for c, n in short.causes]) == (
        1,
        [("那段时间已有安排", 1)],
    )
    assert (full.missing, [pair.person_id for pair in full.pairs]) == (0, [person.pk])
    actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)
    [done] = queries.proposal_day(proposal, DAY + timedelta(days=1)).shifts
    assert (done.missing, done.load.taken, done.load.shift_id) == (0, 1, shifts[1].pk)


@pytest.mark.parametrize("size", [1, 3])
def test_proposing_and_confirming_take_a_fixed_number_of_statements(size, duty):
    activity, leader, _ = duty
    post = activity.posts.get()
    for n in range(2, 2 + size):
        make_open_shift(post=post, starts_at=SATURDAY + timedelta(days=n), places=2)
    for _ in range(size + 2):
        someone()

    with CaptureQueriesContext(connection) as proposed:
        proposal = propose(activity, leader, ends_on=DAY + timedelta(days=size + 1))
    with CaptureQueriesContext(connection) as confirmed:
        actions.confirm_roster(proposal_id=proposal.pk, by=leader, now=BEFORE)

    assert len(pairs(proposal)) == size + 2
    assert (len(proposed), len(confirmed)) == (11, 13)


def test_words_must_mean_one_person():
    worker, person = make_worker(), someone("欧阳建国")

    assert queries.person_meant(worker, "欧阳建国") == person
    someone("欧阳建国")
    for words in ("欧阳建国", "没有这个人", " "):
        with pytest.raises(errors.PersonUnclear):
            queries.person_meant(worker, words)


def test_rosters_of_others_are_not_seen(duty):
    activity, leader, _ = duty
    someone()
    proposal = propose(activity, leader)

    assert list(queries.proposals_led_by(leader)) == [proposal]
    assert list(queries.rosters_led_by(leader, now=BEFORE)) == [activity]
    outsider = actor(someone("外人"))
    assert not queries.proposals_led_by(outsider).exists()
    assert not queries.rosters_led_by(outsider, now=BEFORE).exists()


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("roster_ends_after_start", {"ends_on": DAY - timedelta(days=1)}),
        ("roster_decided_says_when", {"state": ProposalState.CONFIRMED}),
        ("roster_decided_says_when", {"decided_at": BEFORE}),
    ],
)
def test_constraints_of_a_proposal(constraint, changed, duty):
    activity, leader, _ = duty
    someone()
    proposal = propose(activity, leader)

    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        RosterProposal.objects.filter(pk=proposal.pk).update(**changed)
    assert broken.value.__cause__.diag.constraint_name == constraint


def test_roster_pair_once(duty):
    activity, leader, _ = duty
    someone()
    proposal = propose(activity, leader)
    [pair, *_] = queries.pairs_of(proposal)
    pair.pk = pair.public_id = None

    with pytest.raises(IntegrityError, match="roster_pair_once"), transaction.atomic():
        RosterPair.objects.create(
            cell=pair.cell, proposal=proposal, shift=pair.shift, person=pair.person
        )
