from django.urls import path

from linbang.reporting.briefs import views

app_name = "briefs"
urlpatterns = [
    path("console/briefs/", views.briefs, name="list"),
    path("console/briefs/new/", views.new, name="new"),
    path("console/briefs/new/preview/", views.preview, name="preview"),
    path("console/briefs/new/issue/", views.issue, name="issue"),
    path("console/briefs/<uuid:brief_id>/", views.brief, name="detail"),
    path("console/briefs/<uuid:brief_id>/document/", views.document, name="document"),
]
