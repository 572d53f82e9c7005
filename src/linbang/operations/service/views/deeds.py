"""What a form that may have waited on a device tells beside its fields (docs/browser-kit.md)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

KEY_LENGTH = 64


def key_of(request: HttpRequest) -> str:
    """Return the idempotency key of a deed; empty when the form was an ordinary one."""
    return request.headers.get("Idempotency-Key", "")[:KEY_LENGTH]


def acted_at(request: HttpRequest) -> datetime | None:
    """Return when somebody acted by the clock of the device: a claim that the rules judge."""
    try:
        at = parse_datetime(request.headers.get("X-Acted-At", ""))
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def is_queued(request: HttpRequest) -> bool:
    """Tell whether a script sent the form, which wants an answer and no page."""
    return request.headers.get("X-Requested-With") == "fetch"


def answered(request: HttpRequest, to: str) -> HttpResponse:
    """Answer a deed that was done: nothing to a script, the way back to everybody else."""
    return HttpResponse(status=204) if is_queued(request) else redirect(to)
