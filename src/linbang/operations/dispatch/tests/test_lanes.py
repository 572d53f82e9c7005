"""What the lane of sign-ups answers by itself, and what it leaves to the pages."""

import pytest

from linbang.operations.dispatch.lanes import OPERATIONS
from turnstile import HandOver

SIGN_UP = OPERATIONS[0]
# As the statement answers: the verdict, the place, and nothing of an earlier row.
REPLAYED = ("replayed", "place", None, *[None] * 16, 0)


def test_place_written_while_the_statement_ran_is_told_by_the_pages():
    with pytest.raises(HandOver):
        SIGN_UP.encode(REPLAYED)


def test_repeated_place_is_told_as_it_stands():
    row = (*REPLAYED[:12], "confirmed", "self", *REPLAYED[14:])

    status, body = SIGN_UP.encode(row)

    assert status == 201
    assert b'"state":"confirmed"' in body
