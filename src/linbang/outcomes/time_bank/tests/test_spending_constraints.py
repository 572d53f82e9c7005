"""What the database itself refuses of spending."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.ledger.factories import make_account
from linbang.foundation.ledger.models import Hold, Transfer
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions as service_records
from linbang.outcomes.time_bank import actions
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import (
    Dispute,
    DisputeReply,
    Donation,
    Estate,
    Gift,
    GiftAnswer,
    Nomination,
    Payment,
    Redemption,
    RedemptionPart,
    Refund,
    Ruling,
    SavingsCard,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elder():
    return give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 300)


def breaks(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def transfer_of(person):
    return Transfer.objects.filter(cell=person.cell).earliest("pk")


def hold_for(person, key="h"):
    account = make_account(cell=person.cell)
    return Hold.objects.create(
        cell=person.cell, key=key, account=account, amount=1, purpose="x", placed_at=MONDAY
    )


def paid(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    actions.choose_payment(need_id=need.pk, payer_id=elder.pk, by=make_actor(elder), now=MONDAY)
    visit = make_presence(make_visit(need=need, volunteer=make_volunteer().person))
    record = service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    service_records.confirm_record(
        record_id=record.pk, verdict="confirmed", by=make_actor(elder), now=visit.ends_at
    )
    return Payment.objects.get()


def test_redemptions(elder):
    need = make_need(elder)
    row = {
        "cell": elder.cell, "need": need, "payer": elder, "minutes_each": 60,
        "chosen_by_id": elder.pk, "chosen_at": MONDAY,
    }  # fmt: skip
    first = Redemption.objects.create(**row)

    breaks("redemption_open_once_a_need", lambda: Redemption.objects.create(**row))
    closed = {**row, "ended_at": MONDAY}
    breaks(
        "redemption_costs_something",
        lambda: Redemption.objects.create(**{**closed, "minutes_each": 0}),
    )
    breaks(
        "redemption_by_others_says_why",
        lambda: Redemption.objects.create(**{**closed, "chosen_by_id": 0}),
    )
    hold = hold_for(elder)
    breaks(
        "redemption_place_from_1_to_4",
        lambda: RedemptionPart.objects.create(
            cell=elder.cell, redemption=first, place=5, account=hold.account, hold=hold,
            minutes=1, held_at=MONDAY,
        ),
    )  # fmt: skip


def test_payments(elder):
    payment = paid(elder)
    other = RedemptionPart.objects.create(
        cell=elder.cell, redemption=payment.part.redemption, place=2,
        account=payment.part.account, hold=hold_for(elder), minutes=60, held_at=MONDAY,
    )  # fmt: skip

    breaks(
        "payment_is_for_a_record_or_a_departure",
        lambda: Payment.objects.create(
            cell=elder.cell, part=other, transfer=transfer_of(elder), helper=payment.helper,
            purpose="redeemed", minutes=1, branch_id=elder.region_id, paid_at=MONDAY,
        ),
    )  # fmt: skip
    breaks(
        "refund_returns_something",
        lambda: Refund.objects.create(
            cell=elder.cell, payment=payment, transfer=transfer_of(elder), minutes=0, at=MONDAY
        ),
    )
    breaks("time_bank_payment is append-only", lambda: Payment.objects.update(minutes=1))
    breaks(
        "time_bank_redemptionpart is append-only", lambda: RedemptionPart.objects.update(minutes=1)
    )


def test_gifts(elder):
    other = make_person("陈晓燕")
    row = {
        "cell": elder.cell, "giver": elder, "receiver": other, "minutes": 60, "note": "",
        "hold": hold_for(elder), "by_id": elder.pk, "offered_at": MONDAY,
        "expires_at": MONDAY + timedelta(days=7),
    }  # fmt: skip

    breaks("gift_gives_something", lambda: Gift.objects.create(**{**row, "minutes": 0}))
    breaks("gift_joins_two_people", lambda: Gift.objects.create(**{**row, "receiver": elder}))
    breaks("gift_by_others_says_why", lambda: Gift.objects.create(**{**row, "by_id": 0}))
    gift = Gift.objects.create(**row)
    breaks(
        "gift_moves_when_accepted",
        lambda: GiftAnswer.objects.create(
            cell=elder.cell, gift=gift, outcome="accepted", at=MONDAY
        ),
    )
    breaks("time_bank_gift is append-only", lambda: Gift.objects.update(minutes=1))


def test_donations_and_cards(elder):
    row = {
        "cell": elder.cell, "person": elder, "transfer": transfer_of(elder), "minutes": 60,
        "note": "", "by_id": elder.pk, "at": MONDAY,
    }  # fmt: skip

    breaks("donation_gives_something", lambda: Donation.objects.create(**{**row, "minutes": 0}))
    breaks("donation_by_others_says_why", lambda: Donation.objects.create(**{**row, "by_id": 0}))
    card = {"cell": elder.cell, "issued_at": MONDAY}
    breaks(
        "savings_card_number_is_a_lot",
        lambda: SavingsCard.objects.create(**card, person=elder, number="12"),
    )
    SavingsCard.objects.create(**card, person=elder, number="S450103000001")
    breaks(
        "savings_card_number_once",
        lambda: SavingsCard.objects.create(
            **card, person=make_person("陈晓燕"), number="S450103000001"
        ),
    )


def test_disputes(elder):
    row = {
        "cell": elder.cell, "transfer": transfer_of(elder), "opened_by": elder,
        "region_id": elder.region_id, "minutes": 60, "text": "x", "opened_at": MONDAY,
        "due_on": MONDAY.date(),
    }  # fmt: skip
    dispute = Dispute.objects.create(**row)
    breaks("dispute_once_a_transfer", lambda: Dispute.objects.create(**row))
    reply = DisputeReply.objects.create(
        cell=elder.cell, dispute=dispute, by_id=elder.pk, text="x", at=MONDAY
    )
    breaks("time_bank_disputereply is append-only", reply.delete)
    ruling = {
        "cell": elder.cell, "dispute": dispute, "decision": "stand", "reason": "x",
        "proposed_by_id": 1, "proposed_at": MONDAY,
    }  # fmt: skip
    breaks(
        "ruling_needs_two_people",
        lambda: Ruling.objects.create(
            **ruling, answered_by_id=1, answered_at=MONDAY, is_confirmed=True
        ),
    )
    Ruling.objects.create(**ruling)
    breaks("ruling_open_once_a_dispute", lambda: Ruling.objects.create(**ruling))


def test_passing_on(elder):
    row = {"cell": elder.cell, "person": elder, "by_id": elder.pk, "named_at": MONDAY}
    breaks("nomination_names_another", lambda: Nomination.objects.create(**row, heir=elder))
    Nomination.objects.create(**row)
    breaks("nomination_counts_once", lambda: Nomination.objects.create(**row))
    estate = {
        "cell": elder.cell, "person": elder, "region_id": elder.region_id, "cause": "died",
        "opened_at": MONDAY,
    }  # fmt: skip
    proposed = {**estate, "proposed_by_id": 1, "proposed_at": MONDAY}
    breaks("estate_is_proposed_with_a_document", lambda: Estate.objects.create(**proposed))
    breaks(
        "estate_needs_two_people",
        lambda: Estate.objects.create(**proposed, document="证明", done_by_id=1, done_at=MONDAY),
    )
    Estate.objects.create(**estate)
    breaks("estate_open_once", lambda: Estate.objects.create(**estate))
