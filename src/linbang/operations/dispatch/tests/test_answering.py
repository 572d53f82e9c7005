from datetime import timedelta

import pytest

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotFound
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.people.factories import make_person, make_worker
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import NeedStep
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import Answer, EscalationCause
from linbang.operations.dispatch.errors import (
    OfferClosed,
    OfferExpired,
    PlaceTaken,
    WindowTaken,
)
from linbang.operations.dispatch.factories import make_commitment, make_offer
from linbang.operations.dispatch.models import (
    Assignment,
    BlockedPair,
    Commitment,
    Escalation,
    Offer,
    OfferAnswer,
)
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db


def make_offered(name: str = "王建国", **columns: object) -> Offer:
    columns.setdefault("state", NeedState.OFFERED)
    return make_offer(make_verified_need(make_elder(), **columns), make_helper(name))


def accept(offer: Offer, *, minutes: int = 1) -> Assignment:
    now = MONDAY + timedelta(minutes=minutes)
    return actions.accept_offer(offer_id=offer.pk, by=actor_for(offer.volunteer), now=now)


def test_accepting_makes_assignment_commitment_and_answer() -> None:
    offer = make_offered()

    assignment = accept(offer)

    now = MONDAY + timedelta(minutes=1)
    assert (assignment.volunteer_id, assignment.place, assignment.accepted_at) == (
        offer.volunteer_id, 1, now
    )  # fmt: skip
    commitment = Commitment.objects.get()
    assert (commitment.person_id, commitment.source, commitment.source_id) == (
        offer.volunteer_id, "assignment", assignment.pk
    )  # fmt: skip
    assert (commitment.during.lower, commitment.during.upper) == (
        VISIT_AT, VISIT_AT + timedelta(hours=1)
    )  # fmt: skip
    answer = OfferAnswer.objects.get()
    assert (answer.answer, answer.at, answer.by_id) == ("accepted", now, offer.volunteer_id)
    offer.need.refresh_from_db()
    assert offer.need.state == NeedState.ASSIGNED


def test_accepting_tells_asker_by_inbox_and_phone() -> None:
    offer = make_offered()

    accept(offer)

    elder = offer.need.beneficiary
    assert Notice.objects.get(person=elder).template == "need_assigned"
    assert OutboxMessage.objects.get(template="need_assigned").recipient == offer.need.phone


def test_accepting_twice_is_once() -> None:
    offer = make_offered()

    first, again = accept(offer), accept(offer, minutes=5)

    assert first == again
    assert Assignment.objects.count() == Commitment.objects.count() == 1
    assert AuditEvent.objects.filter(action="dispatch.accept_offer").count() == 1


def test_worker_accepts_on_behalf_by_telephone() -> None:
    offer, worker = make_offered(), make_worker()

    assignment = actions.accept_offer(offer_id=offer.pk, by=worker, now=MONDAY)

    event = AuditEvent.objects.get(action="dispatch.accept_offer")
    assert assignment.volunteer_id == offer.volunteer_id
    assert (event.person_id, event.on_behalf_of_id) == (worker.person_id, offer.volunteer_id)
    assert event.about_id == offer.need.beneficiary_id
    assert OfferAnswer.objects.get().by_id == worker.person_id
    step = NeedStep.objects.get(need=offer.need, state=NeedState.ASSIGNED)
    assert (step.by_id, step.on_behalf_of_id) == (worker.person_id, offer.volunteer_id)


@pytest.mark.parametrize("act", [actions.accept_offer, actions.refuse_offer])
def test_outsiders_cannot_answer(act) -> None:
    offer = make_offered()

    with pytest.raises(NotFound):
        act(offer_id=offer.pk, by=actor_for(make_person("外人")), now=MONDAY)
    with pytest.raises(NotFound):
        act(offer_id=offer.pk, by=make_worker("邻居社区", region="450103001006"), now=MONDAY)
    assert not OfferAnswer.objects.exists()


@pytest.mark.parametrize("act", [actions.accept_offer, actions.refuse_offer])
def test_expired_offer_cannot_be_answered(act) -> None:
    offer = make_offered()

    with pytest.raises(OfferExpired):
        act(offer_id=offer.pk, by=actor_for(offer.volunteer), now=offer.expires_at)

    actions.expire_offers(now=offer.expires_at)
    with pytest.raises(OfferExpired):
        act(offer_id=offer.pk, by=actor_for(offer.volunteer), now=MONDAY)


def test_refused_offer_cannot_be_accepted_nor_accepted_refused() -> None:
    refused, accepted = make_offered("甲一"), make_offered("乙二")
    actions.refuse_offer(offer_id=refused.pk, by=actor_for(refused.volunteer), now=MONDAY)
    accept(accepted)

    with pytest.raises(OfferClosed):
        accept(refused)
    with pytest.raises(OfferClosed):
        actions.refuse_offer(offer_id=accepted.pk, by=actor_for(accepted.volunteer), now=MONDAY)


def test_second_volunteer_finds_the_place_taken() -> None:
    offer = make_offered("甲一")
    late = make_offer(offer.need, make_helper("乙二"))

    accept(offer)

    assert OfferAnswer.objects.get(offer=late).answer == Answer.WITHDRAWN
    assert Notice.objects.get(person=late.volunteer).template == "offer_withdrawn"
    with pytest.raises(PlaceTaken):
        accept(late)


def test_place_without_room_is_refused_by_function() -> None:
    offer = make_offered("甲一")
    accept(offer)
    late = make_offer(offer.need, make_helper("乙二"))

    with pytest.raises(PlaceTaken):
        accept(late)


def test_same_volunteer_does_not_fill_both_places() -> None:
    offer = make_offered(helpers=2)
    accept(offer)

    with pytest.raises(OfferClosed):
        accept(make_offer(offer.need, offer.volunteer))


def test_closed_need_cannot_be_accepted() -> None:
    offer = make_offered(state=NeedState.WITHDRAWN)

    with pytest.raises(OfferClosed):
        accept(offer)


def test_overlapping_window_is_refused_and_adjoining_accepted() -> None:
    offer = make_offered()
    make_commitment(offer.volunteer, starts_at=VISIT_AT + timedelta(minutes=59))

    with pytest.raises(WindowTaken):
        accept(offer)

    assert not OfferAnswer.objects.exists()
    Commitment.objects.update(during=(offer.need.ends_at, offer.need.ends_at + timedelta(hours=1)))
    assert accept(offer).place == 1


def test_two_places_need_two_helpers() -> None:
    offer = make_offered("甲一", helpers=2)
    other = make_offer(offer.need, make_helper("乙二"))

    first = accept(offer)
    offer.need.refresh_from_db()
    state_between = offer.need.state
    second = accept(other)

    offer.need.refresh_from_db()
    assert (first.place, second.place) == (1, 2)
    assert (state_between, offer.need.state) == (NeedState.OFFERED, NeedState.ASSIGNED)


def test_found_helper_closes_the_escalation() -> None:
    offer = make_offered(state=NeedState.ESCALATED)
    Escalation.objects.create(
        cell=offer.cell, need=offer.need, cause=EscalationCause.NOBODY, raised_at=MONDAY
    )

    accept(offer)

    assert not Escalation.objects.filter(taken_at=None).exists()


def test_refusing_costs_nothing() -> None:
    """Rule 61: nothing about the volunteer changes, and the ranking does not know of it."""
    offer = make_offered()
    before = offer.volunteer.volunteer.__class__.objects.values().get(person=offer.volunteer)

    actions.refuse_offer(
        offer_id=offer.pk, by=actor_for(offer.volunteer), now=MONDAY, reason=" 腰疼 "
    )

    other = make_verified_need(make_person("赵奶奶"), starts_at=VISIT_AT + timedelta(days=1))
    ranking = actions.rank_again(need_id=other.pk, by=make_worker(), now=MONDAY)
    after = offer.volunteer.volunteer.__class__.objects.values().get(person=offer.volunteer)
    assert before == after
    assert OfferAnswer.objects.get().reason == "腰疼"
    assert ranking.candidacies.get(volunteer=offer.volunteer).reasons[-1] == {
        "code": "few_orders", "value": 0
    }  # fmt: skip
    assert not BlockedPair.objects.exists()


def test_refusing_twice_is_once() -> None:
    offer = make_offered()
    by = actor_for(offer.volunteer)

    actions.refuse_offer(offer_id=offer.pk, by=by, now=MONDAY)
    actions.refuse_offer(offer_id=offer.pk, by=by, now=MONDAY)

    assert OfferAnswer.objects.count() == 1
    assert AuditEvent.objects.filter(action="dispatch.refuse_offer").count() == 1


def test_helper_sees_contact_and_leaves_a_trace() -> None:
    assignment = accept(make_offered())
    by = actor_for(assignment.volunteer)

    seen = actions.see_contact(assignment=assignment, by=by, now=VISIT_AT)

    assert (seen.name, seen.address, seen.phone) == (
        "李秀英", "新竹社区 3栋 2单元501", "13800001234"
    )  # fmt: skip
    event = AuditEvent.objects.get(action="dispatch.see_contact")
    assert (event.outcome, event.person_id, event.about_id) == (
        "seen", by.person_id, assignment.need.beneficiary_id
    )  # fmt: skip


def test_contact_is_shut_for_others_and_out_of_time() -> None:
    assignment = accept(make_offered())
    need, helper = assignment.need, actor_for(assignment.volunteer)
    others = [actor_for(make_person("外人")), make_worker(), actor_for(make_helper("另一位"))]

    seen = [actions.see_contact(assignment=assignment, by=by, now=VISIT_AT) for by in others]
    # Nobody wrote down that the visit was done: it counts as done at its planned end.
    seen.append(
        actions.see_contact(assignment=assignment, by=helper, now=need.ends_at + timedelta(days=1))
    )

    assert seen == [None, None, None, None]
    assert not AuditEvent.objects.filter(action="dispatch.see_contact").exists()


def test_contact_closes_a_day_after_service() -> None:
    assignment = accept(make_offered())
    done_at = VISIT_AT + timedelta(hours=3)
    NeedStep.objects.create(
        cell=assignment.cell, need=assignment.need, state=NeedState.SERVED, at=done_at
    )
    by = actor_for(assignment.volunteer)
    last = done_at + timedelta(hours=24)

    within = actions.see_contact(assignment=assignment, by=by, now=last - timedelta(seconds=1))
    after = actions.see_contact(assignment=assignment, by=by, now=last)

    assert within is not None
    assert after is None


def test_need_without_phone_sends_no_text_message() -> None:
    accept(make_offered(phone=""))

    assert not OutboxMessage.objects.filter(template="need_assigned").exists()
