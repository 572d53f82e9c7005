"""Transfers at the front door: an operation as a step declares one, and its server.

The product's own steps will add whom they let give to whom; here a person's number is that of
her book, so that nothing but the books' function stands behind the door. What granian is given:
``bench.giving:application``.
"""

from config.asgi import behind_proxies  # noqa: F401 - sets Django up

from django.conf import settings  # isort: skip

import orjson

from config.front.database import conninfo
from config.front.door import FrontDoor
from config.lanes import OPERATIONS
from config.pages import socket_path
from linbang.foundation.access.rules import pass_key
from linbang.foundation.ledger.choices import Outcome
from linbang.foundation.ledger.errors import REFUSALS
from turnstile import IN_TURNS, Knock, Operation, Row

PATH = "/api/v1/bench/transfers"
_STATEMENT = """
    SELECT outcome, transfer_id
    FROM ledger_transfer_v1(
        %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::bigint[], %b::text[], %b::text[],
        %b::timestamptz[]
    )
    ORDER BY n
"""


def _order(knock: Knock) -> Row:
    given = knock.fields()
    return (
        knock.cell,
        f"give:{knock.idempotency_key}",
        knock.person_id,
        int(given["to"]),
        int(given["minutes"]),
        "gift",
        "bench",
        knock.at,
    )


def _receipt(row: Row) -> tuple[int, bytes]:
    outcome, transfer_id = row
    if outcome in REFUSALS:
        raise REFUSALS[Outcome(outcome)]
    return 201, orjson.dumps({"id": transfer_id, "outcome": outcome})


# No key: orders of one statement see each other's effects, so one book may stand in it twice.
GIVE = Operation(
    name="give",
    method="POST",
    path=PATH,
    decode=_order,
    statement=_STATEMENT,
    encode=_receipt,
    limits=IN_TURNS,
)

application = FrontDoor(
    [*OPERATIONS, GIVE],
    address=conninfo(),
    key=pass_key(settings.SECRET_KEY),
    pages=str(socket_path()),
)
