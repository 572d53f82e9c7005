"""The root of the API: every app's router under ``/api/v1/``, every refusal as problem JSON."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

from linbang.foundation.access.api import router as access
from linbang.foundation.access.gates import by_session
from linbang.foundation.audit.api import router as audit
from linbang.foundation.errors import Refused
from linbang.foundation.messaging.api import router as messaging
from linbang.foundation.organisations.api import router as organisations
from linbang.foundation.people.api import router as people
from linbang.foundation.places.api import router as places
from linbang.intake.activities.api import router as activities
from linbang.intake.care.api import router as care
from linbang.intake.needs.api import router as needs
from linbang.operations.clearance.api import router as clearance
from linbang.operations.dispatch.api import router as dispatch
from linbang.operations.service.api import router as service
from linbang.operations.service_records.api import router as service_records
from linbang.outcomes.certificates.api import router as certificates
from linbang.outcomes.recognition.api import router as recognition
from linbang.outcomes.time_bank.api import router as time_bank
from linbang.reporting.briefs.api import router as briefs
from linbang.reporting.statistics.api import router as statistics
from linbang.web.schemas import ProblemOut

_PROBLEM = "application/problem+json"
# In the order of the floors, which is the order of docs/openapi.json.
_ROUTERS = (
    audit,
    places,
    access,
    people,
    organisations,
    messaging,
    care,
    needs,
    activities,
    clearance,
    dispatch,
    service,
    service_records,
    certificates,
    recognition,
    time_bank,
    statistics,
    briefs,
)


class LinbangAPI(NinjaAPI):
    """The API, whose description also says how each operation refuses."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Describe the API; every operation may answer 4XX with the one problem."""
        described = super().get_openapi_schema(**options)
        shape = ProblemOut.model_json_schema(ref_template=REF_TEMPLATE, mode="serialization")
        schemas = {**described["components"]["schemas"], **shape.pop("$defs"), "ProblemOut": shape}
        described["components"]["schemas"] = dict(sorted(schemas.items()))
        described["components"]["responses"] = {
            "Problem": {
                "description": "Refused: why, and what to do next",
                "content": {
                    _PROBLEM: {"schema": {"$ref": REF_TEMPLATE.format(model="ProblemOut")}}
                },
            }
        }
        for path in described["paths"].values():
            for operation in path.values():
                operation["responses"]["4XX"] = {"$ref": "#/components/responses/Problem"}
        return described


api = LinbangAPI(
    title="Linbang 邻帮",  # untranslated: the product's name
    version="1",
    description="Community volunteer service: needs, dispatch, visits, records, love savings.",
    docs_url=None,
    auth=by_session,
)


def _problem(
    request: HttpRequest, *, status: int, code: str, detail: str, **more: Any
) -> HttpResponse:
    body = {"type": f"about:blank#{code}", "status": status, "code": code, "detail": detail}
    told = {**body, **{name: value for name, value in more.items() if value}}
    response = api.create_response(request, told, status=status)
    response["Content-Type"] = _PROBLEM
    return response


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    response = _problem(
        request,
        status=refusal.status,
        code=refusal.code,
        detail=str(refusal),
        field=refusal.field,
        errors=refusal.problems,
        **refusal.facts,
    )
    if refusal.retry_after_seconds is not None:
        response["Retry-After"] = str(refusal.retry_after_seconds)
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [{"field": _field_at(one["loc"]), "detail": str(one["msg"])} for one in error.errors]
    detail = _("有些内容没有填对，请按提示修改。")
    return _problem(request, status=422, code="invalid_input", detail=detail, errors=problems)


def _field_at(place: Sequence[str | int]) -> str:
    # A body is told as ("body", name of the parameter, field…), the others as ("query", field).
    return ".".join(str(part) for part in place[2 if place[0] == "body" else 1 :])


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    detail = _("没有找到，可能已被处理或您无权查看。")
    return _problem(request, status=404, code="not_found", detail=detail)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(request, status=401, code="not_signed_in", detail=_("请先登录。"))


@api.exception_handler(HttpError)
def _not_understood(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja itself raises two of these: a body that is no JSON, and a missing CSRF token.
    if error.status_code == 400:
        detail = _("有些内容没有填对，请按提示修改。")
        return _problem(request, status=400, code="unreadable", detail=detail)
    code = "csrf_failed" if error.status_code == 403 else Refused.code
    return _problem(request, status=error.status_code, code=code, detail=str(Refused.message))


for _router in _ROUTERS:
    api.add_router("", _router)

_nowhere = Router(auth=None)


@_nowhere.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE"], "{path:rest}", include_in_schema=False
)
def _unknown_address(request: HttpRequest, rest: str) -> None:
    raise Http404


api.add_router("", _nowhere)
