"""One need's whole life in Chromium, as each of the cast, on real pages."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.messaging.backends import LocmemSms
from linbang.foundation.people.factories import make_worker
from linbang.operations.dispatch.models import Offer
from linbang.operations.service.models import Visit
from linbang.operations.service.queries import code_now
from tests.flows.stage import DARK, DESK, ELDER, PHONE, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "2单元301室"
REPORT = "陪去社区卫生中心量了血压，取了药。"
TAPS_MAX = 4  # asking on a phone in elder mode, from the first page


@pytest.fixture
def visit_as(browser, live_server, clock_set):
    """Open a browser as somebody, its own clock set like the product's."""

    def visit_as(who=None, **how):
        return visiting(browser, live_server.url, who, now=clock_set.now, **how)

    return visit_as


def test_need_lives_in_the_browsers_of_its_cast(cast, clock_set, run_jobs, visit_as):
    officer = make_worker("韦玉兰", role=Role.COMMUNITY_OFFICER)

    with visit_as(size=PHONE, preferences=ELDER) as elder:
        sign_in_by_code(elder, cast.elder.phone, run_jobs)
        ask(elder)
    clock_set.now += timedelta(minutes=20)
    with visit_as(cast.worker, size=DESK) as worker:
        verify(worker)
        run_jobs()
        see_who_is_asked(worker)
    clock_set.now += timedelta(minutes=5)
    with visit_as(cast.volunteer, size=PHONE, preferences=DARK) as volunteer:
        accept(volunteer, cast.elder)
    accept_beside(cast.second)

    visit = Visit.objects.get(assignment__volunteer_id=cast.volunteer.pk)
    clock_set.now = visit.starts_at
    with (
        visit_as(cast.volunteer, size=PHONE, preferences=DARK) as volunteer,
        visit_as(cast.elder, size=PHONE, preferences=ELDER) as elder,
    ):
        arrive(volunteer, elder, cast.elder)
        serve_beside(cast.second, clock_set, minutes=120)
        clock_set.now += timedelta(minutes=120)
        leave(volunteer, elder, clock_set)
        run_jobs()
        confirm(elder, times=2)
        volunteer.open("/love-savings/")
        assert "2 小时" in volunteer.main()
        volunteer.open("/records/")

    with visit_as(cast.street, size=DESK) as street:
        take_the_figures_home(street)
    with visit_as(officer, size=DESK) as officer:
        issue_a_brief(officer)


def sign_in_by_code(elder, phone, run_jobs):
    elder.open("/sign-in/")
    elder.page.locator("[name=phone]").fill(phone)
    elder.tap("获取验证码")
    run_jobs()
    code = re.search(r"\d{6}", LocmemSms.sent[-1].text)
    elder.page.locator("[name=code]").fill(code.group())
    with elder.page.expect_navigation():
        elder.page.keyboard.press("Enter")
    elder.look()
    assert elder.seen[-1] == "/"


def ask(elder):
    elder.taps = 0
    elder.tap("我要求助", within="main")
    elder.tap("陪同就医")
    elder.press(elder.page.locator("main a.slot", has_text="上午").last)
    assert ADDRESS not in elder.text()
    elder.tap("提交求助")
    assert elder.taps <= TAPS_MAX
    assert "已经收到" in elder.text()
    elder.tap("看进展")
    assert "待核实" in elder.main()


def verify(worker):
    worker.open("/console/")
    worker.press(worker.page.locator("main .rows__link", has_text="陪同就医"))
    assert ADDRESS not in worker.text()
    worker.tap("查看完整住址和电话")
    assert ADDRESS in worker.main()
    worker.tap("核实无误")
    assert "已核实" in worker.main()


def see_who_is_asked(worker):
    worker.tap("派单", within="nav")
    worker.press(worker.page.locator("main h3 a", has_text="陪同就医"))
    assert "黄建国" in worker.main()
    assert "同一栋楼" in worker.main()


def accept(volunteer, elder):
    volunteer.open("/")
    volunteer.tap("邻居的邀请", within="main")
    assert "同一栋楼" in volunteer.main()
    assert ADDRESS not in volunteer.text()
    assert elder.phone not in volunteer.text()
    volunteer.tap("我去帮忙")
    volunteer.open("/inbox/")


def accept_beside(volunteer):
    """Let the second helper do the same by plain forms: rule 63 wants two on a first visit."""
    offer = Offer.objects.get(volunteer_id=volunteer.pk)
    client_of(volunteer).post(reverse("dispatch:acceptance", args=[offer.public_id]))


def serve_beside(volunteer, clock_set, *, minutes):
    client, now = client_of(volunteer), clock_set.now
    visit = Visit.objects.get(assignment__volunteer_id=volunteer.pk)
    for step, later in (("check_in", 0), ("check_out", minutes)):
        clock_set.now = now + timedelta(minutes=later)
        body = {"method": "code", "code": code_now(visit, clock_set.now).digits}
        client.post(reverse(f"service:{step}", args=[visit.public_id]), body)
    clock_set.now = now


def arrive(volunteer, elder, beneficiary):
    volunteer.open("/")
    volunteer.tap("安排", within="nav.tabbar")
    volunteer.tap("去签到")
    assert beneficiary.phone in volunteer.main()
    assert ADDRESS in volunteer.main()
    type_code(volunteer, shown_to(elder))
    volunteer.tap("到达签到", within="main form")
    assert "签到成功" in volunteer.text()


def shown_to(elder):
    """Return the code of the moment, read off the elder's telephone for this helper."""
    elder.open("/")
    elder.press(
        elder.page.locator("main .card", has_text="黄").get_by_role("link", name="打开签到码")
    )
    return elder.page.locator(".code--huge").inner_text()


def type_code(volunteer, code):
    volunteer.page.get_by_label("居民手机上的六位数字").fill(code)


def leave(volunteer, elder, clock_set):
    for one in (volunteer, elder):
        one.page.clock.set_fixed_time(clock_set.now)
    type_code(volunteer, shown_to(elder))
    volunteer.page.get_by_label("做了什么").fill(REPORT)
    volunteer.tap("完成签退", within="main form")
    assert "签退成功" in volunteer.text()


def confirm(elder, *, times):
    for _ in range(times):
        elder.open("/")
        elder.tap("去确认", within="main .card--urgent")
        elder.tap("属实", within="main")
    elder.tap("我的求助", within="nav.tabbar")
    elder.tap("看陪同就医的进展")
    assert "已办结" in elder.main()


def take_the_figures_home(street):
    street.open("/console/statistics/?region=450103001005&period=2026-05")
    book = openpyxl.load_workbook(content_of(street.fetch("导出表格")))
    words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "求助" in words
    assert words.isdisjoint({"李秀英", "黄建国"})


def issue_a_brief(officer):
    officer.open("/console/statistics/?period=2026-05")
    officer.tap("拟写简报")
    officer.tap("预览")
    officer.tap_and_agree("编发")
    brief = Document(content_of(officer.fetch("下载 DOCX")))
    told = "\n".join(paragraph.text for paragraph in brief.paragraphs)
    assert "服务" in told
    assert "李秀英" not in told


def content_of(download):
    return BytesIO(Path(download.path()).read_bytes())
