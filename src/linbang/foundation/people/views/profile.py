"""What one keeps of oneself: details, volunteering, consents."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.people import actions, forms, queries, rules
from linbang.foundation.people.choices import ConsentKind, ConsentMethod

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_GET
@signed_in
def profile(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    now = clock.now()
    context = {
        "person": person,
        "place": queries.place_names([person.region_id])[person.region_id],
        "age": rules.age_on(person.birth_date, clock.local_date(now)),
        "volunteer": queries.profile_of(person.pk),
        "now": now,
        "kin": queries.kin_of(person),
        "spoken_for": queries.spoken_for_by(person),
        "due": queries.texts_due(person, now=now),
    }
    return render(request, "people/profile.html", context)


@never_cache
@get_or_post
@signed_in
def details(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    homes = queries.home_choices({person.region_id[:12], *queries.served_communities()})
    initial = {"region_code": person.region_id, "address": person.address, "phone": person.phone}
    form = forms.DetailsForm(request.POST or None, initial=initial, homes=homes)
    if form.is_valid():
        with form.refusals():
            change = rules.Change(**form.cleaned_data)
            actions.update_person(
                person_id=person.pk, change=change, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已保存。"))
            return redirect("people:profile")
    context = {"form": form, "title": _("修改联系方式和住址")}
    return render(request, "people/form.html", context, status=form.status)


@never_cache
@get_or_post
@signed_in
def volunteer(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    known = queries.profile_of(person.pk)
    form = forms.VolunteerForm(
        request.POST or None, initial=volunteer_initial(known), region_code=person.region_id
    )
    if form.is_valid():
        act = actions.update_volunteer if known else actions.register_volunteer
        with form.refusals():
            act(person_id=person.pk, details=form.told(), by=request.actor, now=clock.now())
            messages.success(request, _("已保存，谢谢您愿意帮助邻居！"))
            return redirect("people:profile")
    context = {
        "form": form,
        "volunteer": known,
        "text": queries.texts_now().get(ConsentKind.VOLUNTEER),
        "pause_form": forms.PauseForm(),
        "is_paused": queries.is_paused(known, now=clock.now()),
    }
    return render(request, "people/volunteer.html", context, status=form.status)


def volunteer_initial(known: object) -> dict[str, object]:
    """Return what the form shows of a profile; without one, nothing is ticked."""
    if known is None:
        return {"visits_a_day": rules.VISITS_A_DAY, "visits_a_week": rules.VISITS_A_WEEK}
    columns = ("categories", "skills", "languages", "visits_a_day", "visits_a_week")
    return {
        **{name: getattr(known, name) for name in columns},
        "availability": rules.bits_of(known.availability),  # type: ignore[attr-defined]  # a VolunteerProfile
    }


@require_POST
@signed_in
def pause(request: MemberRequest) -> HttpResponse:
    form = forms.PauseForm(request.POST)
    if form.is_valid():
        with form.refusals():
            _pause(request, clock.day_window(form.cleaned_data["until"])[0])
            return redirect("people:volunteer")
    context = {"form": form, "title": _("暂停接受邀请")}
    return render(request, "people/form.html", context, status=form.status)


@require_POST
@signed_in
def resumption(request: MemberRequest) -> HttpResponse:
    _pause(request, None)
    return redirect("people:volunteer")


def _pause(request: MemberRequest, until: object) -> None:
    person = queries.person_of(request.actor)
    actions.pause_volunteer(
        person_id=person.pk,
        until=until,  # type: ignore[arg-type]  # an instant or None
        by=request.actor,
        now=clock.now(),
    )


@require_POST
@signed_in
def ending(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    actions.end_volunteer(person_id=person.pk, by=request.actor, now=clock.now())
    messages.success(request, _("您已退出志愿者，服务记录会一直保留。"))
    return redirect("people:profile")


@never_cache
@require_GET
@signed_in
def consents(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    given = queries.consents_of(person)
    context = {
        "consents": given,
        "due": queries.texts_due(person, now=clock.now()),
        "sensitive": queries.texts_now().get(ConsentKind.SENSITIVE),
        "kinds": {consent.text.kind for consent in given if consent.withdrawn_at is None},
    }
    return render(request, "people/consents.html", context)


@require_POST
@signed_in
def agreement(request: MemberRequest, kind: str) -> HttpResponse:
    actions.give_consent(
        person_id=queries.person_of(request.actor).pk,
        kind=_kind(kind),
        method=ConsentMethod.OWN,
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已记下您的同意，可以随时撤回。"))
    return redirect("people:consents")


@require_POST
@signed_in
def withdrawal(request: MemberRequest, kind: str) -> HttpResponse:
    person = queries.person_of(request.actor)
    actions.withdraw_consent(
        person_id=person.pk, kind=_kind(kind), by=request.actor, now=clock.now()
    )
    messages.success(request, _("已撤回，相关资料立即停止使用。"))
    return redirect("/" if kind == ConsentKind.REGISTRATION else "people:consents")


def _kind(text: str) -> ConsentKind:
    if text not in ConsentKind.values:
        raise Http404
    return ConsentKind(text)


@require_POST
@signed_in
def closure(request: MemberRequest) -> HttpResponse:
    person = queries.person_of(request.actor)
    actions.close_person(person_id=person.pk, by=request.actor, now=clock.now())
    messages.success(request, _("登记已注销，资料不再使用。"))
    return redirect("/")
