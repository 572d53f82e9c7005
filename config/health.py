"""``GET /healthz``: version, database and worker, for people and load balancers."""

from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_WORKER_ALIVE = """
    SELECT EXISTS (
        SELECT FROM procrastinate_workers
        WHERE last_heartbeat > now() - make_interval(secs => %s)
    )
"""


@require_safe
@never_cache
def health(_: HttpRequest) -> JsonResponse:
    """Answer 200 when the product can do its work, 503 when a part is down."""
    database, worker = _states()
    return JsonResponse(
        {"version": _version(), "database": database, "worker": worker},
        status=200 if database == worker == "up" else 503,
    )


def _states() -> tuple[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKER_ALIVE, [settings.WORKER_SILENCE_S])
            (alive,) = cursor.fetchone()
    except DatabaseError:
        return "down", "unknown"
    return "up", "up" if alive else "down"


def _version() -> str:
    try:
        return version("linbang")
    except PackageNotFoundError:
        return "unknown"
