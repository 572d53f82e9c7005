"""A Saturday in the field in Chromium: the leader's telephone, the projector, and the gate."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import CHINA
from linbang.operations.dispatch.choices import SignUpChannel
from linbang.operations.service import queries
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.models import Absence, Attendance, DeskTally, Incident
from tests.flows.field import NINE, make_field
from tests.flows.stage import DESK, ELDER, LARGEST, NARROW, PHONE, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENT = "都发送好了"
KEPT = """async () => {
    await navigator.serviceWorker.ready;
    while (!(await caches.match(location.href, { ignoreVary: true })))
        await new Promise((again) => setTimeout(again, 50));
}"""
WITHOUT_OWN_READER = "delete window.BarcodeDetector"
NEWCOMER_ID, NEWCOMER_PHONE = "110101199003078136", "13912345678"
TOLD = {
    "谁出了情况": "王强",
    "发生了什么": "搬桌子时扭了腰",
    "在哪里": "东门",
    "现场怎么处置的": "冰敷",
}
# A minute at a telephone, three keys or taps in four seconds: slower than most.
KEYS_MAX = 45


@pytest.fixture
def field(clock_set):
    """Plan the Saturday and stand at five past nine."""
    clock_set.now = NINE - timedelta(days=1)
    field = make_field()
    clock_set.now = NINE + timedelta(minutes=5)
    return field


@pytest.fixture
def visit_as(browser, live_server, clock_set):
    """Open a browser as somebody, its own clock set like the product's."""

    def visit_as(who=None, **how):
        return visiting(browser, live_server.url, who, now=clock_set.now, **how)

    return visit_as


class Telephone:
    """A leader's telephone: its browser can be closed and opened again, and keeps its things."""

    def __init__(self, launch, site, path, clock):
        self._launch, self._site, self._path, self._clock = launch, site, path, clock
        self.context = self.page = None

    def take_out(self, *, offline=False):
        self.context = self._launch(offline=offline)
        self.page = self.context.new_page()
        self.look_at_watch()
        self.page.goto(self._site + self._path)
        return self.page

    def look_at_watch(self):
        self.page.clock.set_fixed_time(self._clock.now)

    def sign_in(self, who):
        context = self._launch(offline=False)
        session = client_of(who).cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": session, "url": self._site}
        context.add_cookies([cookie | {"expires": 4102444800}])
        context.close()

    def put_away(self):
        self.context.close()


@pytest.fixture
def telephone(browser_type, browser_type_launch_args, tmp_path, live_server, clock_set, field):
    """Give the leader a telephone that is signed in, for the sheet of the day."""

    def launch(*, offline):
        return browser_type.launch_persistent_context(
            tmp_path,
            **browser_type_launch_args,
            offline=offline,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": PHONE[0], "height": PHONE[1]},
        )

    path = f"/lead/{field.activity.public_id}/"
    telephone = Telephone(launch, live_server.url, path, clock_set)
    telephone.sign_in(field.leader)
    return telephone


def mark(page, sign_up, button):
    line = page.locator(f"#who-{sign_up.public_id}")
    if button not in ("到了", "走了"):
        line.locator("summary").click()
    line.get_by_role("button", name=button).first.click()
    line.locator("[data-queue]").first.wait_for(state="attached")


def written(field):
    """Return who is written down as having come and gone, as hours of the day."""
    found = Attendance.objects.filter(sign_up__shift=field.shift).order_by("pk")
    found = found.exclude(out_method=AttendanceMethod.VOID)
    return {
        one.person.name: (_hour(one.in_at), _hour(one.out_at), one.in_method)
        for one in found.select_related("person")
    }


def _hour(moment):
    return moment and f"{moment.astimezone(CHINA):%H:%M}"


def test_leaders_day_goes_on_without_network_and_arrives_exactly_once(field, clock_set, telephone):
    names = [one.person.name for one in field.sign_ups]
    page = telephone.take_out()
    page.evaluate(KEPT)
    mark(page, field.sign_ups[0], "到了")
    page.get_by_text(SENT).wait_for()

    telephone.context.set_offline(True)
    clock_set.now = NINE + timedelta(minutes=12)
    telephone.look_at_watch()
    for sign_up in field.sign_ups[1:4]:
        mark(page, sign_up, "到了")
    for button in ("到了", "点错了", "到了", "点错了", "没来"):
        clock_set.now += timedelta(seconds=20)
        telephone.look_at_watch()
        mark(page, field.sign_ups[4], button)
    clock_set.now = NINE + timedelta(minutes=50)
    telephone.look_at_watch()
    mark(page, field.sign_ups[1], "走了")
    before = written(field)
    telephone.put_away()

    clock_set.now = NINE + timedelta(minutes=70)
    page = telephone.take_out(offline=True)
    page.get_by_text("9 项等待发送").wait_for()
    kept = [
        page.locator(f"#who-{one.public_id}").get_attribute("data-state")
        for one in field.sign_ups[:5]
    ]
    here = page.locator("[data-count=here]").inner_text()

    lost = []
    page.route("**/marks/*", lambda route: lost.append(route.fetch()) or route.abort(), times=1)
    telephone.context.set_offline(False)
    page.get_by_text(SENT).wait_for()
    page.reload()
    page.locator(f"#who-{field.sign_ups[3].public_id}[data-state=here]").wait_for()
    telephone.put_away()
    telephone.take_out().get_by_text(SENT).wait_for()
    telephone.put_away()

    assert list(before) == names[:1]
    assert kept == ["expected", "left", "here", "here", "absent"]
    assert here == "2"
    assert len(lost) == 1
    roll = AttendanceMethod.ROLL
    assert written(field) == {
        names[0]: ("09:05", None, roll),
        names[1]: ("09:12", "09:50", roll),
        names[2]: ("09:12", None, roll),
        names[3]: ("09:12", None, roll),
    }
    assert Attendance.objects.count() == 4 + 2
    assert [one.person.name for one in Absence.objects.select_related("person")] == [names[4]]


def test_what_came_first_by_hand_is_not_written_twice_from_the_queue(
    field, clock_set, telephone, visit_as
):
    page = telephone.take_out()
    page.evaluate(KEPT)
    telephone.context.set_offline(True)
    mark(page, field.sign_ups[0], "到了")
    clock_set.now = NINE + timedelta(minutes=6)
    code = queries.activity_code(field.activity.public_id, clock_set.now).digits
    with visit_as(field.volunteer) as volunteer:
        volunteer.open(f"/check-in/{field.activity.public_id}/?code={code}")
        volunteer.tap("签到")
    telephone.context.set_offline(False)
    page.get_by_text(SENT).wait_for()
    telephone.put_away()

    assert written(field) == {field.volunteer.name: ("09:06", None, AttendanceMethod.CODE)}


def test_projector_is_photographed_and_one_tap_signs_in_and_out(field, clock_set, camera, visit_as):
    entrance = f"/check-in/{field.activity.public_id}/"
    with (
        visit_as(field.leader, size=DESK) as hall,
        visit_as(field.volunteer) as volunteer,
    ):
        volunteer.page.context.grant_permissions(["camera"])
        volunteer.page.add_init_script(WITHOUT_OWN_READER)
        for minutes, button in ((5, "签到"), (100, "签退")):
            clock_set.now = NINE + timedelta(minutes=minutes)
            for one in (hall, volunteer):
                one.page.clock.set_fixed_time(clock_set.now)
            hall.open(f"/lead/{field.activity.public_id}/screen/")
            camera.show_screen(hall.page.locator(".kiosk__qr"))
            volunteer.open("/shifts/")
            volunteer.taps = 0
            # The camera leads on at once: there is nothing to look at in between.
            volunteer.taps += 1
            volunteer.named(button, within="main").click()
            volunteer.page.wait_for_url("**/check-in/*/?code=*")
            volunteer.look()
            volunteer.tap(button, within="main form")
            assert volunteer.taps == 2
            assert f"已{button}" in volunteer.main()

    assert urlsplit(volunteer.page.url).path == f"{entrance}done/"
    assert written(field)[field.volunteer.name] == ("09:05", "10:40", AttendanceMethod.CODE)


def test_card_before_the_leaders_camera_signs_in(field, camera, visit_as):
    with visit_as(field.volunteer, size=DESK) as volunteer:
        volunteer.open("/card/")
        camera.show_screen(volunteer.page.locator("main img[src*='qr.svg']"))
    with visit_as(field.leader) as leader:
        leader.page.context.grant_permissions(["camera"])
        leader.page.add_init_script(WITHOUT_OWN_READER)
        leader.open(f"/lead/{field.activity.public_id}/cards/")
        leader.page.get_by_text("已签到").first.wait_for()
        # Still before the camera: the same card again is no going.
        leader.page.wait_for_timeout(2500)
        said = leader.page.locator("[data-behaviour~=scanned-cards] li").all_inner_texts()

    assert len(said) == 1
    assert written(field) == {field.volunteer.name: ("09:05", None, AttendanceMethod.CARD)}


def test_newcomer_is_signed_in_within_a_minutes_keys(field, visit_as):
    with visit_as(field.leader) as leader:
        leader.open(f"/lead/{field.activity.public_id}/")
        leader.tap("现场登记")
        leader.page.get_by_label("身份证号").click()
        leader.taps = 1
        leader.type(NEWCOMER_ID)
        leader.key("Tab")
        leader.type("韦大明")
        # A pinyin keyboard: "weidaming" and the choice, where the test types three characters.
        leader.keys += len("weidaming") + 1 - 3
        leader.key("Tab")
        leader.type(NEWCOMER_PHONE)
        for box in leader.page.locator("form.walk-in [type=checkbox]").all():
            leader.taps += 1
            box.check()
        leader.tap("登记并签到")
        assert "韦大明 登记好了，已签到。" in leader.text()
        cost = leader.keys + leader.taps

    newcomer = Attendance.objects.get(person__name="韦大明")
    assert newcomer.sign_up.channel == SignUpChannel.WALK_IN
    assert cost <= KEYS_MAX, f"{leader.keys} keys, {leader.taps} taps"


def test_known_visitor_is_signed_in_by_her_telephone_number(field, visit_as):
    with visit_as(field.leader) as leader:
        leader.open(f"/lead/{field.activity.public_id}/walk-in/")
        leader.page.get_by_label("身份证号").click()
        leader.type(field.volunteer.phone)
        leader.key("Enter")
        leader.page.get_by_text(f"{field.volunteer.name} 已签到。").wait_for()
        leader.look()

    assert leader.keys == 12
    assert written(field)[field.volunteer.name][2] == AttendanceMethod.ROLL


def test_elder_types_the_six_digits(field, clock_set, visit_as):
    digits = queries.activity_code(field.activity.public_id, clock_set.now).digits
    with visit_as(field.volunteer, size=NARROW, preferences=ELDER | LARGEST) as elder:
        elder.open("/")
        elder.tap("安排", within="nav.tabbar")
        elder.tap("签到", within="main")
        elder.page.get_by_label("签到码").click()
        elder.type("000000" if digits != "000000" else "111111")
        with elder.page.expect_navigation():
            elder.page.keyboard.press("Enter")
        wrong = elder.main()
        # The browser's own word for a refused form.
        elder.faults.clear()
        elder.page.get_by_label("签到码").fill(digits)
        elder.tap("签到", within="main form")
        right = elder.main()

    assert "签到码" in wrong
    assert "09:05 已签到" in right


def test_desk_counts_without_network_and_takes_back(field, visit_as):
    with visit_as(field.sign_ups[-1].person) as helper:
        page = helper.open(f"/desks/{field.desk.public_id}/")
        page.evaluate(KEPT)
        page.context.set_offline(True)
        for _ in range(3):
            page.get_by_role("button", name="量血压").first.click()
        page.get_by_role("button", name="量血压 减一").click()
        expect(page.locator("[data-desk-total]")).to_have_text("2")
        page.context.set_offline(False)
        page.get_by_text(SENT).wait_for()
        page.reload()
        expect(page.locator("[data-desk-total]")).to_have_text("2")
        helper.faults.clear()

    assert [one.people for one in DeskTally.objects.order_by("pk")] == [1, 1, 1, -1]


def test_accident_is_told_in_a_few_words_first(field, visit_as):
    with visit_as(field.volunteer, preferences=ELDER) as volunteer:
        volunteer.open("/shifts/")
        volunteer.press(volunteer.page.locator("main a[href^='/shifts/']").first)
        volunteer.tap("报告意外情况", within="main")
        volunteer.page.get_by_text("受伤").click()
        for label, text in TOLD.items():
            volunteer.page.get_by_label(label).fill(text)
        volunteer.tap("马上报告", within="main form")

    assert Incident.objects.get().activity_id == field.activity.pk


def test_roll_is_called_by_plain_forms(field, visit_as):
    with visit_as(field.leader, script=False) as leader:
        leader.open("/lead/")
        leader.press(leader.page.locator("main a[href^='/lead/']").first)
        line = leader.page.locator(f"#who-{field.sign_ups[0].public_id}")
        leader.press(line.get_by_role("button", name="到了").first)
        assert "1 人在岗" in leader.main().replace("\n", " ")

    assert written(field)[field.volunteer.name] == ("09:05", None, AttendanceMethod.ROLL)
