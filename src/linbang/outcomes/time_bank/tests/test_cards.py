"""The red card pays on the spot."""

from datetime import date, timedelta

import pytest

from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.choices import ConfirmedBy
from linbang.operations.service_records.models import RecordConfirmation
from linbang.outcomes.time_bank import actions, errors, queries
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import SavingsCard
from linbang.outcomes.time_bank.tests.cast import balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def elder():
    return give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 120)


@pytest.fixture
def helper():
    return make_volunteer().person


@pytest.fixture
def visit(elder, helper):
    need = make_need(elder, state=NeedState.ASSIGNED)
    actions.choose_payment(need_id=need.pk, payer_id=elder.pk, by=make_actor(elder), now=MONDAY)
    visit = make_presence(make_visit(need=need, volunteer=helper))
    service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    return visit


def scan(visit, card, by, *, later=timedelta(minutes=5)):
    return actions.pay_by_card(
        visit_id=visit.public_id, card=card, by=make_actor(by), now=visit.ends_at + later
    )


def test_scanned_card_confirms_and_pays(visit, elder, helper):
    number = actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=MONDAY)

    word = scan(visit, f"https://lin.example/card/{number}/", helper)

    assert word.by == ConfirmedBy.CARD
    assert (balance(elder), balance(helper)) == (60, 60)
    assert scan(visit, number, helper) == word
    assert RecordConfirmation.objects.count() == 1


def test_card_of_somebody_else_pays_nothing(visit, helper):
    neighbour = make_volunteer("赵敏")

    with pytest.raises(errors.WrongCard) as refused:
        scan(visit, neighbour.number, helper)
    assert refused.value.code == "red_card_of_somebody_else"
    with pytest.raises(errors.CardUnknown) as unknown:
        scan(visit, "S450103999999", helper)
    assert unknown.value.code == "red_card_unknown"
    assert not RecordConfirmation.objects.exists()


@pytest.mark.parametrize("case", ["tomorrow", "somebody else's visit"])
def test_card_confirms_only_ones_own_visit_of_the_day(case, visit, elder, helper):
    number = actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=MONDAY)
    by, later = (
        (helper, timedelta(days=1))
        if case == "tomorrow"
        else (make_volunteer("赵敏").person, timedelta(minutes=5))
    )

    with pytest.raises(errors.NoVisitToday) as refused:
        scan(visit, number, by, later=later)
    assert refused.value.code == "no_visit_to_confirm"


def test_card_is_no_word_without_its_door(visit, elder):
    record = visit.records.get()

    with pytest.raises(NotAllowed):
        service_records.confirm_record(
            record_id=record.pk,
            verdict="confirmed",
            by=make_actor(elder),
            now=visit.ends_at,
            by_card=True,
        )


def test_card_numbers_are_one_a_person(elder):
    volunteer = make_volunteer("赵敏")

    number = actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=MONDAY)

    assert number.startswith("S450103")
    assert actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=MONDAY) == number
    # One card for both: a volunteer's red card bears the number of her identity card.
    assert (
        actions.issue_card(
            person_id=volunteer.person_id, by=make_actor(volunteer.person), now=MONDAY
        )
        == volunteer.number
    )
    assert SavingsCard.objects.count() == 1
    with pytest.raises(NotFound):
        actions.issue_card(person_id=0, by=make_actor(elder), now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.issue_card(person_id=elder.pk, by=make_actor(volunteer.person), now=MONDAY)


def test_red_card_shows_what_can_be_spent(elder):
    card = queries.red_card_of(elder, now=MONDAY)

    assert (card.minutes, card.number) == (120, None)
