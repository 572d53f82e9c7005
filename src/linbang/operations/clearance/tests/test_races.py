"""Two hands at once, on two real connections; each race is run several times."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.errors import Refused
from linbang.foundation.organisations.factories import make_unit
from linbang.intake.activities.choices import PolicyScope
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
    make_shift,
)
from linbang.operations.clearance import actions
from linbang.operations.clearance.choices import SuspensionCause, TrainingResult
from linbang.operations.clearance.factories import (
    make_child,
    make_enrolment,
    make_session,
    make_suspension,
    make_training,
)
from linbang.operations.clearance.models import (
    Acceptance,
    Appeal,
    ConsentRequest,
    Credential,
    Enrolment,
    GuardianConsent,
    InsuredList,
    InsuredListEntry,
    InsuredPerson,
    Suspension,
)
from linbang.operations.clearance.tests.cast import SYSTEM, actor_of, make_helper, notices_of

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 4
DURING = SATURDAY + timedelta(hours=1)
LATER = BEFORE + timedelta(hours=1)


def worker(person_id: int) -> Actor:
    """Return a worker of the community without a query."""
    return Actor(
        account_id=person_id,
        person_id=person_id,
        cell="450103",
        grants=(Grant(Role.STATION_WORKER, "450103001005"),),
    )


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment; return "done" or the refusal's code of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_last_place_of_a_sitting_goes_to_one() -> None:
    training, people = make_training(), [make_helper() for _ in range(6)]
    for turn in range(TURNS):
        session = make_session(training, starts_at=SATURDAY + timedelta(days=turn), places=2)

        def enrol(person, session=session):
            return lambda: actions.enrol(
                session_id=session.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
            )

        outcomes = race(*(enrol(person) for person in people))

        assert sorted(outcomes) == ["done"] * 2 + ["session_full"] * 4
        assert Enrolment.objects.filter(session=session, left_at=None).count() == 2


def test_enrolling_twice_at_once_is_once() -> None:
    training, person = make_training(), make_helper()
    for turn in range(TURNS):
        session = make_session(training, starts_at=SATURDAY + timedelta(days=turn))

        def enrol(session=session):
            actions.enrol(
                session_id=session.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
            )

        assert race(enrol, enrol) == ["done", "done"]
        assert Enrolment.objects.filter(session=session).count() == 1


def test_enrolling_against_calling_off() -> None:
    training, person = make_training(), make_helper()
    for turn in range(TURNS):
        session = make_session(training, starts_at=SATURDAY + timedelta(days=turn))

        def enrol(session=session):
            actions.enrol(
                session_id=session.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
            )

        def cancel(session=session):
            actions.cancel_session(session_id=session.pk, reason="停电", by=worker(1), now=BEFORE)

        enrolled, cancelled = race(enrol, cancel)

        assert (cancelled, enrolled) in {("done", "done"), ("done", "session_cancelled")}
        assert not Enrolment.objects.filter(session=session, left_at=None).exists()
        assert len(notices_of(person)) == Enrolment.objects.filter(person=person).count()


def test_two_results_at_once_leave_one() -> None:
    session = make_session()
    for _ in range(TURNS):
        enrolment = make_enrolment(session)

        def settle(result, enrolment=enrolment):
            return lambda: actions.record_result(
                enrolment_id=enrolment.pk, result=result, by=worker(1), now=DURING
            )

        outcomes = race(settle(TrainingResult.PASSED), settle(TrainingResult.FAILED))

        assert sorted(outcomes) == ["done", "result_known"]
        enrolment.refresh_from_db()
        is_qualified = Credential.objects.filter(source_id=enrolment.pk).exists()
        assert is_qualified is (enrolment.result == "passed")


def test_passing_twice_at_once_qualifies_once() -> None:
    session = make_session()
    for _ in range(TURNS):
        enrolment = make_enrolment(session)

        def settle(enrolment=enrolment):
            actions.record_result(
                enrolment_id=enrolment.pk,
                result=TrainingResult.PASSED,
                by=worker(1),
                now=DURING,
            )

        assert race(settle, settle) == ["done", "done"]
        assert Credential.objects.filter(source_id=enrolment.pk).count() == 1


def test_leaving_against_a_result() -> None:
    session = make_session()
    for _ in range(TURNS):
        enrolment = make_enrolment(session)

        def leave(enrolment=enrolment):
            actions.leave_session(enrolment_id=enrolment.pk, by=worker(1), now=DURING)

        def settle(enrolment=enrolment):
            actions.record_result(
                enrolment_id=enrolment.pk, result=TrainingResult.PASSED, by=worker(1), now=DURING
            )

        outcomes = race(leave, settle)

        assert sorted(outcomes) == ["done", "enrolment_ended"]


def test_two_decisions_about_an_appeal() -> None:
    for turn in range(TURNS):
        pause = make_suspension(make_helper(), starts_at=BEFORE + timedelta(minutes=turn))
        appeal = Appeal.objects.create(
            cell=pause.cell, suspension=pause, text="我去了", opened_at=BEFORE
        )

        def decide(by, granted, appeal=appeal):
            return lambda: actions.decide_appeal(
                appeal_id=appeal.pk,
                granted=granted,
                answer="核实过了",
                by=worker(by),
                now=LATER,
            )

        outcomes = race(decide(10**9, True), decide(10**9 + 1, False))

        assert sorted(outcomes) == ["appeal_decided", "done"]
        appeal.refresh_from_db()
        pause.refresh_from_db()
        assert (pause.lifted_at is not None) is (appeal.state == "granted")
        assert len(notices_of(pause.person_id)) == 1


def test_lifting_against_granting_ends_it_once() -> None:
    for turn in range(TURNS):
        pause = make_suspension(make_helper(), starts_at=BEFORE + timedelta(minutes=turn))
        appeal = Appeal.objects.create(
            cell=pause.cell, suspension=pause, text="我去了", opened_at=BEFORE
        )

        def lift(pause=pause):
            actions.lift_suspension(suspension_id=pause.pk, reason="放行", by=worker(1), now=LATER)

        def grant(appeal=appeal):
            actions.decide_appeal(
                appeal_id=appeal.pk, granted=True, answer="核实过了", by=worker(10**9), now=LATER
            )

        assert race(lift, grant) == ["done", "done"]
        assert len(notices_of(pause.person_id)) == 1


def test_two_appeals_at_once_are_one() -> None:
    for turn in range(TURNS):
        person = make_helper()
        pause = make_suspension(person, starts_at=BEFORE + timedelta(minutes=turn))

        def appeal(pause=pause, person=person):
            actions.open_appeal(
                suspension_id=pause.pk,
                text="我去了",
                by=actor_of(person),
                now=LATER,
            )

        assert sorted(race(appeal, appeal)) == ["appeal_opened_already", "done"]


def test_two_no_shows_noted_at_once_make_one_pause() -> None:
    for _ in range(TURNS):
        person = make_helper()

        def suspend(person=person):
            actions.suspend(
                person_id=person.pk, cause=SuspensionCause.NO_SHOWS, by=SYSTEM, now=BEFORE
            )

        assert race(suspend, suspend) == ["done", "done"]
        assert Suspension.objects.filter(person=person).count() == 1


def test_two_workers_freezing_a_list_freeze_one() -> None:
    policy = make_policy(make_unit())
    people = [make_helper().pk for _ in range(3)]
    for _ in range(TURNS):
        shift = make_shift(make_activity(hazards=["fire"], policy=policy))

        def freeze(some, shift=shift):
            return lambda: actions.freeze_list(
                shift_id=shift.pk, person_ids=some, policy_id=policy.pk, now=SATURDAY
            )

        assert race(freeze(people), freeze(people[:2])) == ["done", "done"]
        frozen = InsuredList.objects.get(shift=shift)
        assert InsuredListEntry.objects.filter(insured_list=frozen).count() in {2, 3}


def test_two_workers_insuring_the_same_person() -> None:
    person = make_helper()
    for _ in range(TURNS):
        policy = make_policy(make_unit(), scope=PolicyScope.NAMED)

        def insure(policy=policy):
            actions.insure_people(
                policy_id=policy.pk, person_ids=[person.pk], by=worker(1), now=BEFORE
            )

        assert race(insure, insure) == ["done", "done"]
        assert InsuredPerson.objects.filter(policy=policy).count() == 1


def test_accepting_asking_and_consenting_twice_at_once_is_once() -> None:
    person = make_helper()
    child, guardian = make_child()
    for _ in range(TURNS):
        activity = make_activity(needs_agreement=True)

        def accept(activity=activity):
            actions.accept_agreement(
                activity_id=activity.pk, person_id=person.pk, by=actor_of(person), now=BEFORE
            )

        def ask(activity=activity):
            actions.ask_guardians(
                activity_id=activity.pk, person_id=child.pk, by=actor_of(child), now=BEFORE
            )

        def give(activity=activity):
            actions.give_consent(
                activity_id=activity.pk, person_id=child.pk, by=actor_of(guardian), now=BEFORE
            )

        assert race(accept, accept, ask, ask, give, give) == ["done"] * 6
        assert Acceptance.objects.filter(activity=activity).count() == 1
        assert GuardianConsent.objects.filter(activity=activity).count() == 1
        assert ConsentRequest.objects.filter(activity=activity, answered_at=None).count() <= 1
