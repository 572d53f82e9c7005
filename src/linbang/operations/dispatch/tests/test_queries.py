from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_kinship, make_person, make_worker
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.factories import make_assignment, make_offer
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    SAME_GRID,
    VISIT_AT,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db


def make_offered_need(elder: Person, **columns: object):
    return make_verified_need(elder, **{"state": NeedState.OFFERED, **columns})


def test_own_and_dispatched_offers_are_visible() -> None:
    need = make_offered_need(make_elder())
    mine, other = make_helper("甲一"), make_helper("乙二")
    offers = [make_offer(need, person) for person in (mine, other)]

    assert list(queries.offers_visible_to(actor_for(mine))) == [offers[0]]
    assert set(queries.offers_visible_to(make_worker())) == set(offers)
    assert not queries.offers_visible_to(make_worker("邻居社区", region="450103001006"))
    assert not queries.offers_visible_to(actor_for(need.beneficiary))
    assert not queries.offers_visible_to(Actor())
    assert list(queries.offers_made_to(make_worker("另一位"))) == []


def test_own_and_dispatched_assignments_are_visible() -> None:
    assignment = make_assignment(make_offered_need(make_elder()), make_helper())

    assert list(queries.assignments_visible_to(actor_for(assignment.volunteer))) == [assignment]
    assert list(queries.assignments_visible_to(make_worker())) == [assignment]
    assert not queries.assignments_visible_to(actor_for(assignment.need.beneficiary))
    assert not queries.assignments_visible_to(Actor())


def test_escalations_are_listed_by_visit_for_dispatchers_only() -> None:
    needs = [
        make_verified_need(make_person(name), starts_at=VISIT_AT + timedelta(hours=hours))
        for name, hours in (("赵奶奶", 5), ("钱爷爷", 1))
    ]
    for need in needs:
        actions.find_helpers(need_id=need.pk, by=Actor.system(), now=MONDAY)

    listed = queries.escalations_visible_to(make_worker())

    assert [escalation.need for escalation in listed] == needs[::-1]
    assert not queries.escalations_visible_to(make_worker("邻居社区", region="450103001006"))


def test_open_offers_come_by_expiry() -> None:
    helper, elder = make_helper(), make_elder()
    late = make_offer(make_offered_need(elder), helper, minutes=30)
    soon = make_offer(
        make_offered_need(elder, starts_at=VISIT_AT + timedelta(days=1)), helper, minutes=10
    )

    assert list(queries.open_offers_of(helper.pk, now=MONDAY)) == [soon, late]
    assert list(queries.open_offers_of(helper.pk, now=soon.expires_at)) == [late]
    by = actor_for(helper)
    assert list(queries.open_offers_made_to(by, now=soon.expires_at)) == [late]
    assert list(queries.past_offers_made_to(by, now=soon.expires_at)) == [soon]


def test_card_tells_neither_name_nor_door() -> None:
    elder, helper = make_elder(), make_helper()
    need = make_offered_need(elder, note="钥匙在门垫下", known_risks="dog,stairs", helpers=2)
    make_offer(need, helper)

    [card] = queries.cards_of(queries.offers_made_to(actor_for(helper)), now=MONDAY)

    assert (card.place, card.minutes, card.helpers) == ("新竹社区 · 第1网格", 60, 2)
    assert card.risks == ("家里有狗或其他动物", "没有电梯，要爬楼")
    assert (card.is_open, card.answer, card.minutes_left) == (True, "", 30)
    for secret in (elder.name, need.address, need.phone, need.note, "1栋"):
        assert secret not in str(card)


def test_card_of_expired_and_left_offers() -> None:
    helper, elder = make_helper(), make_elder()
    make_offer(make_offered_need(elder), helper)
    need = make_offered_need(elder, starts_at=VISIT_AT + timedelta(days=1))
    assignment = make_assignment(need, helper)
    actions.leave_assignment(
        assignment_id=assignment.pk, reason="发烧", by=actor_for(helper), now=MONDAY
    )

    left, expired = queries.cards_of(
        queries.offers_made_to(actor_for(helper)), now=MONDAY + timedelta(hours=1)
    )

    assert (expired.is_open, expired.answer, expired.answered_at) == (False, "已过期", None)
    assert (left.answer, left.is_accepted, left.left_at) == ("已接单", False, MONDAY)


@pytest.mark.parametrize("offers", [1, 3])
def test_cards_take_two_queries(offers: int, django_assert_num_queries) -> None:
    helper, elder = make_helper(), make_elder()
    for day in range(offers):
        make_offer(make_offered_need(elder, starts_at=VISIT_AT + timedelta(days=day)), helper)
    by = actor_for(helper)

    with django_assert_num_queries(2):
        cards = queries.cards_of(queries.offers_made_to(by), now=MONDAY)

    assert len(cards) == offers


def test_helpers_are_shown_to_those_concerned() -> None:
    elder, daughter, asker = make_elder(), make_person("李小红"), make_person("邻居")
    make_kinship(elder, daughter)
    assignment = make_assignment(
        make_offered_need(elder, requested_by=asker), make_helper("欧阳建国")
    )
    need = assignment.need

    for viewer in (elder, daughter, asker):
        [helper] = queries.helpers_shown(need, actor_for(viewer))
        assert (helper.name, helper.accepted_at) == ("欧阳**", MONDAY)
        assert helper.number == assignment.volunteer.volunteer.number
    assert len(queries.helpers_shown(need, make_worker())) == 1
    assert queries.helpers_shown(need, actor_for(make_person("外人"))) == []


def test_helpers_tag_draws_masked_names() -> None:
    elder = make_elder()
    need = make_assignment(make_offered_need(elder), make_helper("欧阳建国")).need
    request = RequestFactory().get("/")
    request.actor = actor_for(elder)

    html = Template("{% load dispatch %}{% need_helpers need %}").render(
        Context({"request": request, "need": need})
    )

    assert "志愿者 欧阳**" in html
    assert "建国" not in html


def test_board_sorts_needs_into_sections() -> None:
    worker, helper = make_worker("张敏"), make_helper("王建国")
    escalated = make_verified_need(make_person("赵奶奶"), item=make_item("checkup", skills=["01"]))
    searched = make_verified_need(make_elder())
    actions.find_helpers(need_id=searched.pk, by=Actor.system(), now=MONDAY)
    taken = make_assignment(
        make_offered_need(make_person("孙奶奶"), starts_at=VISIT_AT + timedelta(days=1)), helper
    )
    actions.find_helpers(need_id=escalated.pk, by=Actor.system(), now=MONDAY)
    actions.take_escalation(need_id=escalated.pk, by=worker, now=MONDAY)

    station, searching, found = queries.board(worker, now=MONDAY)

    assert (station.total, station.rows[0].who, station.rows[0].raised.cause) == (
        1, "赵**", "没有合适的志愿者"
    )  # fmt: skip
    assert station.rows[0].raised.taken_by == "张敏"
    assert searching.rows[0].asked == (
        queries.Asked("王建国", MONDAY + timedelta(minutes=30)),
    )  # fmt: skip
    assert (found.rows[0].going, found.rows[0].public_id) == (("王建国",), taken.need.public_id)


def test_board_is_narrowed_and_only_for_the_region() -> None:
    make_verified_need(make_elder(), item=make_item("clinic"), urgency=Urgency.URGENT)
    make_verified_need(make_person("赵奶奶"))
    worker = make_worker()

    def searching(by: Actor, **narrowed: object) -> int:
        return queries.board(by, now=MONDAY, **narrowed)[1].total

    assert searching(worker) == 2
    assert searching(worker, item="clinic") == searching(worker, urgency="urgent") == 1
    assert searching(worker, item="meal") == 0
    assert searching(make_worker("邻居社区", region="450103001006")) == 0


@pytest.mark.parametrize("needs", [1, 3])
def test_board_takes_constant_queries(needs: int, django_assert_num_queries) -> None:
    worker = make_worker()
    for number in range(needs):
        make_helper(f"志愿者{number}")
        need = make_verified_need(make_person(f"老人{number}"))
        actions.find_helpers(need_id=need.pk, by=Actor.system(), now=MONDAY)
        taken = make_offered_need(
            make_person(f"长者{number}"), starts_at=VISIT_AT + timedelta(days=2)
        )
        make_assignment(taken, make_helper(f"帮手{number}"))
        lost = make_verified_need(
            make_person(f"居民{number}"), item=make_item("checkup", skills=["01"])
        )
        actions.find_helpers(need_id=lost.pk, by=Actor.system(), now=MONDAY)

    with django_assert_num_queries(10):
        sections = queries.board(worker, now=MONDAY)

    assert [section.total for section in sections] == [needs, needs, needs]


def test_desk_tells_why_and_what_happened() -> None:
    worker, near = make_worker("张敏"), make_helper("近邻")
    make_helper("没空", availability=0)
    make_helper("远邻", region=SAME_GRID)
    need = make_verified_need(make_elder())
    actions.find_helpers(need_id=need.pk, by=Actor.system(), now=MONDAY)
    offer = need.offers.get()
    actions.refuse_offer(offer_id=offer.pk, by=worker, now=MONDAY, reason="出门了")
    need.refresh_from_db()

    desk = queries.desk_of(need, viewer=worker, now=MONDAY)

    assert [(one.name, one.answer, one.may_be_asked) for one in desk.proposals] == [
        ("近邻", "已婉拒", True), ("远邻", "", True)
    ]  # fmt: skip
    assert desk.proposals[0].why == ("同一栋楼", "周二上午有空", "近30天接单0次")
    assert [(cause.value, count) for cause, count in desk.causes] == [("not_available", 1)]
    assert (desk.considered, desk.area) == (3, "新竹街道")
    [line] = desk.offers
    assert (line.name, line.answer, line.answered_by, line.reason) == (
        near.name, "已婉拒", "张敏", "出门了"
    )  # fmt: skip


@pytest.mark.parametrize("volunteers", [1, 3])
def test_desk_takes_constant_queries(volunteers: int, django_assert_num_queries) -> None:
    worker = make_worker()
    for number in range(volunteers):
        make_helper(f"志愿者{number}")
    need = make_verified_need(make_elder(), helpers=4)
    actions.find_helpers(need_id=need.pk, by=Actor.system(), now=MONDAY)
    for offer in list(need.offers.all()):
        actions.accept_offer(offer_id=offer.pk, by=worker, now=MONDAY)
    need = queries.needs_to_dispatch(worker).get(pk=need.pk)

    with django_assert_num_queries(11):
        desk = queries.desk_of(need, viewer=worker, now=MONDAY)

    assert len(desk.going) == len(desk.proposals) == volunteers


def test_volunteers_are_found_among_the_visible() -> None:
    worker = make_worker()
    helper = make_helper("王建国")
    make_person("王建设")
    make_helper("王建军", confirmed=False)

    found = queries.found_volunteers(worker, "wangjian")

    assert [(one.name, one.place) for one in found] == [("王建国", "1栋")]
    assert (
        queries.found_volunteers(worker, helper.volunteer.number)[0].person_id == helper.public_id
    )
    assert queries.found_volunteers(worker, " ") == []
    assert queries.found_volunteers(make_worker("邻居", region="450103001006"), "wangjian") == []
