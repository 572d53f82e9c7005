"""Void hours are in no figure (rule 55), whichever they were: of a visit or of a shift."""

from datetime import datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.places.factories import COMMUNITY
from linbang.foundation.places.models import Region
from linbang.intake.activities.factories import SATURDAY
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions
from linbang.operations.service_records.models import RecordVoid, ServiceRecord
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.factories import make_service
from linbang.reporting.statistics.queries import Scope

MAY = rules.period_named("2026-05")
ASKED = datetime(2026, 6, 2, 9, 0, tzinfo=CHINA)


def void(record: ServiceRecord, **columns) -> RecordVoid:
    return RecordVoid.objects.create(
        cell=record.cell, record=record, reason="没有这回事", evidence="1号", proposed_by_id=1,
        proposed_at=ASKED, decided_by_id=2, **columns,
    )  # fmt: skip


@pytest.mark.django_db
def test_void_hours_are_in_no_figure():
    volunteer = make_volunteer("王建国", now=SATURDAY).person
    for hours, asked in enumerate(("李秀英", "赵桂兰", "孙玉梅")):
        make_service(volunteer, make_person(asked), starts_at=SATURDAY + timedelta(hours=hours))
    shift = make_open_shift(places=3)
    for _ in range(3):
        make_attendance(placed(shift), left_at=shift.ends_at)
    ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=shift.ends_at)
    actions.draft_shift_records(cell=shift.cell, now=shift.ends_at)
    for records in (
        ServiceRecord.objects.filter(visit__isnull=False),
        ServiceRecord.objects.filter(attendance__isnull=False),
    ):
        false, restored, _ = records.order_by("pk")
        void(false, voided_at=ASKED)
        void(restored, voided_at=ASKED, lifted_at=ASKED)

    visits = queries.figures_of(prefix=COMMUNITY, period=MAY, asked_at=ASKED)
    scope = Scope(Region.objects.get(code=COMMUNITY), None)
    activities = queries.activity_figures(scope=scope, period=MAY, asked_at=ASKED).total

    assert (visits.total.person_times, visits.total.proved_minutes) == (2, 120)
    assert (activities.person_times, activities.minutes) == (2, 240)
