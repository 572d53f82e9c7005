"""Reading what was revoked, through thick and thin."""

import asyncio
from typing import Any

import pytest
from psycopg import OperationalError

from config.front import revocations
from config.front.revocations import Revocations
from tests.front.stage import open_door, run

pytestmark = pytest.mark.django_db


class Flickering:
    """A database that is away for a while."""

    def __init__(self, away_for: int) -> None:
        self.asked = 0
        self.away_for = away_for

    async def rows(self, *_: Any) -> list[tuple[int, int | None]]:
        self.asked += 1
        if self.asked <= self.away_for:
            raise OperationalError("gone")
        return [(12, None)]


def test_lost_database_is_told_once_and_found_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(revocations, "READ_EVERY_S", 0.001)

    async def story() -> tuple[bool, frozenset[int]]:
        database = Flickering(away_for=3)
        reader = Revocations(database)  # type: ignore[arg-type]  # all that is asked of one
        reader.start()
        knew_at_once = reader.current() is not None
        async with asyncio.timeout(30):
            while (found := reader.current()) is None:
                await asyncio.sleep(0.001)
        await reader.stop()
        return knew_at_once, found.accounts

    assert run(story()) == (False, {12})
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_reader_that_was_never_started_stops() -> None:
    run(Revocations(Flickering(0)).stop())  # type: ignore[arg-type]  # never asked


def test_reader_stops_whatever_it_is_at() -> None:
    async def story() -> None:
        for turn in range(20):
            async with asyncio.timeout(30), open_door() as door:
                # A query that is told to end may have ended well just before.
                await asyncio.sleep(0.000_5 * turn)
                await door.revocations.stop()

    run(story())
