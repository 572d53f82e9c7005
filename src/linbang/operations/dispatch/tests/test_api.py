from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_actor, make_person
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch.factories import make_assignment, make_offer
from linbang.operations.dispatch.models import Assignment, BlockedPair, Escalation, OfferAnswer
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def need(now):
    return make_verified_need(
        make_elder(), state=NeedState.OFFERED, starts_at=now + timedelta(days=1), opened_at=now
    )


@pytest.fixture
def offer(need, now):
    return make_offer(need, make_helper("王建国"), offered_at=now)


@pytest.fixture
def clerk():
    clerk = make_person("张敏", region="450103001005")
    make_actor(clerk, Role.STATION_WORKER)
    return client_of(clerk)


def test_offers_are_listed_and_shown_to_their_volunteer(offer) -> None:
    client, stranger = client_of(offer.volunteer), client_of(make_person("外人"))

    listed = client.get("/api/v1/offers?is_open=true").json()
    past = client.get("/api/v1/offers?is_open=false").json()
    one = client.get(f"/api/v1/offers/{offer.public_id}").json()

    assert (listed["count"], past["count"]) == (1, 0)
    assert client.get("/api/v1/offers").json() == listed
    assert (one["id"], one["item"], one["why"]) == (
        str(offer.public_id), "代买代购", ["同一栋楼"]
    )  # fmt: skip
    assert stranger.get("/api/v1/offers").json()["items"] == []
    assert stranger.get(f"/api/v1/offers/{offer.public_id}").status_code == 404


def test_accepting_answers_with_the_assignment(offer) -> None:
    client = client_of(offer.volunteer)

    answer = client.post(f"/api/v1/offers/{offer.public_id}/acceptance").json()

    assignment = Assignment.objects.get()
    assert (answer["id"], answer["volunteer"]) == (str(assignment.public_id), "王建国")


def test_refusals_come_as_problems(offer, now) -> None:
    client = client_of(offer.volunteer)
    done = client.post(
        f"/api/v1/offers/{offer.public_id}/refusal", {"reason": "腰疼"}, content_type=JSON
    )

    closed = client.post(f"/api/v1/offers/{offer.public_id}/acceptance")

    assert (done.status_code, OfferAnswer.objects.get().reason) == (204, "腰疼")
    assert (closed.status_code, closed.json()["code"]) == (409, "offer_closed")
    assert closed["Content-Type"] == "application/problem+json"


def test_leaving_needs_a_reason(need, now) -> None:
    assignment = make_assignment(need, make_helper(), now=now)
    client = client_of(assignment.volunteer)
    address = f"/api/v1/assignments/{assignment.public_id}/departure"

    without = client.post(address, {}, content_type=JSON)
    left = client.post(address, {"reason": "发烧"}, content_type=JSON)

    assert (without.status_code, without.json()["code"]) == (422, "reason_missing")
    assert left.status_code == 204
    outsider = client_of(make_person("外人"))
    assert outsider.post(address, {"reason": "无"}, content_type=JSON).status_code == 404


def test_dispatcher_ranks_chooses_and_blocks(need, clerk) -> None:
    helper = make_helper("近邻")
    make_helper("没空", availability=0)
    address = f"/api/v1/needs/{need.public_id}"

    before = clerk.get(f"{address}/candidates").json()
    ranked = clerk.post(f"{address}/candidates").json()
    asked = clerk.post(
        f"{address}/offers", {"volunteer_id": str(helper.public_id)}, content_type=JSON
    )
    nobody = clerk.post(f"{address}/offers", {"volunteer_id": str(uuid4())}, content_type=JSON)
    blocked = clerk.post(
        f"{address}/blocks",
        {"volunteer_id": str(helper.public_id), "reason": "争执"},
        content_type=JSON,
    )

    assert before["ranked_at"] is None
    assert [one["volunteer"] for one in ranked["proposals"]] == ["近邻"]
    assert ranked["causes"] == [{"code": "not_available", "label": "这个时段没有空", "count": 1}]
    assert (asked.status_code, nobody.status_code, blocked.status_code) == (201, 404, 204)
    assert BlockedPair.objects.get().volunteer == helper


def test_escalations_are_listed_and_taken(need, clerk, offer) -> None:
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=need.opened_at)

    listed = clerk.get("/api/v1/escalations").json()
    taken = clerk.post(f"/api/v1/needs/{need.public_id}/takeover")

    assert listed["count"] == 1
    assert (listed["items"][0]["need_id"], listed["items"][0]["cause"]) == (
        str(need.public_id), "nobody"
    )  # fmt: skip
    assert taken.status_code == 204
    assert clerk.get("/api/v1/escalations").json()["count"] == 0
    assert client_of(offer.volunteer).get("/api/v1/escalations").json()["count"] == 0


@pytest.mark.parametrize("path", ["candidates", "offers", "blocks", "takeover"])
def test_dispatching_is_missing_for_others(need, offer, path: str) -> None:
    body = {"volunteer_id": str(offer.volunteer.public_id), "reason": "无"}
    client = client_of(offer.volunteer)

    answer = client.post(f"/api/v1/needs/{need.public_id}/{path}", body, content_type=JSON)

    assert answer.status_code == 404


def test_dispatcher_answers_for_a_volunteer(offer, clerk) -> None:
    answer = clerk.post(f"/api/v1/offers/{offer.public_id}/acceptance")

    assert answer.json()["volunteer_id"] == str(offer.volunteer.public_id)
