"""What is said against a record, and the notice that asks for it (rules 43 and 44)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY
from linbang.intake.activities.factories import SATURDAY
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions, errors, queries, rules
from linbang.operations.service_records.choices import ClaimKind, ClaimOutcome
from linbang.operations.service_records.models import RecordClaim, ServiceRecord

pytestmark = pytest.mark.django_db

NOW = SATURDAY + timedelta(hours=3)
REJECTED, UPHELD = ClaimOutcome.REJECTED, ClaimOutcome.UPHELD


def record_on(now=NOW) -> ServiceRecord:
    """Make a record of a shift that was over an hour before."""
    shift = make_open_shift(starts_at=now - timedelta(hours=3))
    attendance = make_attendance(placed(shift), left_at=shift.ends_at)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)
    actions.draft_shift_records(cell=shift.cell, now=now)
    return ServiceRecord.objects.get(attendance=attendance)


def recently() -> ServiceRecord:
    """Make one as the pages' clock sees it, of the last morning: a night's would be of two days."""
    noon = clock.day_window(clock.local_date(clock.now()))[0] + timedelta(hours=12)
    return record_on(noon if noon <= clock.now() else noon - timedelta(days=1))


@pytest.fixture
def record() -> ServiceRecord:
    return record_on()


def by(person: Person):
    return make_actor(person)


def worker():
    clerk = make_person("张敏", region="450103001005")
    return make_actor(clerk, Role.STATION_WORKER)


def claim(record: ServiceRecord, person: Person | None = None, *, now=NOW, text="我待得更久"):
    return actions.claim_record(
        record_id=record.pk, text=text, by=by(person or record.person), now=now
    )


def test_claim_on_ones_own_record_has_a_term_and_an_answer(record):
    made = claim(record)
    again = claim(record, text="还是不对")
    answered = actions.answer_claim(
        claim=made.public_id, outcome=REJECTED, answer="监控显示 11 点离开", by=worker(), now=NOW
    )

    [line] = queries.claim_lines(record)
    assert again == made
    assert (line.kind, line.due) == (ClaimKind.OWN, date(2026, 5, 29))
    assert (line.outcome, line.answer) == (REJECTED, "监控显示 11 点离开")
    assert Notice.objects.get(template="claim_answered").person_id == record.person_id
    assert answered.answered_at == NOW


def test_answered_claim_may_be_made_anew_but_not_answered_twice(record):
    made, clerk = claim(record), worker()
    answer = {"claim": made.public_id, "answer": "核实过", "by": clerk, "now": NOW}
    actions.answer_claim(outcome=REJECTED, **answer)

    with pytest.raises(errors.ClaimAnswered):
        actions.answer_claim(outcome=UPHELD, **answer)
    assert claim(record) != made


def test_stranger_objects_while_the_hours_are_on_notice(record):
    neighbour = make_person("邻居甲")

    made = claim(record, neighbour, text="那天他没有来")

    assert made.kind == ClaimKind.NOTICE
    assert Notice.objects.get(template="record_claimed").person_id == record.person_id
    with pytest.raises(errors.NoticeOver):
        claim(record, make_person("邻居乙"), now=NOW + timedelta(days=8))
    assert claim(record, now=NOW + timedelta(days=80)).kind == ClaimKind.OWN


def test_visit_to_a_home_is_on_no_notice():
    visit = make_presence(make_visit())
    record = actions.draft_record(visit_id=visit.id, now=visit.ends_at)

    with pytest.raises(NotAllowed):
        claim(record, make_person("邻居甲"), now=visit.ends_at)


def test_claim_and_answer_want_words(record):
    with pytest.raises(errors.NoteMissing):
        claim(record, text="  ")
    made = claim(record)
    with pytest.raises(errors.NoteMissing):
        actions.answer_claim(claim=made.public_id, outcome=UPHELD, answer=" ", by=worker(), now=NOW)


def test_nobody_answers_for_herself(record):
    gainer = make_actor(record.person, Role.STATION_WORKER, region="450103001005")
    clerk = worker()
    own = claim(record)
    objected = claim(record, Person.objects.get(pk=clerk.person_id))
    answer = {"outcome": UPHELD, "answer": "核实过", "now": NOW}

    for made, hands in ((own, gainer), (objected, clerk)):
        with pytest.raises(errors.OwnRecord):
            actions.answer_claim(claim=made.public_id, by=hands, **answer)
    with pytest.raises(NotAllowed):
        actions.answer_claim(claim=own.public_id, by=by(make_person("路人")), **answer)


@pytest.mark.parametrize(
    ("day", "is_on_notice"),
    [
        # Drafted on Saturday the 16th of May: five working days are Monday to Friday.
        (16, True),
        (22, True),
        (23, False),
    ],
)
def test_notice_lasts_five_working_days(day, is_on_notice):
    now = SATURDAY.replace(day=day)

    assert rules.is_on_notice(SATURDAY, now=now) is is_on_notice


def test_notice_shows_masked_names_to_everybody():
    record = recently()
    activity = record.attendance.sign_up.shift.activity
    page = Client().get(f"/activities/{activity.public_id}/hours/").content.decode()

    assert record.title in page
    assert record.person.name not in page
    assert Client().get(f"/hours/{record.public_id}/objection/").status_code == 302
    assert f"/activities/{activity.public_id}/hours/" in (
        Client().get(f"/activities/{activity.public_id}/").content.decode()
    )


def test_objection_goes_to_the_station_and_back():
    record = recently()
    neighbour, clerk = client_of(make_person("邻居甲")), worker()
    desk = client_of(Person.objects.get(pk=clerk.person_id))
    said = neighbour.post(
        f"/hours/{record.public_id}/objection/", {"text": "那天没有看见他"}, follow=True
    )
    assert "服务站核实后答复您" in said.content.decode()
    assert "异议待答复 1" in desk.get("/console/records/?tab=claimed").content.decode()
    page = desk.get(f"/console/records/{record.public_id}/").content.decode()
    assert "那天没有看见他" in page
    assert "邻居甲" not in page

    made = RecordClaim.objects.get()
    path = f"/console/records/{record.public_id}/claims/{made.public_id}/"
    assert desk.post(path, {"outcome": "rejected"}).status_code == 422
    desk.post(path, {"outcome": "rejected", "answer": "有签到照片"})

    made.refresh_from_db()
    assert (made.outcome, made.answer) == (REJECTED, "有签到照片")
    # What a neighbour said is not shown to whom it is about.
    mine = client_of(record.person).get(f"/records/{record.public_id}/").content.decode()
    assert "那天没有看见他" not in mine


def test_claims_are_answered_one_after_the_other():
    record, now = recently(), clock.now()
    first, second = (claim(record, make_person(f"邻居{n}"), now=now) for n in "甲乙")
    desk = client_of(Person.objects.get(pk=worker().person_id))
    path = f"/console/records/{record.public_id}/"
    for one, other in ((first, second), (second, None)):
        page = desk.get(path).content.decode()
        assert f"{path}claims/{one.public_id}/" in page
        assert other is None or f"{path}claims/{other.public_id}/" not in page
        desk.post(f"{path}claims/{one.public_id}/", {"outcome": "rejected", "answer": "核实过"})

    assert not RecordClaim.objects.filter(answered_at=None).exists()


def test_claim_on_a_visit_is_told_by_its_service():
    visit = make_presence(make_visit())
    record = actions.draft_record(visit_id=visit.id, now=visit.ends_at)
    made = claim(record, now=visit.ends_at)
    told = {"claim": made.public_id, "by": worker(), "now": visit.ends_at}
    actions.answer_claim(outcome=REJECTED, answer="核实过", **told)

    params = Notice.objects.get(template="claim_answered").params
    assert params["item"] == visit.assignment.need.item.name


def test_volunteer_claims_on_her_own_page():
    record = recently()
    client = client_of(record.person)
    page = f"/records/{record.public_id}/"
    assert "这条记录不对" in client.get(page).content.decode()

    client.post(f"{page}claims/", {"text": "少算了半小时"})

    shown = client.get(page).content.decode()
    assert "少算了半小时" in shown
    assert "这条记录不对" not in shown
    assert client_of(make_person("路人")).post(f"{page}claims/", {"text": "x"}).status_code == 404


def test_api_tells_the_same():
    record = recently()
    activity = record.attendance.sign_up.shift.activity
    [line] = Client().get(f"/api/v1/activities/{activity.public_id}/hours").json()
    assert (line["id"], line["title"]) == (str(record.public_id), record.title)
    mine, clerk = client_of(record.person), worker()
    path = f"/api/v1/records/{record.public_id}/claims"

    made = mine.post(path, {"text": "少算了"}, content_type="application/json")
    desk = client_of(Person.objects.get(pk=clerk.person_id))
    answered = desk.post(
        f"{path}/{made.json()['id']}/answer",
        {"outcome": "upheld", "answer": "已更正"},
        content_type="application/json",
    )

    assert (made.status_code, made.json()["kind"]) == (201, "own")
    assert answered.json()["outcome"] == "upheld"
    assert [one["answer"] for one in mine.get(path).json()] == ["已更正"]
    elsewhere = client_of(make_volunteer("路人").person)
    assert elsewhere.get(path).status_code == 404


def test_other_communities_answer_nothing():
    record = recently()
    claim(record, now=clock.now())
    stranger = make_person("陆文涛", region=NEIGHBOUR_COMMUNITY)
    make_actor(stranger, Role.STATION_WORKER, region=NEIGHBOUR_COMMUNITY)
    client = client_of(stranger)
    path = f"/console/records/{record.public_id}/claims/{RecordClaim.objects.get().public_id}/"

    assert client.post(path, {"outcome": "upheld", "answer": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("claim_open_once_a_person", {}),
        ("claim_answer_is_whole", {"outcome": "upheld", "by_id": 7}),
    ],
)
def test_constraints_hold(record, constraint, columns):
    made = claim(record)
    told = {
        "cell": record.cell,
        "record": record,
        "kind": "own",
        "by_id": made.by_id,
        "text": "再说一次",
        "made_at": NOW,
        **columns,
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RecordClaim.objects.create(**told)
