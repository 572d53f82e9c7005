from django.urls import path

from linbang.outcomes.time_bank.views import (
    books,
    cards,
    console,
    gifts,
    payments,
    pools,
    schemes,
    statements,
)

app_name = "time_bank"
_OWN, _PERSON = "love-savings/", "love-savings/<uuid:person_id>/"
_GIFT, _DISPUTE = "love-savings/gifts/<uuid:gift_id>/", "love-savings/disputes/<uuid:dispute_id>/"
_PAYMENT, _ESTATE = "needs/<uuid:need_id>/payment/", "console/savings-desk/<uuid:person_id>/"
urlpatterns = [
    path(_OWN, statements.statement, name="statement"),
    path(f"{_OWN}movements/", statements.movements, name="movements"),
    path(f"{_OWN}movements.csv", statements.movements_file, name="movements_file"),
    path(f"{_OWN}movements/<int:version>/", statements.receipt, name="receipt"),
    path(f"{_OWN}movements/<int:version>/dispute/", statements.dispute_new, name="dispute_new"),
    path(f"{_OWN}gifts/", gifts.gifts, name="gifts"),
    path(f"{_OWN}gifts/new/", gifts.gift_new, name="gift_new"),
    path(_GIFT, gifts.gift, name="gift"),
    path(f"{_GIFT}acceptance/", gifts.acceptance, name="gift_acceptance"),
    path(f"{_GIFT}refusal/", gifts.refusal, name="gift_refusal"),
    path(f"{_OWN}donations/new/", gifts.donation_new, name="donation_new"),
    path(f"{_OWN}heir/", gifts.heir, name="heir"),
    path(f"{_OWN}card/", cards.card, name="card"),
    path(f"{_OWN}card/qr.svg", cards.card_image, name="card_image"),
    path(_DISPUTE, console.dispute, name="dispute"),
    path(f"{_DISPUTE}replies/", console.reply, name="dispute_reply"),
    path(f"{_DISPUTE}ruling/", console.ruling, name="ruling"),
    path(f"{_DISPUTE}ruling/answer/", console.ruling_answer, name="ruling_answer"),
    path(_PERSON, statements.statement_of_person, name="person"),
    path(f"{_PERSON}movements/<int:version>/", statements.receipt_of_person, name="person_receipt"),
    path(f"{_PERSON}card/", cards.card, name="person_card"),
    path(f"{_PERSON}card/qr.svg", cards.card_image, name="person_card_image"),
    path(f"{_PERSON}gifts/new/", gifts.gift_new, name="person_gift"),
    path(f"{_PERSON}donations/new/", gifts.donation_new, name="person_donation"),
    path(_PAYMENT, payments.payment, name="payment"),
    path(f"{_PAYMENT}withdrawal/", payments.payment_withdrawal, name="payment_withdrawal"),
    path("visits/<uuid:visit_id>/card-payment/", payments.card_payment, name="card_payment"),
    path("console/savings-desk/", console.desk, name="desk"),
    path(_ESTATE, console.estate, name="estate"),
    path(f"{_ESTATE}proposal/", console.estate_proposal, name="estate_proposal"),
    path(f"{_ESTATE}passing/", console.estate_passing, name="estate_passing"),
    path(f"{_ESTATE}freezing/", console.freezing, name="freezing"),
    path("love-savings/pool/", pools.public_pools, name="public_pools"),
    path("console/love-savings/", books.branches, name="branches"),
    path("console/love-savings/pool/", books.pool, name="pool"),
    path("console/love-savings/demand/", books.demand, name="demand"),
    path("console/love-savings/scheme/", schemes.scheme, name="scheme"),
    path(
        "console/love-savings/scheme/<str:code>/adoption/",
        schemes.adoption_new,
        name="adoption_new",
    ),
]
