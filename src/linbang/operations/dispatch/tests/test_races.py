"""Two real connections at once; each race is run several times."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import Refused
from linbang.foundation.people.factories import make_person
from linbang.intake.needs.actions import withdraw_need
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.factories import make_offer
from linbang.operations.dispatch.models import Assignment, Commitment, Offer, OfferAnswer
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4
SOON = MONDAY + timedelta(minutes=1)


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment; return "done" or the refusal's code of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def accepting(offer: Offer) -> Callable[[], object]:
    by = Actor(person_id=offer.volunteer_id, cell=offer.volunteer.cell)
    return lambda: actions.accept_offer(offer_id=offer.pk, by=by, now=SOON)


def make_offered(elder, helper, **columns: object) -> Offer:
    need = make_verified_need(elder, **{"state": NeedState.OFFERED, "is_extra": True, **columns})
    return make_offer(need, helper)


def test_two_volunteers_accept_one_place() -> None:
    elder, first, second = make_elder(), make_helper("甲一"), make_helper("乙二")
    for turn in range(TURNS):
        offer = make_offered(elder, first, starts_at=VISIT_AT + timedelta(days=turn))
        rival = make_offer(offer.need, second)

        outcomes = race(accepting(offer), accepting(rival))

        assert sorted(outcomes) == ["done", "place_taken"]
        assert Assignment.objects.filter(need=offer.need).count() == 1
        answers = OfferAnswer.objects.filter(offer__need=offer.need)
        assert sorted(answers.values_list("answer", flat=True)) == ["accepted", "withdrawn"]


def test_one_volunteer_accepts_two_overlapping_offers() -> None:
    elder, other, helper = make_elder(), make_person("赵奶奶"), make_helper()
    for turn in range(TURNS):
        at = VISIT_AT + timedelta(days=turn)
        offer = make_offered(elder, helper, starts_at=at)
        rival = make_offered(other, helper, starts_at=at + timedelta(minutes=30))

        outcomes = race(accepting(offer), accepting(rival))

        assert sorted(outcomes) == ["done", "window_taken"]
        assert Commitment.objects.filter(person=helper).count() == turn + 1


def test_accepting_the_same_offer_twice_at_once() -> None:
    elder, helper = make_elder(), make_helper()
    for turn in range(TURNS):
        offer = make_offered(elder, helper, starts_at=VISIT_AT + timedelta(days=turn))

        outcomes = race(*[accepting(offer)] * 3)

        assert outcomes == ["done"] * 3
        assert Assignment.objects.filter(offer=offer).count() == 1


def test_accepting_against_expiring() -> None:
    elder, helper = make_elder(), make_helper()
    for turn in range(TURNS * 2):
        offer = make_offered(elder, helper, starts_at=VISIT_AT + timedelta(days=turn))

        # The clocks of two web workers need not agree to the second.
        accepted, expired = race(
            accepting(offer), lambda: actions.expire_offers(now=MONDAY + timedelta(minutes=31))
        )

        answer = OfferAnswer.objects.get(offer=offer).answer
        assert expired == "done"
        assert (accepted, answer) in {("done", "accepted"), ("offer_expired", "expired")}
        assert Assignment.objects.filter(offer=offer).exists() is (answer == "accepted")


def test_accepting_against_withdrawing_the_need() -> None:
    elder, helper = make_elder(), make_helper()
    by_elder = actor_for(elder)
    for turn in range(TURNS * 2):
        offer = make_offered(elder, helper, starts_at=VISIT_AT + timedelta(days=turn))
        need_id = offer.need_id

        def withdraw(need_id: int = need_id) -> None:
            withdraw_need(need_id=need_id, reason="不用了", by=by_elder, now=SOON)
            actions.stand_down(need_id=need_id, by=Actor.system(), now=SOON)

        accepted, withdrawn = race(accepting(offer), withdraw)

        offer.need.refresh_from_db()
        assert (withdrawn, offer.need.state) == ("done", NeedState.WITHDRAWN)
        assert accepted in {"done", "offer_closed"}
        assert not Assignment.objects.filter(need_id=need_id, ended_at=None).exists()
        assert not Commitment.objects.filter(person=helper, released_at=None).exists()
        assert OfferAnswer.objects.filter(offer=offer).count() == 1


def test_two_searches_at_once_ask_once() -> None:
    elder = make_elder()
    for name in ("甲一", "乙二", "丙三"):
        make_helper(name)
    for turn in range(TURNS):
        need = make_verified_need(elder, starts_at=VISIT_AT + timedelta(days=turn), is_extra=True)

        def find(need_id: int = need.pk) -> None:
            actions.find_helpers(need_id=need_id, by=Actor.system(), now=SOON)

        outcomes = race(find, find)

        assert outcomes == ["done", "done"]
        assert Offer.objects.filter(need=need).count() == 1
