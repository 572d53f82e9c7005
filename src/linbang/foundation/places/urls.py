from django.urls import path

from linbang.foundation.places.views import stations, tree

app_name = "places"
_ONE = "console/places/<str:code>/"
urlpatterns = [
    path("stations/", stations.stations, name="stations"),
    path("console/places/stations/new/", stations.station_new, name="station_new"),
    path("console/places/stations/<uuid:station_id>/", stations.station, name="station"),
    path("console/places/", tree.places, name="list"),
    path(_ONE, tree.region, name="region"),
    path(_ONE + "children/", tree.children, name="children"),
    path(_ONE + "name/", tree.name, name="name"),
    path(_ONE + "point/", tree.point, name="point"),
    path(_ONE + "closure/", tree.closure, name="closure"),
]
