"""Who may see what, from the system down to somebody who has nothing to do with it."""

from datetime import timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.factories import make_unit
from linbang.intake.activities.factories import BEFORE, make_policy, make_shift
from linbang.operations.clearance import queries
from linbang.operations.clearance.factories import (
    make_appeal,
    make_child,
    make_credential,
    make_enrolment,
    make_frozen_list,
    make_session,
    make_suspension,
)
from linbang.operations.clearance.tests.cast import SYSTEM, actor_of, make_helper, make_worker

pytestmark = pytest.mark.django_db
TODAY = BEFORE.date()


@pytest.fixture
def kept():
    """Return every list of a desk as ``actor → how many rows``, with one row in each."""
    person = make_helper()
    make_credential(person, valid_until=TODAY + timedelta(days=20))
    make_enrolment(make_session(), person)
    make_appeal(make_suspension(person))
    make_frozen_list(make_shift(), make_policy(make_unit()), person)
    return {
        "people": lambda actor: queries.people_cleared_by(actor).filter(pk=person.pk),
        "credentials": queries.credentials_kept_by,
        "expiring": lambda actor: queries.expiring(actor, today=TODAY),
        "trainings": queries.trainings_kept_by,
        "sessions": queries.sessions_kept_by,
        "enrolments": queries.enrolments_kept_by,
        "enrolments seen": queries.enrolments_seen_by,
        "policies": queries.policies_kept_by,
        "frozen lists": queries.frozen_lists_kept_by,
        "suspensions": queries.suspensions_kept_by,
        "appeals": queries.appeals_kept_by,
    }


def test_system_and_worker_see_each_desk_and_strangers_none(kept):
    worker, stranger = make_worker(), make_worker("外区", region="450103001006")
    resident, nobody = actor_of(make_helper("路人")), Actor()

    def seen(actor):
        return {name: query(actor).count() for name, query in kept.items()}

    assert seen(SYSTEM) == seen(worker) == dict.fromkeys(kept, 1)
    assert seen(stranger) == seen(resident) == seen(nobody) == dict.fromkeys(kept, 0)


def test_enrolments_are_seen_by_oneself_and_ones_guardian():
    child, guardian = make_child()
    enrolment = make_enrolment(make_session(), child)

    for actor in (actor_of(child), actor_of(guardian)):
        assert list(queries.enrolments_seen_by(actor)) == [enrolment]


def test_organiser_is_one_of_the_workers_region():
    unit = make_unit()

    for actor in (SYSTEM, make_worker()):
        assert queries.organiser_with(actor, unit.public_id) == unit
    with pytest.raises(NotFound):
        queries.organiser_with(make_worker("外区", region="450103001006"), unit.public_id)


def test_nearest_workers_hear_first_and_ten_at_most():
    street = make_worker("街道", region="450103001", role="street_officer")
    workers = [make_worker(f"站员{n}") for n in range(11)]
    make_worker("队长", role="building_head")

    told = queries.clearing_workers_at("450103001005001001")

    assert told == [worker.person_id for worker in workers[:10]]
    assert street.person_id not in told
