from django.urls import path

from linbang.operations.dispatch.views import (
    console,
    discover,
    offers,
    pairings,
    plans,
    rosters,
    sign_ups,
    staff,
    standing_in,
    teams,
)

app_name = "dispatch"
_NEED = "console/dispatch/<uuid:need_id>/"
_OFFER = f"{_NEED}offers/<uuid:offer_id>/"
_ACTIVITY = "activities/<uuid:activity_id>/"
_PLACE = "sign-ups/<uuid:sign_up_id>/"
_STAND_IN = "stand-ins/<uuid:stand_in_id>/"
_LED = "console/sign-ups/<uuid:activity_id>/"
_SHIFT = f"{_LED}<uuid:shift_id>/"
_ROSTER = "console/rosters/<uuid:activity_id>/"
_PROPOSAL = "console/rosters/proposals/<uuid:proposal_id>/"
_PAIR = f"{_PROPOSAL}pairs/<uuid:pair_id>/"
_PAIRING_PROPOSAL = "console/pairings/proposals/<uuid:proposal_id>/"
_PROPOSED = f"{_PAIRING_PROPOSAL}pairs/<uuid:pair_id>/"
_PLAN = "console/plans/<uuid:plan_id>/"
_PLANNED = f"{_PLAN}visits/<uuid:visit_id>/"
urlpatterns = [
    path("activities/", discover.activities, name="activities"),
    path(_ACTIVITY, discover.activity, name="activity"),
    path(f"{_ACTIVITY}sign-up/<uuid:shift_id>/", sign_ups.sign_up, name="sign_up_step"),
    path("shifts/<uuid:shift_id>/teams/", teams.teams, name="teams"),
    path("shifts/<uuid:shift_id>/teams/<uuid:team_id>/", teams.team, name="team"),
    path("reservations/<uuid:reservation_id>/", teams.reservation, name="reservation"),
    path(_PLACE, sign_ups.place, name="sign_up"),
    path(f"{_PLACE}withdrawal/", sign_ups.withdrawal, name="withdrawal"),
    path(f"{_PLACE}taking/", sign_ups.taking, name="taking"),
    path(f"{_PLACE}declining/", sign_ups.declining, name="declining"),
    path(f"{_PLACE}stand-in/", sign_ups.seeking, name="seeking"),
    path(f"{_PLACE}swap/", sign_ups.swap, name="swap"),
    path(f"{_PLACE}calendar.ics", sign_ups.calendar, name="place_calendar"),
    path("stand-ins/", standing_in.stand_ins, name="stand_ins"),
    path(f"{_STAND_IN}taking/", standing_in.taking, name="stand_in_taking"),
    path(f"{_STAND_IN}ending/", standing_in.ending, name="stand_in_ending"),
    path(f"{_STAND_IN}agreement/", standing_in.agreement, name="swap_agreement"),
    path(f"{_STAND_IN}refusal/", standing_in.refusal, name="swap_refusal"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("offers/<uuid:offer_id>/acceptance/", offers.acceptance, name="acceptance"),
    path("offers/<uuid:offer_id>/refusal/", offers.refusal, name="refusal"),
    path("offers/<uuid:offer_id>/departure/", offers.departure, name="departure"),
    path("console/sign-ups/", staff.activities, name="staff_activities"),
    path(_LED, staff.activity, name="staff_activity"),
    path(_SHIFT, staff.shift, name="staff_shift"),
    path(f"{_SHIFT}approvals/", staff.approvals, name="staff_approvals"),
    path(f"{_SHIFT}people/", staff.on_behalf, name="staff_on_behalf"),
    path(f"{_SHIFT}reservations/", staff.reservations, name="staff_reservations"),
    path(f"{_SHIFT}message/", staff.message, name="staff_message"),
    path(f"{_SHIFT}<uuid:sign_up_id>/refusal/", staff.refusal, name="sign_up_refusal"),
    path(f"{_SHIFT}<uuid:sign_up_id>/release/", staff.release, name="sign_up_release"),
    path("console/rosters/", rosters.rosters, name="rosters"),
    path(_ROSTER, rosters.roster, name="roster"),
    path(f"{_ROSTER}proposals/", rosters.proposals, name="proposals"),
    path(f"{_ROSTER}keeping/", rosters.keeping, name="keeping"),
    path(_PROPOSAL, rosters.proposal, name="proposal"),
    path(f"{_PROPOSAL}confirmation/", rosters.confirmation, name="proposal_confirmation"),
    path(f"{_PROPOSAL}discarding/", rosters.discarding, name="proposal_discarding"),
    path(f"{_PROPOSAL}shifts/<uuid:shift_id>/", rosters.additions, name="pair_addition"),
    path(f"{_PAIR}replacement/", rosters.replacement, name="pair_replacement"),
    path(f"{_PAIR}removal/", rosters.removal, name="pair_removal"),
    path("console/stand-ins/", rosters.stand_ins, name="staff_stand_ins"),
    path("pairings/", pairings.own, name="own_pairings"),
    path("console/pairings/", pairings.pairing_list, name="pairings"),
    path("console/pairings/proposing/", pairings.proposing, name="pairing_proposing"),
    path("console/pairings/adding/", pairings.adding, name="pairing_adding"),
    path(_PAIRING_PROPOSAL, pairings.proposal, name="pairing_proposal"),
    path(f"{_PAIRING_PROPOSAL}discarding/", pairings.discarding, name="pairing_discarding"),
    path(f"{_PROPOSED}helper/", pairings.choosing, name="proposed_choosing"),
    path(f"{_PROPOSED}removal/", pairings.dropping, name="proposed_dropping"),
    path(f"{_PROPOSED}agreement/", pairings.agreement, name="proposed_agreement"),
    path("console/pairings/<uuid:pairing_id>/", pairings.pairing, name="pairing"),
    path("console/pairings/<uuid:pairing_id>/ending/", pairings.ending, name="pairing_ending"),
    path("console/recruiting/", plans.recruiting, name="recruiting"),
    path("console/plans/", plans.plans, name="plans"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}publication/", plans.publication, name="plan_publication"),
    path(f"{_PLAN}discarding/", plans.discarding, name="plan_discarding"),
    path(f"{_PLAN}shortages/", plans.shortages, name="plan_shortages"),
    path(_PLANNED, plans.visit, name="planned_visit"),
    path(f"{_PLANNED}overruling/", plans.overruling, name="plan_overruling"),
    path("console/dispatch/", console.board, name="board"),
    path(_NEED, console.need, name="need"),
    path(f"{_NEED}ranking/", console.ranking, name="ranking"),
    path(f"{_NEED}takeover/", console.takeover, name="takeover"),
    path(f"{_NEED}blocks/", console.blocks, name="blocks"),
    path(f"{_NEED}offers/", console.offers, name="need_offers"),
    path(f"{_OFFER}acceptance/", console.acceptance, name="staff_acceptance"),
    path(f"{_OFFER}refusal/", console.refusal, name="staff_refusal"),
    path(
        f"{_NEED}helpers/<uuid:assignment_id>/departure/",
        console.departure,
        name="staff_departure",
    ),
]
