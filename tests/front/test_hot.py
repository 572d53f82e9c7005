"""Hot calls through the front door, in this process, on a real database."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import translation

from config.front import revocations
from config.front.database import Database, conninfo, is_hopeless
from config.front.door import FrontDoor
from linbang.foundation import clock
from linbang.foundation.access import actions
from linbang.foundation.access.factories import make_pass
from linbang.foundation.access.models import Device
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_person
from linbang.web.api import api
from tests.front.stage import (
    OTHER_SHIFT,
    SHIFT,
    Answered,
    ShiftFull,
    call,
    open_door,
    run,
    shift,
    token_of,
)

Story = Callable[[FrontDoor], Awaitable[Any]]
pytestmark = pytest.mark.django_db
PERSON = 7
COUNT = f"/api/v1/tests/{SHIFT}/count"


def own_pass() -> str:
    """Sign a pass now: it lasts ten minutes, and a run of all tests may last longer."""
    return token_of(PERSON)


def told(story: Story, **options: Any) -> Any:
    """Let something happen at an open door."""

    async def within() -> Any:
        async with open_door(**options) as door:
            return await story(door)

    return run(within())


def ask(**request: Any) -> Answered:
    """Ask once, and return the answer."""
    return told(lambda door: call(door, **request))


def rows() -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo()) as link:
        found = link.execute(
            "SELECT person, shift::text, note, key FROM front_scratch ORDER BY person"
        )
        return found.fetchall()


def test_hot_call_is_written_and_answered(table: None) -> None:
    answer = ask(token=own_pass(), body={"note": "你好"}, headers={"idempotency-key": "k-1"})

    assert (answer.status, answer.json) == (201, {"state": "done"})
    assert rows() == [(PERSON, SHIFT, "你好", "k-1")]
    assert answer.header("content-type").startswith("application/json")
    assert answer.header("cache-control") == "no-store"
    assert answer.header("content-length") == str(len(answer.body))


def test_crowd_shares_statements(table: None) -> None:
    tokens = [token_of(person) for person in range(20)]

    async def crowd(door: FrontDoor) -> tuple[list[Answered], int]:
        answers = await asyncio.gather(*(call(door, token=token) for token in tokens))
        return answers, door.hot.turnstile.snapshots()[0].batches

    answers, batches = told(crowd)

    assert [answer.json["state"] for answer in answers] == ["done"] * 20
    assert len(rows()) == 20
    assert batches < 20


def test_same_person_is_never_twice_in_a_statement(table: None) -> None:
    async def twice(door: FrontDoor) -> list[Answered]:
        return await asyncio.gather(*(call(door, token=own_pass()) for _ in range(2)))

    # In one statement, both rows would say that they were new.
    assert [answer.json["state"] for answer in told(twice)] == ["done", "replayed"]


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"headers": {"authorization": "Basic bGI6bGI="}},
        {"token": "x", "method": "GET"},
        {"token": "x", "path": "/api/v1/tests/7/sign-ups"},
        {"token": "x", "path": f"/api/v1/tests/{SHIFT}/sign-ups/"},
    ],
)
def test_everything_else_is_for_the_pages(table: None, request_: dict[str, Any]) -> None:
    answer = ask(**request_)

    # Nobody listens there in this test, and the front door says so.
    assert (answer.status, answer.json["code"]) == (503, "not_ready")


def test_forged_pass_is_refused(table: None) -> None:
    answer = ask(token=own_pass()[:-1])

    assert (answer.status, answer.json["code"]) == (401, "pass_refused")
    assert answer.header("www-authenticate") == "Bearer"
    assert rows() == []


def test_expired_pass_is_refused(table: None) -> None:
    answer = ask(token=token_of(PERSON, issued_s_ago=601))

    assert (answer.status, answer.json["code"]) == (401, "pass_refused")


@pytest.mark.django_db(transaction=True)
def test_revoked_pass_is_refused_within_seconds(table: None) -> None:
    member = make_person()
    tokens = [make_pass(member), make_pass(member)]
    device = Device.objects.order_by("pk").first()

    async def before_and_after(door: FrontDoor) -> list[int]:
        statuses = [(await call(door, token=token)).status for token in tokens]
        await asyncio.to_thread(end, device)
        async with asyncio.timeout(10):
            while (await call(door, token=tokens[0])).status == 201:
                await asyncio.sleep(0.1)
        return [*statuses, *[(await call(door, token=token)).status for token in tokens]]

    assert told(before_and_after) == [201, 201, 401, 201]


def end(device: Any) -> None:
    by = Actor(account_id=device.account_id, cell=device.cell)
    actions.end_device(public_id=device.public_id, by=by, now=clock.now())
    connection.close()


def test_passes_are_for_the_pages_while_nobody_knows_what_was_revoked(
    table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waiting(door: FrontDoor) -> list[str]:
        await door.revocations.stop()
        now = time.monotonic()
        codes = []
        for late_s in (4, 6):
            later = SimpleNamespace(monotonic=lambda late_s=late_s: now + late_s)
            monkeypatch.setattr(revocations, "time", later)
            answer = await call(door, token=own_pass())
            codes.append(answer.json.get("code", answer.json.get("state")))
        return codes

    assert told(waiting) == ["done", "not_ready"]


def test_refusals_speak_the_readers_language(table: None) -> None:
    english = ask(token=own_pass(), body={"note": "full"}, headers={"accept-language": "en-GB,en"})
    chosen = ask(
        token=own_pass(),
        body={"note": "full"},
        headers={"accept-language": "en", "cookie": "a=b; django_language=zh-hant"},
    )

    assert (english.status, english.json["code"]) == (409, "shift_full")
    assert english.json["detail"].isascii()
    assert english.header("content-language") == "en"
    assert english.header("retry-after") == "7"
    assert "沒有找到" in chosen.json["detail"]


def test_refusals_are_what_the_pages_would_say(table: None) -> None:
    request = RequestFactory().post("/api/v1/x")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            theirs = api.on_exception(request, ShiftFull(field="note"))
        headers = {"accept-language": language}
        ours = ask(token=own_pass(), body={"note": "full"}, headers=headers)

        expected = {**json.loads(theirs.content)}
        del expected["field"]
        assert ours.json == expected
        assert ours.header("content-type") == theirs["Content-Type"]
        assert ours.header("retry-after") == theirs["Retry-After"]


def test_decoder_refuses_with_the_field_at_fault(table: None) -> None:
    forbidden = ask(token=own_pass(), body={"note": "forbidden"})
    too_long = ask(token=own_pass(), body={"note": "x" * 101}, headers={"accept-language": "en"})

    assert (forbidden.status, forbidden.json["field"]) == (403, "note")
    assert (too_long.status, too_long.json["field"]) == (422, "note")
    assert "100" in too_long.json["detail"]
    assert rows() == []


@pytest.mark.parametrize("body", [b"{", b'["note"]', b'{"note": "' + b"x" * 20_000 + b'"}'])
def test_unreadable_body_is_refused(table: None, body: bytes) -> None:
    answer = ask(token=own_pass(), body=body)

    assert (answer.status, answer.json["code"]) == (400, "unreadable")
    assert rows() == []


def test_body_may_come_in_pieces(table: None) -> None:
    pieces = [
        {"type": "http.request", "body": b'{"note": ', "more_body": True},
        {"type": "http.request", "body": b'"in two"}', "more_body": False},
    ]

    assert ask(token=own_pass(), messages=pieces).status == 201
    assert rows()[0][2] == "in two"


def test_caller_who_left_while_asking_has_not_asked(table: None) -> None:
    answer = ask(token=own_pass(), messages=[{"type": "http.disconnect"}])

    assert answer.status == 0
    assert rows() == []


def test_poison_is_our_fault_and_spoils_nobody_elses(table: None) -> None:
    tokens = [token_of(person) for person in range(3)]
    notes = ["a", "poison", "c"]

    async def crowd(door: FrontDoor) -> list[int]:
        asked = zip(tokens, notes, strict=True)
        answers = (call(door, token=token, body={"note": note}) for token, note in asked)
        return [answer.status for answer in await asyncio.gather(*answers)]

    assert told(crowd) == [201, 500, 201]
    assert [note for _, _, note, _ in rows()] == ["a", "c"]


def test_full_lane_says_when_to_come_back(table: None) -> None:
    tokens = [token_of(person) for person in range(3)]

    async def crowd(door: FrontDoor) -> list[Answered]:
        slow = asyncio.create_task(call(door, token=tokens[0], body={"note": "0.3"}))
        await asyncio.sleep(0.1)
        return [*await asyncio.gather(*(call(door, token=t) for t in tokens[1:])), await slow]

    waits, refused, slow = told(crowd, waiting_max=1)

    assert (waits.status, slow.status) == (201, 201)
    assert (refused.status, refused.json["code"]) == (503, "too_busy")
    assert int(refused.header("retry-after")) >= 1
    assert len(rows()) == 2


def test_lost_database_is_a_matter_of_waiting(table: None) -> None:
    async def lose(door: FrontDoor) -> Answered:
        await door._database.close()
        return await call(door, token=own_pass())

    answer = told(lose)

    assert (answer.status, answer.json["code"]) == (503, "too_busy")


def test_closing_door_answers_those_inside_and_nobody_else(table: None) -> None:
    tokens = [token_of(person) for person in range(2)]

    async def closing(door: FrontDoor) -> list[int]:
        inside = asyncio.create_task(call(door, token=tokens[0], body={"note": "0.3"}))
        await asyncio.sleep(0.1)
        drained = asyncio.create_task(door.hot.turnstile.drain(within_s=3))
        await asyncio.sleep(0.05)
        late = await call(door, token=tokens[1])
        await drained
        return [(await inside).status, late.status]

    assert told(closing) == [201, 503]


def test_public_answers_are_asked_for_once_and_kept_for_a_moment(table: None) -> None:
    async def story(door: FrontDoor) -> list[Any]:
        many = await asyncio.gather(*(call(door, "GET", COUNT) for _ in range(10)))
        await call(door, token=own_pass())
        kept = await call(door, "GET", COUNT)
        other = await call(door, "GET", f"/api/v1/tests/{OTHER_SHIFT}/count")
        await asyncio.sleep(0.35)
        fresh = await call(door, "GET", COUNT)
        asked = door.hot.turnstile.snapshots()[1].calls
        return [*(answer.json["count"] for answer in (*many, kept, other, fresh)), asked]

    assert told(story) == [*[0] * 10, 0, 0, 1, 3]


def test_public_answers_are_kept_for_so_many(table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.front.fresh.KEPT_MAX", 2)

    async def story(door: FrontDoor) -> int:
        for number in (1, 2, 3, 3, 1):
            await call(door, "GET", f"/api/v1/tests/{shift(number)}/count")
        return door.hot.turnstile.snapshots()[1].calls

    assert told(story) == 4


def test_failed_public_answers_are_not_kept(table: None) -> None:
    async def story(door: FrontDoor) -> list[int]:
        lane = door.hot.turnstile["tests.count"]
        works = lane._run

        async def fails(_calls: Any) -> Any:
            raise RuntimeError

        lane._run = fails
        first = await call(door, "GET", COUNT)
        lane._run = works
        return [first.status, (await call(door, "GET", COUNT)).status]

    assert told(story) == [500, 200]


def test_errors_that_splitting_mends_are_told_from_others() -> None:
    from psycopg import errors
    from psycopg_pool import PoolTimeout

    assert [is_hopeless(error) for error in (errors.ConnectionFailure(), PoolTimeout())] == [
        True
    ] * 2
    assert not any(
        is_hopeless(error)
        for error in (errors.DeadlockDetected(), errors.CheckViolation(), ValueError())
    )


def test_door_opens_while_the_database_is_not_there_yet() -> None:
    async def story() -> bool:
        database = Database("host=/nowhere dbname=none", connections=1)
        await database.open()
        await database.close()
        return True

    assert run(story())
