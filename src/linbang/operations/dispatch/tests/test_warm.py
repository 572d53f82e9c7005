"""Finding helpers from memory and from SQL: the same answer as the scan, and never an old one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from django.db import connection, transaction

from linbang.foundation.people.choices import ServiceCategory, Sex, Skill
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.factories import make_assignment, make_commitment
from linbang.operations.dispatch.models import HelperFacts
from linbang.operations.dispatch.queries import warm
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    NEIGHBOUR_COMMUNITY_BUILDING,
    OTHER_STREET_BUILDING,
    SAME_GRID,
    VISIT_AT,
    make_elder,
    make_elsewhere,
    make_helper,
    make_verified_need,
)
from matching import CATEGORIES, FEMALE, SKILLS, Ranking, Request, mask_of, rank_one

STREET, COUNTY = "450103001", "450103"
HOMES = (SAME_GRID, NEIGHBOUR_COMMUNITY_BUILDING, OTHER_STREET_BUILDING)


@pytest.fixture
def room(settings) -> Iterator[None]:
    """Let this process keep volunteers in memory."""
    settings.LINBANG_WARM_HELPERS = 1_000
    yield
    warm.go_cold()


def warm_up(area: str) -> bool:
    return warm.warm_up(area, now=MONDAY, adult_since=date(2008, 9, 15))


def elsewhere(act: Callable[[], object]) -> None:
    """Act on a connection of one's own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=10)


def ranked(need: Need, *, area: str = COUNTY) -> Ranking:
    return queries.rank_helpers(queries.wanted_of(need), area=area, limit=20, now=MONDAY)


def names(need: Need) -> list[str]:
    ids = [found.id for found in ranked(need).candidates]
    people = Person.objects.in_bulk(ids)
    return [people[one].name for one in ids]


def make_crowd(random: Random) -> list[Person]:
    make_elsewhere()
    people = [
        make_helper(
            f"志愿者{number}",
            sex=random.choice([Sex.MALE, Sex.FEMALE, Sex.FEMALE]),
            region=random.choice(HOMES),
            birth_date=random.choice([date(1960, 5, 1), date(2008, 1, 1), date(2010, 1, 1)]),
            skills=random.sample(["01", "02", "09"], random.randint(0, 3)),
            categories=random.sample(["0001", "0004", "0017"], random.randint(1, 3)),
            availability=random.choice([(1 << 24) - 1, 0b111_000, 1]),
        )
        for number in range(24)
    ]
    for person in people[::2]:
        rate(person, random.choice([4.0, 4.45, 5.0]))
    return people


def rate(person: Person, points: float) -> None:
    VolunteerProfile.objects.filter(person=person).update(rating=points)


def drawn(random: Random, request: Request, people: list[Person]) -> Request:
    def some() -> frozenset[int]:
        return frozenset(one.pk for one in random.sample(people, random.randint(0, 3)))

    return replace(
        request,
        skills=random.choice([0, 0, 1, 2, 256]),
        category=random.choice([0, 1, 8, 1 << 16]),
        slots=random.choice([0, request.slots]),
        sex=random.choice([0, 0, FEMALE]),
        languages=random.choice([0, 0, 1, 2]),
        require_adult=random.random() < 0.7,
        radius_m=random.choice([5_000, 5_000, 900, 0]),
        helpers=random.randint(1, 3),
        exclude=request.exclude | some(),
        blocked=some(),
        previous=some(),
    )


def change_some(random: Random, people: list[Person]) -> None:
    """Change what decides who fits: profile by profile and person by person."""
    profiles = VolunteerProfile.objects.filter(person__in=random.sample(people, 8))
    changes: list[dict[str, object]] = [
        {"paused_until": MONDAY + timedelta(hours=random.choice([-1, 1]))},
        {"skills": ["09", "01"]},
        {"categories": ["0004"]},
        {"availability": 0b1000},
        {"ended_at": random.choice([None, MONDAY])},
        {"region_id": OTHER_STREET_BUILDING, "longitude": None},
        {"rating": 3.3},
    ]
    for profile in profiles:
        VolunteerProfile.objects.filter(pk=profile.pk).update(**random.choice(changes))
    one, other = random.sample(people, 2)
    Person.objects.filter(pk=one.pk).update(closed_at=MONDAY)
    Person.objects.filter(pk=other.pk).update(confirmed_at=None, sex=Sex.MALE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("seed", [1, 2])
def test_memory_and_sql_answer_as_the_scan_does(seed: int) -> None:
    random = Random(seed)
    people = make_crowd(random)
    need = make_verified_need(make_elder())
    for number, person in enumerate(random.sample(people, 5)):
        make_commitment(person, starts_at=VISIT_AT, source_id=number)
    for day, person in enumerate(random.sample(people, 4), start=3):
        at = VISIT_AT + timedelta(days=day)
        make_assignment(make_verified_need(make_elder(), starts_at=at, is_extra=True), person)
    assert warm_up(COUNTY)
    base = queries.wanted_of(need)
    for turn in range(3):
        pools = {area: queries.load_pool(need, area=area, now=MONDAY) for area in (STREET, COUNTY)}
        for _draw in range(30):
            area = random.choice([STREET, COUNTY])
            wanted = replace(base, request=drawn(random, base.request, people))
            scanned = rank_one(pools[area].volunteers, wanted.request, limit=20)

            assert queries.rank_helpers(wanted, area=area, limit=20, now=MONDAY) == scanned
            by_sql = queries.fitting_by_sql(wanted, area=area, now=MONDAY)
            kept = warm.fitting(wanted, area=area, now=MONDAY)
            assert kept is not None
            assert kept.ids.tolist() == by_sql.ids.tolist()
            assert kept.rejected == by_sql.rejected
        if not turn:
            newcomer = make_helper("新来的", region=SAME_GRID)
            people.append(newcomer)
        change_some(random, people)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_who_becomes_busy_between_two_rankings_is_left_out() -> None:
    helper, other = make_helper("甲一"), make_helper("乙二")
    need = make_verified_need(make_elder())
    assert warm_up(COUNTY)
    assert sorted(names(need)) == ["乙二", "甲一"]

    elsewhere(lambda: make_commitment(helper, starts_at=VISIT_AT))
    assert names(need) == ["乙二"]

    elsewhere(lambda: VolunteerProfile.objects.filter(person=other).update(availability=0))
    assert names(need) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_a_change_committed_late_is_not_missed() -> None:
    helper = make_helper("甲一", availability=0)
    need = make_verified_need(make_elder())
    assert warm_up(COUNTY)

    def look_meanwhile() -> None:
        assert names(need) == []
        # Later transactions come and go, so that the open one lies behind the last look.
        make_helper("乙二")
        assert names(need) == ["乙二"]

    with transaction.atomic():
        VolunteerProfile.objects.filter(person=helper).update(availability=(1 << 24) - 1)
        elsewhere(look_meanwhile)

    assert sorted(names(need)) == ["乙二", "甲一"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_what_is_taken_back_never_gets_into_memory() -> None:
    helper = make_helper("甲一")
    need = make_verified_need(make_elder())
    assert warm_up(COUNTY)

    with transaction.atomic():
        VolunteerProfile.objects.filter(person=helper).update(paused_until=VISIT_AT)
        assert names(need) == []
        transaction.set_rollback(True)

    assert names(need) == ["甲一"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_a_county_asked_for_twice_is_warm(django_assert_num_queries) -> None:
    make_helper("甲一")
    wanted = queries.wanted_of(make_verified_need(make_elder()))

    def ask() -> Ranking:
        return queries.rank_helpers(wanted, area=STREET, limit=5, now=MONDAY)

    with django_assert_num_queries(2):
        first = ask()
    ask()  # and reads the county afterwards
    with django_assert_num_queries(2):
        assert ask() == first
    assert warm.fitting(wanted, area=COUNTY, now=MONDAY) is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_memory_is_bounded(settings, monkeypatch) -> None:
    for name in ("甲一", "乙二", "丙三"):
        make_helper(name)
    wanted = queries.wanted_of(make_verified_need(make_elder()))
    settings.LINBANG_WARM_HELPERS = 2
    assert not warm_up(COUNTY)

    settings.LINBANG_WARM_HELPERS = 4
    assert warm_up(COUNTY)
    assert warm_up(STREET)
    assert warm.fitting(wanted, area=COUNTY, now=MONDAY) is None  # made room for the street

    assert warm_up(COUNTY)
    monkeypatch.setattr(warm, "_NEWS_MAX", 1)
    VolunteerProfile.objects.update(availability=1)
    assert warm.fitting(wanted, area=COUNTY, now=MONDAY) is None
    monkeypatch.undo()
    assert warm.fitting(wanted, area=COUNTY, now=MONDAY) is None  # given up, not half kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("room")
def test_a_pause_ends_and_a_birthday_comes_without_any_change() -> None:
    VolunteerProfile.objects.filter(person=make_helper("甲一")).update(
        paused_until=MONDAY + timedelta(hours=1)
    )
    make_helper("乙二", birth_date=date(2008, 9, 15))
    need = make_verified_need(make_elder())
    assert warm_up(COUNTY)
    wanted = queries.wanted_of(need)

    def fitting(now, adult_since) -> int:
        asked = replace(wanted, adult_since=adult_since)
        kept = warm.fitting(asked, area=COUNTY, now=now)
        assert kept is not None
        return len(kept.ids)

    assert fitting(MONDAY, date(2008, 9, 14)) == 0
    assert fitting(MONDAY + timedelta(hours=2), date(2008, 9, 14)) == 1
    assert fitting(MONDAY + timedelta(hours=2), date(2008, 9, 15)) == 2
    assert fitting(MONDAY, date(2008, 9, 14)) == 0


@pytest.mark.django_db(transaction=True)
def test_profile_and_person_changed_at_once_are_both_kept() -> None:
    helper = make_helper("甲一")

    def change_profile() -> None:
        try:
            VolunteerProfile.objects.filter(person=helper).update(availability=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Person.objects.filter(pk=helper.pk).update(closed_at=MONDAY)
            other = pool.submit(change_profile)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.2)  # waits for the one row they share
        other.result(timeout=10)

    facts = HelperFacts.objects.get(person=helper)
    assert (facts.is_active, facts.availability) == (False, 7)


@pytest.mark.django_db
def test_facts_follow_profile_and_person() -> None:
    make_elsewhere()
    helper = make_helper("甲一", region=SAME_GRID, skills=["09", "99"])
    rate(helper, 4.45)
    facts = HelperFacts.objects.get(person=helper)
    assert facts.place == int(SAME_GRID)
    assert facts.skills == mask_of(["09", "99"], SKILLS)
    assert (facts.rating, facts.is_active, facts.is_open) == (445, True, True)

    Person.objects.filter(pk=helper.pk).update(sex=Sex.FEMALE, confirmed_at=None)
    facts.refresh_from_db()
    assert (facts.sex, facts.is_active, facts.is_open) == (FEMALE, False, True)

    VolunteerProfile.objects.filter(person=helper).delete()
    facts.refresh_from_db()
    assert not facts.is_open


@pytest.mark.django_db
def test_bits_are_those_of_matching() -> None:
    with connection.cursor() as cursor:
        for function, codes, table in (
            ("dispatch_skill_bits_v1", Skill.values, SKILLS),
            ("dispatch_category_bits_v1", ServiceCategory.values, CATEGORIES),
        ):
            for chosen in ([], *([code] for code in codes), list(codes)):
                cursor.execute(f"SELECT {function}(%s::varchar[])", [chosen])
                assert cursor.fetchone() == (mask_of(chosen, table),)


def test_facts_hold_what_a_scan_reads() -> None:
    assert np.dtype(warm._FACTS).itemsize <= 48
