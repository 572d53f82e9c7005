"""Browsers of the cast in the tests of service, and the queue of a device."""

from typing import Any

from django.test import Client
from django.urls import reverse

from linbang.foundation.access.factories import client_of
from linbang.foundation.people.models import Person
from linbang.foundation.shell.queries import account_key
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.tests.cast import lead


def led(sign_up: SignUp) -> Client:
    """Sit the leader of a sign-up's activity down at a browser."""
    return client_of(Person.objects.get(pk=lead(sign_up.shift.activity).person_id))


def page_of(sign_up: SignUp, name: str) -> str:
    return reverse(f"service:{name}", args=[sign_up.shift.activity.public_id])


def queued(client: Client, address: str, body: dict[str, Any], **headers: str) -> Any:
    """Send a form as the queue of a device does."""
    request = client.get("/lead/").wsgi_request
    return client.post(
        address,
        body,
        headers={
            "Idempotency-Key": "k1",
            "X-Acted-At": "2026-05-16T01:05:00.000Z",
            "X-Account": account_key(request),
            "X-Requested-With": "fetch",
            "Accept": "application/problem+json",
            **headers,
        },
    )
