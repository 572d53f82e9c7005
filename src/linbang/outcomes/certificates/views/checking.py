from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.gates import address_of
from linbang.foundation.shell.gates import kept_offline, with_camera
from linbang.outcomes.certificates import actions, queries, rules
from linbang.outcomes.certificates.forms import NumberForm, SignedForm
from linbang.outcomes.certificates.views.own import site_of


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Tell anybody what a number stands for, and verify what a scanned code says (rule 49)."""
    form = NumberForm(request.GET if "n" in request.GET else None)
    is_asked = form.is_valid()
    found = None
    if is_asked:
        found = actions.check_number(
            number=form.cleaned_data["n"], address=address_of(request), now=clock.now()
        )
    return render(
        request,
        "certificates/check.html",
        {"form": form, "is_asked": is_asked, "found": found, "keys": _keys()},
    )


@require_GET
@kept_offline
@with_camera
def verify(request: HttpRequest) -> HttpResponse:
    """Verify scanned codes on this device alone; the page works without network."""
    return render(request, "certificates/verify.html", {"form": SignedForm(), "keys": _keys()})


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Tell with which keys certificates are signed, and how to verify."""
    site = site_of(request)
    return render(
        request,
        "certificates/keys.html",
        {"keys": _keys(), "did": rules.did_of(site), "site": site},
    )


@require_GET
def did_document(request: HttpRequest) -> JsonResponse:
    """Tell machines the keys, where did:web looks for them."""
    document = rules.did_document(site_of(request), queries.published_keys())
    answer = JsonResponse(document, content_type="application/did+ld+json")
    # Public, and read by pages of other sites.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _keys() -> dict[str, str]:
    return {key_id: key.hex() for key_id, key in queries.published_keys().items()}
