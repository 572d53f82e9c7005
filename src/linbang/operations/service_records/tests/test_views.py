"""Pages of records: whose they are, what they do, what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions
from linbang.operations.service_records.choices import Verdict
from linbang.operations.service_records.models import (
    RecordConfirmation,
    RecordCorrection,
    RecordVerification,
    ServiceRecord,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def volunteer() -> Person:
    return make_volunteer("王建国").person


@pytest.fixture
def worker() -> Person:
    person = make_person("张敏", region="450103001005")
    make_actor(person, Role.STATION_WORKER)
    return person


def record_of(
    volunteer: Person, *, days_ago: int = 9, left_by: PresenceMethod = PresenceMethod.CODE
) -> ServiceRecord:
    # Ten in the morning: whenever the tests run, the visit stays within its day.
    morning = clock.day_window(clock.local_date(clock.now()))[0] + timedelta(hours=10)
    need = make_need(
        make_person("李秀英"),
        state=NeedState.SERVED,
        starts_at=morning - timedelta(days=days_ago),
        opened_at=morning - timedelta(days=days_ago + 1),
    )
    elder = need.beneficiary_id
    visit = make_presence(make_visit(need=need, volunteer=volunteer), left_by=left_by, by_id=elder)
    return actions.draft_record(visit_id=visit.id, now=visit.ends_at)


def confirmed(record: ServiceRecord, verdict: Verdict = Verdict.CONFIRMED) -> ServiceRecord:
    actions.confirm_record(
        record_id=record.id,
        verdict=verdict,
        by=make_actor(record.beneficiary),
        now=record.drafted_at,
    )
    return record


def url(name: str, record: ServiceRecord) -> str:
    return reverse(f"service_records:{name}", args=[record.public_id])


def test_addresses_in_notices_are_the_pages(volunteer: Person) -> None:
    record = record_of(volunteer)

    assert url("record", record) == f"/records/{record.public_id}/"
    assert url("confirmation", record) == f"/records/{record.public_id}/confirmation/"


def test_resident_confirms_with_one_button(volunteer: Person) -> None:
    record = record_of(volunteer)
    browser = client_of(record.beneficiary)
    page = browser.get(url("confirmation", record)).content.decode()

    answer = browser.post(url("confirmation", record), {"verdict": "confirmed"})

    assert "王**" in page
    assert "王建国" not in page
    assert answer.status_code == 302
    assert RecordVerification.objects.get(record=record).minutes == 60
    assert "您已经确认过了" in browser.get(url("confirmation", record)).content.decode()


def test_resident_objects_with_a_word(volunteer: Person) -> None:
    record = record_of(volunteer)

    client_of(record.beneficiary).post(
        url("confirmation", record), {"verdict": "disputed", "note": "没来"}
    )

    word = RecordConfirmation.objects.get(record=record)
    assert (word.verdict, word.note) == (Verdict.DISPUTED, "没来")


def test_second_answer_is_refused_on_the_page(volunteer: Person) -> None:
    record = confirmed(record_of(volunteer))

    answer = client_of(record.beneficiary).post(
        url("confirmation", record), {"verdict": "disputed"}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["record", "confirmation", "console_record"])
def test_pages_hide_from_outsiders(volunteer: Person, name: str) -> None:
    record = record_of(volunteer)

    assert client_of(make_person("赵外人")).get(url(name, record)).status_code == 404
    assert Client().get(url(name, record)).status_code == 302


def test_volunteer_confirms_no_own_record(volunteer: Person) -> None:
    record = record_of(volunteer)

    answer = client_of(volunteer).post(url("confirmation", record), {"verdict": "confirmed"})

    assert answer.status_code == 404
    assert not RecordConfirmation.objects.exists()


def test_volunteer_reads_history_and_totals(volunteer: Person) -> None:
    record = confirmed(record_of(volunteer))
    confirmed(record_of(volunteer, days_ago=8, left_by=PresenceMethod.WORD))
    browser = client_of(volunteer)

    listed = browser.get(reverse("service_records:list"))
    detail = browser.get(url("record", record)).content.decode()

    assert (listed.context["totals"].proved, listed.context["totals"].entered) == (60, 0)
    assert "自动生效 · 计 60 分钟" in detail


def test_station_phones_verifies_and_corrects(volunteer: Person, worker: Person) -> None:
    record = record_of(volunteer, left_by=PresenceMethod.WORD)
    browser = client_of(worker)
    desk = reverse("service_records:console")
    assert url("console_record", record) in browser.get(desk).content.decode()

    silent = browser.post(url("call", record), {"verdict": "confirmed", "note": ""})
    called = browser.post(url("call", record), {"verdict": "confirmed", "note": "本人接听"})
    waiting = browser.get(desk + "?tab=verify").content.decode()
    verified = browser.post(url("verification", record), {"minutes": 60, "note": ""})
    corrected = browser.post(url("correction", record), {"minutes": 30, "reason": "多记了"})

    assert (silent.status_code, called.status_code) == (422, 302)
    assert url("console_record", record) in waiting
    assert (verified.status_code, corrected.status_code) == (302, 302)
    assert RecordCorrection.objects.get(record=record).credited_minutes == 30
    page = browser.get(url("console_record", record)).content.decode()
    assert "计 30 分钟 · 多记了" in page


def test_refusals_stay_on_the_page(volunteer: Person, worker: Person) -> None:
    record = record_of(volunteer, left_by=PresenceMethod.WORD)
    browser = client_of(worker)

    unconfirmed = browser.post(url("verification", record), {"minutes": 60})
    unverified = browser.post(url("correction", record), {"minutes": 30, "reason": "x"})

    assert (unconfirmed.status_code, unverified.status_code) == (422, 422)


@pytest.mark.parametrize("name", ["list", "console"])
def test_lists_cost_the_same_for_one_and_three(
    volunteer: Person, worker: Person, name: str
) -> None:
    browser = client_of(volunteer if name == "list" else worker)
    browser.get(reverse(f"service_records:{name}"))  # the session's first request asks more
    costs = []

    for index in range(3):
        record_of(volunteer, days_ago=9 + index)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(reverse(f"service_records:{name}"))
        costs.append(len(asked))
        assert len(page.context["records"]) == index + 1

    assert costs[0] == costs[2]
