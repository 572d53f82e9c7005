"""Which messages go when, over plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

TRIES_MAX = 6
_PAUSE_S = 15
_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeOrder:
    """One line for one person's inbox, once per (person, key).

    ``cell`` is the person's; whoever knows it saves looking it up.
    """

    person_id: int
    cell: str = ""
    kind: str
    template: str
    params: Mapping[str, Any]
    url: str = ""
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsOrder:
    """One text message to a phone, once per (cell, key)."""

    phone: str
    template: str
    params: Mapping[str, Any]
    key: str
    cell: str


def missing_params(text: str, params: Mapping[str, Any]) -> set[str]:
    """Return the names a text speaks of that the params do not give."""
    return set(_NAMED.findall(text)) - params.keys()


def plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return params as they are stored: instants as ISO text, the rest as it is."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in params.items()
    }


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed tries: 15 s, doubled each time."""
    return timedelta(seconds=_PAUSE_S * 2 ** max(attempts - 1, 0))


def gives_up(attempts: int) -> bool:
    """Tell whether a message that failed so often is given up."""
    return attempts >= TRIES_MAX


def is_expired(send_before: datetime | None, now: datetime) -> bool:
    """Tell whether sending the message has lost its sense."""
    return send_before is not None and send_before <= now
