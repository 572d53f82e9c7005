"""Pairings: the station's list, a proposal, one of them; and what the two themselves see."""

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
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.foundation.people.queries import place_names
from linbang.intake.needs.queries import station_for
from linbang.operations.dispatch import actions, rules
from linbang.operations.dispatch.forms.pairings import (
    AddPairingForm,
    AgreeForm,
    EndPairingForm,
    HelperForm,
    PairingsForm,
    ProposePairsForm,
)
from linbang.operations.dispatch.queries import (
    own_pairings,
    pairing_proposals,
    pairings,
    unit_with,
)

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def pairing_list(request: MemberRequest) -> HttpResponse:
    now, form = clock.now(), PairingsForm(request.GET)
    actions.note_pairings_seen(by=request.actor, now=now)
    found = pairings.pairings_found(request.actor, now=now, **form.narrowing())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "figures": pairings.pairing_figures(request.actor, now=now),
        "page": page,
        "rows": pairings.pairing_rows(page, now=now),
        "proposals": pairing_proposals.proposals_of_pairings(request.actor)[:5],
    }
    return render(request, "dispatch/pairing_list.html", context)


@require_http_methods(["GET", "POST"])
@permitted(Permission.DISPATCH)
@never_cache
def proposing(request: MemberRequest) -> HttpResponse:
    form = ProposePairsForm(request.POST or None, regions=_regions(request))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            named = None
            if form.cleaned_data["who"] == form.NAMED:
                named = pairings.people_named(request.actor, form.cleaned_data["names"])
            made = actions.propose_pairs(
                region=form.cleaned_data["region"],
                people=named,
                wishes=form.wishes,
                by=request.actor,
                now=clock.now(),
            )
            return redirect("dispatch:pairing_proposal", made.public_id)
    unpaired = pairings.people_without_pairing(request.actor).count()
    context = {"form": form, "unpaired": unpaired, "most": rules.PROPOSED_AT_ONCE_MAX}
    return render(request, "dispatch/pairing_propose.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@permitted(Permission.DISPATCH)
@never_cache
def adding(request: MemberRequest) -> HttpResponse:
    form = AddPairingForm(request.POST or None, teams=pairings.teams_to_pair(request.actor))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with form.refusals():
            person = pairings.person_named(request.actor, given["beneficiary"], field="beneficiary")
            made = actions.add_pairing(
                beneficiary_id=person.pk, by=request.actor, now=clock.now(),
                rhythm=given["rhythm"], note=given["note"], both_agree=given["both_agree"],
                **_helper(request, given),
            )  # fmt: skip
            messages.success(request, _("已结对，也告诉了双方。"))
            return redirect("dispatch:pairing", made.public_id)
    return render(request, "dispatch/pairing_add.html", {"form": form}, status=form.status)


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def proposal(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    return _proposal_page(request, proposal_id)


@require_POST
@permitted(Permission.DISPATCH)
def discarding(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    found = _proposal(request, proposal_id)
    actions.discard_pairs(proposal_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("方案已作废；已经结成的不受影响。"))
    return redirect("dispatch:pairings")


@require_POST
@permitted(Permission.DISPATCH)
def choosing(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> HttpResponse:
    pair = _pair(request, proposal_id, pair_id)
    form = HelperForm(request.POST, teams=pairings.teams_to_pair(request.actor))
    if form.is_valid():
        with form.refusals():
            helper = _helper(request, form.cleaned_data)
            actions.choose_helper(pair_id=pair.pk, by=request.actor, now=clock.now(), **helper)
            return _back(request, proposal_id)
    return _proposal_page(request, proposal_id, refused=form)


@require_POST
@permitted(Permission.DISPATCH)
def dropping(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> HttpResponse:
    pair = _pair(request, proposal_id, pair_id)
    actions.drop_helper(pair_id=pair.pk, by=request.actor, now=clock.now())
    return _back(request, proposal_id)


@require_POST
@permitted(Permission.DISPATCH)
def agreement(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> HttpResponse:
    pair, form = _pair(request, proposal_id, pair_id), AgreeForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.agree_pair(
                pair_id=pair.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已结对，也告诉了双方。"))
            return _back(request, proposal_id)
    return _proposal_page(request, proposal_id, refused=form)


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def pairing(request: MemberRequest, pairing_id: UUID) -> HttpResponse:
    return _pairing_page(request, pairing_id, EndPairingForm())


@require_POST
@permitted(Permission.DISPATCH)
def ending(request: MemberRequest, pairing_id: UUID) -> HttpResponse:
    found, form = _pairing(request, pairing_id), EndPairingForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.end_pairing(
                pairing_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("结对已结束，也告诉了双方。"))
            return redirect("dispatch:pairing", pairing_id)
    return _pairing_page(request, pairing_id, form)


@require_GET
@signed_in
@never_cache
def own(request: MemberRequest) -> HttpResponse:
    mine = own_pairings.pairings_of(request.actor)
    context = {"mine": mine, "station": station_for(mine.region)}
    return render(request, "dispatch/own_pairings.html", context)


def _regions(request: MemberRequest) -> list[tuple[str, str]]:
    codes = request.actor.regions_for(Permission.DISPATCH)
    return list(place_names(codes).items())


def _helper(request: MemberRequest, given: dict[str, Any]) -> dict[str, int | None]:
    words, team = given["volunteer"], given["team"]
    return {
        "volunteer_id": pairings.volunteer_named(request.actor, words) if words else None,
        "organisation_id": unit_with(UUID(team)) if team else None,
    }


def _proposal(request: MemberRequest, proposal_id: UUID) -> Any:
    found = pairing_proposals.proposals_of_pairings(request.actor)
    return get_object_or_404(found, public_id=proposal_id)


def _pair(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> Any:
    found = pairing_proposals.proposed_pairs(_proposal(request, proposal_id))
    return get_object_or_404(found, public_id=pair_id)


def _pairing(request: MemberRequest, pairing_id: UUID) -> Any:
    return get_object_or_404(pairings.pairings_visible_to(request.actor), public_id=pairing_id)


def _back(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    answer = redirect("dispatch:pairing_proposal", proposal_id)
    answer["Location"] += f"?page={request.POST.get('page', '1')}"
    return answer


def _proposal_page(
    request: MemberRequest, proposal_id: UUID, *, refused: AgreeForm | HelperForm | None = None
) -> HttpResponse:
    found = _proposal(request, proposal_id)
    number = request.GET.get("page") or request.POST.get("page")
    pairs = pairing_proposals.proposed_pairs(found)
    shown = pairing_proposals.of_kind(pairs, request.GET.get("show", ""))
    page = Paginator(shown, ROWS_A_PAGE).get_page(number)
    context = {
        "proposal": found,
        "counts": pairing_proposals.pairing_proposal_counts(found),
        "page": page,
        "rows": pairing_proposals.proposed_rows(page, viewer=request.actor),
        "place": place_names([found.region_id])[found.region_id],
        "agree_form": AgreeForm(),
        "helper_form": HelperForm(teams=pairings.teams_to_pair(request.actor)),
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "dispatch/pairing_proposal.html", context, status=status)


def _pairing_page(request: MemberRequest, pairing_id: UUID, form: EndPairingForm) -> HttpResponse:
    now, found = clock.now(), _pairing(request, pairing_id)
    actions.note_pairings_seen(by=request.actor, now=now, pairing=found)
    context = {
        "pairing": found,
        "row": pairings.pairing_rows([found], now=now)[0],
        "why": rules.why_words(found.reasons),
        "noted_by": pairings.noted_by(found),
        "form": form,
    }
    return render(request, "dispatch/pairing_detail.html", context, status=form.status)
