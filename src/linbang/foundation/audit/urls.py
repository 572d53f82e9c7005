from django.urls import path

from linbang.foundation.audit import views

app_name = "audit"
urlpatterns = [
    path("console/audit/", views.trail, name="trail"),
    path("account/access-log/", views.access_log, name="access_log"),
]
