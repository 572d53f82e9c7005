from django.urls import path

from linbang.reporting.statistics import views

app_name = "statistics"
urlpatterns = [
    path("console/statistics/", views.overview, name="overview"),
    path("console/statistics/activities/", views.activities, name="activities"),
    path("console/statistics/export/", views.export, name="export"),
]
