from django.urls import path

from linbang.outcomes.certificates.views import checking, console, files, own

app_name = "certificates"
_ONE = "certificates/<uuid:certificate_id>/"
_DESK = "console/certificates/"
_DESK_ONE = _DESK + "<uuid:certificate_id>/"
urlpatterns = [
    path("certificates/", own.certificates, name="list"),
    path("certificates/new/", own.certificate_new, name="new"),
    path("certificates/check/", checking.check, name="check"),
    path("certificates/verify/", checking.verify, name="verify"),
    path("certificates/keys/", checking.keys, name="keys"),
    path("certificates/did.json", checking.did_document, name="did"),
    path(_ONE, own.certificate, name="detail"),
    path(_ONE + "certificate.pdf", own.paper_file, name="paper"),
    path(_ONE + "certificate.png", own.picture_file, name="picture"),
    path(_ONE + "credential.json", own.credential_file, name="credential"),
    path("cards/", files.cards, name="cards"),
    path("cards/<str:kind>.pdf", files.own_card, name="own_card"),
    path("cards/teams/<uuid:team_id>/<str:kind>.pdf", files.team_cards, name="team_cards"),
    path("school-credits/", files.schools, name="schools"),
    path("school-credits/<uuid:school_id>/", files.credits_of_school, name="credits"),
    path(_DESK, console.certificates, name="console"),
    path(_DESK + "people/", console.people, name="console_people"),
    path(_DESK + "people/<uuid:person_id>/", console.certificate_new, name="console_new"),
    path(_DESK_ONE, console.certificate, name="console_certificate"),
    path(_DESK_ONE + "revocation/", console.revocation, name="revocation"),
    path(_DESK_ONE + "copy/", console.copy, name="copy"),
]
