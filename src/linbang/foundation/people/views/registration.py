"""Registering oneself: three steps after the phone was proven."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.choices import SignInMethod
from linbang.foundation.access.gates import let_in
from linbang.foundation.people import actions, forms, queries, rules
from linbang.foundation.people.choices import ConsentKind, DocumentType, Sex
from linbang.foundation.people.errors import DuplicateIdentity
from linbang.foundation.people.gates import phone_of, phone_proven

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
STEPS = (forms.WhoForm, forms.HomeForm, forms.AgreeForm)


@never_cache
@get_or_post
@phone_proven
def register(request: HttpRequest) -> HttpResponse:
    waiting = queries.records_waiting_for(phone_of(request)).first()
    if waiting and request.method == "GET" and "new" not in request.GET:
        return redirect("people:adoption", waiting.public_id)
    filled = [_form(number, request.POST or None) for number in range(len(STEPS))]
    step = int(request.POST.get("step", "0")) if request.POST else 0
    step = next((n for n, form in enumerate(filled[: step + 1]) if not form.is_valid()), step + 1)
    if step < len(STEPS):
        asked = int(request.POST.get("step", "-1")) == step
        return _step(request, step, filled, shown=filled[step] if asked else _form(step, None))
    with filled[-1].refusals():
        return _enter(request, _registration(request, filled), "web:home")
    return _step(request, len(STEPS) - 1, filled, shown=filled[-1])


def _form(number: int, data: Any) -> Any:
    if STEPS[number] is forms.HomeForm:
        return forms.HomeForm(data, homes=queries.home_choices(queries.served_communities()))
    step: Any = STEPS[number]
    return step(data)


def _registration(request: HttpRequest, filled: list[Any]) -> Any:
    who, home = filled[0].cleaned_data, filled[1].cleaned_data
    return actions.register_person(
        details=registration_of({**who, **home, "phone": phone_of(request)}),
        by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
        now=clock.now(),
    )


def registration_of(data: dict[str, Any], **more: Any) -> rules.Registration:
    """Turn cleaned form data into what the action takes."""
    return rules.Registration(
        name=data["name"],
        document_type=DocumentType(data["document_type"]),
        document_number=data["document_number"],
        birth_date=data.get("birth_date"),
        sex=Sex(data["sex"]) if data.get("sex") else None,
        region_code=data["region_code"],
        address=data["address"],
        phone=data.get("phone", ""),
        **more,
    )


def _enter(request: HttpRequest, person: Any, url_name: str) -> HttpResponse:
    let_in(request, person.account, method=SignInMethod.CODE, now=clock.now())
    messages.success(request, _("登记好了，欢迎您！"))
    return redirect(url_name)


def _step(request: HttpRequest, step: int, filled: list[Any], *, shown: Any) -> HttpResponse:
    duplicate = DuplicateIdentity.message in [str(one) for one in shown.non_field_errors()]
    context = {
        "form": shown,
        "step": step,
        "number": step + 1,
        "total": len(STEPS),
        "labels": (_("您是谁"), _("住在哪里"), _("确认同意")),
        "earlier": [bound for form in filled[:step] for bound in form],
        "text": queries.texts_now().get(ConsentKind.REGISTRATION),
        "is_duplicate": duplicate,
    }
    return render(request, "people/register.html", context, status=shown.status)


@never_cache
@get_or_post
@phone_proven
def adoption(request: HttpRequest, person_id: UUID) -> HttpResponse:
    phone = phone_of(request)
    person = get_object_or_404(queries.records_waiting_for(phone), public_id=person_id)
    form = forms.AdoptForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            adopted = actions.adopt_record(
                person_id=person.pk,
                phone=phone,
                document_number=form.cleaned_data["document_number"],
                by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
                now=clock.now(),
            )
            return _enter(request, adopted, "people:profile")
    text = queries.texts_now().get(ConsentKind.REGISTRATION)
    context = {"form": form, "person": person, "text": text}
    return render(request, "people/adopt.html", context, status=form.status)


@never_cache
@get_or_post
@phone_proven
def claim(request: HttpRequest) -> HttpResponse:
    form = forms.ClaimForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.claim_identity(
                document_type=DocumentType(form.cleaned_data["document_type"]),
                document_number=form.cleaned_data["document_number"],
                phone=phone_of(request),
                by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
                now=clock.now(),
            )
            return render(request, "people/claimed.html")
    return render(request, "people/claim.html", {"form": form}, status=form.status)
