"""Refusals as problem JSON in the reader's language, of the shape ``linbang.web.api`` gives."""

import json
from functools import lru_cache
from html import escape

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.utils import translation

from config.front.wire import Answer, Header, Scope, header
from linbang.foundation.errors import Refused

PRIVATE: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_PROBLEM = (*PRIVATE, (b"content-type", b"application/problem+json"))
_PAGE = (*PRIVATE, (b"content-type", b"text/html; charset=utf-8"))
_PAGE_BODY = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{message}</title>'
    "<h1>{message}</h1></html>"
)


def problem(refusal: Refused, scope: Scope, *, retry_after_s: int | None = None) -> Answer:
    """Return what is answered to a refused call, with the time to come back if waiting helps."""
    language = _language_of(scope)
    if refusal.params:
        with translation.override(language):
            body = _body(refusal)
    else:
        body = _written_once(refusal, language)
    headers = [*_PROBLEM, (b"content-language", language.encode())]
    if retry_after_s is None:
        retry_after_s = refusal.retry_after_seconds
    if retry_after_s is not None:
        headers.append((b"retry-after", str(retry_after_s).encode()))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    return Answer(refusal.status, tuple(headers), body)


def page(refusal: Refused, scope: Scope) -> Answer:
    """Return a refusal as the barest page, which comes back by itself once waiting has helped."""
    language = _language_of(scope)
    with translation.override(language):
        text = _PAGE_BODY.format(language=language, message=escape(str(refusal)))
    wait = str(refusal.retry_after_seconds or 1).encode()
    headers = (*_PAGE, (b"retry-after", wait), (b"refresh", wait))
    return Answer(refusal.status, headers, text.encode())


# As many as there are refusals, inputs they name, and languages.
_written: dict[tuple[type[Refused], str | None, str], bytes] = {}


def _written_once(refusal: Refused, language: str) -> bytes:
    form = (type(refusal), refusal.field, language)
    if form not in _written:
        with translation.override(language):
            _written[form] = _body(refusal)
    return _written[form]


def _body(refusal: Refused) -> bytes:
    told = {
        "type": f"about:blank#{refusal.code}",
        "status": refusal.status,
        "code": refusal.code,
        "detail": str(refusal),
    }
    if refusal.field:
        told["field"] = refusal.field
    return json.dumps(told).encode()


def _language_of(scope: Scope) -> str:
    cookies = parse_cookie(header(scope["headers"], b"cookie"))
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return _language(chosen, header(scope["headers"], b"accept-language"))


@lru_cache(maxsize=256)
def _language(chosen: str, accepted: str) -> str:
    # Django's own order of things, as PreferencesMiddleware asks for it.
    request = HttpRequest()
    request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: chosen}
    request.META = {"HTTP_ACCEPT_LANGUAGE": accepted}
    return translation.get_language_from_request(request)
