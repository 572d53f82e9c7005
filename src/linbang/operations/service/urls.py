from django.urls import path

from linbang.operations.service import views

app_name = "service"
urlpatterns = [
    path("visits/", views.visits, name="list"),
    path("visits/<uuid:visit_id>/", views.visit, name="visit"),
    path("visits/<uuid:visit_id>/check-in/", views.check_in, name="check_in"),
    path("visits/<uuid:visit_id>/check-out/", views.check_out, name="check_out"),
    path("visits/<uuid:visit_id>/code/", views.code, name="code"),
    path("visits/<uuid:visit_id>/code.svg", views.code_image, name="code_image"),
    path("visits/<uuid:visit_id>/code/arrival/", views.arrival, name="arrival"),
    path("visits/<uuid:visit_id>/code/completion/", views.completion, name="completion"),
    path("console/visits/", views.console_visits, name="console"),
    path("console/visits/<uuid:visit_id>/", views.console_visit, name="console_visit"),
    path("console/visits/<uuid:visit_id>/check-in/", views.staff_check_in, name="staff_check_in"),
    path(
        "console/visits/<uuid:visit_id>/check-out/", views.staff_check_out, name="staff_check_out"
    ),
    path("console/visits/<uuid:visit_id>/absence/", views.absence, name="absence"),
]
