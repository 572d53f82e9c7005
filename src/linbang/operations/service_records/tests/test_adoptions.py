"""Which policy a region adopted, and what is credited by it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import make_worker
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions, errors, queries, rules
from linbang.operations.service_records.choices import Cut, Wait
from linbang.operations.service_records.models import PolicyAdoption, ServiceRecord

pytestmark = pytest.mark.django_db

STREET, COMMUNITY, CELL = "450103001", "450103001005", "450103"
SERVED = local_date(SATURDAY)


@pytest.fixture
def officer() -> Actor:
    return make_worker("韦国强", region=STREET, role=Role.STREET_OFFICER)


def adopt(by: Actor, code: str = "minutes", **change: object) -> PolicyAdoption:
    return actions.adopt_policy(
        **{
            "region": STREET,
            "code": code,
            "version": 2 if code in ("minutes", "national", "xinzhu") else 1,
            "from_date": SERVED,
            "reason": "按区里的通知",
            "by": by,
            "now": BEFORE,
            **change,
        }
    )


def close(shift: Shift) -> None:
    closed_at = shift.ends_at + timedelta(minutes=30)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=closed_at)
    actions.draft_shift_records(cell=shift.cell, now=closed_at)


def records() -> list[ServiceRecord]:
    return list(ServiceRecord.objects.order_by("starts_at", "id"))


def test_records_are_credited_by_what_held_on_the_day_of_service(officer):
    adopt(officer, "chongqing", from_date=SERVED - timedelta(days=1))
    adopt(officer, "minutes")
    adopt(officer, "guangdong", from_date=SERVED + timedelta(days=1))
    shift = make_open_shift(activity=make_activity("清洁家园"))
    make_attendance(placed(shift), left_at=shift.starts_at + timedelta(minutes=46))

    close(shift)

    [record] = records()
    assert (record.policy, record.policy_version) == ("minutes", 2)
    assert record.credited_minutes == 46


def test_visits_are_credited_by_it_too_and_old_records_stay(officer):
    visit = make_presence(make_visit())
    before = actions.draft_record(visit_id=visit.pk, now=visit.ends_at)
    adopt(officer, "minutes", from_date=local_date(visit.starts_at), now=visit.starts_at - 3 * DAY)
    later = make_presence(make_visit())

    after = actions.draft_record(visit_id=later.pk, now=later.ends_at)
    preview = queries.preview_policy(STREET, rules.XINZHU, later.ends_at + DAY)

    before.refresh_from_db()
    assert (before.policy, before.policy_version) == ("xinzhu", 2)
    assert (after.policy, after.policy_version) == ("minutes", 2)
    assert (preview.comparison.services, preview.comparison.changed) == (2, 0)


DAY = timedelta(days=1)


def test_night_patrol_is_two_records_and_one_service(officer):
    shift = make_open_shift(activity=make_activity("夜间巡逻"))
    night = SATURDAY + timedelta(hours=13)  # ten in the evening
    Shift.objects.filter(pk=shift.pk).update(starts_at=night, ends_at=night + timedelta(hours=4))
    shift.refresh_from_db()
    seat = placed(shift)
    make_attendance(seat, came_at=night, left_at=night + timedelta(hours=4))

    close(shift)

    evening, morning = records()
    assert (evening.credited_minutes, morning.credited_minutes) == (120, 120)
    assert (evening.part, morning.part) == (1, 2)
    assert local_date(morning.starts_at) == local_date(evening.starts_at) + DAY
    # A shift over midnight counts once, with the minutes of both its days.
    totals = queries.totals_of(seat.person_id)
    assert (totals.proved, totals.visits) == (240, 1)
    rows = queries.record_rows(queries.records_visible_to(Actor.system(CELL)).order_by("part"))
    assert [row.presence_minutes for row in rows] == [120, 120]
    actions.draft_shift_records(cell=CELL, now=shift.ends_at + timedelta(hours=1))
    assert len(records()) == 2


def test_fourth_coming_of_a_day_counts_nothing():
    # Rule 32 counts by person, activity and day, whichever the shifts.
    activity = make_activity("清洁家园")
    first = make_open_shift(activity=activity)
    seat = placed(first)
    for pair in range(3):
        came_at = SATURDAY + timedelta(minutes=30 * pair)
        make_attendance(
            seat, pair=pair + 1, came_at=came_at, left_at=came_at + timedelta(minutes=20)
        )
    close(first)
    second = make_open_shift(activity=activity)
    Shift.objects.filter(pk=second.pk).update(
        starts_at=SATURDAY + timedelta(hours=4), ends_at=SATURDAY + timedelta(hours=5)
    )
    second.refresh_from_db()
    again = placed(second, seat.person)
    make_attendance(again, came_at=second.starts_at, left_at=second.ends_at)

    close(second)

    *three, fourth = records()
    assert [one.credited_minutes for one in three] == [30, 30, 30]
    assert (fourth.minutes, fourth.cuts) == (0, [Cut.PAIRS])


def test_hours_by_location_alone_wait_for_the_station():
    # Rule 31: such hours are listed for review.
    shift = make_open_shift(activity=make_activity("清洁家园"))
    location = AttendanceMethod.LOCATION
    make_attendance(placed(shift), left_at=shift.ends_at, came_by=location, out_distance_m=20)
    close(shift)

    worker = make_worker()
    [waiting] = queries.record_rows(queries.records_awaiting_verification(worker))
    assert waiting.waits == (Wait.LOCATION,)
    actions.verify_record(record_id=records()[0].pk, by=worker, now=shift.ends_at)
    assert queries.verified_minutes(records()[0].person_id) == 120


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"region": CELL}, NotAllowed),
        ({"code": "xinzhu", "version": 1}, errors.PolicyUnknown),
        ({"from_date": local_date(BEFORE)}, errors.AdoptionTooEarly),
        ({"reason": "  "}, errors.ReasonMissing),
        # What holds anyway needs no decision.
        ({"code": "xinzhu"}, errors.PolicyInForce),
    ],
)
def test_adoption_is_refused(officer, change, refusal):
    with pytest.raises(refusal):
        adopt(officer, **change)

    assert not PolicyAdoption.objects.exists()


def test_worker_adopts_nothing_and_history_tells_who_did(officer):
    with pytest.raises(NotAllowed):
        adopt(make_worker(), region=COMMUNITY)
    adopt(officer)

    [row] = queries.adoption_history(COMMUNITY)

    assert (row.code, row.version, row.from_date) == ("minutes", 2, SERVED)
    assert (row.adopted_by, row.reason) == ("韦国强", "按区里的通知")


def test_adoptions_say_why_and_never_change(officer):
    adoption = adopt(officer)

    with pytest.raises(IntegrityError, match="adoption_says_why"), transaction.atomic():
        PolicyAdoption.objects.create(
            cell=CELL,
            region_id=STREET,
            code="minutes",
            version=2,
            from_date=date(2026, 12, 1),
            reason="",
            adopted_at=BEFORE,
            adopted_by_id=1,
        )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PolicyAdoption.objects.filter(pk=adoption.pk).update(code="national")
