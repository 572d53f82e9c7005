"""Two real connections at once: one wins, the other is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.access import actions
from linbang.foundation.access.choices import DirectoryKind
from linbang.foundation.access.factories import make_account, make_code
from linbang.foundation.access.rules import Actor
from linbang.foundation.access.tests.cast import NOW
from linbang.foundation.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes_of(act: Callable[[int], object]) -> list[str]:
    """Run the act on two connections at the same moment; return "done" or the refusals' codes."""
    start = Barrier(2)

    def run(number: int) -> str:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            act(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, [1, 2]))


def test_two_claims_of_one_digest() -> None:
    outcomes = outcomes_of(
        lambda number: actions.claim_unique(
            kind=DirectoryKind.IDENTITY, digest="same", cell=f"45010{number}", owner_id=number
        )
    )

    assert outcomes == ["already_claimed", "done"]


def test_two_uses_of_one_code() -> None:
    account = make_account("13800001234")
    make_code(account, now=NOW)

    outcomes = outcomes_of(
        lambda _number: actions.sign_in_with_code(
            phone="13800001234", code="123456", by=Actor(), now=NOW
        )
    )

    assert outcomes == ["code_wrong", "done"]
