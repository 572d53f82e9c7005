"""Disputes freeze the units, and two decide (rule 73)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.errors import NotAllowed, NotFound
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
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.choices import Verdict
from linbang.outcomes.time_bank import actions, errors, queries
from linbang.outcomes.time_bank.choices import DisputeState, RulingDecision
from linbang.outcomes.time_bank.factories import give_grant, give_time
from linbang.outcomes.time_bank.models import Donation, GiftAnswer, Payment, Shortfall
from linbang.outcomes.time_bank.tests.cast import balance, far_elder, faults

pytestmark = pytest.mark.django_db
NOW = MONDAY


@pytest.fixture
def daughter():
    return give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), 300)


@pytest.fixture
def mother():
    return make_person("李秀英", birth_date=date(1944, 3, 8))


@pytest.fixture
def staff():
    return [make_actor(make_person(name), Role.STATION_WORKER) for name in ("陈静", "梁敏")]


def given(daughter, mother, minutes=60):
    make_kinship(mother, daughter)
    gift = actions.offer_gift(
        giver_id=daughter.pk, receiver_id=mother.pk, minutes=minutes, key=uuid4(),
        by=make_actor(daughter), now=NOW,
    )  # fmt: skip
    actions.answer_gift(gift_id=gift.pk, accept=True, by=make_actor(mother), now=NOW)
    return GiftAnswer.objects.get().transfer


def dispute(transfer, person, *, by=None, now=NOW + timedelta(days=1)):
    return actions.open_dispute(
        transfer_id=transfer.pk,
        cell=transfer.cell,
        person_id=person.pk,
        text="不是我办的",
        by=by or make_actor(person),
        now=now,
    )


def decide(found, staff, decision=RulingDecision.REVERSE):
    actions.propose_ruling(
        dispute_id=found.pk, decision=decision, reason="查实", by=staff[0], now=NOW
    )
    return actions.answer_ruling(dispute_id=found.pk, confirm=True, by=staff[1], now=NOW)


def free(person):
    return queries.wallet_of(person, served_at=NOW).own_free


def test_disputed_gift_is_frozen_and_comes_back(daughter, mother, staff):
    found = dispute(given(daughter, mother), daughter)

    assert (balance(mother), free(mother)) == (60, 0)
    [row] = queries.dispute_rows(queries.disputes_on_desk(staff[0]), now=NOW)
    assert (row.state, row.frozen, row.other) == (DisputeState.OPEN, 60, "李**")
    assert not row.is_overdue
    decide(found, staff)

    assert (balance(daughter), balance(mother)) == (300, 0)
    assert not queries.disputes_on_desk(staff[0]).exists()
    assert faults() == []


def test_dispute_that_stands_thaws_the_units(daughter, mother, staff):
    found = dispute(given(daughter, mother), mother)

    decide(found, staff, RulingDecision.STAND)

    assert free(mother) == 60
    [row] = queries.dispute_rows(queries.disputes_visible_to(make_actor(mother)), now=NOW)
    assert row.state == DisputeState.STANDS


def test_what_was_spent_is_owed_and_never_below_zero(daughter, mother, staff):
    transfer = given(daughter, mother)
    actions.donate(person_id=mother.pk, minutes=30, key=uuid4(), by=make_actor(mother), now=NOW)
    found = dispute(transfer, daughter)

    ruling = decide(found, staff)

    assert ruling.short_minutes == 30
    assert (balance(daughter), balance(mother)) == (300, 0)
    assert Shortfall.objects.get().open_minutes == 30
    assert faults() == []


def test_gift_to_another_county_comes_back(daughter, staff):
    mother = far_elder()
    given(daughter, mother)
    arrival = GiftAnswer.objects.get().arrival

    found = dispute(arrival, mother, by=make_actor(mother))

    assert (found.cell, found.transfer_id) == (daughter.cell, GiftAnswer.objects.get().transfer_id)
    far_staff = [
        make_actor(make_person(name, region=mother.region_id), Role.STATION_WORKER,
                   region=mother.region_id)
        for name in ("甲一", "乙二")
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        decide(found, staff)
    decide(found, far_staff)
    assert (balance(daughter), balance(mother)) == (300, 0)
    assert faults() == []


def test_disputed_donation_comes_back_from_the_pool(daughter, staff):
    actions.donate(person_id=daughter.pk, minutes=60, key=uuid4(), by=make_actor(daughter), now=NOW)
    found = dispute(Donation.objects.get().transfer, daughter)

    decide(found, staff)

    assert found.other is None
    assert balance(daughter) == 300


def paid(elder, helper):
    need = make_need(elder, state=NeedState.ASSIGNED, starts_at=NOW + timedelta(hours=2))
    actions.choose_payment(need_id=need.pk, payer_id=elder.pk, by=make_actor(elder), now=NOW)
    visit = make_presence(make_visit(need=need, volunteer=helper))
    record = service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    service_records.confirm_record(
        record_id=record.pk, verdict=Verdict.CONFIRMED, by=make_actor(elder), now=visit.ends_at
    )
    return record


def test_disputed_payment_is_refunded_and_the_record_stays(mother, staff):
    give_time(mother, 120)
    helper = make_volunteer().person
    paid(mother, helper)
    found = dispute(Payment.objects.get().transfer, mother)
    assert (free(helper), balance(helper)) == (0, 60)

    decide(found, staff)

    assert (balance(mother), free(helper)) == (120, 60)
    assert faults() == []


@pytest.mark.parametrize(("grant", "after"), [(0, [60]), (30, [60])])
def test_payment_partly_refunded_is_not_refunded_twice(grant, after, mother, staff):
    give_time(mother, 120)
    if grant:
        give_grant(mother, grant)
    record = paid(mother, make_volunteer().person)
    payment = Payment.objects.order_by("pk").first()
    if not grant:
        actions.refund_payments(record_id=record.pk, minutes_after=30, now=NOW)

    decide(dispute(payment.transfer, mother), staff)

    assert sum(queries.refunded_of(one) for one in Payment.objects.all()) == (30 if grant else 60)
    assert balance(mother) == (90 if grant else 120)
    assert faults() == []


def test_disputed_departure_is_the_helpers_to_give_back(mother, staff):
    give_time(mother, 120)
    helper = make_volunteer().person
    need = make_need(mother, state=NeedState.ASSIGNED)
    make_visit(need=need, volunteer=helper)
    actions.choose_payment(need_id=need.pk, payer_id=mother.pk, by=make_actor(mother), now=NOW)
    now = need.starts_at
    needs.withdraw_need(need_id=need.pk, by=make_actor(mother), now=now)

    decide(dispute(Payment.objects.get().transfer, mother, now=now), staff)

    assert (balance(mother), balance(helper)) == (120, 0)


def test_only_a_side_disputes_in_time(daughter, mother, staff):
    transfer = given(daughter, mother)

    with pytest.raises(NotAllowed):
        dispute(transfer, make_person("钱进"))
    with pytest.raises(NotAllowed):
        dispute(transfer, mother, by=make_actor(daughter))
    with pytest.raises(errors.TooLateToDispute) as late:
        dispute(transfer, daughter, now=NOW + timedelta(days=7))
    found = dispute(transfer, mother, by=staff[0])
    with pytest.raises(errors.DisputeIsOpen) as twice:
        dispute(transfer, daughter)

    assert found.opened_by == mother
    assert (late.value.code, twice.value.code) == ("dispute_too_late", "dispute_already_open")


def test_what_was_earned_is_disputed_at_its_record(mother):
    give_time(mother, 60)
    account = queries.account_of(mother.pk, cell=mother.cell)
    transfer = account.entries.get().transfer

    with pytest.raises(NotFound):
        dispute(transfer, mother)
    with pytest.raises(NotFound):
        queries.matter_of(0, cell=mother.cell)


def test_two_members_of_staff_who_are_no_side(daughter, mother, staff):
    found = dispute(given(daughter, mother), daughter)
    side = make_actor(daughter, Role.STATION_WORKER)
    proposal = {"decision": RulingDecision.STAND, "reason": "查实", "now": NOW}

    with pytest.raises(errors.NoRulingYet) as early:
        actions.answer_ruling(dispute_id=found.pk, confirm=True, by=staff[0], now=NOW)
    with pytest.raises(errors.NotForOneself) as own:
        actions.propose_ruling(dispute_id=found.pk, by=side, **proposal)
    actions.propose_ruling(dispute_id=found.pk, by=staff[0], **proposal)
    with pytest.raises(errors.DisputeIsOpen):
        actions.propose_ruling(dispute_id=found.pk, by=staff[1], **proposal)
    with pytest.raises(errors.SecondStaffNeeded) as alone:
        actions.answer_ruling(dispute_id=found.pk, confirm=True, by=staff[0], now=NOW)
    actions.answer_ruling(dispute_id=found.pk, confirm=False, by=staff[1], now=NOW)
    decide(found, staff[::-1], RulingDecision.STAND)
    with pytest.raises(errors.DisputeIsClosed) as over:
        decide(found, staff)

    assert [one.value.code for one in (early, own, alone, over)] == [
        "no_ruling_to_confirm", "not_for_oneself", "second_staff_needed", "dispute_closed",
    ]  # fmt: skip


def test_sides_reply_until_it_is_decided(daughter, mother, staff):
    found = dispute(given(daughter, mother), daughter)

    actions.reply_to_dispute(
        dispute_id=found.pk, text="她说好送我的", by=make_actor(mother), now=NOW
    )
    with pytest.raises(NotAllowed):
        actions.reply_to_dispute(dispute_id=found.pk, text="我看到了", by=staff[0], now=NOW)

    [row] = queries.dispute_rows(queries.disputes_visible_to(make_actor(daughter)), now=NOW)
    assert [text for _, text, _ in row.replies] == ["她说好送我的"]


def test_station_freezes_a_whole_book_with_a_reason(daughter, staff):
    with pytest.raises(errors.DocumentMissing) as bare:
        actions.freeze_savings(person=daughter, reason=" ", by=staff[0], now=NOW)
    with pytest.raises(NotAllowed):
        actions.freeze_savings(person=daughter, reason="疑似盗用", by=make_actor(daughter), now=NOW)
    actions.freeze_savings(person=daughter, reason="疑似盗用", by=staff[0], now=NOW)
    assert free(daughter) == 0

    actions.thaw_savings(person=daughter, reason="查清", by=staff[0], now=NOW)

    assert free(daughter) == 300
    assert bare.value.code == "document_missing"
