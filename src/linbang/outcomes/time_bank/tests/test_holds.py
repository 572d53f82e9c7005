"""Promises follow a need: paid, halved, given back (rule 69)."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import MONDAY, make_item, make_need
from linbang.operations.service import actions as service
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.choices import Verdict
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import actions, errors, queries, rules
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.factories import give_grant, give_time, make_adoption
from linbang.outcomes.time_bank.models import Movement, Payment, Redemption, Refund
from linbang.outcomes.time_bank.tests.cast import balance, far_volunteer, faults

pytestmark = pytest.mark.django_db
NOW = MONDAY


def moved():
    """Return what moved since the tests gave out what they began with."""
    return Movement.objects.exclude(purpose="earned")


@pytest.fixture
def elder():
    return give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 300)


@pytest.fixture
def worker():
    return make_actor(make_person("陈静"), Role.STATION_WORKER)


def choose(need, payer, by=None, **more):
    by = by or make_actor(payer)
    return actions.choose_payment(need_id=need.pk, payer_id=payer.pk, by=by, now=NOW, **more)


def free(person, at=NOW):
    return queries.wallet_of(person, served_at=at).own_free


def confirmed(need, helper, *, place=1, by=None):
    """Let a helper's planned hour take place, and the beneficiary confirm it."""
    visit = make_presence(make_visit(need=need, volunteer=helper, place=place))
    record = service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)
    service_records.confirm_record(
        record_id=record.pk,
        verdict=Verdict.CONFIRMED,
        by=by or make_actor(need.beneficiary),
        now=visit.ends_at,
    )
    return ServiceRecord.objects.get(pk=record.pk)


def test_choice_promises_the_minutes_of_every_helper(elder):
    need = make_need(elder, minutes=50, helpers=2)

    redemption = choose(need, elder)

    assert redemption.minutes_each == 60
    assert (free(elder), balance(elder)) == (180, 300)
    assert choose(need, elder) == redemption
    assert faults() == []


def test_confirmed_visit_is_paid_and_the_helper_earns(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = make_volunteer().person
    choose(need, elder)

    confirmed(need, helper)

    assert (balance(elder), free(elder), balance(helper)) == (240, 240, 60)
    assert Redemption.objects.get().ended_at is not None
    [spent] = moved().filter(person=elder)
    branch = rules.branch_of(need.region_id)
    assert (spent.minutes, spent.purpose, spent.branch_id) == (-60, "redeemed", branch)
    assert faults() == []


def test_shorter_service_costs_less(elder):
    need = make_need(elder, state=NeedState.ASSIGNED, minutes=120)
    choose(need, elder)
    helper = make_volunteer().person
    visit = make_visit(need=need, volunteer=helper)
    make_presence(visit, left_at=visit.starts_at + timedelta(minutes=60))
    record = service_records.draft_record(visit_id=visit.pk, now=visit.ends_at)

    service_records.confirm_record(
        record_id=record.pk, verdict=Verdict.CONFIRMED, by=make_actor(elder), now=visit.ends_at
    )

    assert (balance(elder), free(elder), balance(helper)) == (240, 240, 60)


def test_need_without_units_is_served_all_the_same(elder):
    poor = make_person("韦兰芳", birth_date=date(1944, 1, 1))
    need = make_need(poor, state=NeedState.ASSIGNED)

    with pytest.raises(errors.NotEnoughSaved):
        choose(need, poor)
    helper = make_volunteer().person
    confirmed(need, helper)

    assert balance(helper) == 60
    assert not Payment.objects.exists()


def test_helper_in_another_county_is_paid_there(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = far_volunteer()
    choose(need, elder)

    confirmed(need, helper)

    assert helper.cell != elder.cell
    assert (balance(elder), balance(helper)) == (240, 60)
    assert faults() == []


def test_withdrawing_in_time_gives_everything_back(elder):
    need = make_need(elder)
    choose(need, elder)

    needs.withdraw_need(need_id=need.pk, by=make_actor(elder), now=NOW)

    assert (balance(elder), free(elder)) == (300, 300)


def withdrawn_on_the_way(need, elder):
    now = need.starts_at - timedelta(minutes=20)
    needs.withdraw_need(need_id=need.pk, by=make_actor(elder), now=now)


def test_withdrawing_on_the_way_gives_half_to_the_helper(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = make_volunteer().person
    make_visit(need=need, volunteer=helper)
    choose(need, elder)

    withdrawn_on_the_way(need, elder)

    assert (balance(elder), free(elder), balance(helper)) == (270, 270, 30)
    assert not ServiceRecord.objects.exists()
    assert set(moved().values_list("person_id", "minutes")) == {
        (elder.pk, -30),
        (helper.pk, 30),
    }
    assert faults() == []


def test_half_for_a_helper_from_another_county(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = far_volunteer()
    make_visit(need=need, volunteer=helper)
    choose(need, elder)

    withdrawn_on_the_way(need, elder)

    assert (balance(elder), balance(helper)) == (270, 30)
    assert faults() == []


def test_half_for_a_minor_goes_to_the_pool(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = make_volunteer("小明", birth_date=date(2010, 1, 1)).person
    make_visit(need=need, volunteer=helper)
    choose(need, elder)

    withdrawn_on_the_way(need, elder)

    assert (balance(elder), balance(helper)) == (270, 0)


def test_nobody_on_the_way_nothing_is_charged(elder):
    need = make_need(elder, state=NeedState.ESCALATED, helpers=2)
    choose(need, elder)

    withdrawn_on_the_way(need, elder)

    assert (balance(elder), free(elder)) == (300, 300)


def test_scheme_without_a_share_charges_nothing(elder):
    scheme = make_adoption(
        elder.region_id[:12], rules.XINZHU, at=NOW, limits={"departure_share_percent": 0}
    )
    need = make_need(elder, state=NeedState.ASSIGNED)
    make_visit(need=need)
    choose(need, elder)

    withdrawn_on_the_way(need, elder)

    assert scheme.limits["departure_share_percent"] == 0
    assert balance(elder) == 300


def test_declined_and_lapsed_needs_give_everything_back(elder, worker):
    declined = make_need(elder)
    choose(declined, elder)
    needs.decline_need(need_id=declined.pk, reason="不在服务范围", by=worker, now=NOW)
    lapsed = make_need(elder, item=make_item("cleaning"), state=NeedState.ESCALATED)
    choose(lapsed, elder)
    needs.advance_need(need=lapsed, state=NeedState.LAPSED, by=worker, now=NOW)

    assert free(elder) == 300
    assert not Redemption.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(("saved", "held"), [(300, 120), (60, 60)])
def test_verifying_asks_for_more_helpers_and_never_blocks(saved, held, worker):
    elder = give_time(make_person("韦兰芳", birth_date=date(1944, 1, 1)), saved)
    need = make_need(elder)
    choose(need, elder)

    needs.verify_need(need_id=need.pk, helpers=2, known_risks=[], by=worker, now=NOW)

    assert free(elder) == saved - held


def test_review_gives_back_what_fewer_helpers_leave(elder):
    need = make_need(elder, helpers=2)
    choose(need, elder)
    need.helpers = 1
    need.save(update_fields=["helpers"])

    actions.review_payment(need_id=need.pk, cell=need.cell, now=NOW)

    assert free(elder) == 240


def test_grant_is_spent_before_savings_and_not_moved(elder):
    grant = give_grant(elder, 40)
    need = make_need(elder, state=NeedState.ASSIGNED, starts_at=NOW + timedelta(hours=3))
    choose(need, elder)

    record = confirmed(need, make_volunteer().person)

    grant.account.refresh_from_db()
    assert (grant.account.balance, balance(elder)) == (0, 280)
    assert moved().filter(person=elder).count() == 1
    actions.refund_payments(record_id=record.pk, minutes_after=0, now=NOW)
    # A grant's refund is the pool's: the month may be over.
    assert balance(elder) == 300
    assert Refund.objects.count() == 2
    assert faults() == []


def test_daughter_pays_for_her_mother_but_not_with_a_grant():
    mother = make_person("李秀英", birth_date=date(1944, 3, 8))
    daughter = give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), 120)
    give_grant(daughter, 60)
    make_kinship(mother, daughter)

    choose(make_need(mother), daughter)

    assert free(daughter) == 60


def test_neighbour_does_not_pay(elder):
    need = make_need(make_person("韦兰芳", birth_date=date(1944, 1, 1)))

    with pytest.raises(errors.NotARelative):
        choose(need, elder)


def test_two_do_not_pay_for_one_need(elder):
    daughter = give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), 120)
    make_kinship(elder, daughter)
    need = make_need(elder)
    choose(need, elder)

    with pytest.raises(errors.PaymentChosen) as refused:
        choose(need, daughter)
    assert refused.value.code == "payment_already_chosen"


def test_worker_chooses_with_a_reason_and_leaves_a_trail(elder, worker):
    need = make_need(elder)

    with pytest.raises(errors.ProxyReasonMissing):
        choose(need, elder, by=worker)
    redemption = choose(need, elder, by=worker, reason="本人来电")

    assert (redemption.chosen_by_id, redemption.reason) == (worker.person_id, "本人来电")
    event = AuditEvent.objects.get(action="time_bank.choose_payment")
    assert (event.person_id, event.on_behalf_of_id) == (worker.person_id, elder.pk)


def test_outsider_chooses_for_nobody(elder):
    with pytest.raises(NotAllowed):
        choose(make_need(elder), elder, by=make_actor(make_person("钱进")))
    with pytest.raises(NotFound):
        actions.choose_payment(need_id=make_need(elder, item=make_item("meal")).pk, payer_id=0,
                               by=make_actor(elder), now=NOW)  # fmt: skip


def test_choice_may_be_taken_back_until_the_helper_is_on_the_way(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    make_visit(need=need)
    actor = make_actor(elder)
    choose(need, elder)

    with pytest.raises(errors.TooLateToPay):
        actions.cancel_payment(need_id=need.pk, by=actor, now=need.starts_at - timedelta(minutes=5))
    with pytest.raises(NotAllowed):
        actions.cancel_payment(need_id=need.pk, by=make_actor(make_person("钱进")), now=NOW)
    actions.cancel_payment(need_id=need.pk, by=actor, now=NOW)

    assert free(elder) == 300
    with pytest.raises(NotFound):
        actions.cancel_payment(need_id=need.pk, by=actor, now=NOW)
    assert choose(need, elder).ended_at is None


def test_corrected_record_gives_back_what_was_paid_too_much(elder, worker):
    need = make_need(elder, state=NeedState.ASSIGNED)
    helper = make_volunteer().person
    choose(need, elder)
    record = confirmed(need, helper)

    service_records.correct_record(
        record_id=record.pk, credited_minutes=30, reason="提前离开", by=worker, now=NOW
    )
    service_records.correct_record(
        record_id=record.pk, credited_minutes=60, reason="查实满一小时", by=worker, now=NOW
    )

    # What is found later is not charged: she agreed to what was promised then.
    assert balance(elder) == 270
    assert Refund.objects.get().minutes == 30
    assert faults() == []


def test_round_gives_back_what_nobody_came_for(elder, worker):
    need = make_need(elder, state=NeedState.ASSIGNED, helpers=2)
    choose(need, elder)
    came, missed = make_volunteer().person, make_volunteer("刘二").person
    absent = make_visit(need=need, volunteer=missed, place=2)
    confirmed(need, came)
    service.record_absence(visit_id=absent.pk, note="没有来", by=worker, now=need.ends_at)
    need.state = NeedState.FULFILLED
    need.save(update_fields=["state"])
    assert (balance(elder), free(elder)) == (240, 180)

    assert actions.sweep_spending(now=need.ends_at) == 1

    assert free(elder) == 240
    assert actions.sweep_spending(now=need.ends_at) == 0


def test_spending_changes_no_service_hours(elder):
    need = make_need(elder, state=NeedState.ASSIGNED)
    choose(need, elder)

    record = confirmed(need, make_volunteer().person)

    assert (record.credited_minutes, record.verification.minutes) == (60, 60)  # rule 74
    assert Payment.objects.get().purpose == Purpose.REDEEMED
