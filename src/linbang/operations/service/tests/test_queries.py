"""Who sees which visits, in which order, at what cost."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.service import queries
from linbang.operations.service.choices import ConsoleTab, VisitState
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.models import CheckIn

pytestmark = pytest.mark.django_db


def visit_of(volunteer: Person, index: int = 0) -> object:
    need = make_need(make_person(f"居民{index}"), state=NeedState.ASSIGNED)
    return make_visit(
        need=make_need(
            need.beneficiary, state=NeedState.ASSIGNED, starts_at=need.starts_at + timedelta(days=1)
        ),
        volunteer=volunteer,
    )


def test_visits_are_seen_by_those_they_concern() -> None:
    elder, daughter, stranger = (make_person(name) for name in ("李秀英", "陈丽", "赵外人"))
    make_kinship(elder, daughter)
    make_kinship(elder, stranger, confirmed=False)
    volunteer = make_volunteer().person
    visit = make_visit(need=make_need(elder, state=NeedState.ASSIGNED), volunteer=volunteer)
    make_visit(volunteer=make_volunteer("刘二").person)

    for actor in map(make_actor, (elder, daughter, volunteer)):
        assert list(queries.visits_visible_to(actor)) == [visit]
    for actor in (make_actor(stranger), make_worker(region="450103001006"), Actor()):
        assert not queries.visits_visible_to(actor).exists()
    assert queries.visits_visible_to(make_worker()).count() == 2
    assert queries.visits_visible_to(Actor.system()).count() == 2


def test_sides_of_a_visit_are_kept_apart() -> None:
    elder, volunteer = make_person("李秀英"), make_volunteer().person
    make_kinship(elder, volunteer)
    make_visit(need=make_need(elder, state=NeedState.ASSIGNED), volunteer=volunteer)

    assert queries.visits_given_by(make_actor(volunteer)).count() == 1
    assert queries.visits_received_by(make_actor(elder)).count() == 1
    # A relative who is the volunteer gets no code to show to herself.
    assert not queries.visits_received_by(make_actor(volunteer)).exists()
    assert not queries.visits_given_by(Actor()).exists()
    assert not queries.visits_received_by(Actor()).exists()


def test_tabs_part_the_stations_desk() -> None:
    volunteer = make_volunteer().person
    visits = [
        make_visit(
            need=make_need(make_person(f"居民{index}"), state=NeedState.ASSIGNED, minutes=60),
            volunteer=volunteer if index == 0 else make_volunteer(f"志愿者{index}").person,
        )
        for index in range(4)
    ]
    missed, unsettled, done, cancelled = visits
    make_presence(done)
    CheckIn.objects.create(
        cell=unsettled.cell,
        visit=unsettled,
        at=unsettled.starts_at,
        recorded_at=unsettled.starts_at,
        method="code",
        by_id=1,
    )
    cancelled.cancelled_at = cancelled.starts_at
    cancelled.save(update_fields=["cancelled_at"])
    handled = queries.visits_handled_by(make_worker())
    late = missed.ends_at

    found = {tab: list(queries.visits_on_tab(handled, tab, late)) for tab in ConsoleTab}

    assert found == {
        ConsoleTab.UNSETTLED: [missed, unsettled],
        ConsoleTab.AHEAD: [],
        ConsoleTab.OVER: [cancelled, done],
    }
    ahead = queries.visits_on_tab(handled, ConsoleTab.AHEAD, missed.starts_at)
    assert list(ahead) == [missed, unsettled]
    assert set(queries.behind(handled, late)) == set(visits)


@pytest.mark.parametrize("count", [1, 3])
def test_visit_rows_cost_one_query(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    volunteer = make_volunteer().person
    for index in range(count):
        visit_of(volunteer, index)
    now = make_need(make_person("甲")).opened_at

    with django_assert_num_queries(1):
        rows = queries.visit_rows(queries.visits_given_by(make_actor_free(volunteer)), now)

    assert len(rows) == count
    assert {row.beneficiary for row in rows} == {"居**"[:1] + "*" * 2}
    assert {row.state for row in rows} == {VisitState.PLANNED}


def make_actor_free(person: Person) -> Actor:
    """Return an actor without asking the database."""
    return Actor(person_id=person.id, cell=person.cell)


def test_code_now_tells_how_long_it_holds() -> None:
    visit = make_visit()
    code = queries.code_now(visit, visit.starts_at)

    assert len(code.digits) == 6
    assert code.seconds_left == 30
