"""One need paid with saved time, over HTTP, as each of the cast."""

from datetime import timedelta

import pytest

from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.queries import balance_of, wallet_of
from linbang.outcomes.time_bank.tests.cast import faults
from tests.flows.test_need_life import accepted, arrive_and_leave, ask

pytestmark = pytest.mark.django_db


def saved(person):
    return balance_of(person.pk, cell=person.cell)


def test_need_is_paid_with_saved_time_and_confirmed_by_the_red_card(
    cast, api, clock_set, run_jobs, client
):
    give_time(cast.elder, 600, now=clock_set.now)
    need = ask(api, cast.elder, clock_set)

    # Two hours for one helper are held at once; the station asks for two (rule 63).
    status, chosen = api(cast.elder, "post", f"/needs/{need['id']}/redemption")
    assert (status, chosen["minutes_each"]) == (201, 120)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    assert wallet_of(cast.elder, served_at=clock_set.now).own_free == 600 - 240

    run_jobs()
    accepted(api, cast.volunteer)
    accepted(api, cast.second)
    clock_set.now += timedelta(days=1)
    arrive_and_leave(api, cast, clock_set, cast.volunteer, minutes=120)
    clock_set.now -= timedelta(minutes=120)
    arrive_and_leave(api, cast, clock_set, cast.second, minutes=60)

    # One helper scans her red card, the other is confirmed on the phone.
    client.force_login(cast.elder.account)
    client.post("/love-savings/card/")
    number = client.get("/love-savings/card/").context["card"].number
    visit = api(cast.volunteer, "get", "/visits?tab=over")[1]["items"][0]
    status, _ = api(cast.volunteer, "post", f"/visits/{visit['id']}/card-payment", {"card": number})
    assert status == 204
    for record in api(cast.elder, "get", "/records?side=received")[1]["items"]:
        if record["state"] == "unconfirmed":
            path = f"/records/{record['id']}/confirmation"
            api(cast.elder, "post", path, {"verdict": "confirmed"})

    assert api(cast.elder, "get", f"/needs/{need['id']}")[1]["state"] == "fulfilled"
    assert (saved(cast.volunteer), saved(cast.second)) == (120, 60)
    assert saved(cast.elder) == 600 - 120 - 60
    assert wallet_of(cast.elder, served_at=clock_set.now).own_free == saved(cast.elder)
    statement = api(cast.elder, "get", "/love-savings")[1]
    assert (statement["held"], len(statement["movements"])) == (0, 3)
    assert faults() == []
