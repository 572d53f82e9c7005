"""The station's pages of pairings, what the two see, and the same under /api/v1/."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.queries import actor_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.organisations.factories import make_membership, make_team
from linbang.foundation.people.factories import make_actor, make_kinship, make_person
from linbang.foundation.people.models import Person
from linbang.intake.care.factories import make_listing
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import PairingEnd, PairingProposalState
from linbang.operations.dispatch.factories import make_assignment, make_pairing
from linbang.operations.dispatch.models import Pairing, PairingProposal, ProposedPair
from linbang.operations.dispatch.tests.cast import (
    make_elder,
    make_elsewhere,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db
API = "/api/v1"
LIST = "/console/pairings/"
YES = {"rhythm": "weekly", "both_agree": "on", "note": "周三下午"}


def make_clerk(region: str = "450103001005") -> Person:
    clerk = make_person("张敏", region=region)
    make_actor(clerk, Role.STATION_WORKER, region=region)
    return clerk


@pytest.fixture
def clerk() -> Person:
    return make_clerk()


@pytest.fixture
def worker(clerk) -> Client:
    return client_of(clerk)


@pytest.fixture
def elder():
    person = make_elder()
    make_listing(person)
    return person


@pytest.fixture
def proposal(clerk, elder) -> PairingProposal:
    make_helper()
    return actions.propose_pairs(
        region="450103001005", by=actor_of(clerk.account_id), now=timezone.now()
    )


def place_of(proposal: PairingProposal) -> ProposedPair:
    return ProposedPair.objects.get(proposal=proposal)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def pair_path(proposal: PairingProposal, act: str) -> str:
    return f"{LIST}proposals/{proposal.public_id}/pairs/{place_of(proposal).public_id}/{act}/"


@pytest.mark.parametrize("size", [1, 3])
def test_list_takes_a_fixed_number_of_queries(size, worker, django_assert_num_queries):
    for n in range(size):
        make_pairing(make_elder(f"老人{n}"), make_helper(f"志愿者{n}"), now=timezone.now())
    make_pairing(make_elder("孙奶奶"), make_team("邻里队"), now=timezone.now())
    worker.get(LIST)

    with django_assert_num_queries(15):
        shown = text(worker, LIST)

    assert "邻里队" in shown
    assert AuditEvent.objects.filter(action="dispatch.see_pairings", outcome="seen").exists()


def test_list_finds_by_words_and_by_what_waits(worker):
    now = timezone.now()
    elder, helper = make_elder(), make_helper()
    make_pairing(elder, helper, now=now - timedelta(days=60))
    need = make_verified_need(elder, state=NeedState.OFFERED, starts_at=now - timedelta(days=2))
    make_assignment(need, helper, now=now - timedelta(days=3))
    lonely, team = make_elder("赵奶奶"), make_team("邻里队")
    make_pairing(lonely, team, now=now - timedelta(days=60))
    over = make_pairing(make_elder("孙奶奶"), helper, now=now - timedelta(days=60))
    Pairing.objects.filter(pk=over.pk).update(ended_at=now, end_cause=PairingEnd.MOVED)
    Need.objects.filter(pk=need.pk).update(state=NeedState.FULFILLED)

    waiting = text(worker, f"{LIST}?state=overdue")
    assert ("赵奶奶" in waiting, "李秀英" in waiting) == (True, False)
    make_membership(team, helper)
    found = text(worker, f"{LIST}?q=邻里")
    assert ("赵奶奶" in found, "李秀英" in found, "孙奶奶" in found) == (True, False, False)
    assert "有一方搬走了" in text(worker, f"{LIST}?state=ended")
    assert "没有找到" in text(worker, f"{LIST}?q=没有这个人")


def test_worker_asks_and_agrees(worker, elder):
    helper = make_helper()

    asked = worker.post(
        f"{LIST}proposing/",
        {"region": "450103001005", "who": "register", "helpers": 1, "radius_m": 3000},
    )

    proposal = PairingProposal.objects.get()
    assert asked["Location"] == f"{LIST}proposals/{proposal.public_id}/"
    shown = text(worker, asked["Location"])
    assert (elder.name in shown, helper.name in shown, "同一栋楼" in shown) == (True, True, True)
    agreed = worker.post(pair_path(proposal, "agreement"), YES, follow=True)
    assert "每一对都办完了" in agreed.content.decode()
    pairing = Pairing.objects.get()
    page = f"{LIST}{pairing.public_id}/"
    assert "周三下午" in text(worker, page)
    assert AuditEvent.objects.filter(action="dispatch.see_pairing", about_id=elder.pk).exists()
    ended = worker.post(f"{page}ending/", {"cause": "moved", "note": "去女儿家"}, follow=True)
    assert "有一方搬走了" in ended.content.decode()
    again = worker.post(f"{page}ending/", {"cause": "moved"})
    assert (again.status_code, "已经结束" in again.content.decode()) == (422, True)
    assert worker.post(f"{page}ending/", {"cause": ""}).status_code == 422


def test_refusals_are_told_on_the_proposal(worker, proposal):
    team = make_team("邻里队")

    unasked = worker.post(pair_path(proposal, "agreement"), {"rhythm": "weekly"})
    nobody = worker.post(pair_path(proposal, "helper"), {})
    unknown = worker.post(pair_path(proposal, "helper"), {"volunteer": "没有这个人"})

    assert [one.status_code for one in (unasked, nobody, unknown)] == [422, 422, 422]
    assert "都愿意才能结对" in unasked.content.decode()
    assert worker.post(pair_path(proposal, "agreement"), {"rhythm": "x"}).status_code == 422
    page = f"{LIST}proposals/{proposal.public_id}/"
    assert ("李秀英" in text(worker, f"{page}?show=asked")) is True
    assert ("李秀英" in text(worker, f"{page}?show=settled")) is False
    chosen = worker.post(pair_path(proposal, "helper"), {"team": str(team.public_id), "page": 1})
    assert chosen["Location"].endswith("?page=1")
    assert place_of(proposal).organisation == team
    assert worker.post(pair_path(proposal, "helper"), {"team": "x"}).status_code == 422
    worker.post(pair_path(proposal, "removal"))
    assert "我来选一位" in text(worker, f"{page}?show=nobody")
    dropped = worker.post(f"{LIST}proposals/{proposal.public_id}/discarding/", follow=True)
    assert "方案已作废" in dropped.content.decode()
    assert "这个方案已作废" in text(worker, f"{LIST}proposals/{proposal.public_id}/")


def test_names_are_asked_for_by_a_list(worker, elder):
    make_helper()
    form = {"region": "450103001005", "who": "named", "helpers": 1, "radius_m": 3000}

    refused = worker.post(f"{LIST}proposing/", {**form, "names": "没有这个人"})
    worker.post(f"{LIST}proposing/", {**form, "names": "李秀英"})

    assert (refused.status_code, "没有找到" in refused.content.decode()) == (422, True)
    assert place_of(PairingProposal.objects.get()).beneficiary == elder
    assert "没有结对" in text(worker, f"{LIST}proposing/")


def test_pairing_is_added_by_hand(worker, elder):
    helper = make_helper()
    facts = {"beneficiary": "李秀英", "volunteer": helper.volunteer.number, **YES}

    added = worker.post(f"{LIST}adding/", facts, follow=True)
    twice = worker.post(f"{LIST}adding/", facts)

    assert "已结对" in added.content.decode()
    assert (Pairing.objects.count(), twice.status_code) == (1, 422)
    assert "队伍" in text(worker, f"{LIST}adding/")


def test_pages_of_another_community_are_not_there(proposal, elder):
    pairing = make_pairing(elder, make_helper("乙"))
    make_elsewhere()
    outsider = client_of(make_clerk("450103001006"))

    for path in (f"{LIST}{pairing.public_id}/", f"{LIST}proposals/{proposal.public_id}/"):
        assert outsider.get(path).status_code == 404
    for act in ("agreement", "helper", "removal"):
        assert outsider.post(pair_path(proposal, act), YES).status_code == 404
    assert "李秀英" not in text(outsider, LIST)
    assert client_of(elder).get(LIST).status_code == 404


def test_both_see_their_pairing_and_so_does_the_daughter(elder):
    helper, daughter = make_helper(), make_person("女儿")
    make_kinship(elder, daughter)
    make_pairing(elder, helper, now=timezone.now())

    assert "王建国" in text(client_of(elder), "/pairings/")
    assert "李秀英" in text(client_of(helper), "/pairings/")
    shown = text(client_of(daughter), "/pairings/")
    assert ("王建国" in shown, "帮李秀英" in shown) == (True, True)
    assert "您还没有结对" in text(client_of(make_person("外人")), "/pairings/")
    assert "王建国常来看您" in text(client_of(elder), "/")


def call(client: Client, path: str, body: object = None):
    answer = client.post(f"{API}{path}", body or {}, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_api_proposes_agrees_and_ends(worker, elder):
    helper, team = make_helper(), make_team("邻里队")
    status, made = call(worker, "/pairing-proposals", {"region": "450103001005"})
    assert (status, made["state"], made["people"]) == (201, PairingProposalState.OPEN, 1)
    [place] = made["pairs"]
    assert (place["helper_id"], place["why"][0]) == (str(helper.public_id), "同一栋楼")
    path = f"/pairing-proposals/{made['id']}/pairs/{place['id']}"

    assert worker.delete(f"{API}{path}/helper").status_code == 204
    assert call(worker, f"{path}/helper", {"organisation_id": str(team.public_id)})[0] == 204
    assert call(worker, f"{path}/helper", {"volunteer_id": str(helper.public_id)})[0] == 204
    assert call(worker, f"{path}/helper", {"volunteer_id": str(uuid4())})[0] == 404
    agreed = call(worker, f"{path}/agreement", {"rhythm": "monthly", "both_agree": True})
    assert (agreed[0], agreed[1]["helper"]) == (201, helper.name)
    assert worker.get(f"{API}/pairing-proposals/{made['id']}").json()["state"] == "done"
    listed = worker.get(f"{API}/pairings").json()
    assert (listed["count"], listed["items"]) == (1, [agreed[1]])
    mine = f"/pairings/{agreed[1]['id']}"
    assert worker.get(f"{API}{mine}").json() == agreed[1]
    assert call(worker, f"{mine}/ending", {"cause": "moved"})[1]["end_cause"] == "有一方搬走了"
    assert call(worker, f"{mine}/ending", {"cause": "moved"})[1]["code"] == "pairing_over"
    status, other = call(
        worker, "/pairing-proposals",
        {"region": "450103001005", "people": [str(elder.public_id)], "skill": "05"},
    )  # fmt: skip
    assert other["pairs"][0]["why_nobody"] == [{"label": "没有所需技能", "count": 1}]
    discarded = call(worker, f"/pairing-proposals/{other['id']}/discarding")
    assert discarded[1]["state"] == "discarded"


def test_api_adds_a_pairing_and_shows_both_their_own(worker, elder):
    helper = make_helper()
    body = {
        "beneficiary_id": str(elder.public_id), "volunteer_id": str(helper.public_id),
        "rhythm": "weekly", "both_agree": True,
    }  # fmt: skip

    assert call(worker, "/pairings", {**body, "both_agree": False})[0] == 422
    assert call(worker, "/pairings", body)[0] == 201
    assert call(worker, "/pairings", {**body, "beneficiary_id": str(uuid4())})[0] == 404
    own = client_of(helper).get(f"{API}/pairings/mine").json()
    assert [one["other"] for one in own["neighbours"]] == ["李秀英"]
    assert client_of(helper).get(f"{API}/pairings").status_code == 404
