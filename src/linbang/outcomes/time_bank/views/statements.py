from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.forms import PageForm


@require_GET
@signed_in
def statement(request: MemberRequest) -> HttpResponse:
    own = get_object_or_404(queries.people_visible_to(request.actor), pk=request.actor.person_id)
    return _page(request, queries.statement_of(own, before=_before(request)), is_own=True)


@require_GET
@signed_in
def statement_of_person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    person = get_object_or_404(queries.people_visible_to(request.actor), public_id=person_id)
    actions.note_look(person=person, by=request.actor, now=clock.now())
    return _page(request, queries.statement_of(person, before=_before(request)), is_own=False)


def _before(request: MemberRequest) -> int | None:
    form = PageForm(request.GET)
    return form.cleaned_data["before"] if form.is_valid() else None


def _page(request: MemberRequest, shown: queries.Statement, *, is_own: bool) -> HttpResponse:
    now = clock.now()
    scheme = queries.scheme_of(shown.person.region_id, at=now)
    context = {
        "statement": shown,
        "units": rules.units_of(
            shown.balance, per=scheme.minutes_per_unit, step=scheme.step_minutes
        ),
        "asides": queries.asides_of(shown.person, at=now),
        "scheme": scheme,
        "is_own": is_own,
    }
    return render(request, "time_bank/statement_detail.html", context)
