from django.urls import path

from linbang.outcomes.time_bank import views

app_name = "time_bank"
urlpatterns = [
    path("love-savings/", views.statement, name="statement"),
    path("love-savings/<uuid:person_id>/", views.statement_of_person, name="person"),
]
