from django.urls import path

from linbang.intake.needs.views import console, intake, requests

app_name = "needs"
urlpatterns = [
    path("needs/", requests.listing, name="list"),
    path("needs/new/", requests.new, name="new"),
    path("needs/emergency/", requests.emergency, name="emergency"),
    path("needs/<uuid:need_id>/", requests.detail, name="detail"),
    path("needs/<uuid:need_id>/receipt/", requests.receipt, name="receipt"),
    path("needs/<uuid:need_id>/withdrawal/", requests.withdrawal, name="withdrawal"),
    path("console/intake/", intake.intake, name="intake"),
    path("console/needs/", console.listing, name="console"),
    path("console/needs/<uuid:need_id>/", console.detail, name="console-need"),
    path("console/needs/<uuid:need_id>/verification/", console.verification, name="verification"),
    path("console/needs/<uuid:need_id>/declination/", console.declination, name="declination"),
    path(
        "console/needs/<uuid:need_id>/withdrawal/",
        console.withdrawal,
        name="console-withdrawal",
    ),
    path("console/needs/<uuid:need_id>/contact/", console.contact, name="contact"),
]
