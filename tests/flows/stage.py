"""What the flows share: the cast, the clock's hands, the jobs, and somebody at a browser."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Download, Locator, Page
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import ServiceCategory, Sex, Skill
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_catalogue

# A Tuesday morning; the State Council's calendar of that year is known.
MORNING = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)

PHONE, NARROW, DESK = (390, 844), (320, 700), (1440, 900)
ELDER, DARK, LARGEST = {"lb_elder": "on"}, {"lb_theme": "dark"}, {"lb_text": "largest"}
PATIENCE_MS = 30_000
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
_AXE = Axe().axe_script
_VIOLATIONS = "options => axe.run(document, options).then(found => found.violations)"


@dataclass
class Cast:
    """Everybody with a part in a need's life."""

    elder: Person
    daughter: Person
    volunteer: Person
    second: Person
    building_head: Actor
    worker: Actor
    colleague: Actor
    street: Actor
    outsider: Person


class Clock:
    """The product's one clock, set by hand."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def make_cast(now: datetime) -> Cast:
    """Make everybody, in one building but for the daughter and the outsider."""
    _forget_jobs()
    make_catalogue()
    elder = make_person("李秀英", birth_date=date(1944, 3, 8), now=now)
    daughter = make_person("陈晓燕", region=NEIGHBOUR_COMMUNITY, now=now)
    make_kinship(elder, daughter, now=now)
    head = make_person("覃桂芳", now=now)
    return Cast(
        elder=elder,
        daughter=daughter,
        volunteer=_helper("黄建国", now),
        second=_helper("王强", now),
        building_head=make_actor(head, Role.BUILDING_HEAD, region=BUILDING),
        worker=make_worker("梁敏"),
        colleague=make_worker("张静"),
        street=make_worker("陆文涛", region=COMMUNITY[:9], role=Role.STREET_OFFICER),
        outsider=make_person("路人甲", region=NEIGHBOUR_COMMUNITY, now=now),
    )


def _helper(name: str, now: datetime) -> Person:
    return make_volunteer(
        name,
        skills=(Skill.MEDICAL, Skill.NURSING, Skill.DRIVING),
        categories=tuple(ServiceCategory),
        sex=Sex.MALE,
        birth_date=date(1962, 1, 1),
        now=now,
    ).person


def _forget_jobs() -> None:
    # The queue's tables are not Django's: what an earlier transactional test committed there is
    # not emptied with the rest.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def run_waiting_jobs() -> list[str]:
    """Run the jobs that wait, in their order, as the worker would; return their names."""
    done = []
    while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in jobs:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
            app.tasks[job.task_name](**job.args)
            done.append(job.task_name)
    return done


class Visitor:
    """Somebody at a browser of their own, who looks hard at every page they come to."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        who: Any = None,
        *,
        now: datetime = MORNING,
        size: tuple[int, int] = PHONE,
        preferences: Mapping[str, str] | None = None,
        script: bool = True,
    ) -> None:
        self.site, self.script = site, script
        self.taps = self.keys = 0
        self.faults: list[str] = []
        self.seen: list[str] = []
        self._context = browser.new_context(
            base_url=site,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        if script:
            # Sent once, not anew to each of a thousand pages.
            self._context.add_init_script(_AXE)
        cookies = dict(preferences or {})
        if who is not None:
            cookies["sessionid"] = client_of(who, on_device=True).cookies["sessionid"].value
        self._context.add_cookies(
            [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        # The page counts down by its own clock: it must stand like the product's.
        self.page.clock.set_fixed_time(now)
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self._hear("error", str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"{self.page.url}: {text}")

    def open(self, path: str) -> Page:
        """Go to a page by its address, and look at it."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path} answered {response.status}"
        return self.look()

    def tap(self, name: str, *, within: str = "body") -> Page:
        """Tap the one link or button of this name, count the tap, look at what comes."""
        return self.press(self.named(name, within=within))

    def press(self, target: Locator) -> Page:
        """Tap this, and look at what comes."""
        self.taps += 1
        with self.page.expect_navigation():
            target.click()
        return self.look()

    def tap_and_agree(self, name: str) -> Page:
        """Tap what asks back, and say yes."""
        self.taps += 2
        self.named(name).click()
        with self.page.expect_navigation():
            self.page.locator("#confirm").get_by_role("button", name="确定").click()
        return self.look()

    def fetch(self, name: str) -> Download:
        """Tap what downloads a file, and return the file."""
        with self.page.expect_download() as coming:
            self.named(name).click()
        return coming.value

    def named(self, name: str, *, within: str = "body") -> Locator:
        """Return the first link or button whose name begins so."""
        room = self.page.locator(within)
        return room.get_by_role("link", name=name).or_(room.get_by_role("button", name=name)).first

    def key(self, *keys: str) -> None:
        """Press keys one after the other, and count them."""
        for one in keys:
            self.keys += 1
            self.page.keyboard.press(one)

    def type(self, text: str) -> None:
        """Type a text, and count its keys."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def text(self) -> str:
        """Return what can be read on the page, frame included."""
        return self.page.locator("body").inner_text()

    def main(self) -> str:
        """Return what the page itself says, without its frame."""
        return self.page.locator("main").inner_text()

    def look(self) -> Page:
        """Assert that the page fits, is accessible and speaks no error."""
        path = urlsplit(self.page.url).path
        self.page.wait_for_load_state()
        self.seen.append(path)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if self.script:
            assert self.page.evaluate(wide) == 0, f"{path} is wider than its window"
            found = self.page.evaluate(_VIOLATIONS, WCAG)
            assert [(one["id"], path, one["nodes"][0]["html"]) for one in found] == []
        assert self.faults == []
        return self.page

    def leave(self) -> None:
        """Close the browser."""
        self._context.close()


@contextmanager
def visiting(browser: Browser, site: str, who: Any = None, **how: Any) -> Iterator[Visitor]:
    """Let somebody visit the site for a while."""
    visitor = Visitor(browser, site, who, **how)
    try:
        yield visitor
    finally:
        visitor.leave()
