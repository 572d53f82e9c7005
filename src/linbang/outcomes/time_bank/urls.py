from django.urls import path

from linbang.outcomes.time_bank.views import statements

app_name = "time_bank"
urlpatterns = [
    path("love-savings/", statements.statement, name="statement"),
    path("love-savings/<uuid:person_id>/", statements.statement_of_person, name="person"),
]
