"""One need's whole life over HTTP, as each of the cast."""

from datetime import timedelta

import pytest

from linbang.outcomes.time_bank.queries import balance_of

pytestmark = pytest.mark.django_db


def ask(api, who, clock_set, *, item="clinic", days=1, **more):
    starts_at = clock_set.now + timedelta(days=days)
    body = {
        "key": f"test:{item}:{days}",
        "item": item,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        **more,
    }
    status, need = api(who, "post", "/needs", body)
    assert status in (200, 201), need
    return need


def offers_to(api, who):
    return [offer for offer in api(who, "get", "/offers")[1]["items"] if offer["is_open"]]


def accepted(api, who):
    (offer,) = offers_to(api, who)
    status, answer = api(who, "post", f"/offers/{offer['id']}/acceptance")
    assert status == 200, answer
    return answer


def visit_of(api, who, tab="ahead"):
    return api(who, "get", f"/visits?tab={tab}")[1]["items"][0]


def arrive_and_leave(api, cast, clock_set, helper, *, minutes):
    visit = visit_of(api, helper)
    for step, later in (("check-in", 0), ("check-out", minutes)):
        clock_set.now += timedelta(minutes=later)
        _, code = api(cast.elder, "get", f"/visits/{visit['id']}/code")
        body = {"method": "code", "code": code["digits"]}
        status, answer = api(helper, "post", f"/visits/{visit['id']}/{step}", body)
        assert status == 200, answer


def test_need_lives_from_asking_to_the_months_figures(cast, api, clock_set, run_jobs):
    need = ask(api, cast.elder, clock_set)
    assert need["state"] == "opened"

    clock_set.now += timedelta(minutes=20)
    status, need = api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    assert (status, need["state"]) == (200, "verified")

    run_jobs()
    # A first visit wants two helpers (rule 63): both are asked, with reasons.
    first, second = offers_to(api, cast.volunteer)[0], offers_to(api, cast.second)[0]
    assert first["why"]
    assert first["helpers"] == second["helpers"] == 2
    assert "2单元301室" not in str(first)

    clock_set.now += timedelta(minutes=5)
    accepted(api, cast.volunteer)
    accepted(api, cast.second)
    assert api(cast.elder, "get", f"/needs/{need['id']}")[1]["state"] == "assigned"

    clock_set.now += timedelta(days=1, minutes=-25)
    arrive_and_leave(api, cast, clock_set, cast.volunteer, minutes=120)
    clock_set.now -= timedelta(minutes=120)
    arrive_and_leave(api, cast, clock_set, cast.second, minutes=100)
    assert api(cast.elder, "get", f"/needs/{need['id']}")[1]["state"] == "served"

    for record in api(cast.elder, "get", "/records?side=received")[1]["items"]:
        status, answer = api(
            cast.elder, "post", f"/records/{record['id']}/confirmation", {"verdict": "confirmed"}
        )
        assert status == 200, answer

    assert api(cast.elder, "get", f"/needs/{need['id']}")[1]["state"] == "fulfilled"
    assert balance_of(cast.volunteer.pk, cell=cast.volunteer.cell) == 120
    # 100 minutes are counted as an hour and a half (rule 36).
    assert balance_of(cast.second.pk, cell=cast.second.cell) == 90
    _, figures = api(cast.street, "get", "/statistics/figures?region=450103001005&period=2026-05")
    total = figures["total"]
    assert total["requests"] == total["fulfilled"] == 1
    assert total["beneficiaries"] == 1
    assert total["person_times"] == 2


def test_daughter_asks_for_her_mother_and_confirms(cast, api, clock_set, run_jobs):
    need = ask(
        api, cast.daughter, clock_set, beneficiary=str(cast.elder.public_id), channel="relative"
    )
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()
    accepted(api, cast.volunteer)
    accepted(api, cast.second)
    clock_set.now += timedelta(days=1)
    arrive_and_leave(api, cast, clock_set, cast.volunteer, minutes=60)
    arrive_and_leave(api, cast, clock_set, cast.second, minutes=30)

    verdicts = [
        api(
            cast.daughter, "post", f"/records/{record['id']}/confirmation", {"verdict": "confirmed"}
        )[0]
        for record in api(cast.daughter, "get", "/records?side=received")[1]["items"]
    ]

    assert verdicts == [200, 200]
    assert api(cast.daughter, "get", f"/needs/{need['id']}")[1]["state"] == "fulfilled"


def test_refused_offer_goes_to_the_next_and_costs_nothing(cast, api, clock_set, run_jobs):
    need = ask(api, cast.elder, clock_set)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()
    (offer,) = offers_to(api, cast.volunteer)

    status, _ = api(cast.volunteer, "post", f"/offers/{offer['id']}/refusal", {"reason": ""})
    run_jobs()

    assert status in (200, 204)
    assert offers_to(api, cast.volunteer) == []
    # Nobody else is left in the county: the station takes over.
    assert api(cast.worker, "get", f"/needs/{need['id']}")[1]["state"] == "escalated"
    assert api(cast.volunteer, "get", "/me/volunteer")[1]["paused_until"] is None


def test_expired_offers_escalate_and_the_station_finds_somebody(cast, api, clock_set, run_jobs):
    from linbang.operations.dispatch.actions import sweep

    need = ask(api, cast.elder, clock_set)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()

    clock_set.now += timedelta(minutes=31)
    sweep(now=clock_set.now)

    assert api(cast.worker, "get", f"/needs/{need['id']}")[1]["state"] == "escalated"
    for volunteer in (cast.volunteer, cast.second):
        body = {"volunteer_id": str(volunteer.public_id)}
        status, offer = api(cast.worker, "post", f"/needs/{need['id']}/offers", body)
        assert status in (200, 201), offer
        accepted(api, volunteer)
    assert api(cast.elder, "get", f"/needs/{need['id']}")[1]["state"] == "assigned"


def test_withdrawn_need_frees_its_helpers(cast, api, clock_set, run_jobs):
    need = ask(api, cast.elder, clock_set)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()
    accepted(api, cast.volunteer)

    status, _ = api(cast.elder, "post", f"/needs/{need['id']}/withdrawal", {"reason": "女儿回来了"})
    again = ask(api, cast.elder, clock_set, item="company")
    api(cast.worker, "post", f"/needs/{again['id']}/verification", {})
    run_jobs()

    assert status == 200
    assert visit_of(api, cast.volunteer, tab="over")["state"] == "cancelled"
    # The same window is free again for another need.
    accepted(api, cast.volunteer)
    assert visit_of(api, cast.volunteer)["need_id"] == again["id"]


def test_telephone_intake_stores_who_acted_for_whom(cast, api, clock_set):
    from linbang.intake.needs.models import Need

    need = ask(
        api,
        cast.worker,
        clock_set,
        beneficiary=str(cast.elder.public_id),
        requested_by=str(cast.elder.public_id),
        channel="phone",
    )

    stored = Need.objects.get(public_id=need["id"])
    step = stored.steps.get()
    assert (stored.taken_by_id, stored.requested_by_id) == (cast.worker.person_id, cast.elder.pk)
    assert (step.by_id, step.on_behalf_of_id) == (cast.worker.person_id, cast.elder.pk)


def test_disputed_record_is_not_banked(cast, api, clock_set, run_jobs):
    need = ask(api, cast.elder, clock_set)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()
    accepted(api, cast.volunteer)
    accepted(api, cast.second)
    clock_set.now += timedelta(days=1)
    arrive_and_leave(api, cast, clock_set, cast.volunteer, minutes=60)
    record = api(cast.elder, "get", "/records?side=received")[1]["items"][0]

    body = {"verdict": "disputed", "note": "没有做完"}
    status, _ = api(cast.elder, "post", f"/records/{record['id']}/confirmation", body)

    assert status == 200
    assert balance_of(cast.volunteer.pk, cell=cast.volunteer.cell) == 0
    _, desk = api(cast.worker, "get", "/records/desk/disputed")
    assert [one["id"] for one in desk["items"]] == [record["id"]]
