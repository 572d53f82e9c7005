"""The main pages of every role: every size, both themes, three languages, without script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from linbang.foundation.access.factories import client_of
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.models import Offer
from tests.flows.languages import words_left_in
from tests.flows.stage import (
    DARK,
    DESK,
    ELDER,
    LARGEST,
    NARROW,
    Cast,
    Clock,
    run_waiting_jobs,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage(cast: Cast, clock_set: Clock, live_server) -> str:
    """Serve one need that has a helper, and one that a helper is asked for."""
    for days in (1, 2):
        ask_and_verify(cast, clock_set, days=days)
        run_waiting_jobs()
    first = Offer.objects.filter(volunteer_id=cast.volunteer.pk).earliest("id")
    client_of(cast.volunteer).post(reverse("dispatch:acceptance", args=[first.public_id]))
    return live_server.url


def ask_and_verify(cast: Cast, clock_set: Clock, *, days: int) -> None:
    start = f"{clock_set.now + timedelta(days=days):%Y-%m-%dT%H:%M}"
    body = {"person": str(cast.elder.public_id), "item": "clinic", "start": start}
    client_of(cast.elder).post(reverse("needs:new"), body | {"key": f"sizes{days}"})
    need = Need.objects.latest("id")
    client_of(cast.worker).post(
        reverse("needs:verification", args=[need.public_id]), {"helpers": 2}
    )


# What the field, sign-up and clearance show is looked at by their own tests.
PAGES = {
    "elder": ["/", "/needs/new/", "/needs/new/?item=clinic", "/me/"],
    "volunteer": [
        "/",
        "/offers/",
        "/visits/",
        "/love-savings/",
    ],
    "worker": [
        "/console/",
        "/console/intake/",
        "/console/needs/",
        "/console/dispatch/",
        "/console/activities/",
        "/console/activities/new/",
        "/console/programmes/",
        "/console/points/",
        "/console/trainings/",
    ],
    "street": ["/console/", "/console/recruiting/", "/console/statistics/", "/console/people/"],
}


LOOKS = {
    "elder": [(NARROW, LARGEST | ELDER), (DESK, DARK)],
    "volunteer": [(NARROW, LARGEST | DARK), (DESK, {})],
    "worker": [(NARROW, LARGEST), (DESK, DARK)],
    "street": [(NARROW, LARGEST | DARK)],
}


@pytest.mark.parametrize("who", list(PAGES))
def test_pages_of_a_role_fit_every_window(browser: Browser, stage, cast, who):
    for size, preferences in LOOKS[who]:
        with visiting(
            browser, stage, getattr(cast, who), size=size, preferences=preferences
        ) as visitor:
            for path in PAGES[who]:
                visitor.open(path)

        assert len(visitor.seen) == len(PAGES[who])


def test_pages_speak_one_language(stage, cast):
    for who, paths in PAGES.items():
        person = getattr(cast, who)

        english = words_left_in(person, paths, language="en")
        hant = words_left_in(person, paths, language="zh-hant")

        assert english == {path: [] for path in paths}
        assert hant == {path: [] for path in paths}


def test_asking_and_accepting_work_without_script(browser: Browser, stage, cast):
    with visiting(browser, stage, cast.elder, preferences=ELDER, script=False) as elder:
        elder.open("/")
        elder.tap("我要求助", within="main")
        elder.tap("量血压")
        elder.press(elder.page.locator("main a.slot").last)
        elder.tap("提交求助")
        asked = elder.text()
    with visiting(browser, stage, cast.volunteer, script=False) as volunteer:
        volunteer.open("/offers/")
        volunteer.tap("我去帮忙")
        accepted = volunteer.text()

    assert "已经收到" in asked
    assert "接好了" in accepted
