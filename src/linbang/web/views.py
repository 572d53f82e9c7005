"""The first pages."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.web import queries, rules


def home(request: HttpRequest) -> HttpResponseBase:
    """Show strangers what this is, members what waits for them, and workers their desk."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    if not actor.is_signed_in:
        return render(request, "web/welcome.html")
    if rules.works_at_a_desk(actor) and "phone" not in request.GET:
        return redirect("web:console")
    return _home(request)  # type: ignore[arg-type]  # a member now


def _home(request: MemberRequest) -> HttpResponse:
    page = queries.home_of(request.actor, now=clock.now())
    greeting = rules.greeting(
        page.person.name,
        page.person.sex,
        age=page.age,
        hour=clock.now().astimezone(clock.CHINA).hour,
    )
    return render(request, "web/home.html", {"home": page, "greeting": greeting})


@signed_in
def console(request: MemberRequest) -> HttpResponse:
    """Show a worker or officer what wants doing today."""
    if not rules.console_rooms(request.actor):
        raise Http404
    may = request.actor.may_anywhere
    context = {
        "desk": queries.desk_of(request.actor, now=clock.now()),
        "can_take": may(Permission.TAKE_NEEDS),
        "can_verify": may(Permission.VERIFY_NEEDS),
        "can_dispatch": may(Permission.DISPATCH),
        "can_handle": may(Permission.HANDLE_VISITS),
        "can_check": may(Permission.VERIFY_RECORDS),
        "can_review": may(Permission.REVIEW_ACTIVITIES),
        "can_lead": may(Permission.LEAD_SHIFTS),
    }
    return render(request, "web/console.html", context)
