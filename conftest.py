"""Every test run joins the embedded test cluster, starting it when it is not there."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import segno
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from playwright.sync_api import Browser, BrowserContext, Locator

from config import migrated
from config.bootstrap import chromium
from config.embedded_postgres import EmbeddedPostgres, default_var

# A live server and Playwright's event loop share the thread; Django would refuse its own ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Small cases run faster than their loops compile; one test compares both ways.
os.environ.setdefault("MATCHING_PLAIN", "1")
ROOT = Path(__file__).resolve().parent


def pytest_configure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ:
        cluster = EmbeddedPostgres(default_var() / "test", durable=False)
        cluster.start()
        if not hasattr(config, "workerinput"):
            migrated.make(cluster)
    # Parallel workers find the catalogues that their controller has compiled.
    if not hasattr(config, "workerinput") and _catalogues_are_stale():
        subprocess.run([sys.executable, "manage.py", "messages", "--compile"], cwd=ROOT, check=True)


def _catalogues_are_stale() -> bool:
    return any(
        not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime < source.stat().st_mtime
        for source in (ROOT / "src").rglob("locale/*/LC_MESSAGES/*.po")
    )


# Where a test left little, deleting it costs a tenth of truncating every table; the triggers that
# keep books append-only would refuse either.
_EMPTY_EVERYTHING = """
    DO $$ DECLARE guarded regclass[]; one regclass; BEGIN
        SELECT array_agg(DISTINCT tgrelid::regclass) INTO guarded
        FROM pg_trigger WHERE NOT tgisinternal;
        FOREACH one IN ARRAY guarded LOOP
            EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER USER', one);
        END LOOP;
        FOREACH one IN ARRAY '{%s}'::regclass[] LOOP
            EXECUTE format('DELETE FROM %%s', one);
        END LOOP;
        -- No model of ours: what was deferred about rows that are gone would fail in another test.
        DELETE FROM procrastinate_jobs;
        SET CONSTRAINTS ALL IMMEDIATE;
        FOREACH one IN ARRAY guarded LOOP
            EXECUTE format('ALTER TABLE %%s ENABLE TRIGGER USER', one);
        END LOOP;
    END $$
"""


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_quickly() -> Iterator[None]:
    """Empty what a transactional test left, without the price of truncating everything."""

    def delete(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        return [_EMPTY_EVERYTHING % ",".join(tables)] if tables else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Send everybody out before the database is dropped: a live server's thread may still answer
    a browser that has left.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


@pytest.fixture(scope="session")
def camera_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name what the browser's camera sees; it is opened when a page asks for the camera."""
    return tmp_path_factory.mktemp("camera") / "seen.mjpeg"


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], camera_file: Path
) -> dict[str, Any]:
    """Drive the system's Chromium; Playwright's own browsers are never downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera_file}",
        ],
    }


class Camera:
    """The browser's camera, and what is held before it."""

    def __init__(self, browser: Browser, file: Path) -> None:
        self._browser, self._file = browser, file

    def show(self, text: str) -> None:
        """Hold this text as a QR code before the camera, for pages that open it from now on."""
        self._hold(self.picture(text))

    def show_screen(self, shown: Locator) -> None:
        """Hold what another page shows before the camera, for pages that open it from now on."""
        shot = b64encode(shown.screenshot()).decode()
        self._hold(self._photo(f"data:image/png;base64,{shot}"))

    def picture(self, text: str) -> bytes:
        """Take a photo of this text as a QR code."""
        return self._photo(
            segno.make(text, error="m").svg_data_uri(scale=8, border=4, light="#fff")
        )

    def _hold(self, photo: bytes) -> None:
        # An .mjpeg is its pictures one after the other, and plays over and over.
        self._file.write_bytes(photo * 10)

    def _photo(self, image: str) -> bytes:
        page = self._browser.new_page(viewport={"width": 640, "height": 480})
        page.set_content(f'<img src="{image}" height="460">')
        photo = page.screenshot(type="jpeg", quality=90)
        page.context.close()
        return photo


@pytest.fixture
def camera(browser: Browser, context: BrowserContext, camera_file: Path) -> Camera:
    """Hold something before the camera, which pages may use without asking."""
    context.grant_permissions(["camera"])
    return Camera(browser, camera_file)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Browse as somebody in China does."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
