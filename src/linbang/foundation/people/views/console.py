"""The station's desk: finding people, their files, registering them, deciding claims."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.people import actions, forms, queries, rules
from linbang.foundation.people.choices import (
    MINOR_REASONS,
    ConsentMethod,
    RegistrationChannel,
    Relation,
    UnmaskField,
    UnmaskReason,
)
from linbang.foundation.people.views.profile import volunteer_initial
from linbang.foundation.people.views.registration import registration_of

PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_GET
@permitted(Permission.SEE_PEOPLE)
def people(request: MemberRequest) -> HttpResponse:
    regions = queries.region_choices(request.actor.regions_for(Permission.SEE_PEOPLE))
    form = forms.FilterForm(request.GET, regions=regions)
    found = queries.filtered_people(request.actor, **form.told())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "form": form,
        "page": page,
        "rows": queries.person_rows(page.object_list, now=now, today=clock.local_date(now)),
        "figures": queries.people_figures(request.actor),
        "may_edit": request.actor.may_anywhere(Permission.EDIT_PEOPLE),
    }
    return render(request, "people/person_list.html", context)


@never_cache
@get_or_post
@permitted(Permission.EDIT_PEOPLE)
def new(request: MemberRequest) -> HttpResponse:
    form = forms.NewPersonForm(
        request.POST or None,
        homes=queries.home_choices(request.actor.regions_for(Permission.EDIT_PEOPLE)),
        guardians=queries.guardian_choices(request.actor, request.GET.get("guardian", "")),
        initial={"name": request.GET.get("name", ""), "phone": request.GET.get("phone", "")},
    )
    if form.is_valid():
        with form.refusals():
            person = _register(request, form.cleaned_data)
            messages.success(request, _("登记好了。"))
            return redirect("people:person", person.public_id)
    context = {"form": form, "guardian_text": request.GET.get("guardian", "")}
    return render(request, "people/person_new.html", context, status=form.status)


def _register(request: MemberRequest, data: dict[str, Any]) -> Any:
    guardian = None
    if data["guardian"]:
        guardian = rules.Guardian(
            person_id=int(data["guardian"]), relation=Relation(data["relation"])
        )
    return actions.register_person(
        details=registration_of(data, channel=RegistrationChannel.STATION),
        guardian=guardian,
        signed_form=data["signed_form"],
        by=request.actor,
        now=clock.now(),
    )


def _visible(request: MemberRequest, person_id: UUID) -> Any:
    return get_object_or_404(
        queries.people_visible_to(request.actor).select_related("household"), public_id=person_id
    )


@never_cache
@require_GET
@permitted(Permission.SEE_PEOPLE)
def person(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    if _is_minor(found):
        return _gate(request, found, forms.ReasonForm(reasons=MINOR_REASONS))
    return _file(request, found)


def _is_minor(found: Any) -> bool:
    return rules.needs_guardian(found.birth_date, today=clock.local_date(clock.now()))


def _gate(request: MemberRequest, found: Any, form: forms.ReasonForm) -> HttpResponse:
    context = {"person": found, "form": form}
    return render(request, "people/person_minor.html", context, status=form.status)


@never_cache
@require_POST
@permitted(Permission.SEE_PEOPLE)
def opening(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    form = forms.ReasonForm(request.POST, reasons=MINOR_REASONS)
    if form.is_valid():
        with form.refusals():
            actions.open_minor_file(
                person_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            return _file(request, found)
    return _gate(request, found, form)


def _file(request: MemberRequest, found: Any, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    now = clock.now()
    reasons = MINOR_REASONS if _is_minor(found) else tuple(UnmaskReason)
    place = queries.place_names([found.region_id])[found.region_id]
    known = queries.profile_of(found.pk)
    context = {
        "person": found,
        "age": rules.age_on(found.birth_date, clock.local_date(now)),
        "place": place,
        "is_minor": _is_minor(found),
        "volunteer": known,
        "is_paused": queries.is_paused(known, now=now),
        "household": queries.household_of(found),
        "kin": queries.kin_of(found),
        "consents": queries.consents_of(found),
        "may": queries.powers_over(request.actor, found),
        "unmask_form": forms.UnmaskForm(reasons=reasons),
        "kin_form": forms.KinForm(),
        "household_form": forms.HouseholdForm(),
        **more,
    }
    return render(request, "people/person_file.html", context, status=status)


@never_cache
@require_POST
@permitted(Permission.SEE_PEOPLE)
def unmasking(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    form = forms.UnmaskForm(
        request.POST, reasons=MINOR_REASONS if _is_minor(found) else tuple(UnmaskReason)
    )
    if form.is_valid():
        with form.refusals():
            field = UnmaskField(form.cleaned_data.pop("field"))
            shown = actions.unmask(
                person_id=found.pk, field=field, **form.cleaned_data, by=request.actor,
                now=clock.now(),
            )  # fmt: skip
            # Shown on this one page only; going back or reloading hides it again.
            return _file(request, found, unmasked={"label": field.label, "value": shown})
    return _file(request, found, unmask_form=form, status=form.status)


@require_POST
@permitted(Permission.EDIT_PEOPLE)
def confirmation(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    actions.confirm_person(
        person_id=found.pk, method=ConsentMethod.SIGNED_FORM, by=request.actor, now=clock.now()
    )
    messages.success(request, _("已保存签字同意，登记现在有效。"))
    return redirect("people:person", person_id)


@never_cache
@get_or_post
@permitted(Permission.EDIT_PEOPLE)
def details(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    homes = queries.home_choices(request.actor.regions_for(Permission.EDIT_PEOPLE))
    # Nothing masked is filled in: what stays empty stays as it is.
    form = forms.DetailsForm(
        request.POST or None, homes=homes, initial={"region_code": found.region_id}
    )
    if form.is_valid():
        with form.refusals():
            change = rules.Change(**{k: v for k, v in form.cleaned_data.items() if v})
            actions.update_person(
                person_id=found.pk, change=change, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已保存。"))
            return redirect("people:person", person_id)
    context = {"form": form, "person": found}
    return render(request, "people/person_details.html", context, status=form.status)


@require_POST
@permitted(Permission.EDIT_PEOPLE)
def household(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    form = forms.HouseholdForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.set_household(
                person_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已保存家庭户。"))
            return redirect("people:person", person_id)
    return _file(request, found, household_form=form, status=form.status)


@require_POST
@permitted(Permission.EDIT_PEOPLE)
def kin(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    form = forms.KinForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.declare_kin_by_phone(
                person_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已登记亲属关系。"))
            return redirect("people:person", person_id)
    return _file(request, found, kin_form=form, status=form.status)


@require_POST
@permitted(Permission.EDIT_PEOPLE)
def kin_verification(request: MemberRequest, person_id: UUID, kinship_id: int) -> HttpResponse:
    _visible(request, person_id)
    actions.confirm_kinship(kinship_id=kinship_id, by=request.actor, now=clock.now())
    messages.success(request, _("已核实并确认。"))
    return redirect("people:person", person_id)


@never_cache
@get_or_post
@permitted(Permission.EDIT_PEOPLE)
def volunteer(request: MemberRequest, person_id: UUID) -> HttpResponse:
    found = _visible(request, person_id)
    known = queries.profile_of(found.pk)
    form = forms.VolunteerForm(
        request.POST or None, initial=volunteer_initial(known), region_code=found.region_id
    )
    if form.is_valid():
        act = actions.update_volunteer if known else actions.register_volunteer
        with form.refusals():
            act(person_id=found.pk, details=form.told(), by=request.actor, now=clock.now())
            messages.success(request, _("已保存。"))
            return redirect("people:person", person_id)
    context = {"form": form, "person": found, "volunteer": known}
    return render(request, "people/person_volunteer.html", context, status=form.status)


@never_cache
@require_GET
@permitted(Permission.EDIT_PEOPLE)
def claims(request: MemberRequest) -> HttpResponse:
    return _claims(request, forms.DecisionForm())


def _claims(request: MemberRequest, form: forms.DecisionForm) -> HttpResponse:
    page = Paginator(queries.claims_visible_to(request.actor), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "people/claims.html", {"page": page, "form": form}, status=form.status)


@require_POST
@permitted(Permission.EDIT_PEOPLE)
def decision(request: MemberRequest, claim_id: UUID) -> HttpResponse:
    claim = get_object_or_404(queries.claims_visible_to(request.actor), public_id=claim_id)
    form = forms.DecisionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.decide_claim(
                claim_id=claim.pk,
                granted=form.cleaned_data["decision"] == "grant",
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已处理，申请人可以用短信验证码登录。"))
            return redirect("people:claims")
    return _claims(request, form)
