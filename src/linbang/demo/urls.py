from django.conf import settings
from django.urls import path

from linbang.demo import views

app_name = "demo"
urlpatterns = []
if settings.LINBANG_DEMO:
    urlpatterns = [path("demo/sign-in/<slug:part>/", views.sign_in, name="sign_in")]
