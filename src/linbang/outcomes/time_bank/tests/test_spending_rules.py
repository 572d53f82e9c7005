"""Decision tables of spending; each quotes its rule."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import Relation
from linbang.intake.needs.choices import NeedState
from linbang.outcomes.time_bank import errors, rules
from linbang.outcomes.time_bank.choices import (
    DisputeState,
    GiftReceiver,
    Purpose,
    RulingDecision,
)
from linbang.outcomes.time_bank.rules import BEIJING, GUANGZHOU, NANJING, SHANGHAI, XINZHU, Share

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
PARENT, CHILD, OTHER = Relation.PARENT, Relation.CHILD, Relation.OTHER


@pytest.mark.parametrize(
    ("minutes", "step", "cost"),
    [(60, 30, 60), (50, 30, 60), (61, 30, 90), (15, 30, 30), (90, 60, 120)],
)
def test_rule_69_a_visit_costs_its_planned_time_in_whole_steps(minutes, step, cost):
    assert rules.cost_minutes(TEN, TEN + timedelta(minutes=minutes), step=step) == cost


@pytest.mark.parametrize(
    ("scheme", "age", "relation", "hardship", "refusal"),
    [
        (XINZHU, 60, None, False, None),
        (XINZHU, 59, None, False, errors.TooYoungToRedeem),
        (XINZHU, 59, None, True, errors.TooYoungToRedeem),
        (SHANGHAI, 64, None, False, errors.TooYoungToRedeem),
        (SHANGHAI, 60, None, True, None),
        (XINZHU, 60, PARENT, False, None),
        (XINZHU, 59, PARENT, False, errors.NotARelative),
        (XINZHU, 80, OTHER, False, errors.NotARelative),
        (BEIJING, 80, PARENT, False, None),
        (BEIJING, 80, Relation.SPOUSE, False, errors.NotARelative),
    ],
)
def test_rule_70_who_is_paid_for(scheme, age, relation, hardship, refusal):
    def ask():
        rules.require_redeemer(
            scheme,
            item_code="cleaning" if scheme is SHANGHAI else "company",
            age=age,
            relation=relation,
            is_hardship=hardship,
        )

    if refusal is None:
        ask()
    else:
        with pytest.raises(refusal):
            ask()


@pytest.mark.parametrize(("item", "allowed"), [("meal", True), ("legal", False)])
def test_schemes_name_what_is_paid_for(item, allowed):
    if allowed:
        rules.require_redeemer(NANJING, item_code=item, age=70, relation=None, is_hardship=False)
    else:
        with pytest.raises(errors.ItemNotPayable):
            rules.require_redeemer(
                NANJING, item_code=item, age=70, relation=None, is_hardship=False
            )


@pytest.mark.parametrize(
    ("balance", "has_grant", "refused"),
    [(6000, False, False), (5999, False, True), (0, True, False)],
)
def test_guangzhou_spends_from_a_hundred_hours(balance, has_grant, refused):
    if refused:
        with pytest.raises(errors.BelowMinRedeem):
            rules.require_min_redeem(GUANGZHOU, balance=balance, has_grant=has_grant)
    else:
        rules.require_min_redeem(GUANGZHOU, balance=balance, has_grant=has_grant)


@pytest.mark.parametrize(
    ("grant", "own", "shares"),
    [
        (0, 120, (Share(1, False, 60), Share(2, False, 60))),
        (60, 60, (Share(1, True, 60), Share(2, False, 60))),
        (90, 30, (Share(1, True, 60), Share(2, True, 30), Share(2, False, 30))),
        (200, 0, (Share(1, True, 60), Share(2, True, 60))),
    ],
)
def test_rule_71_the_months_grant_is_spent_first(grant, own, shares):
    assert rules.allocate(60, [1, 2], grant_free=grant, own_free=own) == shares


def test_nothing_is_paid_in_part():
    with pytest.raises(errors.NotEnoughSaved):
        rules.allocate(60, [1, 2], grant_free=59, own_free=60)


@pytest.mark.parametrize(("before", "departed"), [(31, False), (30, True), (-5, True)])
def test_rule_69_the_helper_is_on_the_way_half_an_hour_before(before, departed):
    assert rules.has_departed(TEN, TEN - timedelta(minutes=before)) is departed


@pytest.mark.parametrize(
    ("minutes", "percent", "share"), [(60, 50, 30), (90, 50, 45), (31, 50, 15), (60, 0, 0)]
)
def test_rule_69_half_goes_to_the_helper(minutes, percent, share):
    assert rules.departure_share(minutes, percent=percent) == share


@pytest.mark.parametrize(
    ("parts", "due", "paid"),
    [([30, 60], 60, [30, 30]), ([30, 60], 20, [20, 0]), ([60], 90, [60]), ([], 5, [])],
)
def test_promises_pay_one_after_the_other(parts, due, paid):
    assert rules.paid_from(parts, due) == paid


@pytest.mark.parametrize(
    ("state", "open_"),
    [
        (NeedState.OPENED, True),
        (NeedState.ASSIGNED, True),
        (NeedState.UNDER_WAY, False),
        (NeedState.FULFILLED, False),
        (NeedState.WITHDRAWN, False),
    ],
)
def test_payment_is_chosen_until_somebody_is_there(state, open_):
    if open_:
        rules.require_payable(state)
    else:
        with pytest.raises(errors.TooLateToPay):
            rules.require_payable(state)


@pytest.mark.parametrize(
    ("scheme", "relation", "age", "kind"),
    [
        (XINZHU, PARENT, 60, GiftReceiver.DIRECT_RELATIVE),
        (XINZHU, PARENT, 59, None),
        (XINZHU, None, 80, None),
        (XINZHU, OTHER, 80, None),
        (NANJING, PARENT, 80, None),
        (SHANGHAI, OTHER, 70, GiftReceiver.RELATIVE),
        (SHANGHAI, None, 30, GiftReceiver.FRIEND),
    ],
)
def test_rule_70_who_may_be_given_time(scheme, relation, age, kind):
    assert rules.gift_kind(scheme, relation=relation, age=age) == kind


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("妈，周三有人来打扫", False),
        ("元旦一块儿吃饭", False),
        ("给您2个小时，一块去看花", False),
        ("收到给你50元", True),
        ("五十块钱一个", True),
        ("￥30", True),
        ("发你红包", True),
        ("转账给我", True),
        ("出售时间", True),
        ("", False),
    ],
)
def test_rule_67_units_are_not_money(text, money):
    assert rules.speaks_of_money(text) is money


@pytest.mark.parametrize(
    ("units", "minutes"), [("0.5", 30), ("2", 120), ("0", None), ("0.25", None), ("-1", None)]
)
def test_rule_66_units_are_given_in_halves(units, minutes):
    if minutes is None:
        with pytest.raises(errors.NotWholeSteps) as refused:
            rules.minutes_of(Decimal(units), scheme=XINZHU)
        assert "0.5" in str(refused.value)
    else:
        assert rules.minutes_of(Decimal(units), scheme=XINZHU) == minutes


def test_rule_66_nobody_is_given_above_the_limit():
    rules.require_room(1400, 100, most=1500)
    with pytest.raises(errors.ReceiverFull):
        rules.require_room(1401, 100, most=1500)


@pytest.mark.parametrize(
    ("relation", "back"),
    [
        (CHILD, PARENT),
        (Relation.GRANDPARENT, Relation.GRANDCHILD),
        (Relation.SPOUSE, Relation.SPOUSE),
    ],
)
def test_relations_are_told_from_either_side(relation, back):
    assert rules.inverse(relation) == back
    assert rules.inverse(back) == relation


@pytest.mark.parametrize(
    ("purpose", "days", "refusal"),
    [
        (Purpose.GIFT, 6, None),
        (Purpose.REDEEMED, 6, None),
        (Purpose.GIFT, 7, errors.TooLateToDispute),
        (Purpose.EARNED, 0, errors.NotDisputable),
    ],
)
def test_rule_73_disputes_come_within_seven_days(purpose, days, refusal):
    now = TEN + timedelta(days=days)

    assert rules.may_dispute(purpose, TEN, scheme=XINZHU, now=now) is (refusal is None)
    if refusal:
        with pytest.raises(refusal):
            rules.require_disputable(purpose, TEN, scheme=XINZHU, now=now)
    else:
        rules.require_disputable(purpose, TEN, scheme=XINZHU, now=now)


def test_rule_73_they_are_decided_within_ten_working_days():
    assert rules.answer_due(TEN, scheme=XINZHU) == date(2026, 12, 8)
    assert rules.answer_due(TEN, scheme=replace(XINZHU, dispute_answer_workdays=1)) == date(
        2026, 11, 25
    )


@pytest.mark.parametrize(
    ("closed_by", "proposed", "state"),
    [
        (None, False, DisputeState.OPEN),
        (None, True, DisputeState.PROPOSED),
        (RulingDecision.STAND, True, DisputeState.STANDS),
        (RulingDecision.REVERSE, False, DisputeState.REVERSED),
    ],
)
def test_where_a_dispute_stands(closed_by, proposed, state):
    assert rules.dispute_state(closed_by=closed_by, is_proposed=proposed) == state


def test_rule_73_two_bystanders_decide():
    rules.require_bystander(3, concerned=(1, 2))
    rules.require_second(3, proposed_by=4)
    for by in (None, 1):
        with pytest.raises(errors.NotForOneself):
            rules.require_bystander(by, concerned=(1, 2))
    with pytest.raises(errors.SecondStaffNeeded):
        rules.require_second(4, proposed_by=4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" https://lin.example/card/S450103000042/ ", "S450103000042"),
        ("v0000000012", "V0000000012"),
    ],
)
def test_cards_are_read_by_address_or_number(text, number):
    assert rules.number_on_card(text) == number


def test_red_cards_know_their_county():
    assert rules.is_savings_number("S450103000042")
    assert not rules.is_savings_number("V0000000012")
    assert rules.cell_of_card("S450103000042") == "450103"
