from django.urls import path

from linbang.operations.clearance.views import before, mine, trainings

app_name = "clearance"
_ACTIVITY = "clearance/activities/<uuid:activity_id>/"
_SESSION = "clearance/sessions/<uuid:session_id>/"
urlpatterns = [
    path("clearance/", mine.mine, name="mine"),
    path("clearance/record/", mine.record, name="record"),
    path("clearance/acceptances/<int:acceptance_id>/", mine.accepted_text, name="accepted_text"),
    path("clearance/suspensions/<uuid:suspension_id>/appeal/", mine.appeal, name="appeal"),
    path(_ACTIVITY, before.activity, name="activity"),
    path(_ACTIVITY + "acceptances/", before.acceptance, name="acceptance"),
    path(_ACTIVITY + "request/", before.request_, name="request"),
    path(_ACTIVITY + "consent/", before.consent, name="consent"),
    path(
        "clearance/consents/<uuid:consent_id>/withdrawal/",
        before.consent_withdrawal,
        name="consent_withdrawal",
    ),
    path("clearance/requests/<uuid:request_id>/refusal/", before.refusal, name="refusal"),
    path("clearance/trainings/", trainings.trainings, name="trainings"),
    path(_SESSION, trainings.session, name="session"),
    path(_SESSION + "enrolment/", trainings.enrolment, name="enrolment"),
    path(_SESSION + "departure/", trainings.departure, name="departure"),
]
