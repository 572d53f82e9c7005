from django.urls import path

from linbang.outcomes.time_bank.views import books, pools, schemes, statements

app_name = "time_bank"
urlpatterns = [
    path("love-savings/", statements.statement, name="statement"),
    path("love-savings/pool/", pools.public_pools, name="public_pools"),
    path("love-savings/<uuid:person_id>/", statements.statement_of_person, name="person"),
    path("console/love-savings/", books.branches, name="branches"),
    path("console/love-savings/pool/", books.pool, name="pool"),
    path("console/love-savings/demand/", books.demand, name="demand"),
    path("console/love-savings/scheme/", schemes.scheme, name="scheme"),
    path(
        "console/love-savings/scheme/<str:code>/adoption/",
        schemes.adoption_new,
        name="adoption_new",
    ),
]
