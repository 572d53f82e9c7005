"""What becomes of savings after death or leaving (rule 72)."""

from datetime import date, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people import actions as people
from linbang.foundation.people.factories import make_actor, make_kinship, make_person
from linbang.intake.needs.factories import MONDAY
from linbang.outcomes.time_bank import actions, errors, queries
from linbang.outcomes.time_bank.choices import EstateCause
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import Estate, Nomination
from linbang.outcomes.time_bank.tests.cast import balance, far_volunteer, faults

pytestmark = pytest.mark.django_db
# After everybody was registered.
NOW = MONDAY + timedelta(days=30)


@pytest.fixture
def elder():
    return give_time(make_person("李秀英", birth_date=date(1944, 3, 8)), 300)


@pytest.fixture
def daughter(elder):
    daughter = make_person("陈晓燕", birth_date=date(1975, 1, 1))
    make_kinship(elder, daughter)
    return daughter


@pytest.fixture
def staff():
    return [make_actor(make_person(name), Role.STATION_WORKER) for name in ("陈静", "梁敏")]


def name(elder, heir, by=None):
    return actions.nominate(
        person_id=elder.pk, heir_id=heir.pk if heir else None, by=by or make_actor(elder), now=NOW
    )


def propose(elder, by, *, cause=EstateCause.DIED, to_pool=False, document="死亡证明 0042"):
    return actions.propose_estate(
        person=elder, cause=cause, document=document, to_pool=to_pool, by=by, now=NOW
    )


def test_savings_go_to_whom_she_named(elder, daughter, staff):
    name(elder, None)
    name(elder, daughter)
    propose(elder, staff[0])

    estate = actions.pass_on(person=elder, by=staff[1], now=NOW)

    assert estate.minutes == 300
    assert (balance(elder), balance(daughter)) == (0, 300)
    assert Nomination.objects.filter(ended_at=None).count() == 1
    assert faults() == []


@pytest.mark.parametrize("case", ["nobody named", "document says so", "heir is gone"])
def test_else_they_go_to_the_pool(case, elder, daughter, staff):
    if case != "nobody named":
        name(elder, daughter)
    if case == "heir is gone":
        daughter.closed_at = NOW
        daughter.save(update_fields=["closed_at"])
    propose(elder, staff[0], to_pool=case == "document says so")

    actions.pass_on(person=elder, by=staff[1], now=NOW)

    assert (balance(elder), balance(daughter)) == (0, 0)


def test_heir_above_the_limit_leaves_the_rest_to_the_pool(elder, daughter, staff):
    give_time(daughter, 1500 * 60 - 100)
    name(elder, daughter)
    propose(elder, staff[0])

    actions.pass_on(person=elder, by=staff[1], now=NOW)

    assert (balance(elder), balance(daughter)) == (0, 1500 * 60)


def test_heir_in_another_county(elder, staff):
    heir = far_volunteer()
    make_kinship(elder, heir)
    name(elder, heir)
    propose(elder, staff[0])

    actions.pass_on(person=elder, by=staff[1], now=NOW)

    assert (balance(elder), balance(heir)) == (0, 300)
    assert faults() == []


def test_closed_record_lies_on_the_desk(elder, daughter, staff):
    name(elder, daughter)
    people.close_person(person_id=elder.pk, by=make_actor(elder), now=NOW)

    [row] = queries.estate_rows(queries.estates_on_desk(staff[0]))

    assert (row.name, row.heir, row.is_proposed) == ("李**", "陈**", False)
    propose(elder, staff[0], cause=EstateCause.CLOSED)
    actions.pass_on(person=elder, by=staff[1], now=NOW)
    assert balance(daughter) == 300
    assert not queries.estates_on_desk(staff[0]).exists()


def test_person_without_savings_leaves_nothing_on_the_desk(daughter):
    people.close_person(person_id=daughter.pk, by=make_actor(daughter), now=NOW)

    assert not Estate.objects.exists()


def test_two_members_of_staff_with_a_document(elder, daughter, staff):
    name(elder, daughter)

    with pytest.raises(errors.NothingToPass) as early:
        actions.pass_on(person=elder, by=staff[1], now=NOW)
    with pytest.raises(errors.DocumentMissing):
        propose(elder, staff[0], document=" ")
    with pytest.raises(NotAllowed):
        propose(elder, make_actor(make_person("钱进")))
    with pytest.raises(errors.NotForOneself):
        propose(elder, make_actor(daughter, Role.STATION_WORKER))
    propose(elder, staff[0])
    propose(elder, staff[0], document="更正的证明")
    with pytest.raises(errors.SecondStaffNeeded):
        actions.pass_on(person=elder, by=staff[0], now=NOW)

    assert early.value.code == "nothing_to_pass_on"
    assert Estate.objects.get().document == "更正的证明"
    with pytest.raises(errors.NothingToPass):
        propose(make_person("韦兰芳"), staff[0])


def test_only_direct_relatives_are_named(elder, staff):
    with pytest.raises(errors.GiftNotAllowed):
        name(elder, make_person("韦兰芳"))
    with pytest.raises(errors.ProxyReasonMissing):
        name(elder, None, by=staff[0])
