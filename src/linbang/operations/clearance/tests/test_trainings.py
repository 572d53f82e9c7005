"""Trainings: planned, joined, left, called off; who passes is qualified."""

from datetime import date, timedelta

import pytest

from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.foundation.organisations.factories import make_unit
from linbang.foundation.people.errors import PersonClosed, PersonUnconfirmed, RegionUnknown
from linbang.foundation.people.events import PersonClosed as PersonHasClosed
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY, make_region_tree
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.operations.clearance import actions, errors, queries, rules
from linbang.operations.clearance.choices import TrainingResult
from linbang.operations.clearance.factories import (
    make_child,
    make_credential,
    make_enrolment,
    make_qualifications,
    make_session,
    make_training,
)
from linbang.operations.clearance.models import Credential, Enrolment
from linbang.operations.clearance.tests.cast import (
    SYSTEM,
    actor_of,
    make_helper,
    make_worker,
    notices_of,
    texts_sent,
    trail,
)

pytestmark = pytest.mark.django_db
PASSED, FAILED, ABSENT = TrainingResult.PASSED, TrainingResult.FAILED, TrainingResult.ABSENT
DURING = SATURDAY + timedelta(hours=1)


def details(**changes):
    given = {
        "name": "消防安全",
        "content": "灭火器怎么用",
        "kind": "post",
        "mode": "face",
        "learning_minutes": 90,
        "qualification": "fire",
    }
    return rules.TrainingDetails(**{**given, **changes})


def creating(by, region=COMMUNITY, **changes):
    make_region_tree()
    make_qualifications()
    return actions.create_training(
        organiser_id=make_unit().pk,
        region_code=region,
        details=details(**changes),
        by=by,
        now=BEFORE,
    )


def test_training_is_set_up_as_order_67_records_it():
    training = creating(make_worker())

    assert (training.name, training.content, training.learning_minutes) == (
        "消防安全",
        "灭火器怎么用",
        90,
    )
    assert (training.qualification_id, training.cell) == ("fire", "450103")
    assert trail() == ["clearance.create_training"]
    assert creating(make_worker(), name="交流会", qualification="").qualification is None


def test_name_is_once_a_region_until_it_ends():
    worker = make_worker()
    training = creating(worker)

    with pytest.raises(errors.TrainingNameTaken) as refusal:
        creating(worker)
    for _ in range(2):
        actions.end_training(training_id=training.pk, by=worker, now=BEFORE)

    assert refusal.value.code == "training_name_taken"
    assert creating(worker).pk != training.pk


@pytest.mark.parametrize(
    ("changes", "refusal", "code"),
    [
        ({"learning_minutes": 0}, errors.LearningTimeWrong, "learning_time_wrong"),
        ({"qualification": "driving"}, errors.QualificationNotTaught, "qualification_not_taught"),
        ({"qualification": "x"}, errors.QualificationUnknown, "qualification_unknown"),
    ],
)
def test_training_that_makes_no_sense_is_refused(changes, refusal, code):
    with pytest.raises(refusal) as refused:
        creating(make_worker(), **changes)
    assert refused.value.code == code


def test_training_is_held_somewhere():
    with pytest.raises(RegionUnknown):
        creating(make_worker(), region="450103001005999")


def test_only_workers_of_the_region_keep_its_trainings():
    training = make_training()
    session = make_session(training)
    enrolment = make_enrolment(session)
    stranger = make_worker(region=NEIGHBOUR_COMMUNITY)

    for by in (stranger, actor_of(make_helper())):
        for act in (
            lambda by=by: creating(by),
            lambda by=by: planning(training, by),
            lambda by=by: actions.end_training(training_id=training.pk, by=by, now=BEFORE),
            lambda by=by: cancelling(session, by),
            lambda by=by: resulting(enrolment, PASSED, by),
            lambda by=by: actions.pass_the_rest(session_id=session.pk, by=by, now=DURING),
        ):
            with pytest.raises(NotAllowed):
                act()


def planning(training, by, **changes):
    given = {
        "starts_at": SATURDAY,
        "ends_at": SATURDAY + timedelta(hours=3),
        "place": " 社区会议室 ",
        "places": 20,
    }
    return actions.plan_session(training_id=training.pk, **{**given, **changes}, by=by, now=BEFORE)


def test_sitting_is_planned():
    session = planning(make_training(), make_worker(), trainer="陈医生")

    assert (session.place, session.trainer, session.places) == ("社区会议室", "陈医生", 20)
    assert trail() == ["clearance.plan_session"]


def test_ended_training_has_no_more_sittings():
    with pytest.raises(errors.TrainingEnded) as refusal:
        planning(make_training(ended_at=BEFORE), make_worker())
    assert refusal.value.code == "training_ended"


def enrolling(session, person, by=None, now=BEFORE):
    return actions.enrol(
        session_id=session.pk, person_id=person.pk, by=by or actor_of(person), now=now
    )


def test_person_enrols_once():
    session, person = make_session(), make_helper()

    assert enrolling(session, person) == enrolling(session, person)
    assert trail() == ["clearance.enrol"]
    assert notices_of(person) == []


def test_guardian_enrols_a_child_and_worker_a_resident_who_are_told():
    session = make_session()
    child, guardian = make_child()
    person = make_helper()

    enrolling(session, child, actor_of(guardian))
    enrolling(session, person, make_worker())

    assert notices_of(child) == notices_of(person) == ["training_enrolled"]


def test_worker_of_the_persons_home_sends_her_to_another_community():
    session = make_session(make_training(region=NEIGHBOUR_COMMUNITY))
    person = make_helper()

    assert enrolling(session, person, make_worker()).person_id == person.pk
    with pytest.raises(NotAllowed):
        enrolling(session, person, actor_of(make_helper()))


def test_full_sitting_takes_nobody_until_somebody_leaves():
    session = make_session(places=1)
    first = enrolling(session, make_helper())

    with pytest.raises(errors.SessionFull) as refusal:
        enrolling(session, make_helper())
    actions.leave_session(enrolment_id=first.pk, by=actor_of(first.person), now=BEFORE)

    assert refusal.value.code == "session_full"
    assert enrolling(session, make_helper())


def test_begun_sitting_is_the_workers_until_its_end():
    session, person, worker = make_session(), make_helper(), make_worker()

    with pytest.raises(errors.SessionBegun) as refusal:
        enrolling(session, person, now=SATURDAY)
    late = enrolling(session, person, worker, now=DURING)
    with pytest.raises(errors.SessionBegun):
        actions.leave_session(enrolment_id=late.pk, by=actor_of(person), now=DURING)
    with pytest.raises(errors.SessionBegun):
        enrolling(session, make_helper(), worker, now=session.ends_at)
    actions.leave_session(enrolment_id=late.pk, by=worker, now=DURING)

    assert refusal.value.code == "session_begun"


def test_cancelled_sitting_takes_nobody():
    session = make_session(cancelled_at=BEFORE, cancel_reason="停电")

    with pytest.raises(errors.SessionCancelled) as refusal:
        enrolling(session, make_helper())
    assert refusal.value.code == "session_cancelled"


def test_only_open_confirmed_people_enrol():
    session = make_session()

    with pytest.raises(PersonClosed):
        enrolling(session, make_helper(closed_at=BEFORE, now=BEFORE), SYSTEM)
    with pytest.raises(PersonUnconfirmed):
        enrolling(session, make_helper(confirmed=False), SYSTEM)


def test_leaving_twice_is_once_and_nobody_leaves_for_others():
    enrolment = make_enrolment(make_session(), make_helper())

    with pytest.raises(NotAllowed):
        actions.leave_session(enrolment_id=enrolment.pk, by=actor_of(make_helper()), now=BEFORE)
    for _ in range(2):
        actions.leave_session(enrolment_id=enrolment.pk, by=actor_of(enrolment.person), now=BEFORE)

    assert trail() == ["clearance.leave_session"]


def test_who_has_a_result_does_not_leave():
    enrolment = make_enrolment(make_session(), result="passed", decided_at=DURING)

    with pytest.raises(errors.EnrolmentEnded) as refusal:
        actions.leave_session(enrolment_id=enrolment.pk, by=make_worker(), now=DURING)
    assert refusal.value.code == "enrolment_ended"


def cancelling(session, by, reason="老师病了", now=BEFORE):
    return actions.cancel_session(session_id=session.pk, reason=reason, by=by, now=now)


def test_calling_off_tells_everybody_why():
    session, worker = make_session(), make_worker()
    people = [make_helper(), make_helper()]
    for person in people:
        make_enrolment(session, person)
    gone = make_helper()
    make_enrolment(session, gone, left_at=BEFORE)

    for _ in range(2):
        cancelling(session, worker)

    assert [notices_of(one) for one in (*people, gone)] == [["training_cancelled"]] * 2 + [[]]
    assert texts_sent() == ["training_cancelled"] * 2
    assert not queries.running_enrolments(session).exists()
    session.refresh_from_db()
    assert session.cancel_reason == "老师病了"


def test_calling_off_needs_a_reason_and_time():
    session, worker = make_session(), make_worker()

    with pytest.raises(errors.WhyMissing):
        cancelling(session, worker, reason=" ")
    with pytest.raises(errors.SessionBegun):
        cancelling(session, worker, now=SATURDAY)


def resulting(enrolment, result, by, now=DURING, reason=""):
    return actions.record_result(
        enrolment_id=enrolment.pk, result=result, reason=reason, by=by, now=now
    )


def test_who_passes_is_qualified_from_that_day():
    person = make_helper()
    enrolment = make_enrolment(make_session(), person)

    for _ in range(2):
        resulting(enrolment, PASSED, make_worker())

    credential = Credential.objects.get(person=person)
    assert (credential.qualification_id, credential.source, credential.source_id) == (
        "first-aid",
        "training",
        enrolment.pk,
    )
    assert (credential.valid_from, credential.valid_until) == (
        date(2026, 5, 16),
        date(2029, 5, 15),
    )
    assert notices_of(person) == ["training_passed"]
    assert queries.holds_on(person.pk, "first-aid", day=local_date(SATURDAY))


@pytest.mark.parametrize(("result", "notices"), [(FAILED, ["training_failed"]), (ABSENT, [])])
def test_who_does_not_pass_is_not_qualified(result, notices):
    person = make_helper()

    resulting(make_enrolment(make_session(), person), result, make_worker())

    assert not Credential.objects.exists()
    assert notices_of(person) == notices


def test_training_without_a_qualification_is_only_recorded():
    person = make_helper()
    session = make_session(make_training("邻里交流", qualification=None))

    resulting(make_enrolment(session, person), PASSED, make_worker())

    assert not Credential.objects.exists()
    [line] = queries.training_record_of(person.pk)
    assert (line.name, line.content, line.learning_minutes, line.result) == (
        "邻里交流",
        "心肺复苏、包扎、异物梗阻。",
        180,
        "合格",
    )


@pytest.mark.parametrize(
    ("held_until", "valid_from", "valid_until"),
    [
        (date(2026, 6, 30), date(2026, 7, 1), date(2029, 6, 30)),
        (date(2026, 5, 16), date(2026, 5, 17), date(2029, 5, 16)),
        (date(2026, 5, 15), date(2026, 5, 16), date(2029, 5, 15)),
        (date(2027, 5, 15), date(2026, 5, 16), date(2029, 5, 15)),
        (None, date(2026, 5, 16), date(2029, 5, 15)),
    ],
)
def test_renewal_continues_after_the_old_end(held_until, valid_from, valid_until):
    person = make_helper()
    old = make_credential(person, valid_until=held_until)

    resulting(make_enrolment(make_session(), person), PASSED, make_worker())

    new = Credential.objects.exclude(pk=old.pk).get()
    assert (new.valid_from, new.valid_until) == (valid_from, valid_until)


def test_correction_takes_the_qualification_back_and_gives_it_again():
    person, worker = make_helper(), make_worker()
    enrolment = make_enrolment(make_session(), person)
    resulting(enrolment, PASSED, worker)

    with pytest.raises(errors.ResultKnown):
        resulting(enrolment, ABSENT, worker)
    resulting(enrolment, ABSENT, worker, reason="认错人了")
    assert not queries.holds_on(person.pk, "first-aid", day=local_date(SATURDAY))
    resulting(enrolment, PASSED, worker, reason="又核对了一遍")

    assert queries.holds_on(person.pk, "first-aid", day=local_date(SATURDAY))
    assert list(Credential.objects.order_by("id").values_list("revoke_reason", flat=True)) == [
        "认错人了",
        "",
    ]
    assert "credential_revoked" in notices_of(person)


def test_correction_of_a_training_without_a_qualification():
    worker = make_worker()
    enrolment = make_enrolment(make_session(make_training("邻里交流", qualification=None)))
    resulting(enrolment, PASSED, worker)

    resulting(enrolment, ABSENT, worker, reason="认错人了")

    assert Enrolment.objects.get().result == "absent"


def test_results_wait_for_the_start_and_for_who_is_there():
    session, worker = make_session(), make_worker()
    gone = make_enrolment(session, left_at=BEFORE)

    with pytest.raises(errors.SessionNotBegun) as refusal:
        resulting(make_enrolment(session), PASSED, worker, now=BEFORE)
    with pytest.raises(errors.EnrolmentEnded):
        resulting(gone, PASSED, worker)

    assert refusal.value.code == "session_not_begun"


def test_the_rest_passes_in_one_go():
    session, worker = make_session(), make_worker()
    absent = make_enrolment(session)
    resulting(absent, ABSENT, worker)
    for _ in range(2):
        make_enrolment(session)

    assert actions.pass_the_rest(session_id=session.pk, by=worker, now=DURING) == 2
    assert Enrolment.objects.filter(result="passed").count() == 2
    assert actions.pass_the_rest(session_id=session.pk, by=worker, now=DURING) == 0


def test_what_is_not_there_is_not_found():
    worker = make_worker()

    for act in (
        lambda: actions.enrol(session_id=10**15, person_id=worker.person_id, by=worker, now=BEFORE),
        lambda: actions.leave_session(enrolment_id=10**15, by=worker, now=BEFORE),
        lambda: actions.end_training(training_id=10**15, by=worker, now=BEFORE),
    ):
        with pytest.raises(NotFound):
            act()


def test_who_is_gone_gives_places_back():
    person = make_helper()
    ahead = make_enrolment(make_session(places=1), person)
    begun = make_enrolment(make_session(make_training("急救"), starts_at=BEFORE), person)

    announce(PersonHasClosed(person_id=person.pk, cell=person.cell, at=BEFORE))

    ahead.refresh_from_db()
    begun.refresh_from_db()
    assert (ahead.left_at, begun.left_at) == (BEFORE, None)


def test_nearest_sittings_come_first_and_only_open_ones():
    person = make_helper()
    near, far = make_training(), make_training("远处", region=NEIGHBOUR_COMMUNITY)
    third = make_session(far, starts_at=BEFORE + timedelta(hours=1))
    second = make_session(near, starts_at=SATURDAY)
    first = make_session(near, starts_at=BEFORE + timedelta(hours=2))
    make_session(near, starts_at=BEFORE - timedelta(hours=1))
    make_session(near, cancelled_at=BEFORE, cancel_reason="停电")
    make_session(make_training("停办", ended_at=BEFORE))
    make_enrolment(second, person)

    shown = queries.sessions_shown(home=person.region_id, now=BEFORE, person_id=person.pk)
    lines = queries.session_lines(shown, now=BEFORE)

    assert [line.public_id for line in lines] == [one.public_id for one in (first, second, third)]
    assert [line.is_mine for line in lines] == [False, True, False]
    assert [line.places_left for line in lines] == [20, 19, 20]
    assert [line.is_open for line in lines] == [True, False, True]
    only = queries.sessions_shown(home=person.region_id, now=BEFORE, qualification="fire")
    assert not only.exists()
