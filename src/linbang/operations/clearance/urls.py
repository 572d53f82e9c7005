from django.urls import path

from linbang.operations.clearance.views import (
    before,
    console_credentials,
    console_insurance,
    console_suspensions,
    console_trainings,
    mine,
    trainings,
)

app_name = "clearance"
_ACTIVITY = "clearance/activities/<uuid:activity_id>/"
_SESSION = "clearance/sessions/<uuid:session_id>/"
_TRAINING = "console/trainings/<uuid:training_id>/"
_SHEET = "console/sessions/<uuid:session_id>/"
_ENROLMENT = "console/enrolments/<uuid:enrolment_id>/"
_PERSON = "console/credentials/people/<uuid:person_id>/"
_CREDENTIAL = "console/credentials/<uuid:credential_id>/"
_POLICY = "console/insurance/<uuid:policy_id>/"
_SHIFT = "console/insurance/shifts/<uuid:shift_id>/"
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
    path("console/trainings/", console_trainings.sittings, name="console_trainings"),
    path("console/trainings/new/", console_trainings.new, name="console_training_new"),
    path(_TRAINING, console_trainings.training, name="console_training"),
    path(_TRAINING + "sessions/", console_trainings.sessions, name="console_sessions"),
    path(_TRAINING + "ending/", console_trainings.training_ending, name="training_ending"),
    path(_SHEET, console_trainings.session, name="console_session"),
    path(_SHEET + "enrolments/", console_trainings.enrolments, name="console_enrolments"),
    path(_SHEET + "passing/", console_trainings.passing, name="passing"),
    path(_SHEET + "cancellation/", console_trainings.cancellation, name="session_cancellation"),
    path(_ENROLMENT + "result/", console_trainings.result, name="result"),
    path(_ENROLMENT + "removal/", console_trainings.removal, name="enrolment_removal"),
    path("console/credentials/", console_credentials.credentials, name="console_credentials"),
    path(_PERSON, console_credentials.person, name="console_person"),
    path(_PERSON + "entries/", console_credentials.entries, name="credential_entries"),
    path(_CREDENTIAL + "revocation/", console_credentials.revocation, name="revocation"),
    path(_CREDENTIAL + "unmasking/", console_credentials.unmasking, name="number_unmasking"),
    path("console/insurance/", console_insurance.policies, name="console_insurance"),
    path(_POLICY, console_insurance.policy, name="console_policy"),
    path(_POLICY + "people/", console_insurance.people, name="insured_people"),
    path(_POLICY + "teams/", console_insurance.teams, name="insured_teams"),
    path(_POLICY + "numbers/", console_insurance.numbers, name="insured_numbers"),
    path(
        _POLICY + "people/<uuid:person_id>/removal/",
        console_insurance.removal,
        name="insured_removal",
    ),
    path(_POLICY + "export/", console_insurance.named_export, name="named_export"),
    path(_SHIFT, console_insurance.frozen, name="console_frozen"),
    path(_SHIFT + "export/", console_insurance.frozen_export, name="frozen_export"),
    path("console/suspensions/", console_suspensions.suspensions, name="console_suspensions"),
    path("console/suspensions/new/", console_suspensions.new, name="suspension_new"),
    path(
        "console/suspensions/<uuid:suspension_id>/lifting/",
        console_suspensions.lifting,
        name="lifting",
    ),
    path(
        "console/appeals/<uuid:appeal_id>/decision/",
        console_suspensions.decision,
        name="appeal_decision",
    ),
]
