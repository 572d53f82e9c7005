"""Settings, health and the embedded database do what operations.md promises."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config import asgi, lanes, pages
from config.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, system
from config.embedded_postgres.cluster import SOCKET_PATH_MAX
from config.front.door import FrontDoor
from config.secrets import demo_secrets, new_key
from config.settings.database import database
from config.storage import StaticStorage
from config.wsgi import behind_proxies
from tests.front.stage import operations, run
from tests.house import source
from turnstile import Operation

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k" * 40 + "0123456789abcdefghij",
    "ALLOWED_HOSTS": "linbang.example",
    "LINBANG_ENCRYPTION_KEYS": json.dumps({"2026": new_key()}),
    "LINBANG_INDEX_KEY": new_key(),
    "LINBANG_SIGNING_KEYS": json.dumps({"2026": new_key()}),
    "DATABASE_URL": "postgresql://linbang@db.example/linbang",
}


def django(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=source.ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_the_deployment_check():
    done = django(["check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")


def test_pages_load_no_solver():
    heavy = "import sys, config.urls; print({'scipy', 'highspy', 'numba'} & set(sys.modules))"

    done = django(["shell", "--no-imports", "-c", heavy], PRODUCTION)

    assert (done.stdout, done.stderr) == ("set()\n", "")


@pytest.mark.parametrize(
    "name",
    [
        *("SECRET_KEY", "ALLOWED_HOSTS", "LINBANG_ENCRYPTION_KEYS", "LINBANG_INDEX_KEY"),
        "LINBANG_SIGNING_KEYS",
    ],
)
def test_production_asks_by_name_for_what_is_missing(name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    done = django(["check"], environment)

    assert done.returncode == 1
    assert f"Set {name}:" in done.stderr


def test_production_refuses_to_serve_any_host():
    done = django(["check"], PRODUCTION | {"ALLOWED_HOSTS": "*"})

    assert done.returncode == 1
    assert "ALLOWED_HOSTS must name the hosts" in done.stderr


@pytest.mark.django_db
def test_pages_carry_a_strict_content_policy(client: Client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_health_is_well_with_a_living_worker(client: Client):
    beat("0 seconds")

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"version": "0.1.0", "database": "up", "worker": "up"}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_health_tells_of_a_silent_worker(client: Client):
    beat("5 minutes")

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == "down"


def test_health_tells_of_a_lost_database(tmp_path: Path):
    # No server listens in an empty folder: the real thing, in a process of its own.
    probe = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/healthz')\n"
        "print(answer.status_code, answer.json()['database'], answer.json()['worker'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=source.ROOT,
        env={
            **os.environ,
            "PYTHONPATH": "src",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": f"postgresql:///none?host={tmp_path}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["503", "down", "unknown"]


def beat(ago: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)",
            [ago],
        )


@pytest.mark.parametrize(
    ("tiles", "asked"),
    [
        ("null", "img-src 'self' data: blob:"),
        (
            '{"url": "https://t.example/{z}", "attribution": "GS", "host": "https://t.example"}',
            "img-src 'self' data: blob: https://t.example",
        ),
    ],
)
def test_only_the_tiles_a_site_has_set_may_be_asked_for(tiles: str, asked: str):
    asking = (
        "from django.conf import settings; "
        "print('img-src', *settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    )
    told = django(
        ["shell", "--verbosity", "0", "--command", asking],
        PRODUCTION | {"LINBANG_MAP_TILES": tiles},
    )

    assert told.stdout.strip() == asked


def test_hashed_modules_find_what_they_import(tmp_path: Path):
    scripts = tmp_path / "shell/js"
    shutil.copytree(source.PRODUCT / "foundation/shell/static/shell/js", scripts)
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    paths = {
        f"shell/js/{path.name}": (storage, f"shell/js/{path.name}") for path in scripts.iterdir()
    }

    made = list(storage.post_process(paths))
    hashed = {name: target for name, target, _ in made if target.endswith(".js")}

    queue = (tmp_path / hashed["shell/js/queue.js"]).read_text()
    imported = set(re.findall(r'from "\./([^"]+)"', queue))
    assert imported == {
        Path(hashed[f"shell/js/queue-{part}.js"]).name for part in ("store", "send", "show")
    }
    # Whichever module imports something, it exists under that name.
    for target in hashed.values():
        for name in re.findall(r'from "\./([^"]+)"', (tmp_path / target).read_text()):
            assert (scripts / name).exists()


def test_database_address_becomes_settings(tmp_path: Path):
    settings = database(
        "postgresql://ann:s%40fe@db.example:6432/ours?sslmode=require", var=tmp_path
    )

    named = {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert named == {
        "NAME": "ours",
        "USER": "ann",
        "PASSWORD": "s@fe",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert settings["OPTIONS"]["sslmode"] == "require"


def test_demo_keys_are_made_once_for_the_owner_alone(tmp_path: Path):
    first = demo_secrets(tmp_path)

    assert demo_secrets(tmp_path) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"secrets.json", "signing.json"}


def test_socket_of_a_deep_folder_stays_short_and_private(tmp_path: Path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    server = EmbeddedPostgres(deep)

    socket = server.socket_folder / ".s.PGSQL.5432"
    assert len(str(socket).encode()) <= SOCKET_PATH_MAX


def test_private_folder_prepared_by_somebody_else_is_refused(tmp_path: Path):
    target = tmp_path / "theirs"
    target.mkdir()
    link = tmp_path / "run"
    link.symlink_to(target)
    entry = system.Owner("me", os.geteuid(), os.getegid())

    with pytest.raises(EmbeddedPostgresError):
        system.make_private(link, entry)


def test_test_cluster_trusts_nobody_unknown():
    if "DATABASE_URL" in os.environ:
        return
    server = EmbeddedPostgres(source.ROOT / "var" / "test", durable=False)
    rules = [
        line
        for line in (server.data / "pg_hba.conf").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert rules == ["local all all peer map=here"]
    assert server.socket_folder.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_product_role_is_no_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "seen"),
    [
        ("", "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        # Over a socket the front door speaks, or another neighbour that adds what it saw.
        ("unix", "", "203.0.113.9", "203.0.113.9"),
        ("unix", "", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("unix", "", None, ""),
        ("unix", "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        ("", "", "203.0.113.9", ""),
    ],
)
def test_only_a_named_proxy_tells_the_visitors_address(
    proxies: str, peer: str, told: str | None, seen: str
):
    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": told} if told else {})

    served = behind_proxies(lambda environ, start: environ["REMOTE_ADDR"], proxies)

    assert served(environ, None) == seen


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [("", "10.0.0.1"), ("10.0.0.0/24", "203.0.113.9"), ("10.0.0.2", "10.0.0.1")],
)
def test_front_door_believes_the_same_proxies(proxies: str, seen: str):
    scope = {
        "type": "http",
        "client": ("10.0.0.1", 1),
        "headers": [(b"x-forwarded-for", b"203.0.113.9")],
    }

    async def served(scope: Any, receive: Any, send: Any) -> None:
        addresses.append(scope["client"][0])

    addresses: list[str] = []
    run(asgi.behind_proxies(served, proxies)(scope, None, None))

    assert addresses == [seen]


def test_socket_of_the_pages_is_short_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    monkeypatch.setenv("LINBANG_VAR", str(tmp_path))
    assert pages.socket_path() == tmp_path / "run" / "pages.sock"

    monkeypatch.setenv("LINBANG_VAR", str(deep))
    short = pages.socket_path()
    assert len(str(short).encode()) <= SOCKET_PATH_MAX
    assert short.parent.name.startswith("linbang-pages-")

    monkeypatch.setenv("LINBANG_PAGES", "/run/linbang/pages.sock")
    assert pages.socket_path() == Path("/run/linbang/pages.sock")


def test_pages_clear_away_what_a_crash_left_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "run" / "pages.sock"
    become = []
    monkeypatch.setenv("LINBANG_PAGES", str(path))
    monkeypatch.setenv("LINBANG_PROXIES", "10.0.0.1")
    monkeypatch.setattr(os, "execv", lambda _program, command: become.append(command))

    pages.main(["--workers", "4"])
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert become[-1][-2:] == ["--workers", "4"]
    assert os.environ["LINBANG_PROXIES"] == "unix"

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        with pytest.raises(SystemExit, match="already"):
            pages.main([])
        assert path.exists()
    pages.main([])
    assert not path.exists()

    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    with pytest.raises(SystemExit, match="somebody else"):
        pages.main([])
    assert len(become) == 2


def test_front_door_is_put_together():
    assert isinstance(asgi.application, FrontDoor)


def test_every_hot_operation_is_one_of_the_pages_too():
    # Without a pass, or while passes are not believed, the same address must answer.
    assert unknown_to_the_pages(lanes.OPERATIONS) == []
    assert unknown_to_the_pages(operations()) == ["tests.sign_up", "tests.count"]


def unknown_to_the_pages(hot: Iterable[Operation]) -> list[str]:
    described = json.loads((source.ROOT / "docs" / "openapi.json").read_text())["paths"]
    known = {
        (method.upper(), re.sub(r"{[^}]+}", "{}", path))
        for path, methods in described.items()
        for method in methods
    }
    return [
        operation.name
        for operation in hot
        if (operation.method, re.sub(r"{[^}]+}", "{}", operation.path)) not in known
    ]
