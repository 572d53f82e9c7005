"""Pauses, early ends, and appeals to a human being (rule 28, PIPL 24)."""

from datetime import date, timedelta

import pytest

from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.errors import PersonClosed
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import BEFORE
from linbang.operations.clearance import actions, errors, queries
from linbang.operations.clearance.choices import AppealState, SuspensionCause
from linbang.operations.clearance.events import PersonSuspended
from linbang.operations.clearance.factories import make_child, make_suspension
from linbang.operations.clearance.models import Appeal, Suspension
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
NO_SHOWS, BY_STAFF = SuspensionCause.NO_SHOWS, SuspensionCause.BY_STAFF
LATER = BEFORE + timedelta(days=1)


def suspending(person, by=SYSTEM, now=BEFORE, cause=NO_SHOWS, **more):
    return actions.suspend(person_id=person.pk, cause=cause, by=by, now=now, **more)


def test_third_no_show_pauses_for_thirty_days(monkeypatch):
    heard = []
    monkeypatch.setattr("linbang.operations.clearance.actions.suspensions.announce", heard.append)
    person = make_helper()

    pause = suspending(person)

    assert (pause.ends_at - pause.starts_at, pause.by_id) == (timedelta(days=30), None)
    assert notices_of(person) == texts_sent() == ["sign_ups_paused"]
    assert heard == [PersonSuspended(person_id=person.pk, cell=person.cell, at=BEFORE)]
    assert trail() == ["clearance.suspend"]


def test_one_pause_of_a_cause_at_a_time():
    person = make_helper()

    first = suspending(person)
    assert suspending(person, now=LATER) == first
    assert suspending(person, cause=BY_STAFF, reason="骂人", by=make_worker()) != first
    assert suspending(person, now=BEFORE + timedelta(days=30)) != first


def test_worker_says_why_and_for_how_long():
    person, worker = make_helper(), make_worker()

    with pytest.raises(errors.WhyMissing):
        suspending(person, worker, cause=BY_STAFF)
    with pytest.raises(errors.SuspensionDaysWrong):
        suspending(person, worker, cause=BY_STAFF, reason="骂人", days=0)
    pause = suspending(person, worker, cause=BY_STAFF, reason=" 骂人 ", days=7)

    assert (pause.reason, pause.by_id, (pause.ends_at - pause.starts_at).days) == (
        "骂人",
        worker.person_id,
        7,
    )


def test_strangers_and_closed_records():
    person = make_helper()

    for by in (make_worker(region="450103001006"), actor_of(make_helper())):
        with pytest.raises(NotAllowed):
            suspending(person, by)
    with pytest.raises(PersonClosed):
        suspending(make_helper(closed_at=BEFORE, now=BEFORE))
    with pytest.raises(NotFound):
        actions.suspend(person_id=10**15, cause=NO_SHOWS, by=SYSTEM, now=BEFORE)


def lifting(pause, by, now=LATER, reason="说清楚了"):
    return actions.lift_suspension(suspension_id=pause.pk, reason=reason, by=by, now=now)


def test_lifting_ends_it_early_and_tells_why():
    person, worker = make_helper(), make_worker()
    pause = make_suspension(person)

    with pytest.raises(errors.WhyMissing):
        lifting(pause, worker, reason=" ")
    for _ in range(2):
        lifting(pause, worker)

    pause.refresh_from_db()
    assert (pause.lifted_at, pause.lifted_by_id, pause.lift_reason) == (
        LATER,
        worker.person_id,
        "说清楚了",
    )
    assert notices_of(person) == ["sign_ups_resumed"]


def test_what_is_over_is_not_lifted_and_strangers_lift_nothing():
    pause = make_suspension(make_helper(), days=1)

    with pytest.raises(errors.SuspensionOver) as refusal:
        lifting(pause, make_worker())
    with pytest.raises(NotAllowed):
        lifting(pause, make_worker(region="450103001006"), now=BEFORE)
    with pytest.raises(NotFound):
        actions.lift_suspension(suspension_id=10**15, reason="x", by=SYSTEM, now=BEFORE)

    assert refusal.value.code == "suspension_over"


def appealing(pause, by, text="我去了，没带手机签到。", now=LATER):
    return actions.open_appeal(suspension_id=pause.pk, text=text, by=by, now=now)


def test_appeal_reaches_the_workers_of_the_region():
    worker, stranger = make_worker(), make_worker(region="450103001006")
    person = make_helper()
    pause = make_suspension(person)

    appeal = appealing(pause, actor_of(person))

    assert appeal.state == AppealState.OPEN
    assert notices_of(worker.person_id) == ["appeal_opened"]
    assert notices_of(stranger.person_id) == []
    with pytest.raises(errors.AppealOpenedAlready) as refusal:
        appealing(pause, actor_of(person))
    assert refusal.value.code == "appeal_opened_already"


def test_guardian_appeals_for_a_child_and_nobody_else_does():
    child, guardian = make_child()
    pause = make_suspension(child)

    with pytest.raises(NotAllowed):
        appealing(pause, actor_of(make_helper()))
    assert appealing(pause, actor_of(guardian)).suspension == pause


def test_appeal_says_something_while_the_pause_lasts():
    person = make_helper()
    pause = make_suspension(person, days=2)
    lifted = make_suspension(
        person, starts_at=BEFORE - timedelta(days=1), lifted_at=BEFORE, lift_reason="误判"
    )

    with pytest.raises(errors.AppealTextMissing) as refusal:
        appealing(pause, actor_of(person), text=" ")
    with pytest.raises(errors.SuspensionOver):
        appealing(pause, actor_of(person), now=BEFORE + timedelta(days=2))
    with pytest.raises(errors.SuspensionOver):
        appealing(lifted, actor_of(person))

    assert refusal.value.code == "appeal_text_missing"


def deciding(appeal, by, granted=True, answer="查过录像，确实到了。"):
    return actions.decide_appeal(
        appeal_id=appeal.pk, granted=granted, answer=answer, by=by, now=LATER
    )


def opened(person=None, **columns):
    person = person or make_helper()
    pause = make_suspension(person, **columns)
    return Appeal.objects.create(cell=pause.cell, suspension=pause, text="我去了", opened_at=BEFORE)


def test_granted_appeal_ends_the_pause():
    appeal, worker = opened(), make_worker()

    decided = deciding(appeal, worker)

    pause = Suspension.objects.get()
    assert (decided.state, decided.answer, decided.decided_by_id) == (
        "granted",
        "查过录像，确实到了。",
        worker.person_id,
    )
    assert (pause.lifted_at, pause.lift_reason) == (LATER, "查过录像，确实到了。")
    assert notices_of(pause.person_id) == ["sign_ups_resumed"]


def test_refused_appeal_is_answered_and_the_pause_goes_on():
    appeal = opened()

    deciding(appeal, make_worker(), granted=False, answer="三次都没有到。")

    assert Suspension.objects.get().lifted_at is None
    assert notices_of(appeal.suspension.person_id) == ["appeal_refused"]


def test_appeal_is_decided_once():
    appeal, worker = opened(), make_worker()
    deciding(appeal, worker, granted=False)

    with pytest.raises(errors.AppealDecided) as refusal:
        deciding(appeal, worker)
    assert refusal.value.code == "appeal_decided"


def test_who_imposed_it_or_is_paused_does_not_decide():
    imposer, other = make_worker(), make_worker("李敏")
    appeal = opened(by_id=imposer.person_id)
    own = make_worker("自己")
    own_appeal = opened(Person.objects.get(pk=own.person_id))

    for one, by in [(appeal, imposer), (own_appeal, own), (opened(), SYSTEM)]:
        with pytest.raises(errors.AppealByImposer) as refusal:
            deciding(one, by)
        assert refusal.value.code == "appeal_by_imposer"
    assert deciding(appeal, other).state == "granted"


def test_answer_is_written_by_a_worker_of_the_region():
    appeal = opened()

    with pytest.raises(errors.WhyMissing) as refusal:
        deciding(appeal, make_worker(), answer=" ")
    with pytest.raises(NotAllowed):
        deciding(appeal, make_worker(region="450103001006"))
    with pytest.raises(NotFound):
        actions.decide_appeal(appeal_id=10**15, granted=True, answer="x", by=SYSTEM, now=BEFORE)

    assert refusal.value.field == "answer"


def test_granting_after_lifting_changes_nothing_more():
    appeal, worker = opened(), make_worker()
    lifting(appeal.suspension, worker, reason="先放行")

    deciding(appeal, make_worker("李敏"))

    assert Suspension.objects.get().lift_reason == "先放行"
    assert notices_of(appeal.suspension.person_id) == ["sign_ups_resumed"]


def test_desk_sees_open_appeals_apart_and_whose_it_may_decide():
    worker = make_worker()
    mine = opened(by_id=worker.person_id)
    make_suspension(make_helper("没申诉"))
    decided = opened(make_helper("答复过"))
    deciding(decided, make_worker("李敏"), granted=False)
    gone = make_helper(closed_at=BEFORE, now=BEFORE)
    make_suspension(gone)
    child, _ = make_child("欧阳小明", birth_date=date(2012, 1, 1))
    make_suspension(child)
    kept = queries.suspensions_kept_by(worker)

    waiting = queries.suspension_lines(queries.with_open_appeal(kept), reader=worker, now=LATER)
    others = queries.suspension_lines(queries.without_open_appeal(kept), reader=worker, now=LATER)

    assert [(one.appeal.public_id, one.may_decide) for one in waiting] == [(mine.public_id, False)]
    assert {one.name for one in others} == {"没申诉", "答复过", "欧阳**"}
    assert not queries.suspensions_kept_by(make_worker(region="450103001006")).exists()
