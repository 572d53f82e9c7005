from django.urls import path

from linbang.operations.service_records.views import (
    back_entries,
    console,
    figures,
    integrity,
    notices,
    own,
    policies,
    spot_checks,
    voids,
)

app_name = "service_records"
_STAFF_RECORD = "console/records/<uuid:record_id>/"
urlpatterns = [
    path("records/", own.records, name="list"),
    path("records/<uuid:record_id>/", own.record, name="record"),
    path("records/<uuid:record_id>/confirmation/", own.confirmation, name="confirmation"),
    path("records/<uuid:record_id>/claims/", own.claims, name="claims"),
    path("activities/<uuid:activity_id>/hours/", notices.notice, name="notice"),
    path("hours/<uuid:record_id>/objection/", notices.objection, name="objection"),
    path("back-entries/", back_entries.back_entries, name="back_entries"),
    path("back-entries/new/", back_entries.new, name="new_back_entry"),
    path("back-entries/<uuid:entry_id>/", back_entries.back_entry, name="back_entry"),
    path("back-entries/<uuid:entry_id>/proof/", back_entries.proof, name="proof"),
    path(
        "activities/<uuid:activity_id>/back-entries/new/",
        back_entries.of_activity,
        name="back_entry_of_activity",
    ),
    path("console/records/", console.console_records, name="console"),
    path("console/records/overdue/", figures.overdue, name="overdue"),
    path("console/records/figures/", figures.figures, name="figures"),
    path("console/records/policies/", policies.policies, name="policies"),
    path("console/records/policies/adoptions/", policies.adoptions, name="adoptions"),
    path("console/records/verifications/", console.verifications, name="verifications"),
    path(_STAFF_RECORD, console.console_record, name="console_record"),
    path(f"{_STAFF_RECORD}claims/<uuid:claim_id>/", console.answer, name="answer"),
    path(f"{_STAFF_RECORD}call/", console.call, name="call"),
    path(
        "console/records/<uuid:record_id>/verification/", console.verification, name="verification"
    ),
    path(f"{_STAFF_RECORD}correction/", console.correction, name="correction"),
    path("voids/<uuid:void_id>/", voids.void, name="void"),
    path("spot-checks/", spot_checks.spot_figures, name="spot_figures"),
    path("console/integrity/", integrity.integrity, name="integrity"),
    path("console/integrity/decisions/", integrity.decisions, name="flag_decisions"),
    path(
        "console/integrity/records/<uuid:record_id>/",
        integrity.integrity_record,
        name="integrity_record",
    ),
    path(
        "console/integrity/records/<uuid:record_id>/void/",
        integrity.void_proposal,
        name="void_proposal",
    ),
    path(
        "console/integrity/voids/<uuid:void_id>/decision/",
        integrity.void_decision,
        name="void_decision",
    ),
    path(
        "console/integrity/voids/<uuid:void_id>/appeal/",
        integrity.appeal_answer,
        name="appeal_answer",
    ),
    path("console/spot-checks/", spot_checks.spot_rounds, name="spot_rounds"),
    path("console/spot-checks/<uuid:round_id>/", spot_checks.spot_round, name="spot_round"),
    path(
        "console/spot-checks/<uuid:round_id>/<uuid:check_id>/",
        spot_checks.spot_check,
        name="spot_check",
    ),
]
