"""The pages of the trail: audit stands below access, so they are tried from here."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.tests.cast import make_member
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.audit.factories import make_event

pytestmark = pytest.mark.django_db
TRAIL, LOG = "/console/audit/", "/account/access-log/"


@pytest.mark.parametrize("url", [TRAIL, LOG])
def test_stranger_is_sent_to_sign_in(client: Client, url: str) -> None:
    assert client.get(url)["Location"] == f"/sign-in/?next={url}"


@pytest.mark.parametrize("role", [None, Role.STATION_WORKER, Role.SECURITY_ADMIN])
def test_trail_does_not_exist_for_others(role: Role | None) -> None:
    assert client_of(make_member("外人", role)).get(TRAIL).status_code == 404


def test_auditor_reads_who_did_what() -> None:
    clerk = make_member("张敏", Role.STATION_WORKER)
    make_event("access.grant_role", account_id=clerk.pk, subject_type="places.station")
    make_event("access.sign_in", subject_type="gone.table", address="203.0.113.9")
    make_event("somewhere.else", region_code="450102")
    client = client_of(make_member("周宁", Role.AUDITOR, region="450103"))

    page = client.get(TRAIL)
    by_person = client.get(TRAIL, {"person": "张", "action": "nonsense"})

    text = page.content.decode()
    shown = ["张敏", "授予角色", "服务站", "gone.table", "访客", "203.0.113.9"]
    assert [word for word in shown if word not in text] == []
    assert "somewhere.else" not in text
    assert [event.account_id for event in by_person.context["page"]] == [clerk.pk]


def test_person_reads_own_log_with_masked_names() -> None:
    clerk, elder = make_member("张敏"), make_member("李秀英")
    make_event(
        "people.unmask", about_id=elder.person.pk, person_id=clerk.person.pk,
        account_id=clerk.pk, outcome=Outcome.SEEN, detail={"reason": "电话回访"},
    )  # fmt: skip

    text = client_of(elder).get(LOG).content.decode()

    assert "张*" in text
    assert "张敏" not in text
    assert "电话回访" in text
    assert "还没有人看过" in client_of(clerk).get(LOG).content.decode()


def test_api_lists_the_trail_for_auditors_only() -> None:
    clerk = make_member("张敏", Role.STATION_WORKER)
    event = make_event("access.grant_role", account_id=clerk.pk)
    auditor = client_of(make_member("周宁", Role.AUDITOR, region="450103"))

    answer = auditor.get("/api/v1/audit-events", {"action": "access.grant"}).json()

    assert [found["id"] for found in answer["items"]] == [str(event.pk)]
    assert answer["items"][0]["account_id"] == str(clerk.pk)
    assert client_of(clerk).get("/api/v1/audit-events").status_code == 404
    assert client_of(clerk).get("/api/v1/me/access-log").json()["items"] == []
    assert Client().get("/api/v1/audit-events").status_code == 401


def test_trail_costs_the_same_for_one_and_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(make_member("周宁", Role.AUDITOR, region="450103"))
    make_event(account_id=make_member("张敏").pk)
    client.get(TRAIL)
    with CaptureQueriesContext(connection) as for_one:
        client.get(TRAIL)
    for _ in range(2):
        make_event(account_id=make_member("张敏").pk)

    with django_assert_num_queries(len(for_one)):
        assert len(client.get(TRAIL).context["page"]) == 3
