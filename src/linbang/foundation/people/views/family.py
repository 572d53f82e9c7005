"""Who may speak for whom, and one's children."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.people import actions, forms, queries, rules
from linbang.foundation.people.choices import ConsentKind, Relation
from linbang.foundation.people.views.registration import registration_of

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
@signed_in
def family(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    form = forms.KinForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            data = {**form.cleaned_data, "relation": Relation(form.cleaned_data["relation"])}
            actions.ask_to_speak_for(**data, by=request.actor, now=clock.now())
            messages.success(request, _("已发出，等家人在“我的家人”里确认，或请社区服务站确认。"))
            return redirect("people:family")
    context = {
        "form": form,
        "kin": queries.kin_of(person),
        "spoken_for": queries.spoken_for_by(person),
        "household": queries.household_of(person),
    }
    return render(request, "people/family.html", context, status=form.status)


@never_cache
@get_or_post
@signed_in
def child(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    homes = queries.home_choices([person.region_id[:12]])
    form = forms.ChildForm(
        request.POST or None, homes=homes, initial={"region_code": person.region_id}
    )
    if form.is_valid():
        guardian = rules.Guardian(
            person_id=person.pk, relation=Relation(form.cleaned_data["relation"])
        )
        with form.refusals():
            actions.register_person(
                details=registration_of(form.cleaned_data),
                guardian=guardian,
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("孩子登记好了。"))
            return redirect("people:family")
    text = queries.texts_now().get(ConsentKind.GUARDIAN)
    context = {"form": form, "text": text}
    return render(request, "people/child.html", context, status=form.status)


@require_POST
@signed_in
def confirmation(request: MemberRequest, kinship_id: int) -> HttpResponse:
    actions.confirm_kinship(kinship_id=kinship_id, by=request.actor, now=clock.now())
    messages.success(request, _("已确认，家人现在可以替您求助和确认服务。"))
    return redirect("people:family")


@require_POST
@signed_in
def ending(request: MemberRequest, kinship_id: int) -> HttpResponse:
    actions.end_kinship(kinship_id=kinship_id, by=request.actor, now=clock.now())
    messages.success(request, _("已解除。"))
    return redirect("people:family")
