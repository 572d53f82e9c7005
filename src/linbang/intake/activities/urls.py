from django.urls import path

from linbang.intake.activities.views import activities, editor, points, programmes, shifts

app_name = "activities"
_ALL = "console/activities/"
_ONE = _ALL + "<uuid:activity_id>/"
_SHIFT = _ONE + "shifts/<uuid:shift_id>/"
_PROGRAMMES = "console/programmes/"
_PROGRAMME = _PROGRAMMES + "<slug:kind>/<uuid:programme_id>/"
_POINT = "console/points/<uuid:point_id>/"
_POLICIES = _ALL + "policies/"
_POLICY = _POLICIES + "<uuid:policy_id>/"
urlpatterns = [
    path(_ALL, activities.listing, name="list"),
    path(_ALL + "new/", editor.new, name="new"),
    path(_ALL + "new/gates/", editor.new_gates, name="new_gates"),
    path(_ONE, activities.detail, name="detail"),
    path(_ONE + "edit/", editor.edit, name="edit"),
    path(_ONE + "gates/", editor.gates, name="gates"),
    path(_ONE + "publication/", activities.publication, name="publication"),
    path(_ONE + "review/", activities.review, name="review"),
    path(_ONE + "cancellation/", activities.cancellation, name="cancellation"),
    path(_ONE + "closure/", activities.closure, name="closure"),
    path(_ONE + "extension/", activities.extension, name="extension"),
    path(_ONE + "outcome/", activities.outcome, name="outcome"),
    path(_ONE + "copy/", activities.copy, name="copy"),
    path(_ONE + "deletion/", activities.deletion, name="deletion"),
    path(_ONE + "shifts/", shifts.listing, name="shifts"),
    path(_ONE + "series/new/", shifts.series_new, name="series_new"),
    path(_ONE + "series/preview/", shifts.series_preview, name="series_preview"),
    path(_ONE + "roster/", shifts.roster, name="roster"),
    path(_SHIFT, shifts.shift, name="shift"),
    path(_SHIFT + "preview/", shifts.shift_preview, name="shift_preview"),
    path(_SHIFT + "cancellation/", shifts.shift_cancellation, name="shift_cancellation"),
    path(_PROGRAMMES, programmes.tree, name="programmes"),
    path(_PROGRAMMES + "key-periods/new/", programmes.key_period_new, name="key_period_new"),
    path(_PROGRAMMES + "key-periods/<uuid:period_id>/", programmes.key_period, name="key_period"),
    path(_PROGRAMMES + "<slug:kind>/new/", programmes.new, name="programme_new"),
    path(_PROGRAMME, programmes.edit, name="programme"),
    path(_PROGRAMME + "ending/", programmes.ending, name="programme_ending"),
    path("console/points/", points.points, name="points"),
    path("console/points/new/", points.point_new, name="point_new"),
    path(_POINT, points.point, name="point"),
    path(_POINT + "closure/", points.point_closure, name="point_closure"),
    path(_POINT + "pairings/", points.pairings, name="pairings"),
    path(
        _POINT + "pairings/<int:pairing_id>/ending/", points.pairing_ending, name="pairing_ending"
    ),
    path(_POLICIES, points.policies, name="policies"),
    path(_POLICIES + "new/", points.policy_new, name="policy_new"),
    path(_POLICY, points.policy, name="policy"),
    path(_POLICY + "ending/", points.policy_ending, name="policy_ending"),
]
