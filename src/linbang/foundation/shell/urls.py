from django.conf import settings
from django.urls import path

from linbang.foundation.shell import views

app_name = "shell"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("style/<slug:digest>.css", views.stylesheet, name="stylesheet"),
]
if getattr(settings, "LINBANG_DEMO", False):
    urlpatterns += [
        path("design/", views.design, name="design"),
        path("design/console/", views.design_console, name="design-console"),
    ]
