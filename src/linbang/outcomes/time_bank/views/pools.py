"""What the pools hold, for everybody to see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.outcomes.time_bank import queries
from linbang.outcomes.time_bank.choices import Span


@require_GET
def public_pools(request: HttpRequest) -> HttpResponse:
    window = queries.window_of(Span.YEAR, now=clock.now())
    context = {"pools": queries.public_pools(window=window), "scheme": queries.default_scheme()}
    return render(request, "time_bank/pool_list.html", context)
