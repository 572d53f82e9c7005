from django.urls import path

from linbang.operations.service.views import visits

app_name = "service"
urlpatterns = [
    path("visits/", visits.visits, name="list"),
    path("visits/<uuid:visit_id>/", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/check-in/", visits.check_in, name="check_in"),
    path("visits/<uuid:visit_id>/check-out/", visits.check_out, name="check_out"),
    path("visits/<uuid:visit_id>/code/", visits.code, name="code"),
    path("visits/<uuid:visit_id>/code.svg", visits.code_image, name="code_image"),
    path("visits/<uuid:visit_id>/code/arrival/", visits.arrival, name="arrival"),
    path("visits/<uuid:visit_id>/code/completion/", visits.completion, name="completion"),
    path("console/visits/", visits.console_visits, name="console"),
    path("console/visits/<uuid:visit_id>/", visits.console_visit, name="console_visit"),
    path("console/visits/<uuid:visit_id>/check-in/", visits.staff_check_in, name="staff_check_in"),
    path(
        "console/visits/<uuid:visit_id>/check-out/", visits.staff_check_out, name="staff_check_out"
    ),
    path("console/visits/<uuid:visit_id>/absence/", visits.absence, name="absence"),
]
