"""Two hands on one book, on two real connections."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from linbang.foundation.errors import Refused
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.tests.test_races import at_once
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.models import RecordConfirmation
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import Gift, Payment
from linbang.outcomes.time_bank.tests.cast import balance, faults

pytestmark = pytest.mark.django_db(transaction=True)
NOW = MONDAY


def quietly(call):
    """Return what a call returns, or the refusal it raises."""

    def run():
        try:
            return call()
        except Refused as refusal:
            return refusal

    return run


def family(minutes):
    mother = make_person("李秀英", birth_date=date(1944, 3, 8))
    daughter = give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), minutes)
    make_kinship(mother, daughter)
    return mother, daughter


def offer(daughter, mother, minutes, now=NOW):
    return actions.offer_gift(
        giver_id=daughter.pk, receiver_id=mother.pk, minutes=minutes, key=uuid4(),
        by=make_actor(daughter), now=now,
    )  # fmt: skip


def test_two_gifts_cannot_empty_one_book_twice():
    mother, daughter = family(100)
    by = make_actor(daughter)

    def give():
        return actions.offer_gift(
            giver_id=daughter.pk, receiver_id=mother.pk, minutes=60, key=uuid4(), by=by, now=NOW
        )

    at_once(quietly(give), quietly(give))

    assert Gift.objects.count() == 1
    assert queries.wallet_of(daughter, served_at=NOW).own_free == 40
    assert faults() == []


def test_a_gift_is_taken_or_expires():
    mother, daughter = family(100)
    gift = offer(daughter, mother, 60)
    by = make_actor(mother)
    taken, _ = at_once(
        quietly(lambda: actions.answer_gift(
            gift_id=gift.pk, accept=True, by=by, now=gift.expires_at - timedelta(seconds=1)
        )),
        quietly(lambda: actions.expire_gifts(now=gift.expires_at)),
    )  # fmt: skip

    is_taken = not isinstance(taken, Refused)
    assert (balance(daughter), balance(mother)) == ((40, 60) if is_taken else (100, 0))
    assert queries.wallet_of(daughter, served_at=NOW).own_free == balance(daughter)


def test_gifts_both_ways_do_not_deadlock():
    mother, daughter = family(100)
    daughter.birth_date = date(1960, 1, 1)
    daughter.save(update_fields=["birth_date"])
    give_time(mother, 100)
    there, back = offer(daughter, mother, 30), offer(mother, daughter, 60)
    mothers, daughters = make_actor(mother), make_actor(daughter)

    at_once(
        lambda: actions.answer_gift(gift_id=there.pk, accept=True, by=mothers, now=NOW),
        lambda: actions.answer_gift(gift_id=back.pk, accept=True, by=daughters, now=NOW),
    )

    assert (balance(daughter), balance(mother)) == (130, 70)
    assert faults() == []


def visited():
    elder = give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 120)
    helper = make_volunteer().person
    need = make_need(elder, state=NeedState.ASSIGNED)
    actions.choose_payment(need_id=need.pk, payer_id=elder.pk, by=make_actor(elder), now=NOW)
    visit = make_visit(need=need, volunteer=helper)
    return elder, helper, need, visit


def test_a_card_scanned_twice_pays_once():
    elder, helper, _need, visit = visited()
    make_presence(visit)
    service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    number = actions.issue_card(person_id=elder.pk, by=make_actor(elder), now=NOW)
    by = make_actor(helper)

    def scan():
        return actions.pay_by_card(visit_id=visit.public_id, card=number, by=by, now=visit.ends_at)

    first, second = at_once(scan, scan)

    assert first == second
    assert RecordConfirmation.objects.count() == Payment.objects.count() == 1
    assert (balance(elder), balance(helper)) == (60, 60)


def test_paying_and_withdrawing_at_once_end_the_promise_once():
    elder, helper, need, visit = visited()
    make_presence(visit)
    record = service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    by = make_actor(elder)

    at_once(
        quietly(lambda: needs.withdraw_need(need_id=need.pk, by=by, now=NOW)),
        quietly(lambda: service_records.confirm_record(
            record_id=record.pk, verdict="confirmed", by=by, now=visit.ends_at
        )),
    )  # fmt: skip

    book = queries.wallet_of(elder, served_at=NOW).own
    assert book.held == 0
    assert balance(elder) == 120 - sum(one.minutes for one in Payment.objects.all())
    assert balance(helper) == 60
    assert faults() == []
