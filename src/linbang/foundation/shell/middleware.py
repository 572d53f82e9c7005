"""Two edges of every page: the reader's preferences going in, a refusal coming out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from linbang.foundation.errors import Refused
from linbang.foundation.shell import rules

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


class RefusalMiddleware:
    """Turn a refusal that a view let rise into a notice the person can act on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return notice_or_page(
            request, "shell/refusal.html", {"refusal": error}, status=error.status
        )


def notice_or_page(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    """Answer HTMX with the template's `notice` partial, everyone else with the whole page."""
    if not request.headers.get("HX-Request"):
        return render(request, template, context, status=status)
    response = render(request, f"{template}#notice", context, status=status)
    # The fragment asked for would be replaced by an error: show it beside the content instead.
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response
