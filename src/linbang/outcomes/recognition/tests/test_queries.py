"""Whose stars, records and honours one sees, and what is not there."""

from uuid import uuid4

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.outcomes.recognition import jobs, queries
from linbang.outcomes.recognition.factories import make_application, make_honour
from linbang.outcomes.recognition.queries import HonourFilters
from linbang.outcomes.recognition.tests.cast import COMMUNITY, NOW, STREET, by, worker

pytestmark = pytest.mark.django_db
SYSTEM, STRANGER = Actor.system(), Actor()


def test_system_sees_all_and_a_stranger_nothing():
    person = make_volunteer().person
    make_application(person, now=NOW)
    make_honour(person, now=NOW)

    for found in (
        queries.applications_looked_after_by(SYSTEM),
        queries.register_visible_to(SYSTEM),
        queries.honours_kept_by(SYSTEM),
    ):
        assert found.count() == 1
    for none in (
        queries.applications_looked_after_by(STRANGER),
        queries.own_applications(STRANGER),
        queries.honours_of(STRANGER),
        queries.honours_visible_to(by(make_person("路人"))),
    ):
        assert none.count() == 0


def test_team_leader_sees_what_the_own_team_was_honoured_for():
    team = make_team("红帽子分队")
    leader = make_actor(make_person("覃桂芳"), Role.TEAM_LEADER, organisation_path=team.path)
    columns = {"target": "team", "person": None, "team": team, "region_id": COMMUNITY}
    honour = make_honour(make_volunteer().person, now=NOW, **columns)
    make_honour(make_volunteer("王强").person, now=NOW)

    assert queries.register_visible_to(leader).get() == honour
    assert queries.filtered(queries.register_visible_to(leader), HonourFilters()).count() == 1


@pytest.mark.parametrize(
    "look",
    [
        lambda: queries.application_with(uuid4()),
        lambda: queries.lock_application(0),
        lambda: queries.objection_with(uuid4()),
        lambda: queries.region_to_set(worker(), STREET),
        lambda: queries.region_to_set(worker("陆", Role.STREET_OFFICER, STREET), "450103"),
        lambda: queries.lock_honour(uuid4(), queries.honours_kept_by(SYSTEM)),
    ],
)
def test_what_is_not_there_is_not_found(look):
    with pytest.raises(NotFound):
        look()


def test_clock_grants_every_morning():
    make_application(now=NOW)

    assert jobs.grant_stars(0) is None
