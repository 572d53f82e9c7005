"""Visits over the API: same actions, same refusals."""

from datetime import timedelta

import pytest
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.dispatch.models import Assignment
from linbang.operations.service.factories import make_visit
from linbang.operations.service.models import CheckIn, Visit

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/visits"


@pytest.fixture
def visit() -> Visit:
    now = clock.now()
    need = make_need(
        make_person("李秀英"),
        state=NeedState.ASSIGNED,
        starts_at=now - timedelta(minutes=10),
        opened_at=now - timedelta(days=1),
    )
    return make_visit(need=need, volunteer=make_volunteer("王建国").person)


def test_volunteer_lists_and_checks_in(visit: Visit) -> None:
    helper = client_of(visit.volunteer)
    elder = client_of(visit.assignment.need.beneficiary)
    code = elder.get(f"{ROOT}/{visit.public_id}/code").json()

    listed = helper.get(ROOT).json()
    answer = helper.post(
        f"{ROOT}/{visit.public_id}/check-in",
        {"method": "code", "code": code["digits"]},
        content_type="application/json",
    )

    assert [row["id"] for row in listed["items"]] == [str(visit.public_id)]
    assert listed["items"][0]["beneficiary"] == "李**"
    assert (answer.status_code, answer.json()["state"]) == (200, "running")
    assert answer.json()["checked_in_by"] == "code"


def test_only_the_helper_sees_the_contact(visit: Visit) -> None:
    need = visit.assignment.need
    path = f"{ROOT}/{visit.public_id}/contact"

    told = client_of(visit.volunteer).get(path).json()

    assert told == {"name": "李秀英", "address": need.address, "phone": need.phone}
    assert client_of(need.beneficiary).get(path).status_code == 404


def test_contact_is_gone_once_the_assignment_ended(visit: Visit) -> None:
    Assignment.objects.update(ended_at=clock.now() - timedelta(minutes=1))

    told = client_of(visit.volunteer).get(f"{ROOT}/{visit.public_id}/contact")

    assert told.status_code == 404


def test_refusal_is_a_problem(visit: Visit) -> None:
    answer = client_of(visit.volunteer).post(
        f"{ROOT}/{visit.public_id}/check-out",
        {"method": "location"},
        content_type="application/json",
    )

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_checked_in"


def test_outsiders_find_nothing(visit: Visit) -> None:
    outsider = client_of(make_volunteer("赵外人").person)

    assert outsider.get(f"{ROOT}/{visit.public_id}").status_code == 404
    assert outsider.get(f"{ROOT}/{visit.public_id}/code").status_code == 404
    assert outsider.get(f"{ROOT}?side=handled&tab=unsettled").json()["items"] == []
    assert Client().get(ROOT).status_code == 401
    assert client_of(visit.volunteer).get(f"{ROOT}/{visit.public_id}/code").status_code == 404
    assert not CheckIn.objects.exists()
