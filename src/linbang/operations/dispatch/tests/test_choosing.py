from datetime import date, timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.foundation.people.factories import make_kinship, make_person, make_worker
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.errors import (
    AlreadyAsked,
    NotDispatchable,
    ReasonMissing,
    VolunteerUnfit,
)
from linbang.operations.dispatch.factories import make_assignment, make_commitment, make_offer
from linbang.operations.dispatch.models import BlockedPair, Escalation, OfferAnswer
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db


def choose(need, helper, *, by: Actor | None = None, now=MONDAY):
    return actions.offer_to(
        need_id=need.pk, volunteer_id=helper.pk, by=by or make_worker(), now=now
    )


def test_hand_choice_takes_over_and_asks() -> None:
    helper, worker = make_helper(), make_worker()
    need = make_verified_need(make_elder(), state=NeedState.ESCALATED)
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=MONDAY)

    offer = choose(need, helper, by=worker)

    assert (offer.volunteer, offer.offered_by_id) == (helper, worker.person_id)
    assert offer.reasons == [{"code": "chosen_by_station", "value": None}]
    assert offer.expires_at == MONDAY + timedelta(minutes=120)
    assert Escalation.objects.get().taken_by_id == worker.person_id
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {
        "dispatch.offer_to", "dispatch.take_escalation"
    }  # fmt: skip


def test_hand_choice_of_verified_need_makes_it_offered() -> None:
    need = make_verified_need(make_elder())

    choose(need, make_helper())

    need.refresh_from_db()
    assert need.state == NeedState.OFFERED


def test_worker_overrules_soft_reasons_and_they_are_stored() -> None:
    helper = make_helper(
        availability=0, categories=(ServiceCategory.SPORT,), region="450103001005001002"
    )
    VolunteerProfile.objects.filter(person=helper).update(longitude=108.5)
    need = make_verified_need(make_elder(), item=make_item("checkup", skills=[Skill.MEDICAL]))

    offer = choose(need, helper)

    assert [reason["value"] for reason in offer.reasons] == [
        None, "category", "skill", "not_available", "too_far"
    ]  # fmt: skip


def _paused(elder, helper) -> None:
    VolunteerProfile.objects.filter(person=helper).update(paused_until=MONDAY + timedelta(days=9))


def _busy(elder, helper) -> None:
    make_commitment(helper, starts_at=VISIT_AT)


def _kin(elder, helper) -> None:
    make_kinship(elder, helper)


def _blocked(elder, helper) -> None:
    BlockedPair.objects.create(cell=elder.cell, beneficiary=elder, volunteer=helper, since=MONDAY)


def _minor(elder, helper) -> None:
    helper.birth_date = date(2010, 1, 1)
    helper.save(update_fields=["birth_date"])


def _unconfirmed(elder, helper) -> None:
    helper.confirmed_at = None
    helper.save(update_fields=["confirmed_at"])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_paused, "暂停服务中"),
        (_busy, "这个时段已有安排"),
        (_kin, "本人、亲属或已邀请过"),
        (_blocked, "双方不予配对"),
        (_minor, "未成年"),
        (_unconfirmed, "尚未确认或已停止服务"),
    ],
)
def test_hard_reasons_refuse_even_behind_soft_ones(spoil, words: str) -> None:
    elder, helper = make_elder(), make_helper(availability=0)
    spoil(elder, helper)

    with pytest.raises(VolunteerUnfit) as refusal:
        choose(make_verified_need(elder), helper)

    assert str(refusal.value) == f"不能派给这位志愿者：{words}。请另选一位。"


def test_who_refused_may_be_asked_again_by_hand() -> None:
    helper = make_helper()
    need = make_verified_need(make_elder(), state=NeedState.OFFERED)
    actions.refuse_offer(offer_id=make_offer(need, helper).pk, by=actor_for(helper), now=MONDAY)

    assert choose(need, helper).volunteer == helper


def test_asked_volunteer_is_not_asked_twice_at_once() -> None:
    helper = make_helper()
    need = make_verified_need(make_elder(), state=NeedState.OFFERED)
    offer = make_offer(need, helper)

    with pytest.raises(AlreadyAsked):
        choose(need, helper)

    assert choose(need, helper, now=offer.expires_at) != offer


def test_nobody_is_asked_for_filled_or_past_needs() -> None:
    filled = make_verified_need(make_elder(), state=NeedState.OFFERED)
    make_assignment(filled, make_helper("甲一"))
    past = make_verified_need(make_person("赵奶奶"), starts_at=MONDAY - timedelta(hours=1))
    withdrawn = make_verified_need(make_person("钱爷爷"), state=NeedState.WITHDRAWN)
    helper = make_helper("乙二")

    for need in (filled, past, withdrawn):
        with pytest.raises(NotDispatchable):
            choose(need, helper)


def test_only_volunteers_are_asked() -> None:
    need = make_verified_need(make_elder())

    with pytest.raises(NotFound):
        choose(need, make_person("居民"))


def test_only_dispatchers_of_the_region_choose() -> None:
    need, helper = make_verified_need(make_elder()), make_helper()
    elsewhere = make_worker("邻居社区", region="450103001006")

    for act in (
        lambda: choose(need, helper, by=elsewhere),
        lambda: actions.take_escalation(need_id=need.pk, by=elsewhere, now=MONDAY),
        lambda: actions.block_pair(
            need_id=need.pk, volunteer_id=helper.pk, by=elsewhere, now=MONDAY, reason="争执"
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_taking_twice_leaves_one_trace() -> None:
    worker = make_worker()
    need = make_verified_need(make_elder(), state=NeedState.ESCALATED)
    Escalation.objects.create(cell=need.cell, need=need, cause="nobody", raised_at=MONDAY)

    for _turn in range(2):
        actions.take_escalation(need_id=need.pk, by=worker, now=MONDAY)

    assert AuditEvent.objects.filter(action="dispatch.take_escalation").count() == 1


def test_blocking_withdraws_open_offer_and_is_once() -> None:
    helper, worker = make_helper(), make_worker()
    need = make_verified_need(make_elder(), state=NeedState.OFFERED)
    offer = make_offer(need, helper)

    pairs = [
        actions.block_pair(
            need_id=need.pk, volunteer_id=helper.pk, by=worker, now=MONDAY, reason="有过争执"
        )
        for _turn in range(2)
    ]

    assert pairs[0] == pairs[1]
    assert (pairs[0].reason, pairs[0].by_id) == ("有过争执", worker.person_id)
    assert OfferAnswer.objects.get(offer=offer).answer == "withdrawn"
    event = AuditEvent.objects.get(action="dispatch.block_pair")
    assert "有过争执" not in str(event.detail)


def test_blocking_needs_a_reason_and_a_volunteer() -> None:
    need, worker = make_verified_need(make_elder()), make_worker()

    with pytest.raises(ReasonMissing):
        actions.block_pair(
            need_id=need.pk, volunteer_id=make_helper().pk, by=worker, now=MONDAY, reason=" "
        )
    with pytest.raises(NotFound):
        actions.block_pair(
            need_id=need.pk, volunteer_id=worker.person_id, by=worker, now=MONDAY, reason="争执"
        )
