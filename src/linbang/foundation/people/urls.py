from django.urls import path

from linbang.foundation.people.views import console, family, lookups, profile, registration

app_name = "people"
urlpatterns = [
    path("register/", registration.register, name="register"),
    path("register/claim/", registration.claim, name="claim"),
    path("register/<uuid:person_id>/adoption/", registration.adoption, name="adoption"),
    path("registered/", lookups.lookup, name="lookup"),
    path("registered/dispute/", lookups.dispute, name="dispute"),
    path("me/", profile.profile, name="profile"),
    path("me/details/", profile.details, name="details"),
    path("me/volunteer/", profile.volunteer, name="volunteer"),
    path("me/volunteer/pause/", profile.pause, name="pause"),
    path("me/volunteer/resumption/", profile.resumption, name="resumption"),
    path("me/volunteer/ending/", profile.ending, name="ending"),
    path("me/consents/", profile.consents, name="consents"),
    path("me/consents/<str:kind>/agreement/", profile.agreement, name="agreement"),
    path("me/consents/<str:kind>/withdrawal/", profile.withdrawal, name="withdrawal"),
    path("me/closure/", profile.closure, name="closure"),
    path("me/family/", family.family, name="family"),
    path("me/family/child/", family.child, name="child"),
    path("me/family/<int:kinship_id>/confirmation/", family.confirmation, name="kin_confirmation"),
    path("me/family/<int:kinship_id>/ending/", family.ending, name="kin_ending"),
    path("console/people/", console.people, name="list"),
    path("console/people/new/", console.new, name="new"),
    path("console/people/<uuid:person_id>/", console.person, name="person"),
    path("console/people/<uuid:person_id>/opening/", console.opening, name="opening"),
    path("console/people/<uuid:person_id>/unmasking/", console.unmasking, name="unmasking"),
    path(
        "console/people/<uuid:person_id>/confirmation/", console.confirmation, name="confirmation"
    ),
    path("console/people/<uuid:person_id>/details/", console.details, name="person_details"),
    path("console/people/<uuid:person_id>/household/", console.household, name="household"),
    path("console/people/<uuid:person_id>/kin/", console.kin, name="kin"),
    path(
        "console/people/<uuid:person_id>/kin/<int:kinship_id>/verification/",
        console.kin_verification,
        name="kin_verification",
    ),
    path("console/people/<uuid:person_id>/volunteer/", console.volunteer, name="person_volunteer"),
    path("console/claims/", console.claims, name="claims"),
    path("console/claims/<uuid:claim_id>/decision/", console.decision, name="decision"),
    path("console/disputes/", lookups.disputes, name="disputes"),
    path(
        "console/disputes/<uuid:dispute_id>/answer/",
        lookups.dispute_answer,
        name="dispute_answer",
    ),
]
