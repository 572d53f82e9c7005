"""Rule 55: two officers void false hours; they count for nothing anywhere; an appeal restores."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.factories import make_actor, make_worker
from linbang.foundation.people.models import Person
from linbang.operations.service.tests.cast import hearing, lead
from linbang.operations.service_records import actions, errors, queries, rules
from linbang.operations.service_records.actions import EntryOrder
from linbang.operations.service_records.choices import (
    AppealOutcome,
    FlagOutcome,
    RecordState,
    VoidOutcome,
    VoidState,
    Wait,
)
from linbang.operations.service_records.events import RecordRestored, RecordVoided
from linbang.operations.service_records.models import (
    RecordFlag,
    RecordVoid,
    ServiceBar,
    VoidAppeal,
)
from linbang.operations.service_records.tests.doubts import (
    CELL,
    CLOSED,
    ROLL,
    came,
    close,
    district,
    make_busy_shift,
    make_counted,
    make_doubtful,
    outsider,
    record_of,
    street,
)

pytestmark = pytest.mark.django_db
VOIDED, REFUSED = VoidOutcome.VOIDED, VoidOutcome.REFUSED
TODAY = local_date(CLOSED)


def propose(record, *, by=None, **told) -> RecordVoid:
    words = {"reason": "没有人到过现场", "evidence": "抽查第 3 号", **told}
    return actions.propose_void(record_id=record.pk, by=by or street(), now=CLOSED, **words)


def decide(void, outcome=VOIDED, *, by=None, answer="属实", now=CLOSED, **years) -> RecordVoid:
    return actions.decide_void(
        void=void.public_id, outcome=outcome, answer=answer, by=by or district(), now=now, **years
    )


def appeal(void, *, by=None, now=CLOSED) -> VoidAppeal:
    by = by or make_actor(void.record.person)
    return actions.appeal_void(void=void.public_id, text="我在现场，有照片", by=by, now=now)


def answer(void, outcome=AppealOutcome.UPHELD, *, by=None, text="照片属实") -> VoidAppeal:
    return actions.answer_appeal(
        void=void.public_id, outcome=outcome, answer=text, by=by or district("黄区"), now=CLOSED
    )


def test_void_hours_count_for_nothing_anywhere():
    record = make_counted()
    person_id, officer = record.person_id, street()
    with hearing(RecordVoided) as heard:
        void = propose(record, by=officer)
        waiting = queries.verified_minutes(person_id)
        decide(void)

    shown = queries.record_row(queries.record_with_facts(record.pk))
    totals = queries.totals_of(person_id)
    assert (waiting, totals.proved, totals.visits) == (120, 0, 0)
    assert (shown.state, shown.minutes) == (RecordState.VOIDED, 0)
    assert queries.current_minutes(record) == 0
    assert queries.day_minutes(person_id, TODAY, without_id=0) == 0
    assert list(queries.records_verified(make_worker())) == []
    activity = record.attendance.sign_up.shift.activity
    assert [line.minutes for line in queries.notice_lines(activity, CLOSED)] == [0]
    assert heard == [RecordVoided(record_id=record.pk, cell=CELL, at=CLOSED)]
    [told] = Notice.objects.filter(template="record_voided")
    assert (told.person_id, told.params["day"]) == (person_id, "2026-06-05")


def test_void_record_stays_and_changes_no_more():
    record = make_counted()
    decide(propose(record))
    worker = make_worker()

    with pytest.raises(errors.RecordIsVoid):
        actions.correct_record(
            record_id=record.pk, credited_minutes=60, reason="x", by=worker, now=CLOSED
        )
    with pytest.raises(errors.VoidOpen):
        propose(record)
    assert queries.records_earned_by(make_actor(record.person)).count() == 1


def test_voiding_takes_two_officers_above_the_station():
    record = make_counted()
    officer = street()
    for by, refusal in ((make_worker(), NotAllowed), (outsider(), NotAllowed)):
        with pytest.raises(refusal):
            propose(record, by=by)
    for told in ({"reason": " "}, {"evidence": ""}):
        with pytest.raises(errors.NoteMissing):
            propose(record, **told)
    void = propose(record, by=officer)

    with pytest.raises(errors.VoidNeedsSecond):
        decide(void, by=officer)
    with pytest.raises(errors.NoteMissing):
        decide(void, answer="")
    with pytest.raises(errors.BarYearsWrong):
        decide(void, person_years=4)
    decide(void)
    with pytest.raises(errors.VoidDecided):
        decide(void, by=district("黄区"))


def test_refusing_to_void_clears_what_was_upheld():
    attendance = make_doubtful()
    record, officer = record_of(attendance), street()
    flag = RecordFlag.objects.get()
    actions.decide_flag(
        flag=flag.public_id, outcome=FlagOutcome.UPHELD, reason="可疑", by=officer, now=CLOSED
    )
    with hearing(RecordVoided) as heard:
        void = propose(record, by=officer)
        assert list(queries.flags_upheld(officer)) == []
        decide(void, REFUSED, answer="现场有录像")

    assert queries.void_line(queries.void_with(void.public_id)).state == VoidState.REFUSED
    assert [line.outcome for line in queries.flag_lines(record)] == [FlagOutcome.CLEARED]
    assert flag.decisions.count() == 2
    assert (queries.verified_minutes(record.person_id), heard) == (120, [])


def test_hours_that_never_counted_are_voided_in_silence():
    record = record_of(make_doubtful())
    with hearing(RecordVoided) as heard:
        decide(propose(record))

    assert (queries.state_of(queries.record_with_facts(record.pk)), heard) == (
        RecordState.VOIDED, [],
    )  # fmt: skip
    with pytest.raises(errors.RecordIsVoid):
        actions.verify_record(record_id=record.pk, by=make_worker(), now=CLOSED)


def test_appeal_upheld_restores_the_hours():
    record = make_counted()
    void = decide(propose(record, by=street()), person_years=1)
    appeal(void)
    with pytest.raises(errors.AppealOpen):
        appeal(void)
    with pytest.raises(errors.AppealNeedsThird):
        answer(void, by=actor_of(void.decided_by_id))
    with pytest.raises(errors.NoteMissing):
        answer(void, text=" ")

    with hearing(RecordRestored) as heard:
        answer(void)

    void.refresh_from_db()
    assert (queries.verified_minutes(record.person_id), void.lifted_at) == (120, CLOSED)
    assert heard == [RecordRestored(record_id=record.pk, cell=CELL, at=CLOSED)]
    assert queries.barred_until(record.person_id, TODAY) is None
    assert queries.void_line(void).state == VoidState.LIFTED
    with pytest.raises(errors.AppealAnswered):
        answer(void)
    assert Notice.objects.get(template="record_restored").params["minutes"] == 120
    steps = [str(step["title"]) for step in queries.history_of(record)]
    assert steps[-2:] == ["已作废", "作废已撤销"]
    # It may be voided again, by a new row.
    decide(propose(record))
    assert record.voids.count() == 2


def actor_of(person_id):
    return make_actor(Person.objects.get(pk=person_id))


def test_appeal_rejected_leaves_the_hours_void():
    record = make_counted()
    leader = lead(record.attendance.sign_up.shift.activity)
    void = decide(propose(record))
    with pytest.raises(NotFound):
        answer(void)
    appeal(void, by=leader)

    answer(void, AppealOutcome.REJECTED, text="照片不是那天的")

    assert queries.verified_minutes(record.person_id) == 0
    assert Notice.objects.get(template="void_appeal_rejected").person_id == leader.person_id


def test_appeal_is_for_whom_it_concerns_and_in_time():
    record = make_counted()
    void = propose(record)
    with pytest.raises(errors.AppealTooLate):
        appeal(void)
    void = decide(void)

    with pytest.raises(NotAllowed):
        appeal(void, by=outsider())
    with pytest.raises(errors.AppealTooLate):
        appeal(void, now=CLOSED + timedelta(days=22))
    assert not VoidAppeal.objects.exists()


def test_hours_of_who_is_barred_wait_for_an_officer():
    record = make_counted()
    decide(propose(record), person_years=1)
    shift = make_busy_shift()
    again = came(make_later(shift), person=record.person)
    close(again.sign_up.shift, now=CLOSED + timedelta(days=1))

    waits = queries.record_row(record_of(again)).waits
    assert (waits, queries.verified_minutes(record.person_id)) == ((Wait.BARRED,), 0)
    assert queries.barred_until(record.person_id, TODAY) == TODAY.replace(year=TODAY.year + 1)
    with pytest.raises(errors.HigherApprovalNeeded):
        actions.verify_record(record_id=record_of(again).pk, by=make_worker(), now=CLOSED)
    officer = make_worker("何主任", role="community_officer")
    actions.verify_record(record_id=record_of(again).pk, by=officer, now=CLOSED)
    assert queries.verified_minutes(record.person_id) == 120
    assert Notice.objects.filter(template="service_barred", person_id=record.person_id).exists()


def make_later(shift):
    shift.starts_at += timedelta(days=1)
    shift.ends_at += timedelta(days=1)
    shift.save(update_fields=["starts_at", "ends_at"])
    return shift


def test_bar_of_a_leader_and_of_a_unit_holds_others_hours():
    worker = make_worker()
    shift = make_busy_shift()
    false = came(shift, by=ROLL, by_id=worker.person_id)
    close(shift)
    decide(propose(record_of(false)), enterer_years=2, unit_years=3)

    later = make_later(make_busy_shift(organiser=shift.activity.organiser))
    elsewhere = make_later(make_busy_shift())
    honest = came(later)
    entered = came(elsewhere, by=ROLL, by_id=worker.person_id)
    other = came(elsewhere)
    close(later, elsewhere, now=CLOSED + timedelta(days=1))

    waits = [queries.record_row(record_of(one)).waits for one in (honest, entered, other)]
    assert waits == [(Wait.BARRED,), (Wait.ENTERED, Wait.BARRED), ()]
    years = ServiceBar.objects.order_by("pk").values_list("until_date__year", flat=True)
    assert list(years) == [2028, 2029]


@pytest.mark.parametrize(
    ("broken", "columns"),
    [
        ("void_says_why_and_on_what", {"evidence": ""}),
        ("void_has_one_decision", {"voided_at": CLOSED}),
        ("void_has_one_decision", {"decided_by_id": 2}),
        (
            "void_has_one_decision",
            {"decided_by_id": 2, "voided_at": CLOSED, "refused_at": CLOSED},
        ),
        ("void_is_decided_by_another", {"decided_by_id": 1, "voided_at": CLOSED}),
        (
            "void_lifted_after_voiding",
            {"decided_by_id": 2, "voided_at": CLOSED, "lifted_at": CLOSED - timedelta(1)},
        ),
    ],
)
def test_voiding_is_kept_whole(broken, columns):
    record = make_counted()
    row = {
        "cell": CELL, "record": record, "reason": "x", "evidence": "y", "proposed_by_id": 1,
        "proposed_at": CLOSED,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match=broken):
        RecordVoid.objects.create(**{**row, **columns})


def test_what_follows_a_voiding_is_kept_whole():
    record = make_counted()
    void = decide(propose(record))
    bar = {
        "cell": CELL, "void": void, "from_date": TODAY, "reason": "x", "by_id": 1, "at": CLOSED,
        "until_date": TODAY + timedelta(days=365),
    }  # fmt: skip
    short = TODAY + timedelta(days=364)

    for broken, columns in (
        ("bar_concerns_one_person_or_unit", {}),
        ("bar_lasts_one_to_three_years", {"person": record.person, "until_date": short}),
    ):
        with pytest.raises(IntegrityError, match=broken), transaction.atomic():
            ServiceBar.objects.create(**{**bar, **columns})
    with pytest.raises(IntegrityError, match="void_once_a_record"), transaction.atomic():
        RecordVoid.objects.create(
            cell=CELL, record=record, reason="x", evidence="y", proposed_by_id=1,
            proposed_at=CLOSED,
        )  # fmt: skip
    made = appeal(void)
    made.outcome = AppealOutcome.UPHELD
    with pytest.raises(IntegrityError, match="appeal_answer_is_whole"), transaction.atomic():
        made.save(update_fields=["outcome"])


def test_who_entered_false_hours_enters_none_while_barred():
    record, entered_by = make_counted(), make_worker("农志国")
    ServiceBar.objects.create(
        cell=CELL, void=decide(propose(record)), person_id=entered_by.person_id, reason="x",
        by_id=1, at=CLOSED, from_date=TODAY, until_date=TODAY + timedelta(days=366),
    )  # fmt: skip
    order = EntryOrder(
        activity=record.attendance.sign_up.shift.activity.public_id,
        lines=rules.parse_lines(f"王建国 {TODAY} 9:00 10:00"),
        reason="停电", evidence=b"%PDF-1.7", declares=True, key="one",
    )  # fmt: skip

    with pytest.raises(errors.EntererBarred):
        actions.enter_afterwards(order=order, by=entered_by, now=CLOSED)
