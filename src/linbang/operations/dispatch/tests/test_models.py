"""Each named constraint has a test that breaks it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch.factories import make_assignment, make_commitment, make_offer
from linbang.operations.dispatch.models import (
    Assignment,
    BlockedPair,
    Candidacy,
    Escalation,
    OfferAnswer,
    Ranking,
)
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db


def assert_breaks(constraint: str, write) -> None:
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        write()
    assert broken.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def need():
    return make_verified_need(make_elder(), state=NeedState.OFFERED, helpers=2)


def test_commitments_do_not_overlap() -> None:
    helper = make_helper()
    make_commitment(helper, starts_at=VISIT_AT)

    assert_breaks(
        "commitments_do_not_overlap",
        lambda: make_commitment(helper, starts_at=VISIT_AT + timedelta(minutes=59), source_id=2),
    )
    make_commitment(helper, starts_at=VISIT_AT + timedelta(minutes=60), source_id=3)
    make_commitment(make_helper("乙二"), starts_at=VISIT_AT, source_id=4)


def test_commitment_once_a_source() -> None:
    make_commitment(make_helper(), starts_at=VISIT_AT)

    assert_breaks(
        "commitment_once_a_source",
        lambda: make_commitment(make_helper("乙二"), starts_at=VISIT_AT),
    )


def test_commitment_window_is_not_empty() -> None:
    assert_breaks(
        "commitment_window_is_not_empty",
        lambda: make_commitment(make_helper(), starts_at=VISIT_AT, minutes=0),
    )


def test_candidacy_rank_and_volunteer_once(need) -> None:
    ranking = Ranking.objects.create(
        cell=need.cell, need=need, at=MONDAY, weights_version=1, area="450103", considered=2
    )
    helper = make_helper()
    row = {"cell": need.cell, "ranking": ranking}
    Candidacy.objects.create(**row, volunteer=helper, rank=1)

    assert_breaks(
        "candidacy_rank_once",
        lambda: Candidacy.objects.create(**row, volunteer=make_helper("乙二"), rank=1),
    )
    assert_breaks(
        "candidacy_volunteer_once",
        lambda: Candidacy.objects.create(**row, volunteer=helper, rank=2),
    )


def test_offer_expires_after_start(need) -> None:
    assert_breaks("offer_expires_after_start", lambda: make_offer(need, make_helper(), minutes=0))


def test_offer_answer_is_append_only(need) -> None:
    make_assignment(need, make_helper())

    for change in (
        lambda: OfferAnswer.objects.update(reason="改"),
        lambda: OfferAnswer.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def assignment_of(need, helper, **columns: object) -> Assignment:
    return Assignment.objects.create(
        cell=need.cell, need=need, volunteer=helper, accepted_at=MONDAY,
        **{"offer": make_offer(need, helper), **columns},
    )  # fmt: skip


def test_assignment_place_taken_once(need) -> None:
    taken = assignment_of(need, make_helper("甲一"), place=1)

    assert_breaks(
        "assignment_place_taken_once", lambda: assignment_of(need, make_helper("乙二"), place=1)
    )
    taken.ended_at = MONDAY
    taken.save(update_fields=["ended_at"])
    assert assignment_of(need, make_helper("丙三"), place=1).place == 1


def test_assignment_once_a_volunteer(need) -> None:
    helper = make_helper()
    assignment_of(need, helper, place=1)

    assert_breaks("assignment_once_a_volunteer", lambda: assignment_of(need, helper, place=2))


@pytest.mark.parametrize("place", [0, 5])
def test_assignment_place_from_1_to_4(need, place: int) -> None:
    assert_breaks(
        "assignment_place_from_1_to_4", lambda: assignment_of(need, make_helper(), place=place)
    )


def test_escalation_open_once(need) -> None:
    row = {"cell": need.cell, "need": need, "cause": "nobody", "raised_at": MONDAY}
    Escalation.objects.create(**row, taken_at=MONDAY)
    Escalation.objects.create(**row)

    assert_breaks("escalation_open_once", lambda: Escalation.objects.create(**row))


def test_blocked_pair_once(need) -> None:
    row = {
        "cell": need.cell, "beneficiary": need.beneficiary, "volunteer": make_helper(),
        "since": MONDAY,
    }  # fmt: skip
    BlockedPair.objects.create(**row, ended_at=MONDAY)
    BlockedPair.objects.create(**row)

    assert_breaks("blocked_pair_once", lambda: BlockedPair.objects.create(**row))
