"""Promises in any order: units are kept, nobody is below zero, the helper gets what is due."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linbang.foundation.errors import Refused
from linbang.foundation.ledger.models import Account
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.models import Visit
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.choices import Verdict
from linbang.outcomes.time_bank import actions
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import Payment, Redemption
from linbang.outcomes.time_bank.tests.cast import balance, faults

STEPS = (
    "choose", "cancel", "accept", "withdraw", "withdraw_late", "serve", "lapse", "sweep", "again",
)  # fmt: skip


class Life:
    """One need of an elder with two hours, and a model of what must be in the books."""

    def __init__(self) -> None:
        self.elder = give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 120)
        self.helper = make_volunteer().person
        self.actor = make_actor(self.elder)
        self.need = make_need(self.elder, state=NeedState.VERIFIED, minutes=90)
        self.record_id = 0
        self.promised = self.paid = self.earned = 0
        self.visit: Visit | None = None

    def take(self, step: str) -> None:
        self.need.refresh_from_db()
        try:
            getattr(self, step)()
        except Refused:
            return

    def choose(self) -> None:
        actions.choose_payment(
            need_id=self.need.pk, payer_id=self.elder.pk, by=self.actor, now=MONDAY
        )
        self.promised = 90

    def cancel(self) -> None:
        actions.cancel_payment(need_id=self.need.pk, by=self.actor, now=MONDAY)
        self.promised = 0

    def accept(self) -> None:
        if self.visit is None and self.need.state == NeedState.VERIFIED:
            needs.advance_need(need=self.need, state=NeedState.ASSIGNED, by=self.actor, now=MONDAY)
            self.visit = make_visit(need=self.need, volunteer=self.helper)

    def withdraw(self) -> None:
        needs.withdraw_need(need_id=self.need.pk, by=self.actor, now=MONDAY)
        self.promised = 0

    def withdraw_late(self) -> None:
        now = self.need.starts_at - timedelta(minutes=10)
        needs.withdraw_need(need_id=self.need.pk, by=self.actor, now=now)
        if self.visit is not None:
            self.paid += self.promised // 2
            self.earned += self.promised // 2
        self.promised = 0

    def serve(self) -> None:
        if self.visit is None or self.record_id or self.need.state != NeedState.ASSIGNED:
            return
        make_presence(self.visit, left_at=self.visit.starts_at + timedelta(minutes=60))
        record = service_records.draft_record(visit_id=self.visit.pk, now=self.visit.ends_at)
        self.record_id = record.pk
        service_records.confirm_record(
            record_id=record.pk, verdict=Verdict.CONFIRMED, by=self.actor, now=self.visit.ends_at
        )
        self.paid += min(self.promised, 60)
        self.earned += 60
        self.promised = 0

    def lapse(self) -> None:
        if self.record_id or self.visit is not None:
            return
        needs.advance_need(need=self.need, state=NeedState.LAPSED, by=self.actor, now=MONDAY)
        self.promised = 0

    def sweep(self) -> None:
        actions.sweep_spending(now=self.need.ends_at)

    def again(self) -> None:
        if self.record_id:
            actions.settle_payments(record_ids=[self.record_id], now=self.need.ends_at)
            actions.credit_records(record_ids=[self.record_id], now=self.need.ends_at)

    def check(self) -> None:
        book = Account.objects.get(owner=f"person:{self.elder.pk}")
        assert (book.balance, book.held) == (120 - self.paid, self.promised)
        assert balance(self.helper) == self.earned
        assert bool(self.promised) == Redemption.objects.filter(ended_at=None).exists()
        assert sum(one.minutes for one in Payment.objects.all()) == self.paid


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=7))
def test_promises_survive_any_order(steps):
    with transaction.atomic():
        life = Life()
        for step in steps:
            life.take(step)
            life.check()
        assert faults() == []
        transaction.set_rollback(True)
