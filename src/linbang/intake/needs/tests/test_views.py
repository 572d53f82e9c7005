import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_worker,
)
from linbang.foundation.places.factories import BUILDING, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_catalogue, make_item, make_need
from linbang.intake.needs.models import Need

pytestmark = pytest.mark.django_db
# Session, account, roles and the navigation's counts included.
QUERIES_MAX = 12


@pytest.fixture
def elder():
    make_catalogue()
    return make_person("李秀英")


@pytest.fixture
def worker():
    return make_worker("张敏")


def links(response, *, holding: str) -> list[str]:
    found = re.findall(r'href="([^"]+)"', response.content.decode())
    return [link.replace("&amp;", "&") for link in found if holding in link]


def hidden_fields(response) -> dict[str, str]:
    page = response.content.decode()
    tags = re.findall(r'<input type="hidden"[^>]*>', page)
    pairs = [
        (re.search(r'name="([^"]+)"', t)[1], re.search(r'value="([^"]*)"', t)[1]) for t in tags
    ]
    return {name: value for name, value in pairs if name not in {"csrfmiddlewaretoken", "next"}}


def later(days: int = 1):
    return (clock.now() + timedelta(days=days)).replace(microsecond=0)


def test_elder_asks_in_four_taps_without_a_script(elder):
    client = client_of(elder)
    client.cookies["lb_elder"] = "on"

    items = client.get(reverse("needs:new"))  # tap 1: 我要求助, on the home page
    times = client.get(links(items, holding="item=shopping")[0])  # tap 2: what
    confirm = client.get(links(times, holding="start=")[-1])  # tap 3: when
    receipt = client.post(reverse("needs:new"), hidden_fields(confirm), follow=True)  # tap 4: send

    need = Need.objects.get()
    assert (need.item_id, need.beneficiary_id, need.channel) == ("shopping", elder.pk, "self")
    assert receipt.redirect_chain == [(reverse("needs:receipt", args=[need.public_id]), 302)]
    assert "最迟" in receipt.content.decode()


def test_confirm_page_shows_contact_masked(elder):
    url = f"{reverse('needs:new')}?item=shopping&start={later():%Y-%m-%dT%H:%M}"

    page = client_of(elder).get(url).content.decode()

    assert f"{elder.phone[:3]}****{elder.phone[-4:]}" in page
    assert elder.phone not in page
    assert elder.address not in page


def test_sending_twice_makes_one_need(elder):
    client = client_of(elder)
    start = f"{later():%Y-%m-%dT%H:%M}"
    fields = {"key": "k" * 32, "person": elder.public_id, "item": "shopping", "start": start}

    answers = [client.post(reverse("needs:new"), fields) for _tap in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Need.objects.count() == 1


def test_daughter_asks_for_her_mother(elder):
    daughter = make_person("王芳")
    make_kinship(elder, daughter)
    client = client_of(daughter)

    items = client.get(reverse("needs:new"))
    chosen = client.get(links(items, holding=f"person={elder.public_id}")[0])
    times = client.get(links(chosen, holding="item=clinic")[0])
    confirm = client.get(links(times, holding="start=")[-1])
    client.post(reverse("needs:new"), hidden_fields(confirm))

    need = Need.objects.get()
    assert (need.beneficiary_id, need.requested_by_id, need.channel) == (
        elder.pk, daughter.pk, "relative",
    )  # fmt: skip


def test_stranger_s_public_id_falls_back_to_oneself(elder):
    stranger = make_person("赵强")
    url = f"{reverse('needs:new')}?person={elder.public_id}&item=shopping&start=2099-01-01T09:00"

    page = client_of(stranger).get(url).content.decode()

    assert "赵强" in page
    assert "李秀英" not in page


def test_emergency_words_show_numbers_and_can_be_denied(elder):
    client = client_of(elder)
    fields = {
        "key": "k" * 32, "person": elder.public_id, "item": "shopping",
        "start": f"{later():%Y-%m-%dT%H:%M}", "note": "老伴晕倒了",
    }  # fmt: skip

    refused = client.post(reverse("needs:new"), fields)
    denied = client.post(reverse("needs:new"), {**fields, "is_no_emergency": "on"})

    assert refused.status_code == 422
    assert 'href="tel:120"' in refused.content.decode()
    assert denied.status_code == 302


def test_emergency_tile_needs_no_sign_in():
    page = Client().get(reverse("needs:emergency")).content.decode()

    assert [f'href="tel:{number}"' in page for number in (119, 110, 120)] == [True] * 3


def test_past_time_is_refused_on_the_page(elder):
    fields = {"key": "k" * 32, "person": elder.public_id, "item": "shopping",
              "start": "2020-01-01T09:00"}  # fmt: skip

    answer = client_of(elder).post(reverse("needs:new"), fields)

    assert answer.status_code == 422
    assert "30 天以内" in answer.content.decode()


def test_other_time_is_taken_from_date_and_time(elder):
    day = later(3)
    url = f"{reverse('needs:new')}?item=shopping&date={day:%Y-%m-%d}&time=10:15"

    fields = hidden_fields(client_of(elder).get(url))

    assert fields["start"] == f"{day:%Y-%m-%d}T10:15"


def test_list_shows_own_and_kin_with_constant_queries(elder):
    client, costs = client_of(elder), []
    stranger = make_need(make_person("赵强"), note="secret")
    client.get(reverse("needs:list"))
    for count, days in ((1, [1]), (3, [2, 3])):
        for day in days:
            make_need(elder, starts_at=later(day))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("needs:list")).content.decode()
        costs.append(len(queries))
        assert page.count('<li class="card item">') == count
    assert str(stranger.public_id) not in page
    assert costs[0] == costs[1] <= QUERIES_MAX


def test_detail_tells_state_story_and_withdraws(elder):
    client, need = client_of(elder), make_need(elder)

    page = client.get(reverse("needs:detail", args=[need.public_id])).content.decode()
    answer = client.post(reverse("needs:withdrawal", args=[need.public_id]), {"reason": "好了"})

    assert "服务站已经收到" in page
    assert answer.url == reverse("needs:detail", args=[need.public_id])
    assert Need.objects.get().state == NeedState.WITHDRAWN


def test_withdrawing_a_served_need_is_refused_kindly(elder):
    need = make_need(elder, state=NeedState.SERVED)

    answer = client_of(elder).post(reverse("needs:withdrawal", args=[need.public_id]))

    assert answer.status_code == 422
    assert "待确认" in answer.content.decode()


@pytest.mark.parametrize("name", ["detail", "receipt"])
def test_outsider_finds_nothing(elder, name):
    need = make_need(elder)

    answer = client_of(make_person("赵强")).get(reverse(f"needs:{name}", args=[need.public_id]))

    assert answer.status_code == 404


def test_stranger_is_sent_to_sign_in(elder):
    assert Client().get(reverse("needs:new")).status_code == 302


def test_console_list_masks_and_keeps_its_queries(elder, worker):
    client, costs = client_of(worker), []
    make_need(make_person("韦国庆", region=NEIGHBOUR_COMMUNITY))
    client.get(reverse("needs:console"))
    for day in (1, 2, 3):
        make_need(elder, starts_at=later(day))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("needs:console")).content.decode()
        costs.append(len(queries))
        assert page.count("李**") == day
    assert costs[0] == costs[1] == costs[2] <= QUERIES_MAX
    assert "韦" not in page
    assert elder.name not in page


def test_console_filter_narrows(elder, worker):
    make_need(elder)
    make_need(elder, item=make_item("meal"), state=NeedState.VERIFIED)

    page = client_of(worker).get(reverse("needs:console"), {"state": "verified"})

    assert [row.item for row in page.context["rows"]] == ["送餐"]


def test_worker_verifies_on_the_console(elder, worker):
    need = make_need(elder)
    url = reverse("needs:verification", args=[need.public_id])

    answer = client_of(worker).post(
        url, {"known_risks": ["dog"], "risk_note": "拴好狗", "helpers": 2}
    )

    assert answer.url == reverse("needs:console-need", args=[need.public_id])
    assert (Need.objects.get().state, Need.objects.get().risk_note) == ("verified", "拴好狗")


def test_too_few_helpers_comes_back_as_a_form_error(elder, worker):
    need = make_need(elder)

    answer = client_of(worker).post(
        reverse("needs:verification", args=[need.public_id]), {"helpers": 1}
    )

    assert answer.status_code == 422
    assert "至少需要 2 名志愿者" in answer.content.decode()


def test_worker_declines_with_a_reason(elder, worker):
    client, need = client_of(worker), make_need(elder)
    url = reverse("needs:declination", args=[need.public_id])

    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "请找燃气公司"}).status_code == 302
    assert Need.objects.get().state == NeedState.DECLINED


def test_worker_withdraws_for_a_resident(elder, worker):
    need = make_need(elder)

    client_of(worker).post(reverse("needs:console-withdrawal", args=[need.public_id]))

    assert Need.objects.get().state == NeedState.WITHDRAWN


def test_worker_sees_contact_on_request_only(elder, worker):
    client, need = client_of(worker), make_need(elder)

    before = client.get(reverse("needs:console-need", args=[need.public_id])).content.decode()
    after = client.post(reverse("needs:contact", args=[need.public_id])).content.decode()

    assert [need.phone in page for page in (before, after)] == [False, True]
    assert AuditEvent.objects.filter(action="needs.see_contact").count() == 1


@pytest.mark.parametrize("name", ["verification", "declination", "contact"])
def test_building_head_finds_no_such_door(elder, name):
    need = make_need(elder)
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)
    client = client_of(head)

    assert client.get(reverse("needs:console-need", args=[need.public_id])).status_code == 200
    assert client.post(reverse(f"needs:{name}", args=[need.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["console", "intake"])
def test_residents_have_no_console(elder, name):
    assert client_of(elder).get(reverse(f"needs:{name}")).status_code == 404


def test_telephone_intake_takes_three_requests_and_twenty_keys(elder, worker):
    client = client_of(worker)

    client.get(reverse("needs:intake"))  # the menu entry
    keys = [*elder.phone, "Enter"]
    url = f"{reverse('needs:intake')}?q={elder.phone}"
    called = client.get(url)
    page = called.content.decode()
    item = re.search(r'name="item" value="([^"]+)"', page)[1]
    start = re.search(r'name="start" value="([^"]+)"', page)[1]
    keys += ["1", "Tab", "1", "Ctrl+Enter"]  # first item, first time, send
    answer = client.post(url, {**hidden_fields(called), "item": item, "start": start,
                               "channel": "phone", "verify_now": "on"})  # fmt: skip

    need = Need.objects.get()
    assert answer.url == reverse("needs:console-need", args=[need.public_id])
    assert (need.taken_by_id, need.requested_by_id, need.state) == (
        worker.person_id, elder.pk, "verified",
    )  # fmt: skip
    assert len(keys) <= 20


def test_intake_recognises_the_caller(elder, worker):
    need = make_need(elder, item=make_item("haircut"))

    page = client_of(worker).get(reverse("needs:intake"), {"q": elder.phone}).content.decode()

    assert "李秀英" in page
    assert reverse("needs:console-need", args=[need.public_id]) in page
    assert elder.address not in page


def test_intake_lists_namesakes_to_choose_from(elder, worker):
    other = make_person("李秀英")

    page = client_of(worker).get(reverse("needs:intake"), {"q": "lxy"})

    assert len(links(page, holding="caller=")) == 2
    assert client_of(worker).get(
        reverse("needs:intake"), {"caller": other.public_id}
    ).context["caller"].person == other  # fmt: skip


def test_intake_offers_to_register_an_unknown_caller(worker):
    page = client_of(worker).get(reverse("needs:intake"), {"q": "13911112222"}).content.decode()

    assert "没有找到这个人" in page


def test_intake_asks_for_a_time(elder, worker):
    url = f"{reverse('needs:intake')}?q={elder.phone}"

    answer = client_of(worker).post(
        url, {"key": "k" * 32, "beneficiary": elder.public_id, "item": "meal", "channel": "phone"}
    )

    assert answer.status_code == 422
    assert "请选一个时间" in answer.content.decode()


def test_intake_by_a_building_head_offers_no_verification(elder):
    head = make_actor(make_person("黄伟"), Role.BUILDING_HEAD, region=BUILDING)

    page = client_of(head).get(reverse("needs:intake"), {"q": elder.phone})

    assert "verify_now" not in page.context["form"].fields
