"""``linbang screenshots``: play a need's life and an activity in a running demo; take pictures."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linbang.demo.choices import CAST

PHONE, DESK = (390, 844), (1440, 900)
ELDER, DARK = {"lb_elder": "on"}, {"lb_theme": "dark"}
# The item is one that the volunteer of the cast is able to do.
ITEM = "读报写信"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
JOB_WAIT_S = 60


class Command(BaseCommand):
    help = "Play a need's life and an activity in a running demo (make run), and photograph them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the demo runs")
        parser.add_argument("--to", default="docs/screenshots", help="the folder of the pictures")

    def handle(self, *, base: str, to: str, **options: Any) -> None:
        _require_answer(base)
        try:
            from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - a dev tool
        except ImportError as error:
            message = "Playwright is missing: run this through `make screenshots`."
            raise CommandError(message) from error
        folder = Path(to)
        folder.mkdir(parents=True, exist_ok=True)
        path = next(filter(None, map(shutil.which, CHROMIUM)), None)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path,
                args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
                env={**os.environ, "LANGUAGE": "zh_CN"},  # date fields read it
            )
            try:
                _play(Studio(browser, base.rstrip("/"), folder, self.stdout.write))
            except Error as error:
                raise CommandError(f"{base}: {error}") from error
            finally:
                browser.close()


def _require_answer(base: str) -> None:
    try:
        urlopen(f"{base.rstrip('/')}/healthz", timeout=10).close()  # noqa: S310 - one's own demo
    except (URLError, ValueError) as error:
        raise CommandError(f"{base}: {error}") from error


def _play(studio: "Studio") -> None:
    _look_in(studio)
    need = _ask(studio)
    _verify(studio, need)
    _help_out(studio)
    _follow(studio, need)
    _run_the_station(studio)
    _plan(studio)
    _sign_up(studio)
    _lead(studio)
    _report(studio)


@dataclass(frozen=True)
class Studio:
    """A browser in front of the demo."""

    browser: Any
    base: str
    folder: Path
    say: Any

    @contextmanager
    def seat(
        self, part: str = "", size: tuple[int, int] = PHONE, **cookies: str
    ) -> Iterator["Seat"]:
        """Sit somebody of the cast down at a browser of their own."""
        context = self.browser.new_context(
            base_url=self.base,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in cookies.items()]
        )
        page = context.new_page()
        if part:
            page.goto("/sign-in/")
            page.locator(f'form[action="/demo/sign-in/{part}/"] button').click()
        yield Seat(page, self)
        context.close()


@dataclass(frozen=True)
class Seat:
    """Somebody at a browser."""

    page: Any
    studio: Studio

    def take(self, name: str, url: str = "", *, whole: bool = False) -> None:
        """Photograph the page, or go to another and photograph that."""
        if url:
            self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        target = self.studio.folder / f"{name}.jpg"
        self.page.screenshot(path=target, type="jpeg", quality=80, full_page=whole)
        self.studio.say(f"{target}  {target.stat().st_size // 1000} kB")

    def press(self, selector: str) -> None:
        """Press the first of what is found, and wait for the answer."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("networkidle")


def _look_in(studio: Studio) -> None:
    with studio.seat() as visitor:
        visitor.take("welcome-phone", "/")
        visitor.take("sign-in-phone", "/sign-in/")
    with studio.seat(size=DESK) as visitor:
        visitor.take("welcome-desktop", "/")


def _ask(studio: Studio) -> str:
    """Ask for help in four taps, in elder mode; return the need's public id."""
    with studio.seat("elder", **ELDER) as elder:
        elder.take("elder-home", "/")
        elder.take("elder-choose-item", "/needs/new/")
        choosing = elder.page.locator(f'a[href*="item="]:has-text("{ITEM}")').get_attribute("href")
        elder.take("elder-choose-time", choosing)
        slots = elder.page.locator("section ~ section a.slot").evaluate_all(
            "links => links.map(link => link.href)"
        )
        return _submit(elder, slots)


def _submit(elder: "Seat", slots: list[str]) -> str:
    """Ask for the first time from tomorrow on that was not asked for by an earlier run."""
    for slot in slots:
        elder.take("elder-check", slot)
        elder.press("main .action-bar button")
        need = next((part for part in elder.page.url.split("/") if part.count("-") == 4), "")
        if need:
            elder.take("elder-receipt")
            return need
    message = "Every offered time is taken: start from a fresh demo."
    raise CommandError(message)


def _verify(studio: Studio, need: str) -> None:
    with studio.seat("worker", DESK) as worker:
        worker.take("console-verify", f"/console/needs/{need}/")
        worker.press('form[action$="/verification/"] button')
        _wait_for_ranking(worker, need)
        _ask_the_cast(worker)
        worker.take("console-dispatch-reasons", f"/console/dispatch/{need}/")


def _wait_for_ranking(worker: Seat, need: str) -> None:
    for _second in range(JOB_WAIT_S):
        worker.page.goto(f"/console/dispatch/{need}/")
        if worker.page.locator('form[action*="/offers/"]').count():
            return
        worker.page.wait_for_timeout(1000)
    message = "Nobody was ranked: is the job worker running?"
    raise CommandError(message)


def _ask_the_cast(worker: Seat) -> None:
    """Invite the volunteer of the cast, unless the ranking has done so by itself."""
    name = next(one.name for one in CAST if one.key == "volunteer")
    if worker.page.locator(f'li:has(form[action$="/acceptance/"]):has-text("{name}")').count():
        return
    if worker.page.locator('form[action$="/refusal/"] button').count():
        worker.press('form[action$="/refusal/"] button')
    worker.page.goto(f"{worker.page.url.split('?')[0]}?q={name}")
    worker.press(f'#choose form button:has-text("{name}")')


def _help_out(studio: Studio) -> None:
    with studio.seat("volunteer") as volunteer:
        volunteer.take("volunteer-home", "/")
        volunteer.page.goto("/offers/")
        volunteer.press("main article h2 a")
        volunteer.take("volunteer-invitation")
        volunteer.press('form[action$="/acceptance/"] button')
        volunteer.page.goto("/visits/")
        volunteer.press('main a[href^="/visits/"]')
        volunteer.take("volunteer-visit")
        volunteer.take("volunteer-love-savings", "/love-savings/")
        volunteer.take("volunteer-profile", "/me/")


def _follow(studio: Studio, need: str) -> None:
    with studio.seat("elder") as elder:
        elder.take("elder-need", f"/needs/{need}/")
    with studio.seat("daughter") as daughter:
        daughter.take("daughter-home", "/")
        daughter.page.goto("/records/")
        daughter.press('main a[href*="/records/"]')
        daughter.take("daughter-confirmation")


def _run_the_station(studio: Studio) -> None:
    with studio.seat("worker", DESK) as worker:
        worker.take("console-desk", "/console/")
        worker.page.goto("/console/intake/?q=lxy")
        worker.press('main a[href*="caller="]:has-text("李秀英")')
        worker.take("console-intake")
        worker.take("console-dispatch", "/console/dispatch/")
        worker.page.goto("/console/plans/")
        worker.press('main a[href*="/console/plans/"]')
        worker.take("console-plan")
        worker.take("console-recruiting", "/console/recruiting/")
        worker.take("console-people", "/console/people/?q=lxy")
        worker.take("console-records", "/console/records/")
    with studio.seat("building_head", DESK) as head:
        head.take("building-head-desk", "/console/")


def _plan(studio: Studio) -> None:
    with studio.seat("worker", DESK) as worker:
        worker.take("console-activity-new", "/console/activities/new/")
        worker.take("console-sign-ups", "/console/sign-ups/")
    with studio.seat("brigade", DESK) as planner:
        planner.page.goto("/console/rosters/")
        planner.press("main table a, main article a")
        planner.take("console-roster")


def _sign_up(studio: Studio) -> None:
    with studio.seat("volunteer") as volunteer:
        volunteer.take("activities", "/activities/?possible=on")
        volunteer.press('main a[href^="/activities/"][href*="-"]')
        volunteer.take("activity")
        volunteer.press('main a[href*="/sign-up/"]')
        volunteer.take("sign-up")
        volunteer.take("volunteer-plans", "/shifts/")
        volunteer.take("volunteer-card", "/card/")


def _lead(studio: Studio) -> None:
    with studio.seat("leader") as leader:
        leader.page.goto("/lead/")
        leader.press('main a[href^="/lead/"]')
        leader.take("leader-roll")
        here = leader.page.url
    with studio.seat("leader", DESK) as hall:
        hall.take("check-in-screen", f"{here}screen/")


def _report(studio: Studio) -> None:
    for name, look in (("light", {}), ("dark", DARK)):
        with studio.seat("street", DESK, **look) as officer:
            officer.take(f"console-statistics-{name}", "/console/statistics/")
    with studio.seat("district", DESK) as officer:
        officer.take("console-activity-statistics", "/console/statistics/activities/")
    with studio.seat("street", DESK) as officer:
        officer.page.goto("/console/briefs/new/")
        officer.press(".brief-form button:not([formaction])")
        officer.take("console-brief")
    with studio.seat("auditor", DESK) as auditor:
        auditor.take("console-audit", "/console/audit/")
