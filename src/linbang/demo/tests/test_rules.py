from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

from linbang.demo.rules import figures
from linbang.demo.rules.names import invented_document, invented_phone
from linbang.demo.rules.population import Inventor, invent_population
from linbang.demo.rules.year import Giver, Item, Receiver, Year
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.rules import is_mobile, read_document

TODAY = date(2026, 11, 22)


def population(seed: int = 1):
    rng = Random(seed)
    return invent_population(rng, Inventor(rng, TODAY))


def test_population_has_the_published_numbers():
    people = population()

    assert len(people.grids) == figures.GRIDS
    assert len(people.buildings) == figures.BUILDINGS
    assert len(people.households) == figures.HOUSEHOLDS
    assert len(people.residents) == figures.RESIDENTS


def test_population_is_the_same_for_the_same_seed():
    first, second = population(), population()

    assert first == second
    assert first.residents != population(seed=2).residents


def test_nobody_shares_a_document_or_a_phone():
    people = population().residents
    phones = [person.phone for person in people if person.phone]

    assert len({person.document for person in people}) == len(people)
    assert len(set(phones)) == len(phones)


def test_invented_documents_are_sound_but_of_no_county():
    number = invented_document(date(1944, 3, 8), "f", 3)

    read = read_document(DocumentType.RESIDENT_ID, number, today=TODAY)

    assert number.startswith("450199")
    assert (read.birth_date, read.sex) == (date(1944, 3, 8), "f")
    assert is_mobile(invented_phone(7))


def test_teams_have_ten_to_fifty_members():
    assert len(figures.TEAMS) == 12
    assert all(10 <= size <= 50 for *_, size in figures.TEAMS)


def test_year_never_sends_one_helper_to_two_places():
    last_day = datetime(2026, 11, 22, tzinfo=UTC)
    givers = [
        Giver(n, "450103001005001001", frozenset(), frozenset({"0001"}), 2**24 - 1)
        for n in range(4)
    ]
    receivers = [Receiver(n, "450103001005001001", 1) for n in range(10, 40)]
    items = [
        Item("shopping", "0001", frozenset(), 60, 1),
        Item("cleaning", "0001", frozenset(), 90, 2),
    ]

    occasions = Year(Random(3), givers, receivers, items, last_day=last_day).occasions()

    visits: dict[int, list[tuple[datetime, datetime]]] = {}
    for occasion in occasions:
        for giver, arrived, left, _ in occasion.presence:
            visits.setdefault(giver.id, []).append((arrived, left))
    assert sum(map(len, visits.values())) > 100
    for windows in visits.values():
        windows.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(windows))
    assert all(one.starts_at < last_day + timedelta(days=1) for one in occasions)
