"""Certificates over the API: the same actions, the same refusals."""

from datetime import datetime

import pytest
from django.test import Client

from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_volunteer
from linbang.outcomes.certificates.factories import make_served

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/certificates"
NINE = datetime(2026, 5, 16, 9, tzinfo=CHINA)
MAY = {"first_date": "2026-05-01", "last_date": "2026-05-20"}


def test_certificate_is_issued_listed_and_checked() -> None:
    volunteer = make_volunteer("王建国").person
    make_served(volunteer, starts_at=NINE)
    browser, stranger = client_of(volunteer), Client()

    made = browser.post(ROOT, MAY, content_type="application/json")
    listed = browser.get(ROOT).json()
    told = stranger.get(f"{ROOT}/check/{made.json()['number']}").json()
    unknown = stranger.get(f"{ROOT}/check/2026-ZZZZZZZZZ")

    assert made.status_code == 201
    assert listed["items"] == [made.json()]
    assert browser.get(f"{ROOT}/{made.json()['id']}").json() == made.json()
    assert (made.json()["proved_minutes"], made.json()["state"]) == (120, "valid")
    assert told["certificate"]["name"] == "王**"
    assert (unknown.status_code, unknown.json()) == (200, {"certificate": None})


def test_refusals_have_their_codes() -> None:
    browser = client_of(make_volunteer("王建国").person)

    def ask(**wish: object) -> tuple[int, str]:
        answer = browser.post(ROOT, {**MAY, **wish}, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert ask() == (422, "nothing_to_certify")
    assert ask(last_date="2026-04-01") == (422, "period_upside_down")
    assert Client().get(ROOT).status_code == 401
