"""Giving saved time away, and who is to have it one day."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.forms import (
    POOL,
    DonationForm,
    GiftAnswerForm,
    GiftForm,
    HeirForm,
)
from linbang.outcomes.time_bank.views.statements import own


@require_GET
@signed_in
def gifts(request: MemberRequest) -> HttpResponse:
    person, now = own(request), clock.now()
    rows = queries.gift_rows(queries.gifts_of(person)[:50], viewer_id=person.pk, now=now)
    return render(request, "time_bank/gift_list.html", {"gifts": rows})


@require_http_methods(["GET", "POST"])
@signed_in
def gift_new(request: MemberRequest, person_id: UUID | None = None) -> HttpResponse:
    person, is_proxy = giver(request, person_id)
    now = clock.now()
    receivers = queries.receivers_for(person, now=now)
    scheme = queries.scheme_of(person.region_id, at=now)
    form = GiftForm(request.POST or None, receivers=receivers, is_proxy=is_proxy)
    if form.is_valid():
        with form.refusals():
            told = queries.gift_told(form.cleaned_data, receivers, scheme=scheme)
            gift = actions.offer_gift(giver_id=person.pk, by=request.actor, now=now, **told)
            messages.success(request, _("已送出，等对方收下。7 天内没有收下会退回。"))
            return redirect("time_bank:gift", gift.public_id)
    context = {
        "form": form,
        "receivers": receivers,
        "scheme": scheme,
        "wallet": queries.wallet_of(person, served_at=now),
        "person": person,
        "is_proxy": is_proxy,
    }
    return render(request, "time_bank/gift_new.html", context, status=form.status)


@require_GET
@signed_in
def gift(request: MemberRequest, gift_id: UUID) -> HttpResponse:
    return _gift_page(request, gift_id, GiftAnswerForm())


@require_POST
@signed_in
def acceptance(request: MemberRequest, gift_id: UUID) -> HttpResponse:
    return _answer(request, gift_id, accept=True, words=_("已收下，时间存进您的账户了。"))


@require_POST
@signed_in
def refusal(request: MemberRequest, gift_id: UUID) -> HttpResponse:
    return _answer(request, gift_id, accept=False, words=_("已谢绝，时间退回给对方。"))


@require_http_methods(["GET", "POST"])
@signed_in
def donation_new(request: MemberRequest, person_id: UUID | None = None) -> HttpResponse:
    person, is_proxy = giver(request, person_id)
    now = clock.now()
    scheme = queries.scheme_of(person.region_id, at=now)
    form = DonationForm(request.POST or None, is_proxy=is_proxy)
    if form.is_valid():
        with form.refusals():
            told = queries.donation_told(form.cleaned_data, scheme=scheme)
            donation = actions.donate(person_id=person.pk, by=request.actor, now=now, **told)
            messages.success(request, _("谢谢您！这些时间会用来帮助困难老人。"))
            version = queries.version_of(donation.transfer_id, person)
            if is_proxy:
                return redirect("time_bank:person_receipt", person.public_id, version)
            return redirect("time_bank:receipt", version)
    context = {
        "form": form,
        "scheme": scheme,
        "wallet": queries.wallet_of(person, served_at=now),
        "person": person,
        "is_proxy": is_proxy,
    }
    return render(request, "time_bank/donation_new.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@signed_in
def heir(request: MemberRequest) -> HttpResponse:
    person, now = own(request), clock.now()
    heirs = queries.heirs_for(person, now=now)
    named = queries.nomination_of(person)
    form = HeirForm(request.POST or None, heirs=heirs)
    if form.is_valid():
        with form.refusals():
            chosen = form.cleaned_data["heir"]
            by_id = {str(kin.person.public_id): kin.person.pk for kin in heirs}
            actions.nominate(
                person_id=person.pk, heir_id=None if chosen == POOL else by_id[chosen],
                by=request.actor, now=now,
            )  # fmt: skip
            messages.success(request, _("已记下。想改的时候随时可以改。"))
            return redirect("time_bank:heir")
    context = {"form": form, "named": named, "heirs": heirs}
    return render(request, "time_bank/heir.html", context, status=form.status)


def giver(request: MemberRequest, person_id: UUID | None) -> tuple[queries.Person, bool]:
    """Return whose savings a form is about, and whether a worker fills it in for her."""
    if person_id is None:
        return own(request), False
    found = get_object_or_404(queries.people_acted_for(request.actor), public_id=person_id)
    return found, True


def _answer(request: MemberRequest, gift_id: UUID, *, accept: bool, words: str) -> HttpResponse:
    found = get_object_or_404(queries.gifts_visible_to(request.actor), public_id=gift_id)
    is_proxy = request.actor.person_id != found.receiver_id
    form = GiftAnswerForm(request.POST, is_proxy=is_proxy)
    if form.is_valid():
        with form.refusals():
            actions.answer_gift(
                gift_id=found.pk, accept=accept, by=request.actor, now=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, words)
            return redirect("time_bank:gift", gift_id)
    return _gift_page(request, gift_id, form)


def _gift_page(request: MemberRequest, gift_id: UUID, form: GiftAnswerForm) -> HttpResponse:
    found = get_object_or_404(queries.gifts_visible_to(request.actor), public_id=gift_id)
    me = request.actor.person_id or 0
    is_side = me in (found.giver_id, found.receiver_id)
    if not form.is_bound:
        form = GiftAnswerForm(is_proxy=not is_side)
    context = {
        "gift": queries.gift_row(found, viewer_id=me, now=clock.now()),
        "form": form,
        "may_answer": me == found.receiver_id or not is_side,
        "is_proxy": not is_side,
    }
    return render(request, "time_bank/gift.html", context, status=form.status)
