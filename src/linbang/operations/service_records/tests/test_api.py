"""Records over the API: same actions, same refusals."""

import pytest
from django.test import Client

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_actor, make_person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions
from linbang.operations.service_records.models import RecordVerification, ServiceRecord

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/records"


@pytest.fixture
def record() -> ServiceRecord:
    elder = make_person("李秀英")
    visit = make_presence(
        make_visit(need=make_need(elder, state=NeedState.SERVED)),
        left_by=PresenceMethod.WORD,
        by_id=elder.id,
    )
    return actions.draft_record(visit_id=visit.id, now=visit.ends_at)


def post(browser: Client, record: ServiceRecord, step: str, body: dict[str, object]) -> object:
    return browser.post(f"{ROOT}/{record.public_id}/{step}", body, content_type="application/json")


def test_record_is_confirmed_verified_and_corrected(record: ServiceRecord) -> None:
    worker = make_person("张敏", region="450103001005")
    make_actor(worker, Role.STATION_WORKER)
    resident, station = client_of(record.beneficiary), client_of(worker)

    confirmed = post(resident, record, "confirmation", {"verdict": "confirmed"}).json()
    desk = station.get(f"{ROOT}/desk/verify").json()
    verified = post(station, record, "verification", {}).json()
    corrected = post(
        station, record, "correction", {"credited_minutes": 30, "reason": "多记了"}
    ).json()

    assert (confirmed["state"], confirmed["waits"]) == ("unverified", ["entered"])
    assert desk["count"] == 1
    assert (verified["state"], verified["minutes"]) == ("verified", 60)
    assert corrected["minutes"] == 30
    totals = client_of(record.person).get(f"{ROOT}/totals").json()
    assert totals == {"proved": 0, "entered": 30, "visits": 1}


def test_volunteer_lists_own_records_only(record: ServiceRecord) -> None:
    helper = client_of(record.person)

    listed = helper.get(ROOT).json()

    assert [row["id"] for row in listed["items"]] == [str(record.public_id)]
    assert helper.get(f"{ROOT}?side=received").json()["count"] == 0


def test_refusals_are_problems(record: ServiceRecord) -> None:
    own = post(client_of(record.person), record, "confirmation", {"verdict": "confirmed"})
    stranger = post(client_of(make_person("赵外人")), record, "verification", {})

    assert (own.status_code, own.json()["code"]) == (403, "own_record")
    assert stranger.status_code == 404
    assert Client().get(ROOT).status_code == 401
    assert not RecordVerification.objects.exists()
