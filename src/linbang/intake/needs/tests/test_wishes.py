"""What a resident wishes of the helpers: who comes, and what she speaks."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.errors import KeyReused
from linbang.foundation.people.choices import Language
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.intake.needs import actions, rules
from linbang.intake.needs.choices import NeedChannel
from linbang.intake.needs.errors import WishUnknown
from linbang.intake.needs.factories import MONDAY, make_item, make_need
from linbang.intake.needs.models import Need

WISHES = {"helper_sex": "f", "helper_languages": ["zyb", "yue"]}
WORDS = ("女性志愿者", "会粤语（白话）或壮语")


@pytest.fixture
def elder():
    make_item()
    return make_person("李秀英")


def open_need(elder, **wishes):
    return actions.open_need(
        beneficiary_id=elder.pk,
        requested_by_id=elder.pk,
        channel=NeedChannel.SELF,
        item_code="shopping",
        starts_at=MONDAY + timedelta(days=1),
        ends_at=MONDAY + timedelta(days=1, hours=1),
        key="one-tap",
        by=make_actor(elder),
        now=MONDAY,
        **wishes,
    )


@pytest.mark.parametrize(
    ("sex", "languages", "words"),
    [
        ("", [], ()),
        ("m", [], ("男性志愿者",)),
        ("", ["csl"], ("会手语",)),
        ("f", ["yue", "zyb"], WORDS),
    ],
)
def test_wishes_are_put_into_words(sex, languages, words):
    assert rules.wish_words(sex, languages) == words


def test_unknown_wish_is_refused():
    with pytest.raises(WishUnknown) as sex:
        rules.wished_sex("x")
    with pytest.raises(WishUnknown) as language:
        rules.wished_languages(["zyb", "cmn"])

    assert (sex.value.field, language.value.field) == ("helper_sex", "helper_languages")
    assert sex.value.code == "wish_unknown"
    assert rules.wished_languages(["zyb", "yue"]) == [Language.CANTONESE, Language.ZHUANG]


@pytest.mark.django_db
def test_wishes_are_kept_and_belong_to_the_request(elder):
    need = open_need(elder, **WISHES)

    assert Need.objects.get().wishes == WORDS
    assert open_need(elder, **WISHES).pk == need.pk
    with pytest.raises(KeyReused):
        open_need(elder)


@pytest.mark.django_db
def test_station_changes_wishes_or_leaves_them(elder):
    worker = make_worker("张敏")
    kept, changed = make_need(elder, **WISHES), make_need(elder, item=make_item("company"))

    actions.verify_need(need_id=kept.pk, by=worker, now=MONDAY)
    actions.verify_need(
        need_id=changed.pk, helper_sex="m", helper_languages=["csl"], by=worker, now=MONDAY
    )

    kept.refresh_from_db()
    changed.refresh_from_db()
    assert (kept.helper_sex, kept.helper_languages) == ("f", ["zyb", "yue"])
    assert changed.wishes == ("男性志愿者", "会手语")


@pytest.mark.django_db
def test_resident_wishes_on_the_last_page(elder):
    client, url = client_of(elder), reverse("needs:new")
    start = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    fields = {"key": "k" * 32, "person": elder.public_id, "item": "shopping", "start": start}

    form = client.get(url, fields).content.decode()
    refused = client.post(url, {**fields, "helper_sex": "x"}).content.decode()
    receipt = client.post(url, {**fields, **WISHES}, follow=True).content.decode()
    page = client.get(reverse("needs:detail", args=[Need.objects.get().public_id]))

    assert '<details class="card"><summary>对志愿者的要求（可以不填）' in form
    assert form.index('value="zyb"') < form.index('value="wuu"')  # heard in Guangxi, comes first
    assert '<details class="card" open><summary>对志愿者的要求（可以不填）' in refused
    assert "按您的要求找：女性志愿者 · 会粤语（白话）或壮语" in receipt
    assert "女性志愿者 · 会粤语（白话）或壮语" in page.content.decode()


@pytest.mark.django_db
def test_worker_takes_wishes_down_and_mends_them(elder):
    client = client_of(make_worker("张敏"))
    start = clock.now() + timedelta(days=2)
    fields = {
        "key": "k" * 32, "beneficiary": elder.public_id, "item": "shopping", "channel": "phone",
        "date": f"{start:%Y-%m-%d}", "time": "10:00", **WISHES,
    }  # fmt: skip

    taken = client.post(f"{reverse('needs:intake')}?q={elder.phone}", fields, follow=True)
    need = Need.objects.get()
    client.post(
        reverse("needs:verification", args=[need.public_id]),
        {"helpers": 2, "helper_sex": "", "helper_languages": ["csl"]},
    )

    assert need.wishes == WORDS
    assert '<details class="folded" open>' in taken.content.decode()
    assert Need.objects.get().wishes == ("会手语",)


@pytest.mark.django_db
def test_api_takes_tells_and_checks_wishes(elder):
    client, start = client_of(elder), clock.now() + timedelta(days=1)
    body = {
        "key": "0123456789abcdef", "item": "shopping", "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
    }  # fmt: skip

    def post(**wishes):
        told = json.dumps({**body, **wishes})
        return client.post("/api/v1/needs", told, content_type="application/json")

    refused = post(helper_languages=["cmn"])
    made = post(**WISHES).json()

    assert refused.status_code == 422
    assert (made["helper_sex"], made["helper_languages"]) == ("f", ["yue", "zyb"])
