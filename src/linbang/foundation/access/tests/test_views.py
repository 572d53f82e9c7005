"""The pages, as the people who use them."""

from datetime import timedelta

import pyotp
import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from linbang.foundation import clock
from linbang.foundation.access.choices import CodePurpose, Role
from linbang.foundation.access.factories import client_of, make_code, make_factor, make_grant
from linbang.foundation.access.models import Account, Device, RoleGrant, SignInCode
from linbang.foundation.access.tests.cast import PASSWORD, make_member
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY

pytestmark = pytest.mark.django_db
PHONE = "13800001234"
ACCOUNT, SIGN_IN = "/account/", "/sign-in/"


def sign_in(client: Client, phone: str = PHONE, **more: str) -> HttpResponse:
    return client.post(SIGN_IN, {"phone": phone, "code": "123456", **more})  # type: ignore[return-value]  # a test response is one


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_resident_signs_in_by_code_and_arrives(client: Client) -> None:
    make_code(make_member(phone=PHONE), now=clock.now())

    answer = sign_in(client, next=ACCOUNT)

    assert (answer.status_code, answer["Location"]) == (302, ACCOUNT)
    assert "138****1234" in text_of(client.get(ACCOUNT))
    assert client.get(SIGN_IN)["Location"] == "/"


def test_way_back_never_leads_to_another_site(client: Client) -> None:
    make_code(make_member(phone=PHONE), now=clock.now())

    assert sign_in(client, next="https://evil.example/")["Location"] == "/"


def test_session_key_changes_on_sign_in(client: Client) -> None:
    make_code(make_member(phone=PHONE), now=clock.now())
    session = client.session
    session["language"] = "en"
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before


@pytest.mark.parametrize("registered", [True, False])
def test_sending_a_code_answers_alike(client: Client, registered: bool) -> None:
    if registered:
        make_member(phone=PHONE)

    answer = client.post("/sign-in/code/", {"phone": PHONE})

    assert answer.status_code == 200
    assert "验证码已发出" in text_of(answer)
    assert f'value="{PHONE}"' in text_of(answer)
    assert SignInCode.objects.count() == 1


def test_sending_a_code_too_soon_says_so(client: Client) -> None:
    client.post("/sign-in/code/", {"phone": PHONE})

    answer = client.post("/sign-in/code/", {"phone": PHONE})

    assert answer.status_code == 422
    assert "请等一分钟" in text_of(answer)


def test_wrong_code_is_shown_at_its_field(client: Client) -> None:
    make_code(make_member(phone=PHONE), "654321", now=clock.now())

    answer = sign_in(client)

    assert answer.status_code == 422
    assert "验证码不对或已失效" in text_of(answer)
    assert client.get(ACCOUNT).status_code == 302


def test_new_number_is_led_to_registration(client: Client) -> None:
    account = make_member(phone=PHONE)
    make_code(account, now=clock.now())
    Account.objects.update(is_active=False)

    answer = sign_in(client)

    assert answer["Location"] == reverse("access:unregistered")
    assert "还没有登记" in text_of(client.get(answer["Location"]))
    assert PHONE not in str(dict(client.session))


def test_password_signs_in(client: Client) -> None:
    make_member(phone=PHONE, password=PASSWORD)

    wrong = client.post("/sign-in/password/", {"phone": PHONE, "password": "Wrong2026"})
    right = client.post("/sign-in/password/", {"phone": PHONE, "password": PASSWORD})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "手机号或密码不对" in text_of(wrong)
    assert client.get("/sign-in/password/")["Location"] == "/"


def test_forgotten_password_is_reset_by_code(client: Client) -> None:
    account = make_member(phone=PHONE)
    sent = client.post("/sign-in/reset/code/", {"phone": PHONE})
    make_code(account, purpose=CodePurpose.RESET_PASSWORD, now=clock.now() + timedelta(seconds=1))

    answer = client.post(
        "/sign-in/reset/", {"phone": PHONE, "code": "123456", "password": PASSWORD}
    )

    assert "验证码已发出" in text_of(sent)
    assert answer.status_code == 302
    assert client.get(ACCOUNT).status_code == 200


def test_auditor_gives_second_factor_before_any_page(client: Client) -> None:
    auditor = make_member("周宁", Role.AUDITOR, region="450103", phone=PHONE)
    factor = make_factor(auditor)
    make_code(auditor, now=clock.now())

    answer = sign_in(client, next=ACCOUNT)

    assert answer["Location"] == "/sign-in/second-factor/?next=%2Faccount%2F"
    assert client.get(ACCOUNT)["Location"] == "/sign-in/?next=/account/"
    assert client.get("/sign-in/?next=/account/")["Location"] == answer["Location"]
    wrong = client.post("/sign-in/second-factor/", {"code": "1"})
    assert wrong.status_code == 422
    code = pyotp.TOTP(factor.secret).at(clock.now())
    passed = client.post("/sign-in/second-factor/", {"code": code, "next": ACCOUNT})
    assert passed["Location"] == ACCOUNT
    assert client.get(ACCOUNT).status_code == 200
    assert client.get("/sign-in/second-factor/")["Location"] == "/"


def test_auditor_without_factor_sets_one_up_first(client: Client) -> None:
    auditor = make_member("周宁", Role.AUDITOR, region="450103", phone=PHONE)
    make_code(auditor, now=clock.now())

    answer = sign_in(client, next=ACCOUNT)
    page = client.get(answer["Location"])

    assert answer["Location"] == "/account/second-factor/?next=%2Faccount%2F"
    assert "data:image/svg+xml" in text_of(page)
    code = pyotp.TOTP(page.context["secret"]).at(clock.now())
    codes = client.post("/account/second-factor/", {"code": code, "next": ACCOUNT})
    assert len(codes.context["codes"]) == 10
    assert client.get(ACCOUNT).status_code == 200


def test_demo_shows_the_code_and_production_does_not(
    client: Client, settings: LazySettings
) -> None:
    auditor = make_member("周宁", Role.AUDITOR, region="450103", phone=PHONE)
    make_factor(auditor)
    make_code(auditor, now=clock.now())
    sign_in(client)

    settings.LINBANG_DEMO = True
    assert client.get("/sign-in/second-factor/").context["demo_code"]
    settings.LINBANG_DEMO = False
    assert client.get("/sign-in/second-factor/").context["demo_code"] == ""


def test_new_role_asks_signed_in_person_for_factor(client: Client) -> None:
    member = make_member(phone=PHONE)
    make_code(member, now=clock.now())
    sign_in(client)
    make_grant(member, Role.STREET_OFFICER, region="450103001")

    assert client.get(ACCOUNT)["Location"] == "/sign-in/?next=/account/"
    assert client.get(SIGN_IN)["Location"].startswith("/account/second-factor/")


def test_officer_is_out_after_fifteen_quiet_minutes() -> None:
    client = client_of(make_member("周宁", Role.AUDITOR, region="450103"))
    assert client.get(ACCOUNT).status_code == 200
    session = client.session
    session["seen_at"] = clock.now().timestamp() - 901
    session.save()

    assert client.get(ACCOUNT).status_code == 302


def test_sign_out_ends_the_session(client: Client) -> None:
    make_code(make_member(phone=PHONE), now=clock.now())
    sign_in(client)

    answer = client.post("/sign-out/")

    assert answer["Location"] == SIGN_IN
    assert client.get(ACCOUNT).status_code == 302
    assert not Device.objects.filter(ended_at=None).exists()


def test_one_device_can_be_signed_out_from_another(client: Client) -> None:
    account = make_member(phone=PHONE, password=PASSWORD)
    lost = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger"})
    proof = {"phone": PHONE, "password": PASSWORD}
    lost.post("/sign-in/password/", proof)
    client.post("/sign-in/password/", proof)
    device = Device.objects.get(account=account, name="iPhone · WeChat")

    client.post(f"/account/devices/{device.public_id}/closure/")

    assert lost.get(ACCOUNT).status_code == 302
    assert client.get(ACCOUNT).status_code == 200


def test_device_of_another_is_not_found(client: Client) -> None:
    make_member(phone=PHONE, password=PASSWORD)
    client.post("/sign-in/password/", {"phone": PHONE, "password": PASSWORD})
    outsider = client_of(make_member("外人"))

    answer = outsider.post(f"/account/devices/{Device.objects.get().public_id}/closure/")

    assert answer.status_code == 404
    assert Device.objects.get().ended_at is None


def test_sign_out_everywhere_ends_every_session(client: Client) -> None:
    make_member(phone=PHONE, password=PASSWORD)
    other = Client()
    for browser in (client, other):
        browser.post("/sign-in/password/", {"phone": PHONE, "password": PASSWORD})

    client.post("/account/devices/closure/")

    assert [browser.get(ACCOUNT).status_code for browser in (client, other)] == [302, 302]


def test_changing_password_keeps_this_browser_only(client: Client) -> None:
    make_member(phone=PHONE, password=PASSWORD)
    other = Client()
    for browser in (client, other):
        browser.post("/sign-in/password/", {"phone": PHONE, "password": PASSWORD})

    weak = client.post("/account/password/", {"current": PASSWORD, "password": "short"})
    client.post("/account/password/", {"current": PASSWORD, "password": "Qingxiu2026"})

    assert weak.status_code == 422
    assert [browser.get(ACCOUNT).status_code for browser in (client, other)] == [200, 302]


def test_factor_can_be_renewed_and_removed(client: Client) -> None:
    account = make_member(phone=PHONE)
    make_code(account, now=clock.now())
    sign_in(client)
    secret = client.get("/account/second-factor/").context["secret"]
    totp, now = pyotp.TOTP(secret), clock.now()

    client.post("/account/second-factor/", {"code": totp.at(now - timedelta(seconds=30))})
    assert "已启用" in text_of(client.get("/account/second-factor/"))
    wrong = client.post("/account/recovery-codes/", {"code": "1"})
    renewed = client.post("/account/recovery-codes/", {"code": totp.at(now)})
    refused = client.post("/account/second-factor/removal/", {"code": totp.at(now)})
    recovery = renewed.context["codes"][0]
    removed = client.post("/account/second-factor/removal/", {"code": recovery})

    assert (wrong.status_code, refused.status_code) == (422, 422)
    assert removed["Location"] == ACCOUNT
    assert "未启用" in text_of(client.get(ACCOUNT))


@pytest.mark.parametrize(
    "url", [ACCOUNT, "/account/password/", "/account/second-factor/", "/console/roles/"]
)
def test_stranger_is_sent_to_sign_in(client: Client, url: str) -> None:
    assert client.get(url)["Location"] == f"/sign-in/?next={url}"


@pytest.mark.parametrize("role", [None, Role.BUILDING_HEAD, Role.STATION_WORKER, Role.AUDITOR])
def test_roles_page_does_not_exist_for_others(role: Role | None) -> None:
    client = client_of(make_member("外人", role))
    grant = make_grant(make_member(), Role.BUILDING_HEAD, region=COMMUNITY)

    assert client.get("/console/roles/").status_code == 404
    assert client.get("/console/roles/new/").status_code == 404
    assert client.post(f"/console/roles/{grant.pk}/ending/").status_code == 404
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is None


def test_officer_grants_and_ends_in_the_console() -> None:
    officer = client_of(make_member("陈静", Role.COMMUNITY_OFFICER))
    head = make_member("韦明", phone=PHONE)
    wish = {"phone": PHONE, "role": "building_head", "region_code": BUILDING}

    too_high = officer.post("/console/roles/new/", {**wish, "role": "auditor"})
    beyond = officer.post("/console/roles/new/", {**wish, "region_code": NEIGHBOUR_COMMUNITY})
    granted = officer.post("/console/roles/new/", wish)
    grant = RoleGrant.objects.get(account=head)
    page = text_of(officer.get("/console/roles/"))
    officer.post(f"/console/roles/{grant.pk}/ending/")

    assert (too_high.status_code, beyond.status_code) == (422, 422)
    assert granted["Location"] == "/console/roles/"
    assert "韦明" in page
    grant.refresh_from_db()
    assert grant.ended_at is not None
    assert "已结束" in text_of(officer.get("/console/roles/"))


def test_officer_cannot_end_a_grant_elsewhere() -> None:
    officer = client_of(make_member("陈静", Role.COMMUNITY_OFFICER))
    grant = make_grant(make_member(), Role.BUILDING_HEAD, region=NEIGHBOUR_COMMUNITY)

    assert officer.post(f"/console/roles/{grant.pk}/ending/").status_code == 404


def test_roles_page_costs_the_same_for_one_and_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    officer = make_member("陈静", Role.COMMUNITY_OFFICER)
    client = client_of(officer)
    _grant_by(officer)
    client.get("/console/roles/")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/console/roles/")
    _grant_by(officer)
    _grant_by(officer)

    with django_assert_num_queries(len(for_one)):
        assert len(client.get("/console/roles/").context["page"]) == 4


def _grant_by(officer: Account) -> None:
    grant = make_grant(make_member("韦明"), Role.BUILDING_HEAD, region=COMMUNITY)
    RoleGrant.objects.filter(pk=grant.pk).update(granted_by=officer.pk)
