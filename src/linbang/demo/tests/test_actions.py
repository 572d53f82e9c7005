import pytest
from django.test import Client

from linbang.demo import actions, queries
from linbang.demo.choices import CAST
from linbang.foundation import clock
from linbang.foundation.ledger.queries import check_books
from linbang.operations.service_records.models import RecordVerification
from linbang.outcomes.time_bank.models import Posting

pytestmark = pytest.mark.django_db

PUBLISHED = {
    "buildings": 101,
    "households": 3712,
    "residents": 12696,
    "volunteers": 1283,
    "teams": 12,
    "care_dibao_households": 17,
    "care_disabled": 39,
    "care_empty_nest": 37,
    "care_aged": 140,
}


def test_demo_shows_the_published_figures_and_its_books_are_right():
    now = clock.now()

    actions.load_demo(now=now, seed=2015, say=lambda line: None)

    assert queries.published_figures(now=now) == PUBLISHED
    assert check_books() == []
    banked = RecordVerification.objects.filter(minutes__gt=0).count()
    assert Posting.objects.count() == banked > 500
    assert [player.key for player, _ in queries.cast_with_phones()] == [one.key for one in CAST]
    for player in CAST:
        browser = Client()
        entered = browser.post(f"/demo/sign-in/{player.key}/")
        assert entered.status_code == 302
        assert browser.get("/", follow=True).status_code == 200


def test_unknown_part_is_not_there():
    assert Client().post("/demo/sign-in/nobody/").status_code == 404


def test_demo_door_opens_by_button_only():
    assert Client().get("/demo/sign-in/elder/").status_code == 405
