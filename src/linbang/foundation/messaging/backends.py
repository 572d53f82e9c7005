"""Gateways for text messages. ``LINBANG_SMS_BACKEND`` names the class by its dotted path."""

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from linbang.foundation import clock
from linbang.foundation.messaging.errors import SendingFailed, SendingRefused

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SmsBackend(ABC):
    """One way of sending a text message.

    ``send`` returns when the gateway has taken the message and raises ``SendingFailed`` when it
    has not, ``SendingRefused`` when it never will. The same key may come twice and means the
    same message. ``keeps_params`` says that what was sent may stay readable: for demos only.
    """

    keeps_params: ClassVar[bool] = False

    @abstractmethod
    def send(
        self, *, phone: str, template: str, params: Mapping[str, Any], text: str, key: str
    ) -> None: ...


@dataclass(frozen=True)
class SentSms:
    phone: str
    template: str
    text: str
    key: str


class LocmemSms(SmsBackend):
    """Keeps messages in a list, for tests."""

    sent: ClassVar[list[SentSms]] = []

    def send(
        self, *, phone: str, template: str, params: Mapping[str, Any], text: str, key: str
    ) -> None:
        self.sent.append(SentSms(phone, template, text, key))


class DevSms(SmsBackend):
    """Sends nothing: the outbox itself is shown on ``/dev/outbox/``, in demos only."""

    keeps_params = True

    def __init__(self) -> None:
        if not settings.LINBANG_DEMO:
            raise ImproperlyConfigured("DevSms shows codes on a page; it is for demos only.")

    def send(
        self, *, phone: str, template: str, params: Mapping[str, Any], text: str, key: str
    ) -> None:
        """Do nothing: the message lies in the outbox."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


class HttpSms(SmsBackend):
    """Posts JSON to a gateway of one's own, signed.

    Settings: ``LINBANG_SMS_URL`` (https, or http on this machine), ``LINBANG_SMS_SECRET``,
    ``LINBANG_SMS_TIMEOUT_S``. The signature is HMAC-SHA256 over ``timestamp.body`` in
    ``X-Signature``; ``Idempotency-Key`` names the message. 2xx is taken; 408, 429 and 5xx are
    tried again; any other answer is final.
    """

    def __init__(self) -> None:
        self._url: str = getattr(settings, "LINBANG_SMS_URL", "")
        self._secret: str = getattr(settings, "LINBANG_SMS_SECRET", "")
        self._timeout_s: float = getattr(settings, "LINBANG_SMS_TIMEOUT_S", 5.0)
        address = urlsplit(self._url)
        is_safe = address.scheme == "https" or (
            address.scheme == "http" and address.hostname in _LOOPBACK
        )
        if not (is_safe and self._secret):
            raise ImproperlyConfigured(
                "Set LINBANG_SMS_URL (https) and LINBANG_SMS_SECRET to send text messages."
            )

    def send(
        self, *, phone: str, template: str, params: Mapping[str, Any], text: str, key: str
    ) -> None:
        body = json.dumps(
            {"phone": phone, "template": template, "params": dict(params), "text": text},
            ensure_ascii=False,
        ).encode()
        request = Request(  # noqa: S310 - the scheme was checked when the settings were read
            self._url, data=body, headers=self._headers(body, key, clock.now()), method="POST"
        )
        try:
            with build_opener(_NoRedirect).open(request, timeout=self._timeout_s):
                return
        except HTTPError as error:
            with error:
                raise _failure(error.code) from error
        except (URLError, TimeoutError, ConnectionError) as error:
            raise SendingFailed(f"gateway unreachable: {type(error).__name__}") from error

    def _headers(self, body: bytes, key: str, now: datetime) -> dict[str, str]:
        timestamp = str(int(now.timestamp()))
        signed = timestamp.encode() + b"." + body
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "X-Timestamp": timestamp,
            "X-Signature": hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest(),
        }


def _failure(status: int) -> SendingFailed:
    passing = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    if status in passing or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SendingFailed(f"gateway answered {status}")
    return SendingRefused(f"gateway refused with {status}")
