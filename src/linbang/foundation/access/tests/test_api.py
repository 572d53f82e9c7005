"""Sign-in and roles under /api/v1/."""

from typing import Any

import pyotp
import pytest
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.choices import CodePurpose, Role
from linbang.foundation.access.factories import client_of, make_code, make_factor
from linbang.foundation.access.models import Account, RoleGrant, SignInCode
from linbang.foundation.access.tests.cast import PASSWORD, make_member
from linbang.foundation.places.factories import COMMUNITY

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_signing_in_needs_the_csrf_header() -> None:
    make_member(phone=PHONE, password=PASSWORD)
    browser = Client(enforce_csrf_checks=True)
    proof = {"phone": PHONE, "password": PASSWORD}

    assert post(browser, "session", **proof).status_code == 403
    token = browser.get("/api/v1/session").json()["csrf_token"]
    answer = browser.post(
        "/api/v1/session", proof, content_type="application/json", headers={"x-csrftoken": token}
    )

    assert answer.json()["signed_in"] is True


def test_code_signs_in_and_out(client: Client) -> None:
    account = make_member(phone=PHONE)

    assert post(client, "sign-in/codes", phone=PHONE).status_code == 202
    SignInCode.objects.all().delete()
    make_code(account, now=clock.now())
    signed_in = post(client, "session", phone=PHONE, code="123456").json()
    me = client.get("/api/v1/me").json()
    left = client.delete("/api/v1/session")

    assert (signed_in["signed_in"], signed_in["needs_second_factor"]) == (True, False)
    assert (me["phone"], me["grants"], me["permissions"]) == ("138****1234", [], [])
    assert left.status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_code_sets_a_new_password(client: Client) -> None:
    account = make_member(phone=PHONE)
    make_code(account, purpose=CodePurpose.RESET_PASSWORD, now=clock.now())

    answer = post(client, "sign-in/password", phone=PHONE, code="123456", password=PASSWORD)

    assert answer.json()["signed_in"] is True
    assert post(Client(), "session", phone=PHONE, password=PASSWORD).status_code == 200


def test_refusal_is_problem_json(client: Client) -> None:
    answer = post(client, "session", phone=PHONE, code="123456")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["field"]) == ("code_wrong", "code")


def test_new_number_is_told_to_register(client: Client) -> None:
    make_code(make_member(phone=PHONE), now=clock.now())
    Account.objects.update(is_active=False)

    answer = post(client, "session", phone=PHONE, code="123456").json()

    assert (answer["signed_in"], answer["needs_registration"]) == (False, True)


def test_auditor_gives_second_factor(client: Client) -> None:
    auditor = make_member("周宁", Role.AUDITOR, region="450103", phone=PHONE, password=PASSWORD)
    factor = make_factor(auditor)

    assert post(client, "session/second-factor", code="1").status_code == 401
    first = post(client, "session", phone=PHONE, password=PASSWORD).json()
    assert (first["signed_in"], first["needs_second_factor"]) == (False, True)
    assert client.get("/api/v1/me").status_code == 401
    code = pyotp.TOTP(factor.secret).at(clock.now())
    assert post(client, "session/second-factor", code=code).json()["signed_in"] is True
    assert client.get("/api/v1/me").json()["grants"][0]["role"] == "auditor"


def test_sign_out_everywhere() -> None:
    member = client_of(make_member())
    session = member.session
    session["signed_in_at"] = clock.now().timestamp()
    session.save()

    assert member.delete("/api/v1/sessions").status_code == 204
    assert member.get("/api/v1/me").status_code == 401


def test_officer_lists_grants_and_ends_roles() -> None:
    officer = client_of(make_member("陈静", Role.COMMUNITY_OFFICER))
    make_member("韦明", phone=PHONE)

    granted = post(officer, "role-grants", phone=PHONE, role="building_head", region_code=COMMUNITY)
    listed = officer.get("/api/v1/role-grants").json()["items"]
    ended = post(officer, f"role-grants/{granted.json()['id']}/ending")
    again = post(officer, f"role-grants/{granted.json()['id']}/ending")

    assert granted.status_code == 201
    assert {grant["holder"] for grant in listed} == {"陈静", "韦明"}
    assert ended.json()["ended_at"]
    assert (again.status_code, again.json()["code"]) == (409, "grant_ended_already")


def test_outsider_finds_no_grants() -> None:
    outsider = client_of(make_member("外人", Role.BUILDING_HEAD))
    grant = RoleGrant.objects.get()

    assert outsider.get("/api/v1/role-grants").status_code == 404
    assert post(outsider, f"role-grants/{grant.pk}/ending").status_code == 404
