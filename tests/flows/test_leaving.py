"""People who go: what was asked of them and for them does not stay behind."""

from datetime import timedelta

import pytest

from linbang.foundation.access.queries import actor_of
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.actions import close_person, end_volunteer
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.actions import sweep
from linbang.operations.dispatch.models import Assignment, Commitment
from linbang.operations.service.models import Visit
from tests.flows.test_need_life import accepted, ask, offers_to

pytestmark = pytest.mark.django_db


def verified(api, cast, clock_set, run_jobs, **more):
    need = ask(api, cast.elder, clock_set, **more)
    api(cast.worker, "post", f"/needs/{need['id']}/verification", {})
    run_jobs()
    return Need.objects.get(public_id=need["id"])


def end(volunteer, clock_set):

    end_volunteer(person_id=volunteer.pk, by=actor_of(volunteer.account_id), now=clock_set.now)


def test_volunteer_who_ends_is_freed_and_another_is_sought(cast, api, clock_set, run_jobs):
    need = verified(api, cast, clock_set, run_jobs)
    accepted(api, cast.volunteer)
    accepted(api, cast.second)

    end(cast.volunteer, clock_set)
    run_jobs()

    assert [one.volunteer_id for one in Assignment.objects.filter(ended_at=None)] == [
        cast.second.pk
    ]
    assert not Commitment.objects.filter(person=cast.volunteer, released_at=None).exists()
    need.refresh_from_db()
    # Nobody else is near: the station takes over.
    assert need.state == "escalated"


def test_open_offer_of_a_volunteer_who_ends_is_withdrawn(cast, api, clock_set, run_jobs):
    verified(api, cast, clock_set, run_jobs)
    assert offers_to(api, cast.volunteer)

    end(cast.volunteer, clock_set)

    assert offers_to(api, cast.volunteer) == []


def test_needs_of_somebody_who_closes_the_record_are_withdrawn(cast, api, clock_set, run_jobs):

    need = verified(api, cast, clock_set, run_jobs)
    accepted(api, cast.volunteer)

    close_person(person_id=cast.elder.pk, by=actor_of(cast.elder.account_id), now=clock_set.now)

    need.refresh_from_db()
    assert need.state == "withdrawn"
    assert Visit.objects.get().cancelled_at == clock_set.now


def test_need_that_finds_nobody_in_time_tells_the_asker(cast, api, clock_set, run_jobs):

    need = verified(api, cast, clock_set, run_jobs)

    clock_set.now += timedelta(days=2)
    sweep(now=clock_set.now)

    need.refresh_from_db()
    assert need.state == "lapsed"
    assert Notice.objects.filter(person=cast.elder, template="need_lapsed").count() == 1
