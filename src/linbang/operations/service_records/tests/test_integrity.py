"""Doubts: raised before hours count, by facts of the database; decided by a person (rule 45)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.models import Membership
from linbang.foundation.people.factories import make_actor, make_volunteer, make_worker
from linbang.foundation.places.models import Region
from linbang.intake.activities.factories import SATURDAY, make_activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import actions as service
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.models import DeviceSighting
from linbang.operations.service.tests.cast import hearing, lead
from linbang.operations.service_records import actions, errors, queries
from linbang.operations.service_records.choices import (
    FlagKind,
    FlagOutcome,
    RecordState,
    Verdict,
    Wait,
)
from linbang.operations.service_records.events import RecordsVerified
from linbang.operations.service_records.models import FlagDecision, RecordFlag
from linbang.operations.service_records.tests.doubts import (
    CELL,
    CLOSED,
    ROLL,
    came,
    close,
    flags_of,
    make_busy_shift,
    make_counted,
    make_doubtful,
    outsider,
    put_down_by,
    record_of,
    street,
)

pytestmark = pytest.mark.django_db
CLEARED, UPHELD = FlagOutcome.CLEARED, FlagOutcome.UPHELD


def decide(attendance, outcome=CLEARED, *, by=None, reason="看了现场照片", now=CLOSED):
    flag = RecordFlag.objects.get(record__attendance=attendance)
    return actions.decide_flag(
        flag=flag.public_id, outcome=outcome, reason=reason, by=by or street(), now=now
    )


def test_doubtful_hours_neither_count_nor_are_announced_until_cleared():
    with hearing(RecordsVerified) as heard:
        attendance = make_doubtful()
        person = attendance.person
        before = (queries.verified_minutes(person.pk), len(heard))
        row = queries.record_row(record_of(attendance))
        decide(attendance)

    after = (queries.verified_minutes(person.pk), len(heard))
    assert (before, after) == ((0, 0), (120, 1))
    assert (row.waits, row.state) == ((Wait.FLAGGED,), RecordState.UNVERIFIED)
    assert flags_of(attendance) == {"at_once": {"minutes": 20, "limit": 60}}
    [told] = Notice.objects.filter(template="record_flagged", person_id=person.pk)
    assert "20 分钟" in told.params["reason"]
    assert Notice.objects.filter(template="record_cleared", person_id=person.pk).count() == 1


def test_doubt_that_is_right_goes_on_holding():
    attendance = make_doubtful()

    decide(attendance, UPHELD, reason="没有人见过这场活动")

    record = record_of(attendance)
    assert queries.verified_minutes(attendance.person_id) == 0
    assert [flag.record_id for flag in queries.flags_upheld(street())] == [record.pk]
    with pytest.raises(errors.FlagUndecided):
        actions.verify_record(record_id=record.pk, by=make_worker(), now=CLOSED)
    with pytest.raises(errors.FlagDecided):
        decide(attendance)


def test_doubt_is_decided_by_clear_hands_in_the_region():
    attendance = make_doubtful()
    leader = lead(attendance.sign_up.shift.activity)
    gainer = attendance.person
    make_actor(gainer, "station_worker", region="450103001005")
    elsewhere = make_worker(region="450103001006")

    for by, refusal in (
        (make_actor(gainer), errors.OwnRecord),
        (elsewhere, NotAllowed),
        (outsider(), NotAllowed),
        (leader, NotAllowed),
    ):
        with pytest.raises(refusal):
            decide(attendance, by=by)
    with pytest.raises(errors.NoteMissing):
        decide(attendance, reason=" ")
    with pytest.raises(NotFound):
        actions.decide_flag(
            flag=attendance.public_id, outcome=CLEARED, reason="x", by=street(), now=CLOSED
        )


def test_entered_hours_still_need_their_second_person_once_cleared():
    shift, worker = make_busy_shift(), make_worker()
    people = [came(shift, by=ROLL, by_id=worker.person_id) for _ in range(5)]
    came(shift)
    close(shift)

    assert flags_of(people[0]) == {"by_hand": {"percent": 84, "limit": 30, "people": 5}}
    decide(people[0])

    assert queries.record_row(record_of(people[0])).waits == (Wait.ENTERED,)
    other = make_worker("梁静")
    actions.verify_record(record_id=record_of(people[0]).pk, by=other, now=CLOSED)
    assert queries.verified_minutes(people[0].person_id) == 120


def test_same_times_by_one_hand_are_found():
    shift, worker = make_busy_shift(), make_worker()
    people = [came(shift, by=ROLL, by_id=worker.person_id) for _ in range(10)]
    late = came(shift, by=ROLL, by_id=worker.person_id, late=5)
    other = came(shift, by=ROLL, by_id=make_worker("梁静").person_id)
    close(shift)

    assert flags_of(people[0])["same_times"] == {"people": 10, "limit": 10}
    assert "same_times" not in {**flags_of(late), **flags_of(other)}


def test_same_times_day_after_day_are_found():
    worker, person = make_worker(), make_volunteer().person
    activity = make_activity("值勤")
    shifts = [
        make_open_shift(activity=activity, starts_at=SATURDAY - timedelta(days=n)) for n in range(5)
    ]
    days = [came(shift, person=person, by=ROLL, by_id=worker.person_id) for shift in shifts]
    close(*shifts)

    assert flags_of(days[0]) == {"same_days": {"days": 5, "limit": 5}}
    assert flags_of(days[1]) == {}


def test_one_browser_for_three_people_is_found():
    shift = make_busy_shift()
    first, second, third, honest = (came(shift) for _ in range(4))
    entered = came(shift, by=ROLL)
    for attendance, mark in ((first, "a"), (second, "a"), (third, "a"), (honest, "b")):
        service.see_device(
            activity=shift.activity, mark=mark, by=make_actor(attendance.person), now=SATURDAY
        )
    # Whoever only looked, or was entered, signed in nobody.
    for by in (make_actor(entered.person), outsider()):
        service.see_device(activity=shift.activity, mark="b", by=by, now=SATURDAY)
    close(shift)

    assert flags_of(first) == {"device": {"people": 3, "limit": 3}}
    assert flags_of(honest) == {}


def test_browser_is_kept_once_a_person_and_forgotten():
    shift, by = make_busy_shift(), outsider()
    for _ in range(2):
        service.see_device(activity=shift.activity, mark="a", by=by, now=SATURDAY)
    service.see_device(activity=shift.activity, mark="a", by=Actor(), now=SATURDAY)

    [seen] = DeviceSighting.objects.all()
    assert (seen.person_id, len(seen.mark)) == (by.person_id, 32)
    with pytest.raises(IntegrityError, match="device_seen_once_a_person"), transaction.atomic():
        DeviceSighting.objects.create(
            cell=seen.cell, activity=shift.activity, person_id=by.person_id, mark=seen.mark,
            at=SATURDAY,
        )  # fmt: skip
    assert service.forget_devices(now=SATURDAY + timedelta(days=61)) == 1


def test_two_places_too_far_apart_for_the_time_are_found():
    person = make_volunteer().person
    here = make_busy_shift()
    far = make_activity("江边清扫", latitude=22.81, longitude=108.43)
    soon = make_open_shift(activity=far, starts_at=here.ends_at + timedelta(minutes=5))
    later = make_open_shift(activity=far, starts_at=here.ends_at + timedelta(hours=4))
    first, second, third = (came(shift, person=person) for shift in (here, soon, later))
    close(here, soon, later, now=later.ends_at + timedelta(minutes=5))

    # 0.1° of longitude at Nanning are 10.25 km.
    assert flags_of(first) == flags_of(second)
    assert flags_of(first)["far_apart"]["minutes"] == 5
    assert 10_100 < flags_of(first)["far_apart"]["metres"] < 10_400
    assert flags_of(third) == {}


def test_place_of_a_visit_is_where_the_resident_lives():
    visit = make_visit()
    volunteer, home = visit.volunteer, visit.assignment.need.region_id
    make_presence(visit)
    shift = make_open_shift(
        activity=make_activity(latitude=22.81, longitude=109.33),
        starts_at=visit.starts_at - timedelta(hours=2, minutes=10),
    )
    came(shift, person=volunteer)
    Region.objects.filter(pk=home).update(latitude=22.81, longitude=108.33)
    close(shift, now=shift.ends_at + timedelta(minutes=1))

    record = actions.draft_record(visit_id=visit.pk, now=visit.ends_at)
    actions.confirm_record(
        record_id=record.pk,
        verdict=Verdict.CONFIRMED,
        by=make_actor(visit.assignment.need.beneficiary),
        now=visit.ends_at,
    )

    assert [flag.kind for flag in record.flags.all()] == [FlagKind.TOO_FAR_APART]
    assert queries.verified_minutes(volunteer.pk) == 120


def test_leader_whose_people_never_miss_is_found():
    activity, people = make_activity("值勤"), [make_volunteer().person for _ in range(5)]
    lead(activity)
    shifts = [
        make_open_shift(activity=activity, starts_at=SATURDAY - timedelta(days=n))
        for n in range(10)
    ]
    days = [came(shift, person=person) for shift in shifts for person in people]
    close(*shifts)
    assert flags_of(days[0]) == {"never_miss": {"shifts": 10, "attendances": 50}}

    honest = make_open_shift(activity=activity, starts_at=SATURDAY + timedelta(days=1))
    late = came(honest, late=3)
    close(honest, now=honest.ends_at + timedelta(minutes=1))

    assert flags_of(late) == {}


def test_hours_entered_for_a_stranger_are_found():
    shift, worker = make_busy_shift(), make_worker()
    bought, member, own, known = (
        came(shift, by=ROLL, by_id=worker.person_id, late=n) for n in range(4)
    )
    for one in (bought, member, known):
        put_down_by(one.sign_up, worker.person_id)
    Membership.objects.create(
        cell=CELL, organisation=shift.activity.organiser, person=member.person, asked_at=SATURDAY,
        approved_at=SATURDAY,
    )  # fmt: skip
    earlier = make_open_shift(
        activity=make_activity("上周", organiser=shift.activity.organiser),
        starts_at=SATURDAY - timedelta(days=7),
    )
    put_down_by(came(earlier, person=known.person).sign_up, worker.person_id)
    close(shift)

    assert flags_of(bought) == {"stranger": {}}
    assert [flags_of(one) for one in (member, own, known)] == [{}, {}, {}]


def test_evidence_that_comes_late_is_listed_and_uncounts_nothing():
    shift = make_busy_shift()
    people = [came(shift) for _ in range(3)]
    close(shift)
    for attendance in people:
        service.see_device(
            activity=shift.activity, mark="a", by=make_actor(attendance.person), now=SATURDAY
        )

    assert actions.look_back(now=CLOSED + timedelta(days=1)) == 3
    assert actions.look_back(now=CLOSED + timedelta(days=2)) == 3
    assert actions.look_back(now=CLOSED + timedelta(days=31)) == 0

    officer = street()
    assert queries.flags_open(officer, had_counted=True).count() == 3
    assert queries.flags_open(officer, had_counted=False).count() == 0
    assert queries.verified_minutes(people[0].person_id) == 120
    assert not Notice.objects.filter(template="record_flagged").exists()
    decide(people[0])
    assert queries.flags_open(officer, had_counted=True).count() == 2
    assert queries.verified_minutes(people[0].person_id) == 120


def test_looking_into_records_costs_the_same_for_one_and_many():
    counts = []
    for n in (1, 3):
        shift = make_busy_shift()
        people = [came(shift) for _ in range(n)]
        close(shift)
        records = [record_of(one) for one in people]
        with CaptureQueriesContext(connection) as spent:
            assert actions.raise_flags(records, now=CLOSED) == set()
        counts.append(len(spent))

    assert counts == [4, 4]


def test_many_doubts_are_decided_alike():
    shift, worker = make_busy_shift(), make_worker()
    people = [came(shift, by=ROLL, by_id=worker.person_id, late=n) for n in range(5)]
    close(shift)
    flags = [flag.public_id for flag in RecordFlag.objects.order_by("pk")]
    decided = {"outcome": CLEARED, "reason": "都在现场", "now": CLOSED}

    own = actions.decide_flags(flags=flags, by=worker, **decided)
    refused = actions.decide_flags(flags=flags, by=street(), **decided)

    assert ([type(one) for one in own], refused) == ([errors.SecondPersonNeeded] * 5, [])
    assert queries.records_awaiting_verification(make_worker("梁静")).count() == len(people)


def test_flag_is_kept_as_it_was():
    flag = RecordFlag.objects.get(record__attendance=make_doubtful())
    decide_row = {"cell": CELL, "flag": flag, "outcome": CLEARED, "by_id": 1, "at": CLOSED}

    for broken, columns in (
        ("flag_decision_has_a_reason", {"reason": ""}),
        ("flag_second_turn_clears", {"reason": "x", "turn": 3}),
        ("flag_second_turn_clears", {"reason": "x", "turn": 2, "outcome": UPHELD}),
    ):
        with pytest.raises(IntegrityError, match=broken), transaction.atomic():
            FlagDecision.objects.create(**{**decide_row, **columns})
    FlagDecision.objects.create(**decide_row, reason="x")
    with pytest.raises(IntegrityError, match="flag_decided_once_a_turn"), transaction.atomic():
        FlagDecision.objects.create(**decide_row, reason="y")
    with pytest.raises(IntegrityError, match="flag_once_a_kind"), transaction.atomic():
        RecordFlag.objects.create(cell=CELL, record=flag.record, kind=flag.kind, raised_at=CLOSED)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RecordFlag.objects.update(facts={})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        FlagDecision.objects.all().delete()


def test_counted_hours_without_doubt_stay_as_they_are():
    record = make_counted()

    assert queries.flag_lines(record) == []
    assert queries.state_of(record) == RecordState.VERIFIED
