"""The page on which a street decides by which policy hours are credited."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_worker
from linbang.intake.activities.factories import make_activity
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions, queries, rules
from linbang.operations.service_records.models import PolicyAdoption, ServiceRecord

pytestmark = pytest.mark.django_db

STREET = "450103001"
PAGE = "/console/records/policies/"


@pytest.fixture
def officer() -> Actor:
    return make_worker("韦国强", region=STREET, role=Role.STREET_OFFICER)


def serve(*minutes: int, days_ago: int = 3) -> Shift:
    """Let people have served so long some days ago."""
    shift = make_open_shift(activity=make_activity("清洁家园"), places=50)
    starts_at = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)
    starts_at -= timedelta(days=days_ago)
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    shift.refresh_from_db()
    for count in minutes:
        make_attendance(placed(shift), left_at=starts_at + timedelta(minutes=count))
    closed_at = shift.ends_at
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=closed_at)
    actions.draft_shift_records(cell=shift.cell, now=closed_at)
    return shift


def page_of(actor: Actor, query: str = "") -> str:
    return client_of(actor).get(f"{PAGE}{query}").content.decode()


def test_officer_looks_before_adopting(officer):
    serve(46, 60)

    plain, looked = page_of(officer), page_of(officer, "?policy=minutes-2")

    assert plain.count("现在用") == 3  # in the heading, over its column and below it
    assert "如果用" not in plain
    assert "如果用按分钟 第 2 版" in looked
    # 46 minutes were an hour; the other service stays.
    assert "涉及 1 人" in looked
    assert "<b>46 分钟</b>" in looked
    assert "采用这套规则" in looked
    assert not PolicyAdoption.objects.exists()


def test_adopting_changes_no_old_record(officer):
    serve(46)
    [before] = ServiceRecord.objects.values()
    tomorrow = clock.local_date(clock.now()) + timedelta(days=1)

    answer = client_of(officer).post(
        f"{PAGE}adoptions/?policy=minutes-2", {"from_date": tomorrow, "reason": "按区里的通知"}
    )

    assert answer.status_code == 302
    assert [*ServiceRecord.objects.values()] == [before]
    assert queries.policy_in_force("450103001005", tomorrow) is rules.MINUTES
    assert "按区里的通知" in page_of(officer)


def test_refused_adoption_says_why_beside_its_field(officer):
    answer = client_of(officer).post(
        f"{PAGE}adoptions/?policy=minutes-2",
        {"from_date": clock.local_date(clock.now()), "reason": "按区里的通知"},
    )

    assert answer.status_code == 422
    assert "新规则最早从明天起用" in answer.content.decode()
    assert not PolicyAdoption.objects.exists()


def test_worker_reads_but_does_not_decide():
    worker = make_worker()

    page = page_of(worker, "?policy=guangdong-1")

    assert "由街道或区里决定换不换" in page
    assert "采用这套规则" not in page
    assert client_of(worker).get(f"{PAGE}?region={STREET}").status_code == 404
    assert Client().get(PAGE).status_code == 302
    assert client_of(make_worker("路人", role=Role.SECURITY_ADMIN)).get(PAGE).status_code == 404


def test_preview_leaves_out_what_decided_for_itself_and_old_services(officer):
    serve(46)
    serve(46, days_ago=100)
    now = clock.now()
    district = make_worker("黄志远", region="450103", role=Role.DISTRICT_OFFICER)

    before = queries.preview_policy("450103", rules.MINUTES, now)
    actions.adopt_policy(
        region=STREET,
        code="national",
        version=2,
        from_date=clock.local_date(now) - timedelta(days=1),
        reason="试点",
        by=officer,
        now=now - timedelta(days=3),
    )
    after = queries.preview_policy("450103", rules.MINUTES, now)

    assert (before.comparison.services, before.comparison.changed) == (1, 1)
    assert after.comparison.services == 0
    assert "南宁市" in page_of(district) or "区" in page_of(district)


def test_preview_is_bounded_and_says_so(officer, monkeypatch):
    monkeypatch.setattr(queries.previews, "PREVIEW_MAX", 2)
    serve(46, 47, 48)

    preview = queries.preview_policy(STREET, rules.MINUTES, clock.now())

    assert (preview.comparison.services, preview.is_sample) == (2, True)
    assert "只算了最近的" in page_of(officer, "?policy=minutes-2")


@pytest.mark.parametrize("count", [1, 3])
def test_preview_costs_the_same_however_many_services(officer, count):
    serve(*[46] * count)
    client = client_of(officer)
    client.get(PAGE)

    with CaptureQueriesContext(connection) as queried:
        client.get(f"{PAGE}?policy=minutes-2")

    assert len(queried) <= 13
