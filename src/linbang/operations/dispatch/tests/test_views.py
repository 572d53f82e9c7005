from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.factories import make_assignment, make_offer
from linbang.operations.dispatch.models import (
    Assignment,
    BlockedPair,
    Escalation,
    Offer,
    OfferAnswer,
    Ranking,
)
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def need(now) -> Need:
    tomorrow = now + timedelta(days=1)
    return make_verified_need(
        make_elder(), state=NeedState.OFFERED, starts_at=tomorrow, opened_at=now
    )


@pytest.fixture
def offer(need, now) -> Offer:
    return make_offer(need, make_helper("王建国"), offered_at=now)


def make_clerk(region: str = "450103001005") -> Person:
    clerk = make_person("张敏", region=region)
    make_actor(clerk, Role.STATION_WORKER, region=region)
    return clerk


def test_volunteer_reads_why_she_is_asked(offer) -> None:
    page = client_of(offer.volunteer).get("/offers/").content.decode()

    for words in ("代买代购", "新竹社区 · 第1网格", "同一栋楼", "我去帮忙", "这次去不了，没关系"):
        assert words in page
    for secret in (offer.need.beneficiary.name, offer.need.address, offer.need.phone):
        assert secret not in page


@pytest.mark.parametrize("offers", [1, 3])
def test_offer_list_takes_constant_queries(
    offers: int, need, now, django_assert_max_num_queries
) -> None:
    helper = make_helper()
    for day in range(offers):
        other = make_verified_need(
            need.beneficiary, state=NeedState.OFFERED, starts_at=now + timedelta(days=day + 2)
        )
        make_offer(other, helper, offered_at=now)
        make_offer(other, helper, offered_at=now - timedelta(days=1))
    client = client_of(helper)

    with django_assert_max_num_queries(16):
        client.get("/offers/")


def test_accepting_leads_to_the_visit_or_the_list(offer) -> None:
    client = client_of(offer.volunteer)

    response = client.post(f"/offers/{offer.public_id}/acceptance/")

    assignment = Assignment.objects.get(offer=offer)
    visit = getattr(assignment, "visit", None)
    assert response.status_code == 302
    assert response.url == (f"/visits/{visit.public_id}/" if visit else "/offers/")


def test_expired_acceptance_explains_itself(offer, now) -> None:
    Offer.objects.update(offered_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1))

    response = client_of(offer.volunteer).post(f"/offers/{offer.public_id}/acceptance/")

    assert response.status_code == 409
    assert "这条邀请已过期" in response.content.decode()


def test_refusing_costs_one_tap(offer) -> None:
    response = client_of(offer.volunteer).post(f"/offers/{offer.public_id}/refusal/")

    assert response.status_code == 302
    assert OfferAnswer.objects.get(offer=offer).answer == "refused"


def test_too_long_reason_is_shown_as_error(offer) -> None:
    response = client_of(offer.volunteer).post(
        f"/offers/{offer.public_id}/refusal/", {"reason": "长" * 201}
    )

    assert response.status_code == 422
    assert not OfferAnswer.objects.exists()


def test_helper_steps_back_with_a_reason(need, now) -> None:
    assignment = make_assignment(need, make_helper(), now=now)
    address = f"/offers/{assignment.offer.public_id}/departure/"
    client = client_of(assignment.volunteer)

    without = client.post(address, {"reason": ""})
    given = client.post(address, {"reason": "发烧了"})

    assert (without.status_code, given.status_code) == (422, 302)
    assignment.refresh_from_db()
    assert assignment.end_reason == "发烧了"


def test_begun_visit_is_refused_on_the_form(need, now) -> None:
    assignment = make_assignment(need, make_helper(), now=now)
    Need.objects.update(state=NeedState.UNDER_WAY)

    response = client_of(assignment.volunteer).post(
        f"/offers/{assignment.offer.public_id}/departure/", {"reason": "发烧了"}
    )

    assert response.status_code == 422
    assert "上门服务已经开始" in response.content.decode()


def test_departure_without_assignment_is_missing(offer) -> None:
    response = client_of(offer.volunteer).post(
        f"/offers/{offer.public_id}/departure/", {"reason": "发烧了"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("path", ["", "acceptance/", "refusal/", "departure/"])
def test_offer_of_somebody_else_is_missing(offer, path: str) -> None:
    address = f"/offers/{offer.public_id}/{path}"
    stranger, clerk = client_of(make_helper("外人")), client_of(make_clerk())

    for client in (stranger, clerk):
        response = client.post(address) if path else client.get(address)
        assert response.status_code == 404
    assert not OfferAnswer.objects.exists()


def test_answers_need_post_and_signing_in(offer) -> None:
    address = f"/offers/{offer.public_id}/acceptance/"

    assert client_of(offer.volunteer).get(address).status_code == 405
    assert Client().post(address).status_code == 302
    assert not OfferAnswer.objects.exists()


def test_past_offers_say_how_they_ended(offer) -> None:
    client = client_of(offer.volunteer)
    client.post(f"/offers/{offer.public_id}/refusal/")

    listed = client.get("/offers/").content.decode()
    one = client.get(f"/offers/{offer.public_id}/").content.decode()

    assert "已婉拒" in listed
    assert "这条邀请已经结束：已婉拒" in one
    assert "我去帮忙" not in one


def test_board_is_for_dispatchers(need) -> None:
    elder, officer = need.beneficiary, make_person("街道干部")
    make_actor(officer, Role.BUILDING_HEAD)

    assert client_of(elder).get("/console/dispatch/").status_code == 404
    assert client_of(officer).get("/console/dispatch/").status_code == 404
    page = client_of(make_clerk()).get("/console/dispatch/?item=shopping").content.decode()
    assert "代买代购 · 李**" in page
    assert elder.name not in page


@pytest.mark.parametrize("volunteers", [1, 3])
def test_board_and_desk_take_constant_queries(
    volunteers: int, need, now, django_assert_max_num_queries
) -> None:
    for number in range(volunteers):
        make_offer(need, make_helper(f"志愿者{number}"), offered_at=now)
    client = client_of(make_clerk())
    client.post(f"/console/dispatch/{need.public_id}/ranking/")
    client.get("/console/dispatch/")

    with django_assert_max_num_queries(22):
        client.get("/console/dispatch/")
    with django_assert_max_num_queries(26):
        client.get(f"/console/dispatch/{need.public_id}/?q=zhiyuan")


def test_desk_shows_reasons_and_causes(need, now) -> None:
    make_helper("近邻")
    make_helper("没空", availability=0)
    client = client_of(make_clerk())

    ranked = client.post(f"/console/dispatch/{need.public_id}/ranking/")
    page = client.get(f"/console/dispatch/{need.public_id}/").content.decode()

    assert ranked.status_code == 302
    assert Ranking.objects.filter(need=need).count() == 1
    assert "同一栋楼 · " in page
    assert "这个时段没有空" in page


def test_worker_takes_over_chooses_and_accepts(need) -> None:
    helper, clerk = make_helper("王建国"), make_clerk()
    Need.objects.update(state=NeedState.ESCALATED)
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=need.opened_at)
    client, address = client_of(clerk), f"/console/dispatch/{need.public_id}/"

    taken = client.post(f"{address}takeover/")
    chosen = client.post(f"{address}offers/", {"volunteer": helper.public_id})
    offer = Offer.objects.get(need=need)
    accepted = client.post(f"{address}offers/{offer.public_id}/acceptance/")

    assert {taken.status_code, chosen.status_code, accepted.status_code} == {302}
    assert Escalation.objects.get().taken_by_id == clerk.pk
    assert Assignment.objects.get().volunteer == helper
    assert "王建国" in client.get(address).content.decode()


def test_unfit_choice_is_explained(need) -> None:
    elder = need.beneficiary
    client, address = client_of(make_clerk()), f"/console/dispatch/{need.public_id}/"
    helper = make_helper()
    BlockedPair.objects.create(
        cell=elder.cell, beneficiary=elder, volunteer=helper, since=need.opened_at
    )

    refused = client.post(f"{address}offers/", {"volunteer": helper.public_id})
    missing = client.post(f"{address}offers/", {"volunteer": elder.public_id})
    unreadable = client.post(f"{address}offers/", {"volunteer": "x"})

    assert "双方不予配对" in refused.content.decode()
    assert (refused.status_code, missing.status_code, unreadable.status_code) == (422, 404, 422)


def test_worker_refuses_on_behalf(need, offer) -> None:
    address = f"/console/dispatch/{need.public_id}/offers/{offer.public_id}/refusal/"
    client = client_of(make_clerk())

    too_long = client.post(address, {"reason": "长" * 201})
    refused = client.post(address)

    assert (too_long.status_code, refused.status_code) == (200, 302)
    assert OfferAnswer.objects.get().answer == "refused"


def test_worker_leaves_on_behalf(need, now) -> None:
    assignment = make_assignment(need, make_helper(), now=now)
    address = f"/console/dispatch/{need.public_id}/helpers/{assignment.public_id}/departure/"
    client = client_of(make_clerk())

    without = client.post(address, {"reason": ""})
    left = client.post(address, {"reason": "来电说发烧"})

    assert (without.status_code, left.status_code) == (422, 302)
    assignment.refresh_from_db()
    assert assignment.ended_at is not None


def test_worker_blocks_a_pair(need, offer) -> None:
    address = f"/console/dispatch/{need.public_id}/blocks/"
    client, helper = client_of(make_clerk()), offer.volunteer

    without = client.post(address, {"volunteer": helper.public_id, "reason": ""})
    blocked = client.post(address, {"volunteer": helper.public_id, "reason": "有过争执"})

    assert (without.status_code, blocked.status_code) == (422, 302)
    assert BlockedPair.objects.get().volunteer == helper


@pytest.mark.parametrize(
    "path",
    ["", "ranking/", "takeover/", "offers/", "blocks/", "offers/{offer}/acceptance/",
     "offers/{offer}/refusal/"],
)  # fmt: skip
def test_desk_elsewhere_is_missing(need, offer, path: str) -> None:
    address = f"/console/dispatch/{need.public_id}/{path.format(offer=offer.public_id)}"
    neighbour, volunteer = client_of(make_clerk("450103001006")), client_of(offer.volunteer)

    for client in (neighbour, volunteer):
        response = client.post(address) if path else client.get(address)
        assert response.status_code == 404
    assert not OfferAnswer.objects.exists()
