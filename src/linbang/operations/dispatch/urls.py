from django.urls import path

from linbang.operations.dispatch.views import console, offers

app_name = "dispatch"
_NEED = "console/dispatch/<uuid:need_id>/"
_OFFER = f"{_NEED}offers/<uuid:offer_id>/"
urlpatterns = [
    path("offers/", offers.offers, name="offers"),
    path("offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("offers/<uuid:offer_id>/acceptance/", offers.acceptance, name="acceptance"),
    path("offers/<uuid:offer_id>/refusal/", offers.refusal, name="refusal"),
    path("offers/<uuid:offer_id>/departure/", offers.departure, name="departure"),
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
