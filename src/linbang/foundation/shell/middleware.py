"""Three edges of every page: the reader's preferences, whose browser this is, a refusal."""

from collections.abc import Callable
from html import unescape

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import strip_tags

from linbang.foundation.errors import Refused
from linbang.foundation.shell import queries, rules
from linbang.foundation.shell.errors import AnotherAccount, NotSignedIn

Answer = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Put language, theme, text size and elder mode from cookies on the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        request.preferences = rules.preferences_from(request.COOKIES)  # type: ignore[attr-defined]  # set here, read by the context processor
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        # What is public is the same for everyone (styles, files); pages differ by all of these.
        if "public" not in response.headers.get("Cache-Control", ""):
            patch_vary_headers(response, ("Accept-Language", "Cookie", "HX-Request"))
        return response


class BrowserMiddleware:
    """Tell the browser whose page this is, and take nothing it kept for somebody else.

    What waits on a device (shell/js/queue.js) names its account with ``X-Account``; pages name
    theirs, so that the service worker drops what it keeps of another.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sender = request.headers.get("X-Account")
        if sender is not None and sender != (reader := queries.account_key(request)):
            return refused(request, AnotherAccount() if reader else NotSignedIn())
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", rules.permissions_policy())
        # Where something broke, nothing more is asked of it.
        if sender is not None:
            response.headers["X-Account"] = sender
        elif rules.is_page(response.headers.get("Content-Type", ""), response.status_code):
            response.headers["X-Account"] = queries.account_key(request)
        return response


class RefusalMiddleware:
    """Turn a refusal that a view let rise into a notice the person can act on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return refused(request, error)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer with a refusal, as a page, a notice or a problem."""
    context: dict[str, object] = {"refusal": refusal}
    answer = notice_or_page(
        request, "shell/refusal.html", context, status=refusal.status, code=refusal.code
    )
    if refusal.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


def notice_or_page(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int, code: str
) -> HttpResponse:
    """Answer HTMX with the template's `notice` partial, a script of ours with a problem.

    Everyone else gets the whole page.
    """
    if rules.wants_problem(request.headers.get("Accept", "")):
        notice = render_to_string(f"{template}#notice", context)
        told = {"code": code, "detail": unescape(strip_tags(notice)).strip()}
        return JsonResponse(
            {"type": f"about:blank#{code}", "status": status, **told},
            status=status,
            content_type=rules.PROBLEM,
            json_dumps_params={"ensure_ascii": False},
        )
    if not request.headers.get("HX-Request"):
        return render(request, template, context, status=status)
    response = render(request, f"{template}#notice", context, status=status)
    # The fragment asked for would be replaced by an error: show it beside the content instead.
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response
