"""What residents wish and volunteers allow, as the search and the desk see it."""

import pytest

from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.choices import Language, Sex
from linbang.foundation.people.factories import make_worker
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.factories import make_offer
from linbang.operations.dispatch.models import Offer
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    make_elder,
    make_helper,
    make_verified_need,
)
from matching import LANGUAGES, mask_of

SYSTEM = Actor.system("450103")


def test_languages_are_those_of_the_library():
    assert {"cmn", *Language.values} == set(LANGUAGES)
    assert LANGUAGES[0] == "cmn"


@pytest.mark.django_db
def test_only_who_fits_the_wishes_is_asked():
    make_helper("甲一", sex=Sex.FEMALE)
    make_helper("乙二", sex=Sex.FEMALE, languages=("yue", "zyb"))
    make_helper("丙三", sex=Sex.MALE, languages=("zyb",))
    need = make_verified_need(make_elder(), helper_sex="f", helper_languages=["hak", "zyb"])

    ranking = actions.find_helpers(need_id=need.pk, by=SYSTEM, now=MONDAY)

    assert Offer.objects.get(need=need).volunteer.name == "乙二"
    assert ranking.rejected == {"other_sex": 1, "language": 1}


@pytest.mark.django_db
def test_pool_carries_languages_and_limits():
    make_helper("甲一")
    make_helper("乙二", languages=("csl",), visits_a_day=1, visits_a_week=7)

    pool = queries.load_pool(make_verified_need(make_elder()), area="450103001", now=MONDAY)

    volunteers = pool.volunteers
    assert (pool.request.sex, pool.request.languages) == (0, 0)
    assert sorted(volunteers.languages) == [1, mask_of(("cmn", "csl"), LANGUAGES)]
    assert sorted(zip(volunteers.day_cap, volunteers.week_cap, strict=True)) == [(1, 7), (2, 4)]


@pytest.mark.django_db
def test_worker_may_set_wishes_aside_and_it_is_kept():
    helper = make_helper(sex=Sex.MALE)
    need = make_verified_need(make_elder(), helper_sex="f", helper_languages=["zyb"])

    offer = actions.offer_to(need_id=need.pk, volunteer_id=helper.pk, by=make_worker(), now=MONDAY)

    assert [reason["value"] for reason in offer.reasons] == [None, "other_sex", "language"]
    [card] = queries.cards_of([offer], now=MONDAY)
    assert card.wishes == ("会壮语",)


@pytest.mark.django_db
def test_wishes_stand_on_the_card_and_on_the_desk():
    need = make_verified_need(
        make_elder(), state=NeedState.OFFERED, helper_sex="f", helper_languages=["csl"]
    )
    offer = make_offer(need, make_helper())
    clerk = client_of(make_worker("张敏"))

    [card] = queries.cards_of([offer], now=MONDAY)
    page = client_of(offer.volunteer).get(f"/offers/{offer.public_id}/").content.decode()
    desk = clerk.get(f"/console/dispatch/{need.public_id}/").content.decode()

    assert card.wishes == ("女性志愿者", "会手语")
    assert "女性志愿者 · 会手语" in page
    assert "居民希望：会手语" in desk
