from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.intake.care import actions, forms, queries

PAGE = 30


@never_cache
@require_GET
@permitted(Permission.SEE_CARE)
def register(request: MemberRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    category = form.cleaned_data["category"] if form.is_valid() else ""
    actions.note_sight(person=None, by=request.actor, now=clock.now())
    page = Paginator(queries.register(request.actor, category=category), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "counts": queries.counts_visible_to(request.actor),
        "page": page,
        "rows": queries.care_rows(page.object_list),
    }
    return render(request, "care/register_list.html", context)


@never_cache
@require_GET
@permitted(Permission.SEE_CARE)
def person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    return _page(request, person_id, forms.ListingForm())


@require_POST
@permitted(Permission.SEE_CARE)
def listing_new(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = queries.person_in_care_of(request.actor, person_id)
    form = forms.ListingForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.list_person(
                person_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已登记到关爱名册。"))
            return redirect("care:person", person_id)
    return _page(request, person_id, form)


@require_POST
@permitted(Permission.SEE_CARE)
def listing_ending(request: MemberRequest, listing_id: int) -> HttpResponse:
    listing = get_object_or_404(queries.care_visible_to(request.actor), pk=listing_id)
    public_id = listing.person.public_id
    form = forms.EndForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.end_listing(
                listing_id=listing.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("这一项已结束，记录保留。"))
            return redirect("care:person", public_id)
    return _page(request, public_id, forms.ListingForm(), ending=form, status=form.status)


def _page(
    request: MemberRequest,
    person_id: UUID,
    form: forms.ListingForm,
    *,
    ending: forms.EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = queries.person_in_care_of(request.actor, person_id)
    actions.note_sight(person=found, by=request.actor, now=clock.now())
    context = {
        "person": found,
        "rows": queries.care_rows(queries.register(request.actor).filter(person=found)),
        "form": form,
        "ending": ending or forms.EndForm(),
        "has_consent": queries.has_separate_consent(found.pk),
    }
    template = "care/person_care.html"
    if request.headers.get("HX-Request") and request.method == "GET":
        template += "#listings"
    return render(request, template, context, status=max(status, form.status))
