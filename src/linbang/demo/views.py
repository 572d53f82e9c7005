"""The demo's door; it is not there outside the demo."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from linbang.demo import queries
from linbang.foundation import clock
from linbang.foundation.access.choices import SignInMethod
from linbang.foundation.access.gates import let_in


@require_POST
def sign_in(request: HttpRequest, part: str) -> HttpResponse:
    account = queries.account_of_part(part)
    if account is None:
        raise Http404
    let_in(request, account, method=SignInMethod.CODE, now=clock.now(), second_factor=True)
    return redirect("web:home")
