from datetime import datetime, timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.people.choices import ServiceCategory, Sex, Skill
from linbang.foundation.people.factories import make_kinship, make_person, make_worker
from linbang.foundation.people.models import Household, Person, VolunteerProfile
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.actions import sweeping
from linbang.operations.dispatch.choices import Answer, CommitmentSource, EscalationCause
from linbang.operations.dispatch.factories import make_assignment, make_commitment, make_offer
from linbang.operations.dispatch.models import (
    Assignment,
    BlockedPair,
    Commitment,
    Escalation,
    Offer,
    OfferAnswer,
    Ranking,
)
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    NEIGHBOUR_COMMUNITY_BUILDING,
    OTHER_STREET_BUILDING,
    SAME_GRID,
    VISIT_AT,
    actor_for,
    make_elder,
    make_elsewhere,
    make_helper,
    make_verified_need,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("450103")


def find(need, *, minutes: int = 0) -> Ranking | None:
    return actions.find_helpers(need_id=need.pk, by=SYSTEM, now=MONDAY + timedelta(minutes=minutes))


def asked(need) -> list[str]:
    return list(
        Offer.objects.filter(need=need).order_by("id").values_list("volunteer__name", flat=True)
    )


def test_finding_asks_nearest_and_stores_why() -> None:
    elder = make_elder()
    near, far = make_helper("近邻"), make_helper("远邻", region=SAME_GRID)
    need = make_verified_need(elder)

    ranking = find(need)

    assert asked(need) == ["近邻"]
    assert (ranking.considered, ranking.area, ranking.rejected) == (2, "450103001", {})
    first, second = ranking.candidacies.order_by("rank")
    assert (first.volunteer, first.rank, first.metres) == (near, 1, 0)
    assert first.reasons == [
        {"code": "same_building", "value": None},
        {"code": "free_then", "value": "04"},
        {"code": "few_orders", "value": 0},
    ]
    assert (second.volunteer, second.metres) == (far, 140)
    offer = Offer.objects.get(need=need)
    assert (offer.candidacy, offer.reasons, offer.offered_by_id) == (first, first.reasons, None)
    assert offer.expires_at == MONDAY + timedelta(minutes=30)
    need.refresh_from_db()
    assert need.state == NeedState.OFFERED


def test_finding_tells_volunteer_by_inbox_and_sms() -> None:
    helper = make_helper(phone="13712345678")
    need = make_verified_need(make_elder())

    find(need)

    offer = Offer.objects.get(need=need)
    notice = Notice.objects.get(person=helper)
    assert (notice.template, notice.url) == ("offer_made", f"/offers/{offer.public_id}/")
    assert OutboxMessage.objects.get(template="offer_made").recipient == "13712345678"


def test_urgent_need_gives_ten_minutes() -> None:
    make_helper()
    need = make_verified_need(make_elder(), urgency=Urgency.URGENT)

    find(need)

    assert Offer.objects.get(need=need).expires_at == MONDAY + timedelta(minutes=10)


def test_two_places_ask_two_volunteers() -> None:
    names = {make_helper(name).name for name in ("甲一", "乙二")}
    make_helper("丙三", region=SAME_GRID)
    need = make_verified_need(make_elder(), helpers=2)

    find(need)

    assert set(asked(need)) == names


def test_second_search_has_nothing_to_do() -> None:
    make_helper("甲一")
    make_helper("乙二")
    need = make_verified_need(make_elder())
    find(need)

    again = find(need, minutes=5)

    assert again is None
    assert Offer.objects.filter(need=need).count() == 1
    assert Ranking.objects.filter(need=need).count() == 1


@pytest.mark.parametrize(
    ("region", "area"),
    [(NEIGHBOUR_COMMUNITY_BUILDING, "450103001"), (OTHER_STREET_BUILDING, "450103")],
)
def test_community_borrows_from_street_then_county(region: str, area: str) -> None:
    elder = make_elder()
    make_elsewhere()
    make_helper("外援", region=region)
    need = make_verified_need(elder)

    ranking = find(need)

    assert (ranking.area, asked(need)) == (area, ["外援"])


def test_expired_offer_makes_next_candidate_asked() -> None:
    for name in ("甲一", "乙二"):
        make_helper(name)
    need = make_verified_need(make_elder())
    find(need)
    first = Offer.objects.get(need=need)

    expired = actions.expire_offers(now=first.expires_at)
    find(need, minutes=30)

    assert expired == 1
    assert OfferAnswer.objects.get(offer=first).answer == Answer.EXPIRED
    assert len(set(asked(need))) == 2
    assert Notice.objects.filter(person=first.volunteer, template="offer_expired").exists()


def test_open_offer_does_not_expire_early() -> None:
    make_helper()
    need = make_verified_need(make_elder())
    find(need)

    assert actions.expire_offers(now=MONDAY + timedelta(minutes=29, seconds=59)) == 0
    assert not OfferAnswer.objects.exists()


def test_refused_volunteer_is_not_asked_again() -> None:
    helper = make_helper("甲一")
    make_helper("乙二", region=SAME_GRID)
    need = make_verified_need(make_elder())
    find(need)

    actions.refuse_offer(offer_id=Offer.objects.get(need=need).pk, by=actor_for(helper), now=MONDAY)
    ranking = find(need, minutes=1)

    assert asked(need) == ["甲一", "乙二"]
    assert ranking.rejected == {"self_or_family": 1}


def test_three_ended_offers_bring_in_the_station() -> None:
    worker = make_worker()
    for name in ("甲一", "乙二", "丙三", "丁四"):
        make_helper(name)
    need = make_verified_need(make_elder())

    for turn in range(4):
        actions.sweep(now=MONDAY + timedelta(minutes=30 * turn))

    assert len(asked(need)) == 3
    escalation = Escalation.objects.get(need=need)
    assert (escalation.cause, escalation.taken_at) == (EscalationCause.THREE_OFFERS, None)
    need.refresh_from_db()
    assert need.state == NeedState.ESCALATED
    notice = Notice.objects.get(person_id=worker.person_id)
    assert (notice.template, notice.url) == (
        "need_escalated", f"/console/dispatch/{need.public_id}/"
    )  # fmt: skip


def test_two_hours_bring_in_the_station() -> None:
    helper = make_helper()
    need = make_verified_need(make_elder())
    make_offer(need, helper, offered_at=MONDAY)

    find(need, minutes=120)

    assert Escalation.objects.get(need=need).cause == EscalationCause.TWO_HOURS


def test_visit_about_to_begin_brings_in_the_station() -> None:
    make_helper()
    need = make_verified_need(make_elder(), starts_at=MONDAY + timedelta(minutes=9))

    assert find(need) is None
    assert Escalation.objects.get(need=need).cause == EscalationCause.TOO_SOON


def test_nobody_suitable_is_counted_and_escalated() -> None:
    elder = make_elder()
    make_helper("没技能")
    make_helper("没空", availability=0, skills=(Skill.MEDICAL,))
    need = make_verified_need(elder, item=make_item("checkup", skills=[Skill.MEDICAL]))

    ranking = find(need)

    assert ranking.rejected == {"skill": 1, "not_available": 1}
    assert (ranking.area, ranking.candidacies.count()) == ("450103", 0)
    assert Escalation.objects.get(need=need).cause == EscalationCause.NOBODY
    assert not Offer.objects.exists()


def test_one_of_two_asks_her_and_the_station() -> None:
    make_helper("甲一")
    need = make_verified_need(make_elder(), helpers=2)

    find(need)

    need.refresh_from_db()
    assert (asked(need), need.state) == (["甲一"], NeedState.ESCALATED)
    assert Escalation.objects.get(need=need).cause == EscalationCause.NOBODY


def test_station_is_not_overtaken_by_system() -> None:
    make_helper()
    need = make_verified_need(make_elder(), state=NeedState.ESCALATED)
    Escalation.objects.create(
        cell=need.cell, need=need, cause=EscalationCause.NOBODY, raised_at=MONDAY
    )

    assert find(need, minutes=5) is None
    assert not Offer.objects.exists()


def _minor() -> Person:
    return make_helper("小明", birth_date=datetime(2010, 1, 1, tzinfo=CHINA).date())


def _unconfirmed() -> Person:
    return make_helper("未确认", confirmed=False)


def _closed() -> Person:
    return make_helper("已注销", closed_at=MONDAY)


def _paused() -> Person:
    helper = make_helper("暂停中")
    VolunteerProfile.objects.filter(person=helper).update(paused_until=MONDAY + timedelta(hours=2))
    return helper


def _busy() -> Person:
    helper = make_helper("有约")
    make_commitment(helper, starts_at=VISIT_AT - timedelta(minutes=65))
    return helper


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (_minor, "minor"),
        (_unconfirmed, "not_active"),
        (_closed, "not_active"),
        (_paused, "paused"),
        (_busy, "conflict"),
    ],
)
def test_unfit_volunteers_are_left_out_and_counted(make, cause: str) -> None:
    elder = make_elder()
    unfit = make()
    make_helper("合适", region=SAME_GRID)
    need = make_verified_need(elder)

    ranking = find(need)

    assert asked(need) == ["合适"]
    assert ranking.rejected == {cause: 1}
    assert not ranking.candidacies.filter(volunteer=unfit).exists()


def test_ended_profile_is_not_considered() -> None:
    elder = make_elder()
    ended = make_helper("退出了")
    VolunteerProfile.objects.filter(person=ended).update(ended_at=MONDAY)
    make_helper("合适")

    assert find(make_verified_need(elder)).considered == 1


def test_family_household_and_asker_are_left_out() -> None:
    elder = make_elder()
    home = Household.objects.create(
        cell=elder.cell, region_id=elder.region_id, door="301", created_at=MONDAY
    )
    Person.objects.filter(pk=elder.pk).update(household=home)
    daughter, parent = make_helper("女儿"), make_helper("母亲")
    make_kinship(elder, daughter)
    make_kinship(parent, elder)
    make_helper("同住", household=home)
    asker, himself = make_helper("邻居"), elder
    VolunteerProfile.objects.create(
        cell=elder.cell, person=himself, number="V9999999999", region_id=elder.region_id,
        categories=[ServiceCategory.COMMUNITY], availability=(1 << 24) - 1, activated_at=MONDAY,
    )  # fmt: skip
    make_helper("合适", region=SAME_GRID)
    need = make_verified_need(elder, requested_by=asker)

    ranking = find(need)

    assert asked(need) == ["合适"]
    assert ranking.rejected == {"self_or_family": 5}


def test_blocked_pair_is_left_out_until_ended() -> None:
    elder, helper = make_elder(), make_helper()
    pair = BlockedPair.objects.create(
        cell=elder.cell, beneficiary=elder, volunteer=helper, since=MONDAY, reason="有过争执"
    )
    need = make_verified_need(elder)

    assert find(need).rejected == {"blocked": 1}

    pair.ended_at = MONDAY
    pair.save(update_fields=["ended_at"])
    worker = make_worker()
    assert actions.rank_again(need_id=need.pk, by=worker, now=MONDAY).rejected == {}


def test_released_commitment_is_free_time() -> None:
    elder, helper = make_elder(), make_helper()
    make_commitment(helper, starts_at=VISIT_AT, released_at=MONDAY)

    assert find(make_verified_need(elder)).rejected == {}


def test_fewer_orders_and_continuity_decide_between_neighbours() -> None:
    elder = make_elder()
    busy, idle = make_helper("忙人"), make_helper("闲人")
    other = make_verified_need(make_person("赵奶奶"), starts_at=VISIT_AT + timedelta(days=2))
    make_assignment(other, busy)
    need = make_verified_need(elder)

    ranking = find(need)

    assert [candidacy.volunteer for candidacy in ranking.candidacies.order_by("rank")] == [
        idle, busy
    ]  # fmt: skip
    assert ranking.candidacies.get(volunteer=busy).reasons[-1] == {"code": "few_orders", "value": 1}


def test_unknown_holiday_year_asks_by_weekday() -> None:
    make_helper()
    far_away = datetime(2031, 2, 4, 10, 0, tzinfo=CHINA)
    need = make_verified_need(make_elder(), starts_at=far_away)

    ranking = find(need)

    assert ranking.candidacies.get().reasons[1] == {"code": "free_then", "value": "04"}


def test_public_holiday_asks_for_holiday_hours() -> None:
    make_helper()
    national_day = datetime(2026, 10, 1, 10, 0, tzinfo=CHINA)
    need = make_verified_need(make_elder(), starts_at=national_day)

    ranking = actions.find_helpers(need_id=need.pk, by=SYSTEM, now=national_day - timedelta(days=1))

    assert ranking.candidacies.get().reasons[1] == {"code": "free_then", "value": "22"}


def test_home_without_coordinates_still_ranks() -> None:
    make_helper()
    need = make_verified_need(make_elder(), region_id="450103001005")

    assert find(need).candidacies.get().metres is None


def test_sweep_finds_lost_need_and_lapses_late_one() -> None:
    make_helper("甲一")
    lost = make_verified_need(make_elder())
    late = make_verified_need(make_person("赵奶奶"), starts_at=MONDAY - timedelta(hours=2))

    touched = actions.sweep(now=MONDAY)

    lost.refresh_from_db()
    late.refresh_from_db()
    assert touched == 2
    assert (lost.state, late.state) == (NeedState.OFFERED, NeedState.LAPSED)


def test_lone_helper_of_two_is_freed_when_need_lapses() -> None:
    helper = make_helper()
    need = make_verified_need(make_elder(), helpers=2, state=NeedState.OFFERED)
    assignment = make_assignment(need, helper)

    actions.sweep(now=need.ends_at)

    assignment.refresh_from_db()
    need.refresh_from_db()
    assert (need.state, assignment.ended_at) == (NeedState.LAPSED, need.ends_at)
    commitment = Commitment.objects.get(source=CommitmentSource.ASSIGNMENT)
    assert commitment.released_at == need.ends_at
    assert Notice.objects.filter(person=helper, template="visit_cancelled").exists()


def test_sweep_leaves_assigned_needs_alone() -> None:
    helper = make_helper()
    need = make_verified_need(make_elder(), state=NeedState.OFFERED)
    make_assignment(need, helper)

    assert actions.sweep(now=need.ends_at) == 0
    assert Assignment.objects.get().ended_at is None


@pytest.mark.parametrize(("minutes", "is_back"), [(119, False), (120, True)])
def test_need_forgotten_by_station_comes_back(minutes: int, is_back: bool) -> None:
    worker = make_worker()
    need = make_verified_need(make_elder())
    find(need)
    actions.take_escalation(need_id=need.pk, by=worker, now=MONDAY)

    actions.sweep(now=MONDAY + timedelta(minutes=minutes))

    assert Escalation.objects.filter(need=need, taken_at=None).exists() is is_back


def test_unanswered_hand_offer_comes_back_to_station() -> None:
    worker, helper = make_worker(), make_helper(availability=0)
    need = make_verified_need(make_elder())
    find(need)
    offer = actions.offer_to(need_id=need.pk, volunteer_id=helper.pk, by=worker, now=MONDAY)

    actions.refuse_offer(offer_id=offer.pk, by=actor_for(helper), now=MONDAY)
    find(need, minutes=1)

    back = Escalation.objects.get(need=need, taken_at=None)
    assert back.cause == EscalationCause.UNANSWERED


def test_only_dispatchers_may_search_by_hand() -> None:
    need = make_verified_need(make_elder())
    stranger = actor_for(make_person("外人"))

    with pytest.raises(NotAllowed):
        actions.find_helpers(need_id=need.pk, by=stranger, now=MONDAY)
    with pytest.raises(NotAllowed):
        actions.rank_again(need_id=need.pk, by=stranger, now=MONDAY)


def test_ranking_again_asks_nobody() -> None:
    make_helper()
    need = make_verified_need(make_elder(), state=NeedState.ESCALATED)

    ranking = actions.rank_again(need_id=need.pk, by=make_worker(), now=MONDAY)

    assert ranking.candidacies.count() == 1
    assert not Offer.objects.exists()


@pytest.mark.parametrize("volunteers", [3, 30])
def test_queries_do_not_grow_with_volunteers(
    volunteers: int, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    elder = make_elder()
    make_helper("头一个")
    few = make_verified_need(elder)
    with django_assert_max_num_queries(45) as counted:
        find(few)
    for number in range(volunteers - 1):
        make_helper(f"志愿者{number}", sex=Sex.FEMALE)
    many = make_verified_need(elder, starts_at=VISIT_AT + timedelta(days=3))

    with django_assert_num_queries(len(counted)):
        find(many)


def test_pool_loads_with_nine_queries(django_assert_num_queries) -> None:
    elder = make_elder()
    make_helper("甲一")
    make_helper("乙二")
    need = make_verified_need(elder)

    with django_assert_num_queries(9):
        pool = queries.load_pool(need, area="450103001", now=MONDAY)

    assert len(pool.volunteers) == 2


def test_leap_day_need_counts_birthdays() -> None:
    make_helper(birth_date=datetime(2010, 2, 28, tzinfo=CHINA).date())
    need = make_verified_need(make_elder(), starts_at=datetime(2028, 2, 29, 10, 0, tzinfo=CHINA))

    assert find(need).rejected == {}


def test_volunteer_without_phone_is_told_by_inbox() -> None:
    helper = make_helper(phone="")

    find(make_verified_need(make_elder()))

    assert Notice.objects.get(person=helper).template == "offer_made"
    assert not OutboxMessage.objects.exists()


def test_ended_profile_speaks_against_itself() -> None:
    profile = make_helper().volunteer
    profile.ended_at = MONDAY
    profile.save(update_fields=["ended_at"])
    need = make_verified_need(make_elder())

    assert queries.reasons_against(need, profile, now=MONDAY) == ("not_active",)


def test_need_filled_meanwhile_does_not_lapse() -> None:
    need = make_verified_need(make_elder(), state=NeedState.OFFERED)
    make_assignment(need, make_helper())

    sweeping.let_lapse(need.pk, by=SYSTEM, now=need.ends_at)

    need.refresh_from_db()
    assert need.state == NeedState.ASSIGNED
