import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured

from linbang.foundation.messaging.backends import DevSms, HttpSms
from linbang.foundation.messaging.errors import SendingFailed, SendingRefused

MESSAGE = {
    "phone": "13800001234",
    "template": "sign_in_code",
    "params": {"code": "246810"},
    "text": "您的验证码是 246810",
    "key": "450103:code:1",
}


@pytest.fixture
def gateway(settings):
    """A gateway on this machine that answers with ``gateway.status`` and remembers requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.requests.append((dict(self.headers), body))
            self.send_response(self.server.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.status = [], 200
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.LINBANG_SMS_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.LINBANG_SMS_SECRET = "hush"
    settings.LINBANG_SMS_TIMEOUT_S = 2
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_gateway_gets_signed_json(gateway):
    HttpSms().send(**MESSAGE)

    ((headers, body),) = gateway.requests
    signed = headers["X-Timestamp"].encode() + b"." + body
    assert headers["X-Signature"] == hmac.new(b"hush", signed, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == "450103:code:1"
    assert json.loads(body) == {
        name: MESSAGE[name] for name in ("phone", "template", "params", "text")
    }


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (500, SendingFailed),
        (429, SendingFailed),
        (408, SendingFailed),
        (400, SendingRefused),
        (302, SendingRefused),
    ],
)
def test_gateway_answers_decide_about_trying_again(gateway, status, failure):
    gateway.status = status

    with pytest.raises(SendingFailed, match=str(status)) as caught:
        HttpSms().send(**MESSAGE)

    assert type(caught.value) is failure
    assert len(gateway.requests) == 1


def test_silent_gateway_is_tried_again(settings):
    # Port 9 of this machine: nobody listens there.
    settings.LINBANG_SMS_URL, settings.LINBANG_SMS_SECRET = "http://127.0.0.1:9/", "hush"

    with pytest.raises(SendingFailed, match="unreachable") as caught:
        HttpSms().send(**MESSAGE)

    assert not caught.value.is_final


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("", "hush"),
        ("http://example.org/", "hush"),
        ("https://example.org/", ""),
        ("file:///x", "h"),
    ],
)
def test_gateway_must_be_safe_to_use(settings, url, secret):
    settings.LINBANG_SMS_URL, settings.LINBANG_SMS_SECRET = url, secret

    with pytest.raises(ImproperlyConfigured):
        HttpSms()


def test_demo_backend_is_refused_elsewhere(settings):
    settings.LINBANG_DEMO = False

    with pytest.raises(ImproperlyConfigured):
        DevSms()
