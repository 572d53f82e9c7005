from django.urls import path

from linbang.operations.service_records import views

app_name = "service_records"
urlpatterns = [
    path("records/", views.records, name="list"),
    path("records/<uuid:record_id>/", views.record, name="record"),
    path("records/<uuid:record_id>/confirmation/", views.confirmation, name="confirmation"),
    path("records/<uuid:record_id>/claims/", views.claims, name="claims"),
    path("activities/<uuid:activity_id>/hours/", views.notice, name="notice"),
    path("hours/<uuid:record_id>/objection/", views.objection, name="objection"),
    path("console/records/", views.console_records, name="console"),
    path("console/records/verifications/", views.verifications, name="verifications"),
    path("console/records/<uuid:record_id>/", views.console_record, name="console_record"),
    path("console/records/<uuid:record_id>/claims/<uuid:claim_id>/", views.answer, name="answer"),
    path("console/records/<uuid:record_id>/call/", views.call, name="call"),
    path("console/records/<uuid:record_id>/verification/", views.verification, name="verification"),
    path("console/records/<uuid:record_id>/correction/", views.correction, name="correction"),
]
