from datetime import date

import pytest
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger.actions import freeze_account, post_transfer
from linbang.foundation.ledger.factories import make_account, make_order
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.factories import make_adoption, make_posting

pytestmark = pytest.mark.django_db
STATEMENT = reverse("time_bank:statement")


@pytest.fixture
def helper():
    return make_volunteer("王建国").person


def page_of(person):
    return reverse("time_bank:person", args=[person.public_id])


def test_stranger_signs_in_first(client):
    response = client.get(STATEMENT)

    assert response.status_code == 302
    assert STATEMENT in response["Location"]


def test_empty_statement_says_how_to_begin(client, helper):
    client.force_login(helper.account)

    response = client.get(STATEMENT)

    assert "还没有存下时间" in response.content.decode()


def test_statement_shows_own_movements_only(client, helper):
    make_posting(helper, minutes=90)
    make_posting(make_volunteer("赵敏").person, minutes=450)
    client.force_login(helper.account)

    shown = client.get(STATEMENT)
    text = shown.content.decode()

    assert [line.minutes for line in shown.context["statement"].lines] == [90]
    assert "1.5" in text
    assert "存入" in text
    assert "7.5" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_statement_asks_the_same_however_long(count, helper, django_assert_num_queries):
    for _ in range(count):
        make_posting(helper)

    with django_assert_num_queries(5):
        statement = queries.statement_of(helper)

    assert len(statement.lines) == count


def test_statement_turns_pages(helper):
    for _ in range(3):
        make_posting(helper)

    first = queries.statement_of(helper, limit=2)
    second = queries.statement_of(helper, before=first.older_before, limit=2)

    assert [line.balance_after for line in first.lines] == [180, 120]
    assert [line.balance_after for line in second.lines] == [60]
    assert second.older_before is None


@pytest.mark.parametrize("before", ["1", "x", "-3"])
def test_statement_takes_any_page_number(client, helper, before):
    make_posting(helper)
    client.force_login(helper.account)

    assert client.get(STATEMENT, {"before": before}).context["statement"].balance == 60


def test_frozen_account_is_explained(client, helper):
    make_posting(helper)
    account = queries.account_of(helper.pk, cell=helper.cell)
    freeze_account(account_id=account.pk, cell=account.cell, now=account.opened_at)
    client.force_login(helper.account)

    assert "暂时冻结" in client.get(STATEMENT).content.decode()


def test_scheme_goes_by_its_local_name(client, helper, settings):
    settings.LINBANG_SCHEME_NAME, settings.LINBANG_UNIT_NAME = "互助时间平台", "时间币"
    client.force_login(helper.account)

    text = client.get(STATEMENT).content.decode()

    assert "互助时间平台" in text
    assert "时间币" in text


def test_worker_sees_people_of_own_region(client, helper):
    posting = make_posting(helper)
    worker = make_person("陈静")
    make_actor(worker, Role.STATION_WORKER)
    client.force_login(worker.account)

    response = client.get(page_of(helper))

    assert response.context["statement"].balance == 60
    assert "王建国" not in response.content.decode()
    event = AuditEvent.objects.get(action="time_bank.see_statement")
    assert (event.person_id, event.about_id) == (worker.pk, posting.record.person_id)


def test_worker_of_other_region_sees_nothing(client, helper):
    make_posting(helper)
    worker = make_person("陈静")
    make_actor(worker, Role.STATION_WORKER, region="450103001006")
    client.force_login(worker.account)

    assert client.get(page_of(helper)).status_code == 404
    assert not AuditEvent.objects.filter(action="time_bank.see_statement").exists()


@pytest.mark.parametrize("role", [None, Role.BUILDING_HEAD])
def test_outsider_sees_nothing(client, helper, role):
    make_posting(helper)
    outsider = make_person("钱进")
    make_actor(outsider, role)
    client.force_login(outsider.account)

    assert client.get(page_of(helper)).status_code == 404


def test_own_page_leaves_no_trail(client, helper):
    client.force_login(helper.account)

    assert client.get(page_of(helper)).status_code == 200
    assert not AuditEvent.objects.filter(action="time_bank.see_statement").exists()


def test_statement_says_what_stands_beside_the_balance(client, helper):
    posting = make_posting(helper, minutes=540)
    make_owing(helper, posting)
    client.force_login(helper.account)

    response = client.get(STATEMENT)
    text = response.content.decode()

    asides = response.context["asides"]
    assert (asides.granted, asides.pooled, asides.owed) == (0, 60, 70)
    assert "存进了公共池" in text
    assert "以后存入时先补上" in text
    assert "在新竹社区办理" in text


def test_granted_time_stands_apart_from_what_was_saved(client):
    elder = make_person("黄秀兰", birth_date=date(1940, 5, 1))
    make_listing(elder, category=CareCategory.DIBAO)
    make_adoption(elder.region_id[:9], rules.NANJING, at=clock.now())
    actions.renew_grants(now=clock.now())
    client.force_login(elder.account)

    response = client.get(reverse("time_bank:movements"))

    assert response.context["asides"].granted == 600
    assert response.context["statement"].balance == 0
    assert "另有本月赠时" in response.content.decode()


def make_owing(person, posting):
    """Let a saver spend everything, and then a record be corrected."""
    account = queries.account_of(person.pk, cell=person.cell)
    post_transfer(
        order=make_order(account, make_account(cell=person.cell), 480), now=account.opened_at
    )
    later = make_posting(person, minutes=70, day=2)
    account = queries.account_of(person.pk, cell=person.cell)
    post_transfer(
        order=make_order(account, make_account(cell=person.cell), 70), now=account.opened_at
    )
    actions.void_credit(record_id=later.record_id, now=posting.posted_at)
