"""The open activities of a region as JSON bytes: one statement, and for a second one answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from django.db import connection

FRESH_FOR_S = 1.0
_REGIONS_MAX = 2_000


def open_activities_json(region: str, *, now: datetime) -> bytes:
    """Return the open activities of a region, from the county down, as JSON; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dispatch_open_activities_v1(%s, %s)", [region, now])
        (text,) = cursor.fetchone()
    return str(text).encode()


@dataclass(slots=True)
class _Answer:
    """What was answered for one region, and who is asking again."""

    lock: Lock = field(default_factory=Lock)
    body: bytes = b""
    at: float = float("-inf")


class SingleFlight:
    """Keep answers for a second; of many who ask for the same, one fetches and the rest wait.

    ``tick`` is any clock of seconds that never goes back. A failure is nobody's answer: the next
    one asks again. At most so many keys are kept; beyond, all are forgotten.
    """

    def __init__(self, *, fresh_for_s: float = FRESH_FOR_S, keys_max: int = _REGIONS_MAX) -> None:
        self._fresh_for_s, self._keys_max = fresh_for_s, keys_max
        self._answers: dict[str, _Answer] = {}
        self._lock = Lock()

    def get(self, key: str, fetch: Callable[[], bytes], *, tick: float) -> bytes:
        """Return the answer of a key, fetched at most once a second."""
        answer = self._answers.get(key) or self._new(key)
        if tick - answer.at < self._fresh_for_s:
            return answer.body
        with answer.lock:
            if tick - answer.at >= self._fresh_for_s:
                answer.body, answer.at = fetch(), tick
            return answer.body

    def _new(self, key: str) -> _Answer:
        with self._lock:
            if len(self._answers) >= self._keys_max:
                self._answers.clear()
            return self._answers.setdefault(key, _Answer())
