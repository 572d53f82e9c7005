"""The root of the API: every app's router under ``/api/v1/``, every refusal as problem JSON."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import APIKeyCookie

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import Refused

_PROBLEM = "application/problem+json"


class SessionAuth(APIKeyCookie):
    """The session of the pages; unsafe methods carry the CSRF token in ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        return actor if actor.is_signed_in else None


api = NinjaAPI(
    title="Linbang",
    version="1",
    description="Community volunteer service: needs, dispatch, visits, records, love savings.",
    docs_url=None,
    auth=SessionAuth(),
)


def _problem(
    request: HttpRequest, *, status: int, code: str, detail: str, **more: Any
) -> HttpResponse:
    body = {"type": f"about:blank#{code}", "status": status, "code": code, "detail": detail}
    return api.create_response(
        request, {**body, **{name: value for name, value in more.items() if value}}, status=status
    )


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return _as_problem(
        _problem(
            request,
            status=refusal.status,
            code=refusal.code,
            detail=str(refusal),
            field=refusal.field,
        )
    )


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [
        {"field": ".".join(str(part) for part in one["loc"][2:]), "detail": one["msg"]}
        for one in error.errors
    ]
    detail = _("有些内容没有填对，请按提示修改。")
    return _as_problem(
        _problem(request, status=422, code="invalid_input", detail=detail, errors=problems)
    )


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    detail = _("没有找到，可能已被处理或您无权查看。")
    return _as_problem(_problem(request, status=404, code="not_found", detail=detail))


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = _("请先登录。")
    return _as_problem(_problem(request, status=401, code="not_signed_in", detail=detail))


def _as_problem(response: HttpResponse) -> HttpResponse:
    response["Content-Type"] = _PROBLEM
    return response


for _app in settings.LINBANG_APPS:
    if _app != "linbang.web" and find_spec(f"{_app}.api"):
        api.add_router("", import_module(f"{_app}.api").router)
