import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_kinship, make_person, make_worker
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_catalogue, make_item, make_need
from linbang.intake.needs.models import Need

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
QUERIES_MAX = 10


@pytest.fixture
def elder():
    make_catalogue()
    return make_person("李秀英")


def post(client, path, body):
    return client.post(f"{ROOT}{path}", json.dumps(body), content_type="application/json")


def asked(**changed):
    start = (clock.now() + timedelta(days=1)).replace(microsecond=0)
    return {
        "key": "0123456789abcdef", "item": "shopping", "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(), **changed,
    }  # fmt: skip


def test_catalogue_is_listed(elder):
    items = client_of(elder).get(f"{ROOT}/service-items").json()

    assert items[0]["code"] == "shopping"
    assert items[0]["category"] == "0001"


def test_resident_opens_a_need(elder):
    answer = post(client_of(elder), "/needs", asked(note="十斤米", known_risks=["dog"]))

    need = Need.objects.get()
    told = answer.json()
    assert answer.status_code == 201
    assert (told["id"], told["state"], told["known_risks"]) == (
        str(need.public_id), "opened", ["dog"],
    )  # fmt: skip
    assert need.phone not in answer.content.decode()


def test_same_key_again_answers_the_same_need(elder):
    client, body = client_of(elder), asked()

    ids = {post(client, "/needs", body).json()["id"] for _time in range(2)}

    assert len(ids) == 1


def test_same_key_with_other_content_is_a_problem(elder):
    client = client_of(elder)
    post(client, "/needs", asked())

    answer = post(client, "/needs", asked(note="别的"))

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_worker_takes_down_for_a_caller(elder):
    worker = make_worker("张敏")
    body = asked(requested_by=str(elder.public_id))

    answer = post(client_of(worker), "/needs", body)

    need = Need.objects.get()
    assert answer.status_code == 201
    assert (need.channel, need.taken_by_id) == ("phone", worker.person_id)


def test_worker_recognises_a_caller_and_others_do_not(elder):
    need = make_need(elder)
    path = f"{ROOT}/people/{elder.public_id}/caller"

    told = client_of(make_worker("张敏")).get(path).json()

    assert (told["id"], told["name"]) == (str(elder.public_id), "李秀英")
    assert [one["id"] for one in told["may_ask_for"]] == [str(elder.public_id)]
    assert [one["id"] for one in told["last"]] == [str(need.public_id)]
    assert elder.phone not in str(told)
    stranger = make_worker("何平", region=NEIGHBOUR_COMMUNITY)
    assert client_of(stranger).get(path).status_code == 404
    assert client_of(elder).get(path).status_code == 404


def test_relative_asks_and_stranger_does_not_find_her(elder):
    daughter, stranger = make_person("王芳"), make_person("赵强")
    make_kinship(elder, daughter)
    body = asked(beneficiary=str(elder.public_id))

    answers = [post(client_of(one), "/needs", body) for one in (stranger, daughter)]

    assert [answer.status_code for answer in answers] == [404, 201]
    assert Need.objects.get().channel == "relative"


def test_emergency_is_a_problem(elder):
    answer = post(client_of(elder), "/needs", asked(note="着火了"))

    assert (answer.status_code, answer.json()["code"]) == (422, "emergency_not_dispatched")


def test_station_verifies_and_the_resident_reads_it(elder):
    need = make_need(elder)
    path = f"/needs/{need.public_id}"

    verified = post(client_of(make_worker("张敏")), f"{path}/verification", {"helpers": 2})
    told = client_of(elder).get(ROOT + path).json()

    assert (verified.status_code, told["state"], told["helpers"]) == (200, "verified", 2)
    assert [step["state"] for step in told["story"]] == ["done", "now", "todo", "todo", "todo"]


def test_resident_may_not_verify_her_own(elder):
    answer = post(client_of(elder), f"/needs/{make_need(elder).public_id}/verification", {})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_declination_and_withdrawal(elder):
    worker, own = client_of(make_worker("张敏")), client_of(elder)
    declined, withdrawn = make_need(elder), make_need(elder, item=make_item("meal"))

    post(worker, f"/needs/{declined.public_id}/declination", {"reason": "请找燃气公司"})
    post(own, f"/needs/{withdrawn.public_id}/withdrawal", {})

    assert list(Need.objects.order_by("id").values_list("state", flat=True)) == [
        "declined", "withdrawn",
    ]  # fmt: skip


def test_list_is_bounded_masked_and_constant(elder):
    client, costs = client_of(elder), []
    client.get(f"{ROOT}/needs")
    for count, codes in ((1, ["meal"]), (3, ["bulb", "legal"])):
        for code in codes:
            make_need(elder, item=make_item(code))
        with CaptureQueriesContext(connection) as queries:
            told = client.get(f"{ROOT}/needs", {"state": "opened"}).json()
        costs.append(len(queries))
        assert (told["count"], len(told["items"])) == (count, count)
    assert told["items"][0]["beneficiary"] == "李**"
    assert costs[0] == costs[1] <= QUERIES_MAX


def test_outsider_gets_404(elder):
    answer = client_of(make_person("赵强")).get(f"{ROOT}/needs/{make_need(elder).public_id}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
