"""What passes the turnstile: an operation, told by its address, its statement and two functions."""

import json
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from turnstile.limits import STANDARD, Limits

Row = tuple[Any, ...]

_GROUP = re.compile(r"\\\{([a-z_]+)\\\}")
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class Unreadable(Exception):
    """The body of a call is not what the operation reads."""


class HandOver(Exception):
    """The call is one that only whoever stands behind the door can answer; nothing was done."""


class Knock(NamedTuple):
    """One request at the door, as far as operations may know it.

    ``groups`` are the UUIDs of the path, as text. Without a pass, which only public operations
    allow, the ids are 0 and the cell is empty. ``idempotency_key`` is empty if none was sent.
    """

    groups: Mapping[str, str]
    query: str
    body: bytes
    account_id: int
    person_id: int
    cell: str
    address: str | None
    idempotency_key: str
    at: datetime

    def fields(self) -> dict[str, Any]:
        """Return the fields of a JSON body; of an empty one, none. Raises Unreadable."""
        if not self.body:
            return {}
        try:
            fields = json.loads(self.body.decode())
        except ValueError as error:
            raise Unreadable from error
        if not isinstance(fields, dict):
            raise Unreadable
        return fields


def _no_key(_call: Row) -> Hashable:
    return None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the product, as its step declares it.

    ``decode`` turns a request into a call: one value for each array that ``statement`` takes. The
    statement answers a row for each call, in their order, and is one transaction: all or nothing.
    ``encode`` turns a row into a status and JSON. Both are pure, and both may raise the refusals
    of the product, and HandOver while nothing was written; ``decode`` also Unreadable.

    ``{name}`` in ``path`` stands for a UUID. ``key`` names calls that must not share a statement,
    such as those of one person. A ``is_public`` one is answered without a pass; what it answers
    to a call is good for ``fresh_s`` seconds for whoever asks the same.
    """

    name: str
    method: str
    path: str
    decode: Callable[[Knock], Row]
    statement: str
    encode: Callable[[Row], tuple[int, bytes]]
    key: Callable[[Row], Hashable] = _no_key
    limits: Limits = STANDARD
    is_public: bool = False
    fresh_s: float = 0.0

    def __post_init__(self) -> None:
        if self.fresh_s and not self.is_public:
            raise ValueError(f"{self.name} answers one person: nobody else may get it")

    def pattern(self) -> re.Pattern[str]:
        """Return what its paths look like."""
        return re.compile(_GROUP.sub(rf"(?P<\1>{_UUID})", re.escape(self.path)))
