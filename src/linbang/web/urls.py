from django.urls import path

from linbang.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("console/", views.console, name="console"),
]
