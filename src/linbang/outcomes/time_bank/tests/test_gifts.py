"""Gifts need both, and are for good (rule 70); the pool takes at once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.actions import freeze_account
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.errors import AccountFrozen, Insufficient
from linbang.foundation.people.factories import make_actor, make_kinship, make_person
from linbang.intake.needs.factories import MONDAY
from linbang.outcomes.time_bank import actions, errors, queries, rules
from linbang.outcomes.time_bank.choices import GiftOutcome
from linbang.outcomes.time_bank.factories import give_time, make_adoption
from linbang.outcomes.time_bank.models import Donation, Gift, Movement
from linbang.outcomes.time_bank.tests.cast import balance, far_elder, faults

pytestmark = pytest.mark.django_db
NOW = MONDAY


def moved():
    """Return what moved since the tests gave out what they began with."""
    return Movement.objects.exclude(purpose="earned")


@pytest.fixture
def daughter():
    return give_time(make_person("陈晓燕", birth_date=date(1975, 1, 1)), 300)


@pytest.fixture
def mother(daughter):
    mother = make_person("李秀英", birth_date=date(1944, 3, 8))
    make_kinship(mother, daughter)
    return mother


@pytest.fixture
def worker():
    return make_actor(make_person("陈静"), Role.STATION_WORKER)


def offer(giver, receiver, minutes=60, *, by=None, key=None, now=NOW, **more):
    return actions.offer_gift(
        giver_id=giver.pk,
        receiver_id=receiver.pk,
        minutes=minutes,
        key=key or uuid4(),
        by=by or make_actor(giver),
        now=now,
        **more,
    )


def answer(gift, person, *, accept=True, by=None, now=NOW, **more):
    return actions.answer_gift(
        gift_id=gift.pk, accept=accept, by=by or make_actor(person), now=now, **more
    )


def free(person):
    return queries.wallet_of(person, served_at=NOW).own_free


def test_gift_is_held_until_taken(daughter, mother):
    key = uuid4()
    gift = offer(daughter, mother, key=key, note="妈妈用")

    assert (balance(daughter), free(daughter), balance(mother)) == (300, 240, 0)
    assert offer(daughter, mother, key=key) == gift

    first = answer(gift, mother)

    assert (balance(daughter), balance(mother)) == (240, 60)
    assert answer(gift, mother) == first
    assert set(moved().values_list("person_id", "minutes", "purpose")) == {
        (daughter.pk, -60, "gift"),
        (mother.pk, 60, "gift"),
    }
    with pytest.raises(errors.GiftClosed) as refused:
        answer(gift, mother, accept=False)
    assert refused.value.code == "gift_closed"
    assert faults() == []


def test_declined_gift_returns(daughter, mother):
    gift = offer(daughter, mother)

    answer(gift, mother, accept=False)

    assert (free(daughter), balance(mother)) == (300, 0)


def test_gift_returns_after_a_week(daughter, mother):
    gift = offer(daughter, mother)
    later = NOW + timedelta(days=7)

    with pytest.raises(errors.GiftClosed):
        answer(gift, mother, now=later)
    assert actions.expire_gifts(now=later) == 1

    gift = Gift.objects.select_related("answer").get()
    assert gift.answer.outcome == GiftOutcome.EXPIRED
    assert free(daughter) == 300
    assert actions.expire_gifts(now=later) == 0


def test_gift_to_another_county_arrives_there(daughter):
    mother = far_elder()
    make_kinship(mother, daughter)

    answer(offer(daughter, mother), mother)

    assert mother.cell != daughter.cell
    assert (balance(daughter), balance(mother)) == (240, 60)
    assert faults() == []


@pytest.mark.parametrize("case", ["stranger", "unconfirmed", "young", "oneself"])
def test_only_registered_relatives_of_sixty_are_given_time(case, daughter):
    receiver = make_person("韦兰芳", birth_date=date(1944, 1, 1))
    if case == "unconfirmed":
        make_kinship(receiver, daughter, confirmed=False)
    if case == "young":
        receiver = make_person("陈小", birth_date=date(2000, 1, 1))
        make_kinship(receiver, daughter)
    if case == "oneself":
        receiver = daughter

    with pytest.raises(errors.GiftNotAllowed) as refused:
        offer(daughter, receiver)
    assert refused.value.code == "gift_not_allowed"
    assert queries.receivers_for(daughter, now=NOW) == []


def test_shanghai_lets_friends_give(daughter):
    make_adoption(daughter.region_id[:12], rules.SHANGHAI, at=NOW)
    friend = make_person("韦兰芳", birth_date=date(1980, 1, 1))

    answer(offer(daughter, friend), friend)

    assert balance(friend) == 60


def test_gifts_speak_of_no_money(daughter, mother):
    with pytest.raises(errors.UnitsAreNotMoney) as refused:
        offer(daughter, mother, note="收到发我50元")
    assert (refused.value.code, refused.value.field) == ("units_are_not_money", "note")


def test_three_gifts_a_day(daughter, mother):
    for _ in range(3):
        offer(daughter, mother, 30)

    with pytest.raises(errors.TooManyGifts) as refused:
        offer(daughter, mother, 30)
    assert refused.value.code == "gifts_a_day_reached"
    offer(daughter, mother, 30, now=NOW + timedelta(days=1))


def test_full_receiver_takes_no_more(daughter, mother):
    give_time(mother, 1500 * 60)

    with pytest.raises(errors.ReceiverFull) as refused:
        offer(daughter, mother)
    assert refused.value.code == "receiver_is_full"


def test_receiver_who_filled_up_meanwhile_cannot_take(daughter, mother):
    gift = offer(daughter, mother)
    give_time(mother, 1500 * 60)

    with pytest.raises(errors.ReceiverFull):
        answer(gift, mother)


def test_nobody_gives_what_is_not_there(daughter, mother):
    with pytest.raises(Insufficient):
        offer(daughter, mother, 330)


def test_frozen_book_gives_nothing(daughter, mother):
    account = queries.account_of(daughter.pk, cell=daughter.cell)
    freeze_account(account_id=account.pk, cell=account.cell, now=NOW)

    with pytest.raises(AccountFrozen):
        offer(daughter, mother)
    assert queries.wallet_of(daughter, served_at=NOW).own_free == 0


def test_giver_never_answers_for_the_receiver(daughter, mother):
    with pytest.raises(NotAllowed):
        answer(offer(daughter, mother), mother, by=make_actor(daughter))


def test_worker_acts_for_both_sides_with_reasons(daughter, mother, worker):
    with pytest.raises(errors.ProxyReasonMissing) as refused:
        offer(daughter, mother, by=worker)
    assert refused.value.code == "proxy_reason_missing"
    gift = offer(daughter, mother, by=worker, reason="来站里办理")
    answer(gift, mother, by=worker, reason="电话里同意")

    assert gift.reason == "来站里办理"
    assert balance(mother) == 60


def test_outsider_gives_for_nobody(daughter, mother):
    with pytest.raises(NotAllowed):
        offer(daughter, mother, by=make_actor(make_person("钱进")))
    with pytest.raises(NotFound):
        actions.offer_gift(giver_id=daughter.pk, receiver_id=0, minutes=60, key=uuid4(),
                           by=make_actor(daughter), now=NOW)  # fmt: skip


def give_to_pool(person, minutes=60, *, by=None, key=None, **more):
    return actions.donate(
        person_id=person.pk,
        minutes=minutes,
        key=key or uuid4(),
        by=by or make_actor(person),
        now=NOW,
        **more,
    )


def test_donation_is_the_pools_at_once(daughter):
    key = uuid4()

    donation = give_to_pool(daughter, key=key)

    assert give_to_pool(daughter, key=key) == donation
    assert balance(daughter) == 240
    pool = ledger.balance(
        cell=daughter.cell,
        owner=rules.pool_of("", cell=daughter.cell),
        unit=Unit.MINUTES,
        kind=AccountKind.POOL,
    )
    assert pool == 60
    assert Donation.objects.count() == 1
    assert faults() == []


def test_donation_is_refused_like_a_gift(daughter, worker):
    with pytest.raises(Insufficient):
        give_to_pool(daughter, 330)
    with pytest.raises(errors.UnitsAreNotMoney):
        give_to_pool(daughter, note="折现100元")
    with pytest.raises(errors.ProxyReasonMissing):
        give_to_pool(daughter, by=worker)
    assert give_to_pool(daughter, by=worker, reason="本人来站").reason == "本人来站"
