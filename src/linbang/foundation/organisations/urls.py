from django.urls import path

from linbang.foundation.organisations.views import console, teams

app_name = "organisations"
_ONE = "console/organisations/<uuid:organisation_id>/"
_MEMBER = _ONE + "memberships/<int:membership_id>/"
urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/<uuid:team_id>/", teams.team, name="team"),
    path("teams/<uuid:team_id>/membership/", teams.membership, name="membership"),
    path(
        "teams/<uuid:team_id>/membership/ending/",
        teams.membership_ending,
        name="membership_ending",
    ),
    path("console/organisations/", console.organisations, name="list"),
    path("console/organisations/units/new/", console.unit_new, name="unit_new"),
    path("console/organisations/teams/new/", console.team_new, name="team_new"),
    path(_ONE, console.organisation, name="detail"),
    path(_ONE + "closure/", console.closure, name="closure"),
    path(_ONE + "liaisons/", console.liaisons, name="liaisons"),
    path(_ONE + "liaisons/<int:liaison_id>/ending/", console.liaison_ending, name="liaison_ending"),
    path(_MEMBER + "approval/", console.approval, name="approval"),
    path(_MEMBER + "refusal/", console.declining, name="refusal"),
    path(_MEMBER + "removal/", console.removal, name="removal"),
    path(_MEMBER + "leadership/", console.leadership, name="leadership"),
]
