"""Who sees which records, when the station phones, what they add up to."""

from datetime import date, datetime, timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.places.models import Region, Station
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import RecordTab, Verdict
from linbang.operations.service_records.models import ServiceRecord

pytestmark = pytest.mark.django_db


def draft(*, starts_at: datetime | None = None) -> ServiceRecord:
    fields = {"starts_at": starts_at} if starts_at else {}
    visit = make_presence(
        make_visit(need=make_need(make_person("李秀英"), state=NeedState.SERVED, **fields))
    )
    return actions.draft_record(visit_id=visit.id, now=visit.ends_at)


def test_records_are_seen_by_those_they_concern() -> None:
    record = draft()
    daughter, stranger = make_person("陈丽"), make_person("赵外人")
    make_kinship(record.beneficiary, daughter)
    draft()

    for person in (record.person, record.beneficiary, daughter):
        assert list(queries.records_visible_to(make_actor(person))) == [record]
    for actor in (make_actor(stranger), make_worker(region="450103001006"), Actor()):
        assert not queries.records_visible_to(actor).exists()
    assert queries.records_visible_to(make_worker()).count() == 2
    assert queries.records_visible_to(Actor.system()).count() == 2


def test_volunteer_who_is_kin_receives_no_own_record() -> None:
    record = draft()
    make_kinship(record.beneficiary, record.person)

    assert not queries.records_received_by(make_actor(record.person)).exists()


@pytest.mark.parametrize(
    ("days", "is_due"),
    # Served on Friday 2026-11-27: Monday is the resident's, from Monday on the station sees it.
    [(0, False), (1, False), (2, False), (3, True), (5, True)],
)
def test_call_list_counts_working_days(days: int, is_due: bool) -> None:
    record = draft(starts_at=datetime(2026, 11, 27, 10, tzinfo=CHINA))

    waiting = queries.records_awaiting_call(make_worker(), record.drafted_at + timedelta(days=days))

    assert waiting.exists() is is_due
    # Rule 64: the station phones within three working days.
    assert queries.call_due_date(record) == date(2026, 12, 2)


def test_answered_records_leave_the_call_list() -> None:
    record = draft()
    later = record.drafted_at + timedelta(days=3)
    worker = make_worker()

    actions.confirm_record(
        record_id=record.id,
        verdict=Verdict.DISPUTED,
        by=make_actor(record.beneficiary),
        now=later,
    )

    assert not queries.records_awaiting_call(worker, later).exists()
    assert list(queries.records_on_tab(worker, RecordTab.DISPUTED, later)) == [record]
    assert {heap.tab: heap.count for heap in queries.heaps_of(worker, later)} == {
        RecordTab.CALL: 0,
        RecordTab.VERIFY: 0,
        RecordTab.DISPUTED: 1,
        RecordTab.CLAIMED: 0,
        RecordTab.VERIFIED: 0,
    }


def test_totals_keep_the_two_kinds_apart() -> None:
    volunteer = make_volunteer().person

    assert queries.totals_of(volunteer.id) == queries.Totals(proved=0, entered=0, visits=0)
    assert queries.verified_minutes(volunteer.id) == 0


def test_nearest_station_is_the_recording_unit() -> None:
    record = draft()
    community = Region.objects.get(code="450103001005")
    assert record.recording_unit == community.name

    for code, name in (("450103001", "街道站"), ("450103001005", "社区站")):
        Station.objects.create(
            cell="450103", region_id=code, name=name, address="x", longitude=108.3, latitude=22.8
        )

    assert queries.recording_unit(record.region_id) == "社区站"


def test_current_minutes_of_an_unverified_record_are_credited() -> None:
    record = draft()

    assert queries.current_minutes(record) == record.credited_minutes == 60
