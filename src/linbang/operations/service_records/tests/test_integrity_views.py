"""The pages and the API of looking into hours, as the people concerned meet them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_worker
from linbang.foundation.people.models import Person
from linbang.operations.service.models import DeviceSighting
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import queries
from linbang.operations.service_records.choices import FlagOutcome, VoidState
from linbang.operations.service_records.models import RecordFlag, RecordVoid
from linbang.operations.service_records.tests.doubts import (
    CLOSED,
    make_busy_shift,
    make_counted,
    make_doubtful,
    outsider,
    record_of,
    street,
)

pytestmark = pytest.mark.django_db
LIST = "/console/integrity/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages are read on the day the rolls were closed."""
    monkeypatch.setattr(clock, "now", lambda: CLOSED)


def client(by: Actor):
    return client_of(Person.objects.get(pk=by.person_id))


def test_worker_clears_a_doubt_and_the_volunteer_reads_why():
    attendance = make_doubtful()
    record, worker = record_of(attendance), client(make_worker())
    own = client_of(attendance.person)
    page = f"/records/{record.public_id}/"
    flag = RecordFlag.objects.get()

    before = own.get(page).content.decode()
    listed = worker.get(LIST).content.decode()
    other_kind = worker.get(f"{LIST}?kind=device").context["flags"]
    none = worker.post(f"{LIST}decisions/", {"outcome": "cleared", "reason": "x"})
    mute = worker.post(f"{LIST}decisions/", {"flags": flag.public_id, "outcome": "cleared"})
    told = {"flags": ["?", flag.public_id], "outcome": "cleared", "reason": "看了照片"}
    done = worker.post(f"{LIST}decisions/", {**told, "from": "record"})
    again = worker.post(f"{LIST}decisions/", told, follow=True).content.decode()

    assert "这段时长正在核查：活动建立 20 分钟就计了时长" in before
    assert ("刚建就计时长" in listed, attendance.person.name in listed) == (True, True)
    assert (other_kind, none.url) == ([], LIST)
    assert mute.url == done.url == f"{LIST}records/{record.public_id}/"
    assert "已经有人处理过了" in again
    assert "看了照片" in worker.get(done.url).content.decode()
    assert "正在核查" not in own.get(page).content.decode()
    assert [line.outcome for line in queries.flag_lines(record)] == [FlagOutcome.CLEARED]


def test_two_officers_void_and_a_third_answers_the_appeal():
    record = make_counted()
    own = client_of(record.person)
    first, second, third = (client(street(name)) for name in ("韦一", "韦二", "韦三"))
    worker = client(make_worker())
    page = f"{LIST}records/{record.public_id}/"
    words = {"reason": "没有人到过现场", "evidence": "抽查 3 号"}

    assert worker.post(f"{page}void/", words).status_code == 404
    assert first.post(f"{page}void/", {"reason": "x"}).status_code == 422
    first.post(f"{page}void/", words)
    void = RecordVoid.objects.get()
    decision, answer = (f"{LIST}voids/{void.public_id}/{step}/" for step in ("decision", "appeal"))
    own_page = f"/voids/{void.public_id}/"
    assert own.get(own_page).status_code == 404
    same = first.post(decision, {"outcome": "voided", "answer": "属实"})
    assert first.get(f"{LIST}?tab=voids").context["voids"][0].line.reason == "没有人到过现场"
    second.post(decision, {"outcome": "voided", "answer": "属实", "person_years": "1"})
    seen = own.get(f"/records/{record.public_id}/").content.decode()
    mute = own.post(own_page, {"text": ""})
    made = own.post(own_page, {"text": "我有照片"})
    waiting = third.get(f"{LIST}?tab=appeals").context["voids"]
    party = second.post(answer, {"outcome": "upheld", "answer": "属实"})
    third.post(answer, {"outcome": "upheld", "answer": "照片属实"})

    assert [one.status_code for one in (same, mute, made, party)] == [422, 422, 302, 422]
    assert ("这段时长已作废" in seen, len(waiting)) == (True, 1)
    assert "照片属实" in own.get(own_page).content.decode()
    assert queries.void_line(queries.void_with(void.public_id)).state == VoidState.LIFTED
    assert queries.verified_minutes(record.person_id) == 120
    assert client(outsider()).get(own_page).status_code == 404


def test_outsiders_and_other_regions_meet_nothing():
    record = record_of(make_doubtful())
    flag = RecordFlag.objects.get()
    page = f"{LIST}records/{record.public_id}/"
    elsewhere = client(make_worker(region="450103001006"))
    stranger = client(outsider())

    assert [stranger.get(url).status_code for url in (LIST, page)] == [404, 404]
    assert (elsewhere.get(page).status_code, elsewhere.get(LIST).context["flags"]) == (404, [])
    told = {"flags": flag.public_id, "outcome": "cleared", "reason": "x"}
    elsewhere.post(f"{LIST}decisions/", told)
    assert not flag.decisions.exists()


def test_list_costs_the_same_for_one_and_three():
    worker = client(make_worker())
    counts = []
    make_doubtful()
    worker.get(LIST)  # signing in is noted once
    for _ in range(2):
        with CaptureQueriesContext(connection) as spent:
            rows = worker.get(LIST).context["flags"]
        counts.append((len(rows), len(spent)))
        make_doubtful(), make_doubtful()

    assert counts == [(1, counts[0][1]), (3, counts[0][1])]


def test_check_in_page_marks_the_browser_of_who_has_a_place(monkeypatch):
    shift = make_busy_shift()
    sign_up = placed(shift)
    monkeypatch.setattr(clock, "now", lambda: shift.starts_at)
    mine, looker = client_of(sign_up.person), client(outsider())
    page = f"/check-in/{shift.activity.public_id}/"

    for _ in range(2):
        mine.get(page)
    looker.get(page)

    [seen] = DeviceSighting.objects.all()
    assert (seen.person_id, seen.activity_id) == (sign_up.person_id, shift.activity_id)
    assert (mine.cookies["device_mark"]["httponly"], "device_mark" in looker.cookies) == (
        True, False,
    )  # fmt: skip


def test_api_decides_voids_and_appeals():
    attendance = make_doubtful()
    record = record_of(attendance)
    worker, first, second, third = (
        client(by) for by in (make_worker(), street("韦一"), street("韦二"), street("韦三"))
    )

    def post(who, path, **body):
        return who.post(f"/api/v1/{path}", body, content_type="application/json")

    [item] = worker.get("/api/v1/records/flags").json()["items"]
    flag = f"records/flags/{item['flag']['id']}/decision"
    cleared = post(worker, flag, outcome="cleared", reason="看了照片")
    words = {"reason": "没有人到过现场", "evidence": "抽查 3 号"}
    refused = post(worker, f"records/{record.public_id}/voids", **words)
    proposed = post(first, f"records/{record.public_id}/voids", **words)
    void = f"voids/{proposed.json()['id']}"
    voided = post(second, f"{void}/decision", outcome="voided", answer="属实")
    appealed = post(client_of(attendance.person), f"{void}/appeal", text="我有照片")
    lifted = post(third, f"{void}/appeal/answer", outcome="upheld", answer="照片属实")

    assert (item["flag"]["kind"], cleared.json()["outcome"]) == ("at_once", "cleared")
    assert [one.status_code for one in (refused, proposed, voided, appealed)] == [
        403, 201, 200, 201,
    ]  # fmt: skip
    assert [one.json()["state"] for one in (proposed, voided, lifted)] == [
        "proposed", "voided", "lifted",
    ]  # fmt: skip
    assert client(outsider()).get("/api/v1/records/flags").status_code == 404
