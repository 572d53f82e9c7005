"""Saved time in the hands of an elder: her daughter's gift, and her red card."""

import pytest

from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.queries import balance_of
from tests.flows.stage import ELDER, NARROW, PHONE, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_elder_takes_a_gift_and_fetches_her_red_card(cast, clock_set, browser, live_server):
    give_time(cast.daughter, 120, now=clock_set.now)

    def visit_as(who, **how):
        return visiting(browser, live_server.url, who, now=clock_set.now, **how)

    with visit_as(cast.daughter, size=PHONE) as daughter:
        daughter.open("/love-savings/")
        daughter.tap("送给家人")
        daughter.page.get_by_text("李秀英").click()
        daughter.page.locator("[name=units]").fill("1.5")
        daughter.tap_and_agree("送出")
        assert "等对方收下" in daughter.main()

    with visit_as(cast.elder, size=NARROW, preferences=ELDER) as elder:
        elder.open("/love-savings/")
        assert "陈晓燕送您 1.5 小时" in elder.main()
        elder.tap("看看，收下")
        elder.tap("收下")
        elder.open("/love-savings/")
        elder.press(elder.page.locator("main .list .item__title a").first)
        assert "收支凭证" in elder.text()
        elder.open("/love-savings/card/")
        elder.tap("领取红卡")
        assert "1.5 爱心时" in elder.main().replace("\n", " ")

    assert balance_of(cast.elder.pk, cell=cast.elder.cell) == 90
