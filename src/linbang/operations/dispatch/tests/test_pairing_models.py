"""Each named constraint of pairings has a test that breaks it; two workers settle one pair once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_worker
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import PairingEnd, PairingProposalState, Rhythm
from linbang.operations.dispatch.factories import make_pairing
from linbang.operations.dispatch.models import Pairing, PairingProposal, ProposedPair
from linbang.operations.dispatch.tests.cast import MONDAY, make_elder, make_helper
from linbang.operations.dispatch.tests.test_races import race


def assert_breaks(constraint: str, write) -> None:
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        write()
    assert broken.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def pairing(db):
    return make_pairing(make_elder(), make_helper())


def make_proposal(elder, **columns: object) -> PairingProposal:
    facts = {"region_id": elder.region_id[:12], "considered": 1, "made_at": MONDAY, **columns}
    return PairingProposal.objects.create(cell=elder.cell, **facts)


def make_place(proposal, elder, **columns: object) -> ProposedPair:
    return ProposedPair.objects.create(
        cell=proposal.cell, proposal=proposal, beneficiary=elder, **columns
    )


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("pairing_has_one_helper", {"volunteer": None}),
        ("pairing_ended_says_why", {"ended_at": MONDAY}),
        ("pairing_ended_says_why", {"end_cause": PairingEnd.OTHER}),
        (
            "pairing_ended_says_why",
            {"ended_at": MONDAY - timedelta(1), "end_cause": PairingEnd.OTHER},
        ),
    ],
)
def test_columns_of_a_pairing(constraint, changed, pairing):
    assert_breaks(constraint, lambda: Pairing.objects.filter(pk=pairing.pk).update(**changed))


def test_pairing_joins_two_people(pairing):
    elder = pairing.beneficiary
    assert_breaks("pairing_joins_two_people", lambda: make_pairing(elder, elder))


def test_pairing_open_once(pairing):
    elder, helper = pairing.beneficiary, pairing.volunteer
    assert_breaks("pairing_open_once", lambda: make_pairing(elder, helper))
    make_pairing(elder, helper, ended_at=MONDAY, end_cause=PairingEnd.OTHER)


def test_pairing_open_once_a_group(pairing):
    team = make_team("邻里队")
    make_pairing(pairing.beneficiary, team)
    assert_breaks("pairing_open_once_a_group", lambda: make_pairing(pairing.beneficiary, team))


def test_pairing_proposal_closed_says_when(pairing):
    assert_breaks(
        "pairing_proposal_closed_says_when",
        lambda: make_proposal(pairing.beneficiary, state=PairingProposalState.DONE),
    )


def test_proposed_pairs(pairing):
    elder, helper, team = pairing.beneficiary, pairing.volunteer, make_team("邻里队")
    proposal = make_proposal(elder)
    make_place(proposal, elder, volunteer=helper)
    make_place(proposal, elder, organisation=team)
    make_place(proposal, elder)
    make_place(proposal, elder)

    for constraint, columns in (
        ("proposed_pair_once", {"volunteer": helper}),
        ("proposed_pair_once_a_group", {"organisation": team}),
        ("proposed_pair_has_one_helper", {"volunteer": make_helper("乙"), "organisation": team}),
    ):
        assert_breaks(constraint, lambda columns=columns: make_place(proposal, elder, **columns))


@pytest.mark.django_db(transaction=True)
def test_two_workers_settle_the_same_pair():
    elder, helper = make_elder(), make_helper()
    worker, colleague = make_worker(), make_worker("韦玲")
    for turn in range(3):
        proposal = make_proposal(elder)
        place = make_place(proposal, elder, volunteer=helper)
        make_place(proposal, elder)

        outcomes = race(
            *(
                lambda by=by, place=place: actions.agree_pair(
                    pair_id=place.pk, rhythm=Rhythm.WEEKLY, both_agree=True, by=by, now=MONDAY
                )
                for by in (worker, colleague)
            )
        )

        assert sorted(outcomes) == ["done", "proposed_pair_settled"]
        assert Pairing.objects.filter(beneficiary=elder).count() == turn + 1
        actions.end_pairing(
            pairing_id=Pairing.objects.get(ended_at=None).pk,
            cause=PairingEnd.OTHER,
            by=worker,
            now=MONDAY,
        )


@pytest.mark.django_db(transaction=True)
def test_two_proposals_join_the_same_two():
    elder, helper = make_elder(), make_helper()
    worker, colleague = make_worker(), make_worker("韦玲")
    places = [make_place(make_proposal(elder), elder, volunteer=helper) for _ in range(2)]

    outcomes = race(
        *(
            lambda place=place, by=by: actions.agree_pair(
                pair_id=place.pk, rhythm=Rhythm.WEEKLY, both_agree=True, by=by, now=MONDAY
            )
            for place, by in zip(places, (worker, colleague), strict=True)
        )
    )

    # Who comes second finds them paired: by the look before, or by the database.
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "paired_already", "pairing_helper_unfit"}
    assert Pairing.objects.filter(beneficiary=elder).count() == 1
