from django.urls import path

from linbang.outcomes.recognition.views import console, honours, ratings, stars

app_name = "recognition"
_STAR = "console/stars/<uuid:application_id>/"
urlpatterns = [
    path("stars/", stars.stars, name="stars"),
    path("stars/applications/", stars.applications, name="applications"),
    path(
        "stars/applications/<uuid:application_id>/withdrawal/",
        stars.application_withdrawal,
        name="withdrawal",
    ),
    path("stars/notice/", stars.notice, name="notice"),
    path("stars/notice/<uuid:star_notice_id>/objection/", stars.objection, name="objection"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("ratings/<uuid:record_id>/volunteer/", ratings.of_volunteer, name="of_volunteer"),
    path("ratings/<uuid:record_id>/service/", ratings.of_service, name="of_service"),
    path("lead/<uuid:activity_id>/ratings/", ratings.lead, name="lead"),
    path("honours/", honours.honours, name="honours"),
    path("honours/new/", honours.honour_new, name="honour_new"),
    path("honours/<uuid:honour_id>/proof/", honours.proof, name="proof"),
    path("console/stars/", console.console, name="console"),
    path("console/stars/levels/", console.scheme, name="scheme"),
    path(_STAR, console.application, name="application"),
    path(f"{_STAR}approval/", console.approval, name="approval"),
    path(f"{_STAR}refusal/", console.refusal, name="refusal"),
    path(f"{_STAR}objections/<uuid:objection_id>/", console.answer, name="answer"),
    path("console/ratings/<uuid:record_id>/", ratings.by_phone, name="by_phone"),
    path("console/honours/", honours.register, name="register"),
    path("console/honours/new/", honours.console_honour_new, name="console_honour_new"),
    path("console/honours/export/", honours.export, name="export"),
    path("console/honours/<uuid:honour_id>/", honours.console_honour, name="console_honour"),
    path("console/honours/<uuid:honour_id>/decision/", honours.decision, name="decision"),
    path("console/honours/<uuid:honour_id>/striking/", honours.striking, name="striking"),
]
