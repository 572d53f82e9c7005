"""Two connections at once: one person's fifth and sixth team."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation import clock
from linbang.foundation.errors import Refused
from linbang.foundation.organisations import actions, queries
from linbang.foundation.organisations.factories import make_membership, make_team
from linbang.foundation.people.factories import make_actor, make_volunteer

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes_of(act, subjects):
    """Act on both subjects at the same moment; return "done" or the refusals' codes."""
    start = Barrier(2)

    def run(subject):
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            act(subject)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, subjects))


def test_fifth_and_sixth_team_at_once():
    person = make_volunteer().person
    me, now = make_actor(person), clock.now()
    for _each in range(4):
        make_membership(make_team(), person)

    outcomes = outcomes_of(
        lambda team: actions.ask_to_join(
            organisation_id=team.pk, person_id=person.pk, by=me, now=now
        ),
        [make_team(), make_team()],
    )

    assert outcomes == ["done", "too_many_teams"]
    assert queries.open_team_memberships(person.pk).count() == 5


def test_one_team_asked_twice_at_once():
    person, team = make_volunteer().person, make_team()
    me, now = make_actor(person), clock.now()

    outcomes = outcomes_of(
        lambda asked: actions.ask_to_join(
            organisation_id=asked.pk, person_id=person.pk, by=me, now=now
        ),
        [team, team],
    )

    assert outcomes == ["already_member", "done"]
