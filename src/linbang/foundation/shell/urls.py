from django.conf import settings
from django.urls import path

from linbang.foundation.shell import views

app_name = "shell"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("style/<slug:digest>.css", views.stylesheet, name="stylesheet"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
]
if getattr(settings, "LINBANG_DEMO", False):
    urlpatterns += [
        path("design/", views.design, name="design"),
        path("design/console/", views.design_console, name="design-console"),
        path("design/field/", views.design_field, name="design-field"),
        path("design/field/deed/", views.design_deed, name="design-deed"),
        path("design/kiosk/", views.design_kiosk, name="design-kiosk"),
    ]
