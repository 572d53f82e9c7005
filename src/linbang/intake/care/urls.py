from django.urls import path

from linbang.intake.care import views

app_name = "care"
urlpatterns = [
    path("console/care/", views.register, name="list"),
    path("console/care/<int:listing_id>/ending/", views.listing_ending, name="listing_ending"),
    path("console/people/<uuid:person_id>/care/", views.person, name="person"),
    path("console/people/<uuid:person_id>/care/new/", views.listing_new, name="listing_new"),
]
