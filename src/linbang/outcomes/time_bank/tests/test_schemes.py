"""Schemes: presets by decision table, and which one counts where."""

from datetime import timedelta

import pytest

from linbang.foundation import clock
from linbang.foundation.places.factories import BUILDING, NEIGHBOUR_COMMUNITY, make_region_tree
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.choices import GrantSource
from linbang.outcomes.time_bank.factories import make_adoption

NOW = clock.now()
STREET = BUILDING[:9]


@pytest.mark.parametrize(
    ("scheme", "day", "balance", "redeem_at", "first_redeemed"),
    [
        # Rules 66 and 70; then the columns of domain handbook §4. Hours, years, hours.
        (rules.XINZHU, 8, 1500, 60, 0),
        (rules.NANJING, 8, 1500, 60, 0),
        (rules.BEIJING, 8, 1500, 60, 0),
        (rules.SHANGHAI, 8, 1500, 65, 0),
        (rules.CHANGNING, 2, 600, 65, 0),
        (rules.GUANGZHOU, 8, 1500, 60, 100),
    ],
)
def test_presets_say_what_the_sources_say(scheme, day, balance, redeem_at, first_redeemed):
    assert scheme.earn_day_minutes_max == day * 60
    assert scheme.balance_minutes_max == balance * 60
    assert scheme.redeem_age_min == redeem_at
    assert scheme.min_redeem_minutes == first_redeemed * 60


@pytest.mark.parametrize(
    ("scheme", "told", "untold"),
    [
        (rules.NANJING, {"balance_minutes_max", "items", "grant_source"}, {"unit", "dispute_days"}),
        (rules.BEIJING, {"unit", "relatives"}, {"balance_minutes_max", "earn_day_minutes_max"}),
        (rules.SHANGHAI, {"redeem_age_min"}, {"balance_minutes_max", "earn_day_minutes_max"}),
        (rules.CHANGNING, {"balance_minutes_max", "earn_age_max", "redeem_age_min"}, {"name"}),
        (rules.GUANGZHOU, {"step_minutes", "min_redeem_minutes"}, {"redeem_age_min"}),
    ],
)
def test_presets_mark_what_the_sources_are_silent_about(scheme, told, untold):
    assert not told & scheme.unknown
    assert untold <= scheme.unknown


def test_nanjing_issues_its_grants():
    assert rules.NANJING.grant_source is GrantSource.ISSUE
    assert rules.XINZHU.grant_source is GrantSource.POOL


def test_what_a_place_decides_is_known():
    own = rules.adopted(
        rules.XINZHU, region_code=STREET, unit="互助时", limits={"earn_day_minutes_max": 240}
    )

    assert (own.unit, own.earn_day_minutes_max, own.region_code) == ("互助时", 240, STREET)
    assert not {"unit", "earn_day_minutes_max"} & own.unknown
    assert own.is_adopted
    assert not rules.XINZHU.is_adopted


@pytest.mark.django_db
def test_nearest_adoption_counts_from_its_moment():
    make_region_tree()
    make_adoption(STREET, rules.NANJING, at=NOW - timedelta(days=2))
    make_adoption(BUILDING[:12], rules.CHANGNING, at=NOW - timedelta(days=1))
    make_adoption(BUILDING[:12], rules.BEIJING, at=NOW)

    def codes(**ago):
        found = queries.schemes_of([BUILDING, NEIGHBOUR_COMMUNITY], at=NOW - timedelta(**ago))
        return found[BUILDING].code, found[NEIGHBOUR_COMMUNITY].code

    assert codes(days=3) == ("xinzhu", "xinzhu")
    assert codes(days=2) == ("nanjing", "nanjing")
    assert codes(days=1) == ("changning", "nanjing")
    assert codes(days=0) == ("beijing", "nanjing")
    assert queries.scheme_of(BUILDING, at=NOW).region_code == BUILDING[:12]


@pytest.mark.django_db
@pytest.mark.parametrize("places", [[BUILDING], [BUILDING, NEIGHBOUR_COMMUNITY, STREET]])
def test_schemes_of_many_places_are_one_query(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.schemes_of(places, at=NOW)


@pytest.mark.django_db
def test_default_goes_by_the_names_of_the_site(settings):
    settings.LINBANG_SCHEME_NAME, settings.LINBANG_UNIT_NAME = "互助时间平台", "时间币"

    scheme = queries.scheme_of(BUILDING, at=NOW)

    assert (scheme.name, scheme.unit, scheme.code) == ("互助时间平台", "时间币", "xinzhu")
