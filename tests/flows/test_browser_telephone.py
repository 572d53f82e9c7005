"""A request on the telephone, taken down by keyboard alone."""

from datetime import timedelta

import pytest

from linbang.intake.needs.choices import NeedChannel, NeedState
from linbang.intake.needs.factories import make_item, make_need
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.models import Offer
from tests.flows.stage import DESK, MORNING, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Eleven digits, and one stroke for each thing that is decided.
KEYS_MAX = 20


def test_caller_is_taken_down_by_keyboard_alone(browser, live_server, cast, clock_set, run_jobs):
    before = MORNING - timedelta(days=9)
    make_need(
        cast.elder,
        item=make_item("clinic"),
        state=NeedState.FULFILLED,
        opened_at=before,
        starts_at=before + timedelta(days=1),
    )

    with visiting(browser, live_server.url, cast.worker, now=clock_set.now, size=DESK) as worker:
        page = worker.open("/console/intake/")
        worker.type(cast.elder.phone)
        with page.expect_navigation():
            worker.key("Enter")
        worker.look()
        caller = page.get_by_role("region", name="来电人").inner_text()
        worker.key("1", "Tab", "2", "Alt+v", "Space")
        assert page.locator("[name=item]:checked").get_attribute("value") == "clinic"
        assert page.locator("[name=start]:checked").count() == 1
        assert page.locator("[name=verify_now]").is_checked()
        with page.expect_navigation():
            worker.key("Control+Enter")
        worker.look()
        assert "已登记" in worker.text()

    need = Need.objects.latest("id")
    run_jobs()
    assert "李秀英" in caller
    assert "82 岁" in caller
    assert make_item("clinic").label in caller
    assert worker.taps == 0
    assert worker.keys <= KEYS_MAX
    assert (need.beneficiary_id, need.channel) == (cast.elder.pk, NeedChannel.PHONE)
    assert need.taken_by_id == cast.worker.person_id
    need.refresh_from_db()
    assert need.state == NeedState.OFFERED
    assert Offer.objects.filter(need=need).exists()
