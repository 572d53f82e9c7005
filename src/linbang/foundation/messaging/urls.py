from django.conf import settings
from django.urls import path

from linbang.foundation.messaging import views

app_name = "messaging"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/reading/", views.reading_all, name="reading-all"),
    path("inbox/<uuid:notice_id>/reading/", views.reading, name="reading"),
]
if settings.LINBANG_DEMO:
    urlpatterns.append(path("dev/outbox/", views.outbox, name="outbox"))
