from django.urls import path

from linbang.operations.service_records import views

app_name = "service_records"
urlpatterns = [
    path("records/", views.records, name="list"),
    path("records/<uuid:record_id>/", views.record, name="record"),
    path("records/<uuid:record_id>/confirmation/", views.confirmation, name="confirmation"),
    path("console/records/", views.console_records, name="console"),
    path("console/records/verifications/", views.verifications, name="verifications"),
    path("console/records/<uuid:record_id>/", views.console_record, name="console_record"),
    path("console/records/<uuid:record_id>/call/", views.call, name="call"),
    path("console/records/<uuid:record_id>/verification/", views.verification, name="verification"),
    path("console/records/<uuid:record_id>/correction/", views.correction, name="correction"),
]
