"""The volunteer's pages, the station's desk, what strangers may check, files that leave."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.outcomes.certificates import rules
from linbang.outcomes.certificates.factories import make_certificate, make_served
from linbang.outcomes.certificates.models import Certificate, CertificateEnding, NumberCheck

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 5, 16, 9, tzinfo=CHINA)
NOW = datetime(2026, 5, 20, 10, tzinfo=CHINA)
MAY = {"first": date(2026, 5, 1), "last": date(2026, 5, 20)}
LIST = "/certificates/"


@pytest.fixture
def volunteer():
    return make_volunteer("王建国").person


@pytest.fixture
def certificate(volunteer) -> Certificate:
    make_served(volunteer, starts_at=NINE)
    return make_certificate(volunteer, **MAY, now=NOW, wants_seal=True)


@pytest.fixture
def station() -> Client:
    worker = make_person("张敏", region="450103001005")
    make_actor(worker, Role.STATION_WORKER)
    return client_of(worker)


def test_volunteer_issues_and_downloads(volunteer) -> None:
    make_served(volunteer, starts_at=NINE)
    make_served(volunteer, starts_at=NINE - timedelta(days=400), unit="团委")
    browser = client_of(volunteer)

    wish = {"period": "dates", "first": "2026-05-01", "last": "2026-05-20", "unit": ""}
    made = browser.post(f"{LIST}new/", wish)
    whole = browser.post(f"{LIST}new/", {"period": "all", "unit": "团委"})

    certificate, older = Certificate.objects.order_by("pk")
    assert (made.url, certificate.minutes) == (f"{LIST}{certificate.public_id}/", 120)
    assert (whole.status_code, older.unit, older.minutes) == (302, "团委", 120)
    page = browser.get(made.url).content.decode()
    assert certificate.number in page
    assert "下载 PDF" in page
    files = {
        "certificate.pdf": ("application/pdf", b"%PDF"),
        "certificate.png": ("image/png", b"\x89PNG"),
        "credential.json": ("application/vc+ld+json", b"{"),
    }
    for name, (kind, head) in files.items():
        answer = browser.get(f"{made.url}{name}")
        assert (answer["Content-Type"], answer.content[: len(head)]) == (kind, head)
    assert not AuditEvent.objects.filter(action="certificates.see_certificate").exists()


def test_form_tells_what_is_to_be_mended(volunteer) -> None:
    make_served(volunteer, starts_at=NINE)
    browser = client_of(volunteer)

    undated = browser.post(f"{LIST}new/", {"period": "dates"})
    empty = browser.post(
        f"{LIST}new/", {"period": "dates", "first": "2026-01-01", "last": "2026-01-02"}
    )

    assert (undated.status_code, empty.status_code) == (422, 422)
    assert "请选日期" in undated.content.decode()
    assert "没有已生效的服务时长" in empty.content.decode()


def test_who_has_no_hours_is_led_to_the_records(volunteer) -> None:
    browser = client_of(volunteer)

    assert "还没有可以证明的时长" in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}new/").url == LIST


def test_certificates_of_others_are_not_there(certificate) -> None:
    outsider = client_of(make_volunteer("赵外人").person)

    for name in ("", "certificate.pdf", "certificate.png", "credential.json"):
        assert outsider.get(f"{LIST}{certificate.public_id}/{name}").status_code == 404
    assert certificate.number not in outsider.get(LIST).content.decode()
    assert Client().get(LIST).url.startswith("/sign-in/")


def test_ended_certificate_is_not_printed_any_more(certificate, volunteer) -> None:
    CertificateEnding.objects.create(
        cell=certificate.cell,
        certificate=certificate,
        state="superseded",
        reason="corrected",
        at=NOW,
    )
    browser = client_of(volunteer)

    page = browser.get(f"{LIST}{certificate.public_id}/").content.decode()
    assert "重新开一张" in page
    assert browser.get(f"{LIST}{certificate.public_id}/certificate.pdf").status_code == 409


@pytest.mark.parametrize("pages", ["own", "desk"])
def test_lists_cost_the_same_for_one_and_three(volunteer, station, pages) -> None:
    make_served(volunteer, starts_at=NINE)
    browser = client_of(volunteer) if pages == "own" else station
    address = LIST if pages == "own" else "/console/certificates/?tab=all"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    make_certificate(volunteer, **MAY, now=NOW)
    queries()  # what is cached for a process is warm now
    one = queries()
    for _ in range(2):
        make_certificate(volunteer, **MAY, now=NOW)
    assert queries() == one


def test_strangers_check_numbers_masked(certificate) -> None:
    # Rule 49.
    stranger = Client()
    valid = stranger.get(f"{LIST}check/", {"n": certificate.number.lower()}).content.decode()
    CertificateEnding.objects.create(
        cell=certificate.cell,
        certificate=certificate,
        state="revoked",
        reason="false",
        by_id=1,
        at=NOW,
    )
    revoked = stranger.get(f"{LIST}check/", {"n": certificate.number}).content.decode()

    for page in (valid, revoked):
        assert "王**" in page
        assert "王建国" not in page
    assert "编号有效" in valid
    assert "查实有虚假时长" in revoked


def test_unknown_numbers_are_answered_alike_and_in_as_many_steps(certificate) -> None:
    stranger = Client()

    def ask(number: str) -> tuple[int, int, str]:
        with CaptureQueriesContext(connection) as captured:
            answer = stranger.get(f"{LIST}check/", {"n": number})
        return answer.status_code, len(captured), answer.content.decode()

    ask("warm")
    known, unknown, shapeless = ask(certificate.number), ask("2026-ZZZZZZZZZ"), ask("1' OR 1=1")

    assert known[:2] == unknown[:2] == shapeless[:2]
    assert unknown[2].count("没有查到这个编号") == shapeless[2].count("没有查到这个编号") == 1


def test_trying_numbers_out_is_stopped() -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    stranger.get(f"{LIST}check/", {"n": "2026-ZZZZZZZZZ"})
    one = NumberCheck.objects.get()
    NumberCheck.objects.bulk_create(
        NumberCheck(address_digest=one.address_digest, at=one.at) for _ in range(rules.CHECKS_MAX)
    )

    refused = stranger.get(f"{LIST}check/", {"n": "2026-ZZZZZZZZZ"})

    assert (refused.status_code, refused["Retry-After"]) == (429, "600")


def test_keys_are_published_for_people_and_machines(certificate) -> None:
    stranger = Client()
    document = json.loads(stranger.get(f"{LIST}did.json").content)
    page = stranger.get(f"{LIST}keys/").content.decode()

    assert document["id"] == "did:web:testserver:certificates"
    assert [one["id"] for one in document["verificationMethod"]] == [
        "did:web:testserver:certificates#test"
    ]
    assert certificate.key.key in page
    assert stranger.get(f"{LIST}verify/")["X-Offline-Seconds"]


def test_station_issues_for_who_has_no_telephone(volunteer, station) -> None:
    make_served(volunteer, starts_at=NINE)
    idle = make_volunteer("李闲").person
    desk = "/console/certificates/"

    found = station.get(f"{desk}people/", {"q": "王建国"}).content.decode()
    nobody = station.get(f"{desk}people/", {"q": "没有这人"}).content.decode()
    made = station.post(f"{desk}people/{volunteer.public_id}/", {"period": "all"})
    nothing = station.get(f"{desk}people/{idle.public_id}/")

    certificate = Certificate.objects.get()
    assert str(volunteer.public_id) in found
    assert "没有找到" in nobody
    assert made.url == f"{desk}{certificate.public_id}/"
    assert nothing.url == f"{desk}people/"
    assert certificate.number in station.get(made.url).content.decode()
    assert station.get(f"{LIST}{certificate.public_id}/certificate.pdf").status_code == 200
    seen = AuditEvent.objects.filter(action="certificates.see_certificate", about_id=volunteer.pk)
    assert sorted(seen.values_list("outcome", flat=True)) == ["exported", "seen"]


def test_station_hands_out_and_revokes(certificate, station, volunteer) -> None:
    desk = f"/console/certificates/{certificate.public_id}/"
    waiting = station.get("/console/certificates/").content.decode()

    assert certificate.number in waiting
    assert station.post(f"{desk}copy/").status_code == 302
    assert "没有等着盖章的证明" in station.get("/console/certificates/").content.decode()
    assert station.post(f"{desk}revocation/", {"reason": "corrected"}).status_code == 422
    assert station.post(f"{desk}revocation/", {"reason": "asked"}).status_code == 302
    assert client_of(volunteer).get(desk).status_code == 404
    assert "应志愿者本人要求" in station.get(desk).content.decode()


def test_own_cards_and_a_teams_sheet(volunteer) -> None:
    team = make_team("助老服务队")
    make_membership(team, volunteer)
    make_membership(team, make_volunteer("小明", birth_date=date(2013, 1, 1)).person)
    leader = make_person("蒙春燕")
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    own, leading = client_of(volunteer), client_of(leader)

    page = own.get("/cards/").content.decode()
    assert "志愿者证（PDF）" in page
    assert "助老服务队" not in page
    for kind in ("identity", "savings"):
        assert own.get(f"/cards/{kind}.pdf").content.startswith(b"%PDF")
        sheet = leading.get(f"/cards/teams/{team.public_id}/{kind}.pdf")
        assert sheet.content.startswith(b"%PDF")
    assert leading.get("/cards/identity.pdf").status_code == 404
    assert own.get("/cards/other.pdf").status_code == 404
    assert own.get(f"/cards/teams/{team.public_id}/identity.pdf").status_code == 404
    printed = AuditEvent.objects.filter(action="certificates.print_cards")
    # The minor prints her own (rule 99).
    assert [event.detail["cards"] for event in printed] == [1, 1]


def test_team_without_volunteers_has_no_sheet() -> None:
    team = make_team("新队伍")
    leader = make_person("蒙春燕")
    make_actor(leader, Role.TEAM_LEADER, organisation_path=team.path)
    browser = client_of(leader)

    assert browser.get(f"/cards/teams/{team.public_id}/identity.pdf").status_code == 409
    assert browser.get(f"/cards/teams/{team.public_id}/other.pdf").status_code == 404


def test_school_takes_out_its_own_pupils_for_a_told_purpose(certificate, volunteer) -> None:
    school = make_unit("新竹小学", kind=OrganisationKind.SCHOOL)
    group = make_team("七（1）班", parent=school)
    make_membership(school, volunteer)
    make_membership(group, volunteer)
    stranger = make_volunteer("别校生").person
    make_served(stranger, starts_at=NINE)
    teacher = make_person("莫雅婷")
    make_actor(teacher, Role.TEAM_LEADER, organisation_path=school.path)
    browser = client_of(teacher)
    address = f"/school-credits/{school.public_id}/"
    days = {"first": "2026-05-01", "last": "2026-05-20"}

    assert "/school-credits/" in browser.get("/cards/").content.decode()
    assert "新竹小学" in browser.get("/school-credits/").content.decode()
    assert browser.get(address).status_code == 200
    assert browser.post(address, {**days, "purpose": " "}).status_code == 422
    answer = browser.post(address, {**days, "purpose": "学分认定"})

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    event = AuditEvent.objects.get(action="certificates.export_credits")
    assert event.detail == {"period": "2026-05-01/2026-05-20", "pupils": 1, "purpose": "学分认定"}
    outsider = client_of(volunteer)
    assert outsider.get("/school-credits/").status_code == 404
    assert outsider.post(address, {**days, "purpose": "想看看"}).status_code == 404
