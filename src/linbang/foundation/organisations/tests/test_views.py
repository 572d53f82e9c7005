import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Liaison, Membership, Organisation
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY

pytestmark = pytest.mark.django_db
LIST = "/console/organisations/"


def worker_client(**told):
    return client_of(make_worker(**told))


def page_of(organisation):
    return f"{LIST}{organisation.public_id}/"


def shown(client, url, **query):
    return client.get(url, query).content.decode()


def test_strangers_sign_in_first():
    for url in ("/teams/", LIST):
        assert Client().get(url)["Location"] == f"/sign-in/?next={url}"


def test_tree_shows_coverage_to_the_street():
    make_team("帮帮队")
    page = shown(worker_client(region="450103001", role=Role.STREET_OFFICER), LIST)

    assert "帮帮队" in page
    assert "50.0" in page


def test_outsiders_meet_nothing():
    team = make_team()
    neighbour, resident = worker_client(region=NEIGHBOUR_COMMUNITY), client_of(make_person())

    assert neighbour.get(page_of(team)).status_code == 404
    for path in ("closure/", "liaisons/", "memberships/1/approval/", "liaisons/1/ending/"):
        assert neighbour.post(page_of(team) + path).status_code == 404
    for url in (LIST, LIST + "units/new/", LIST + "teams/new/", page_of(team)):
        assert resident.get(url).status_code == 404


def test_unit_and_team_are_made_by_forms():
    client = worker_client()
    unit = {"name": "物业公司", "kind": "company", "region_code": COMMUNITY}

    refused = client.post(LIST + "units/new/", {**unit, "credit_code": "91110000600037341M"})
    client.post(LIST + "units/new/", {**unit, "credit_code": "91110000600037341L"})
    made = Organisation.objects.get(name="物业公司")
    client.post(
        LIST + "teams/new/",
        {
            "name": "联合队", "rank": "squad", "content": "0001", "membership": "mixed",
            "region_code": COMMUNITY, "parent": str(made.public_id),
            "approved_by": str(made.public_id), "contact_name": "覃芳",
            "contact_phone": "13800138000",
        },
    )  # fmt: skip

    assert refused.status_code == 422
    assert Organisation.objects.get(name="联合队").parent == made
    assert "联合队" in shown(client, page_of(made))


def test_members_are_masked_and_decided_on():
    client, team = worker_client(), make_team()
    waiting = make_membership(team, make_volunteer("王建国").person, approved=False)
    other = make_membership(team, make_volunteer("赵六").person, approved=False)
    url = page_of(team) + "memberships/"

    page = shown(client, page_of(team))
    client.post(f"{url}{waiting.pk}/approval/")
    client.post(f"{url}{other.pk}/refusal/")

    assert waiting.person.phone not in page
    assert Membership.objects.get(ended_at=None).approved_at is not None
    client.post(f"{url}{waiting.pk}/removal/")
    assert not Membership.objects.filter(ended_at=None).exists()


def test_officer_appoints_and_the_leader_manages():
    team = make_team()
    member = make_membership(team, make_volunteer().person)
    officer = make_person("陈静")
    make_actor(officer, Role.COMMUNITY_OFFICER)

    client_of(officer).post(f"{page_of(team)}memberships/{member.pk}/leadership/")

    member.refresh_from_db()
    assert member.role == MemberRole.LEADER
    leader = client_of(member.person)
    assert leader.get(page_of(team)).status_code == 200
    assert "管理队伍" in shown(leader, f"/teams/{team.public_id}/")


def test_liaison_is_named_and_ended():
    client, unit, person = worker_client(), make_unit(), make_person("韦明")
    url = page_of(unit) + "liaisons/"

    refused = client.post(url, {"person": "没有这个人", "region_code": COMMUNITY})
    client.post(url, {"person": person.phone, "region_code": COMMUNITY})
    liaison = Liaison.objects.get()
    assert "韦*" in shown(client, page_of(unit))
    client.post(f"{url}{liaison.pk}/ending/")

    liaison.refresh_from_db()
    assert (refused.status_code, liaison.until_date is None) == (422, False)


def test_team_is_closed():
    client, team = worker_client(), make_team()

    client.post(page_of(team) + "closure/")

    assert "已撤销" in shown(client, page_of(team))


def test_neighbour_asks_joins_and_leaves_on_the_phone():
    team, profile = make_team("帮帮队", content="0008"), make_volunteer()
    client = client_of(profile.person)
    url = f"/teams/{team.public_id}/"

    assert "帮帮队" in shown(client, "/teams/", content="0008")
    assert "帮帮队" not in shown(client, "/teams/", content="0001")
    assert "申请加入" in shown(client, url)
    client.post(url + "membership/")
    assert "收回申请" in shown(client, url)
    Membership.objects.update(approved_at="2026-11-22T00:00Z")
    assert "退出这支队伍" in shown(client, url)
    assert "我是队员" in shown(client, "/teams/")
    client.post(url + "membership/ending/")
    assert "申请加入" in shown(client, url)


def test_resident_is_led_to_volunteering_first():
    team = make_team()
    client = client_of(make_person())

    assert "登记为志愿者" in shown(client, f"/teams/{team.public_id}/")
    assert client.get(f"/teams/{make_unit().public_id}/").status_code == 404


def cost_of(client, url):
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_pages_cost_the_same_for_one_row_and_three():
    client, team = worker_client(), make_team()
    urls = (LIST, page_of(team), "/teams/")
    make_membership(make_team(parent=team), make_volunteer().person)
    make_membership(team, make_volunteer().person)
    client.get(LIST)
    before = [cost_of(client, url) for url in urls]

    for _each in range(2):
        make_membership(make_team(parent=team), make_volunteer().person)
        make_membership(team, make_volunteer().person)

    assert [cost_of(client, url) for url in urls] == before
