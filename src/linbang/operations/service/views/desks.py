from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.errors import Refused
from linbang.foundation.shell.gates import kept_offline
from linbang.operations.service import actions, queries
from linbang.operations.service.forms.field_work import TallyForm
from linbang.operations.service.views.deeds import acted_at, answered, key_of


@kept_offline
@require_GET
@signed_in
@never_cache
def desk(request: MemberRequest, desk_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.desks_of(request.actor, clock.now()), public_id=desk_id)
    return render(request, "service/desk.html", {"desk": found, "count": queries.desk_count(found)})


@require_POST
@signed_in
def tally(request: MemberRequest, desk_id: UUID) -> HttpResponse:
    form = TallyForm(request.POST)
    if not form.is_valid():
        raise Refused
    actions.tally(
        desk=desk_id,
        # A plain form has no key of its own: each press is a stroke.
        key=key_of(request) or str(uuid4()),
        at=acted_at(request),
        by=request.actor,
        now=clock.now(),
        **form.cleaned_data,
    )
    return answered(request, reverse("service:desk", args=[desk_id]))


@require_GET
@signed_in
@never_cache
def lead_desks(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    counts = queries.desk_counts_of(activity)
    context = {
        "activity": activity,
        "counts": counts,
        "people": sum(count.people for count in counts),
        "topics": queries.topic_counts(counts),
    }
    return render(request, "service/lead_desks.html", context)
