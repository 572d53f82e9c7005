"""A record's life: drafted, confirmed, verified, corrected."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation import events
from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.intake.needs.models import Need
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.factories import make_presence, make_visit
from linbang.operations.service.models import Visit
from linbang.operations.service_records import actions, errors, queries
from linbang.operations.service_records.choices import (
    Approval,
    ConfirmedBy,
    Cut,
    RecordKind,
    Verdict,
)
from linbang.operations.service_records.events import (
    RecordConfirmed,
    RecordCorrected,
    RecordDisputed,
    RecordDrafted,
    RecordsVerified,
)
from linbang.operations.service_records.models import (
    RecordConfirmation,
    RecordCorrection,
    RecordVerification,
    ServiceRecord,
)

pytestmark = pytest.mark.django_db
STEPS = (RecordDrafted, RecordConfirmed, RecordDisputed, RecordsVerified, RecordCorrected)


@dataclass
class Cast:
    elder: Person
    daughter: Person
    volunteer: Person
    worker: Actor
    second_worker: Actor
    officer: Actor
    need: Need
    visit: Visit

    @property
    def end(self) -> datetime:
        return self.visit.ends_at


@pytest.fixture
def cast() -> Cast:
    elder, daughter = make_person("李秀英"), make_person("陈丽")
    make_kinship(elder, daughter)
    need = make_need(elder, state=NeedState.SERVED, requested_by=daughter)
    volunteer = make_volunteer("王建国").person
    return Cast(
        elder=elder,
        daughter=daughter,
        volunteer=volunteer,
        worker=make_worker(),
        second_worker=make_worker("梁静"),
        officer=make_worker("何主任", role=Role.COMMUNITY_OFFICER),
        need=need,
        visit=make_visit(need=need, volunteer=volunteer),
    )


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    heard: list[events.Event] = []
    reactions = dict.fromkeys(STEPS, (heard.append,))
    monkeypatch.setattr(events, "_reactions", lambda: reactions)
    return heard


@contextmanager
def breaking(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        yield


def draft(cast: Cast, **presence: object) -> ServiceRecord:
    make_presence(cast.visit, **presence)  # type: ignore[arg-type]  # presence of a visit
    return actions.draft_record(visit_id=cast.visit.id, now=cast.end)


def confirm(
    cast: Cast, record: ServiceRecord, verdict: Verdict = Verdict.CONFIRMED
) -> RecordConfirmation:
    return actions.confirm_record(
        record_id=record.id, verdict=verdict, by=make_actor(cast.elder), now=cast.end
    )


def entered(cast: Cast) -> ServiceRecord:
    """Draft a record whose end the first worker wrote down."""
    return draft(cast, left_by=PresenceMethod.STAFF, by_id=cast.worker.person_id)


def test_draft_record_counts_and_asks_once(cast: Cast, news: list[events.Event]) -> None:
    make_presence(cast.visit, came_at=cast.visit.starts_at - timedelta(minutes=30))

    record, again = (actions.draft_record(visit_id=cast.visit.id, now=cast.end) for _ in range(2))

    assert again == record
    assert (record.minutes, record.credited_minutes) == (75, 60)
    assert record.cuts == [Cut.BEFORE]
    assert (record.kind, record.entered_by_id) == (RecordKind.PROVED, None)
    assert (record.policy, record.policy_version) == ("xinzhu", 2)
    assert (record.person, record.beneficiary) == (cast.volunteer, cast.elder)
    assert record.category == cast.need.item.category
    assert news == [RecordDrafted(record_id=record.id, cell=record.cell, at=cast.end)]
    asked = Notice.objects.filter(template="record_to_confirm").order_by("person_id")
    assert [notice.person for notice in asked] == [cast.elder, cast.daughter]
    assert asked[0].url == f"/records/{record.public_id}/confirmation/"
    assert OutboxMessage.objects.filter(template="record_to_confirm").count() == 1


def test_draft_record_needs_both_ends(cast: Cast) -> None:
    with pytest.raises(errors.VisitNotOver):
        actions.draft_record(visit_id=cast.visit.id, now=cast.end)


def test_draft_record_leaves_out_another_segment(cast: Cast) -> None:
    first = draft(cast)
    other = make_visit(
        need=make_need(
            make_person("黄奶奶"),
            state=NeedState.SERVED,
            starts_at=cast.end,
        ),
        volunteer=cast.volunteer,
    )
    make_presence(other, came_at=cast.end - timedelta(minutes=10))

    record = actions.draft_record(visit_id=other.id, now=other.ends_at)

    assert record.starts_at == first.ends_at
    assert record.cuts == [Cut.OVERLAP]


def test_drafting_nothing_that_counts_keeps_the_visit(cast: Cast) -> None:
    early = cast.visit.starts_at - timedelta(minutes=50)

    record = draft(cast, came_at=early, left_at=early + timedelta(minutes=20))

    assert (record.minutes, record.credited_minutes) == (0, 0)
    assert (record.starts_at, record.ends_at) == (early, early + timedelta(minutes=20))


def test_confirmed_proof_counts_at_once(cast: Cast, news: list[events.Event]) -> None:
    record = draft(cast)

    word = confirm(cast, record)

    verification = RecordVerification.objects.get(record=record)
    cast.need.refresh_from_db()
    assert (word.by, word.by_id) == (ConfirmedBy.RESIDENT, cast.elder.id)
    assert (verification.approval, verification.verified_by_id) == (Approval.POLICY, None)
    assert verification.minutes == 60
    assert cast.need.state == NeedState.FULFILLED
    assert [type(event) for event in news] == [RecordDrafted, RecordConfirmed, RecordsVerified]
    assert Notice.objects.get(person=cast.volunteer, template="record_verified").params == {
        "item": cast.need.item.name,
        "item_en": cast.need.item.name_en,
        "minutes": 60,
    }


def test_zero_minutes_are_verified_as_a_visit(cast: Cast, news: list[events.Event]) -> None:
    record = draft(cast, left_at=cast.visit.starts_at + timedelta(minutes=10))

    confirm(cast, record)

    assert RecordVerification.objects.get(record=record).minutes == 0
    assert news[-1] == RecordsVerified(record_ids=(record.id,), cell=record.cell, at=cast.end)
    assert queries.totals_of(cast.volunteer.id) == queries.Totals(proved=0, entered=0, visits=1)


def test_confirming_twice_returns_the_first(cast: Cast) -> None:
    record = draft(cast)
    first = confirm(cast, record)

    again = actions.confirm_record(
        record_id=record.id,
        verdict=Verdict.CONFIRMED,
        by=make_actor(cast.daughter),
        now=cast.end,
    )

    assert again == first
    with pytest.raises(errors.AlreadyConfirmed):
        confirm(cast, record, Verdict.DISPUTED)


def test_relative_confirms_for_the_resident(cast: Cast) -> None:
    record = draft(cast)

    word = actions.confirm_record(
        record_id=record.id, verdict=Verdict.CONFIRMED, by=make_actor(cast.daughter), now=cast.end
    )

    assert (word.by, word.by_id) == (ConfirmedBy.RELATIVE, cast.daughter.id)


def test_station_confirms_by_telephone_with_a_note(cast: Cast) -> None:
    record = draft(cast)
    call = {
        "record_id": record.id,
        "verdict": Verdict.CONFIRMED,
        "by": cast.worker,
        "now": cast.end,
        "by_station": True,
    }
    with pytest.raises(errors.NoteMissing):
        actions.confirm_record(**call)

    word = actions.confirm_record(note="本人接听，说很好", **call)

    assert (word.by, word.note) == (ConfirmedBy.STATION, "本人接听，说很好")
    assert RecordVerification.objects.filter(record=record).exists()


def test_strangers_confirm_nothing(cast: Cast) -> None:
    record = draft(cast)
    outsider = make_actor(make_person("赵外人"))
    elsewhere = make_worker("周远", region="450103001006")
    word = {"record_id": record.id, "verdict": Verdict.CONFIRMED, "now": cast.end, "note": "x"}

    for by, by_station in ((outsider, False), (cast.worker, False), (elsewhere, True)):
        with pytest.raises(NotAllowed):
            actions.confirm_record(by=by, by_station=by_station, **word)
    with pytest.raises(NotAllowed):
        actions.confirm_record(by=Actor.system(), **word)

    assert not RecordConfirmation.objects.exists()


def test_volunteer_who_is_kin_confirms_nothing(cast: Cast) -> None:
    make_kinship(cast.elder, cast.volunteer)
    record = draft(cast)

    with pytest.raises(errors.OwnRecord):
        actions.confirm_record(
            record_id=record.id,
            verdict=Verdict.CONFIRMED,
            by=make_actor(cast.volunteer),
            now=cast.end,
        )


def test_dispute_waits_for_the_station(cast: Cast, news: list[events.Event]) -> None:
    record = draft(cast)
    confirm(cast, record, Verdict.DISPUTED)
    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.SERVED
    assert type(news[-1]) is RecordDisputed
    assert Notice.objects.filter(person=cast.volunteer, template="record_disputed").exists()
    with pytest.raises(errors.NoteMissing):
        actions.verify_record(record_id=record.id, by=cast.worker, now=cast.end)

    verification = actions.verify_record(
        record_id=record.id, minutes=30, note="只来了半小时", by=cast.worker, now=cast.end
    )

    cast.need.refresh_from_db()
    assert (verification.minutes, verification.approval) == (30, Approval.STATION)
    assert cast.need.state == NeedState.FULFILLED


@pytest.mark.parametrize("method", [PresenceMethod.WORD, PresenceMethod.STAFF])
def test_entered_hours_wait_for_a_second_person(cast: Cast, method: PresenceMethod) -> None:
    record = draft(cast, left_by=method, by_id=cast.worker.person_id)

    confirm(cast, record)

    assert (record.kind, record.entered_by_id) == (RecordKind.ENTERED, cast.worker.person_id)
    assert not RecordVerification.objects.exists()
    with pytest.raises(errors.SecondPersonNeeded):
        actions.verify_record(record_id=record.id, by=cast.worker, now=cast.end)
    verification = actions.verify_record(record_id=record.id, by=cast.second_worker, now=cast.end)
    assert verification.verified_by_id == cast.second_worker.person_id


def test_verifying_twice_returns_the_first(cast: Cast, news: list[events.Event]) -> None:
    record = entered(cast)
    confirm(cast, record)

    first, again = (
        actions.verify_record(record_id=record.id, by=cast.second_worker, now=cast.end)
        for _ in range(2)
    )

    assert again == first
    assert [type(event) for event in news].count(RecordsVerified) == 1


def test_without_confirmation_nothing_counts(cast: Cast) -> None:
    record = entered(cast)

    with pytest.raises(errors.NotConfirmedYet):
        actions.verify_record(record_id=record.id, by=cast.second_worker, now=cast.end)


def test_verification_never_adds_minutes(cast: Cast) -> None:
    record = entered(cast)
    confirm(cast, record)

    with pytest.raises(errors.MinutesOutOfRange):
        actions.verify_record(
            record_id=record.id, minutes=61, note="x", by=cast.second_worker, now=cast.end
        )


def test_only_the_regions_staff_verifies(cast: Cast) -> None:
    record = entered(cast)
    confirm(cast, record)
    elsewhere = make_worker("周远", region="450103001006")

    for by in (elsewhere, make_actor(cast.daughter), Actor.system()):
        with pytest.raises(NotAllowed):
            actions.verify_record(record_id=record.id, by=by, now=cast.end)


def test_worker_verifies_no_own_hours(cast: Cast) -> None:
    gainer = make_actor(cast.volunteer, Role.STATION_WORKER)
    record = entered(cast)
    confirm(cast, record)

    with pytest.raises(errors.OwnRecord):
        actions.verify_record(record_id=record.id, by=gainer, now=cast.end)


def fill_day(cast: Cast, hours: int) -> None:
    """Let the volunteer have so many verified hours on the visit's day already."""
    day = day_window(local_date(cast.visit.starts_at))[0]
    for index, start in enumerate(range(0, hours, 2)):
        starts_at = day + timedelta(hours=start if start < 10 else start + 2)
        visit = make_visit(
            need=make_need(
                make_person(f"居民{index}"),
                state=NeedState.SERVED,
                starts_at=starts_at,
                minutes=120,
            ),
            volunteer=cast.volunteer,
        )
        record = actions.draft_record(visit_id=make_presence(visit).id, now=visit.ends_at)
        RecordConfirmation.objects.create(
            cell=record.cell,
            record=record,
            verdict=Verdict.CONFIRMED,
            by=ConfirmedBy.RESIDENT,
            by_id=cast.elder.id,
            at=cast.end,
        )
        RecordVerification.objects.create(
            cell=record.cell, record=record, verified_at=cast.end, minutes=120
        )


def test_ninth_hour_waits_for_the_station(cast: Cast) -> None:
    fill_day(cast, 8)
    record = draft(cast)

    confirm(cast, record)

    assert not RecordVerification.objects.filter(record=record).exists()
    verification = actions.verify_record(record_id=record.id, by=cast.worker, now=cast.end)
    assert verification.approval == Approval.STATION


def test_thirteenth_hour_waits_for_the_officer(cast: Cast) -> None:
    fill_day(cast, 12)
    record = draft(cast)
    confirm(cast, record)
    with pytest.raises(errors.HigherApprovalNeeded):
        actions.verify_record(record_id=record.id, by=cast.worker, now=cast.end)

    verification = actions.verify_record(record_id=record.id, by=cast.officer, now=cast.end)

    assert verification.approval == Approval.OFFICER


def test_need_stays_open_until_every_helper_is_confirmed(cast: Cast) -> None:
    other = make_visit(need=cast.need, volunteer=make_volunteer("刘二").person, place=2)
    record = draft(cast)
    second = actions.draft_record(visit_id=make_presence(other).id, now=cast.end)
    confirm(cast, record)
    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.SERVED

    confirm(cast, second)

    cast.need.refresh_from_db()
    assert cast.need.state == NeedState.FULFILLED


def correct(cast: Cast, record: ServiceRecord, minutes: int, **others: object) -> RecordCorrection:
    call = {"reason": "多记了半小时", "by": cast.worker, "now": cast.end, **others}
    return actions.correct_record(record_id=record.id, credited_minutes=minutes, **call)  # type: ignore[arg-type]  # see above


def test_correction_is_a_row_of_its_own(cast: Cast, news: list[events.Event]) -> None:
    record = draft(cast)
    confirm(cast, record)

    correction = correct(cast, record, 30)
    newest = correct(cast, record, 0)

    record.refresh_from_db()
    assert record.credited_minutes == 60
    assert queries.current_minutes(record) == 0
    assert queries.verified_minutes(cast.volunteer.id) == 0
    assert news[-2:] == [
        RecordCorrected(
            record_id=record.id,
            cell=record.cell,
            correction_id=row.id,
            minutes_before=before,
            minutes_after=row.credited_minutes,
            at=cast.end,
        )
        for row, before in ((correction, 60), (newest, 30))
    ]
    audited = AuditEvent.objects.filter(action="service_records.correct_record").order_by("id")
    assert [event.detail for event in audited] == [
        {"before": 60, "after": 30},
        {"before": 30, "after": 0},
    ]


def test_correction_refuses_what_cannot_be(cast: Cast) -> None:
    record = draft(cast)
    with pytest.raises(errors.NotVerifiedYet):
        correct(cast, record, 30)
    confirm(cast, record)

    with pytest.raises(errors.NoteMissing):
        correct(cast, record, 30, reason=" ")
    for minutes in (-1, 91):
        with pytest.raises(errors.MinutesOutOfRange):
            correct(cast, record, minutes)
    with pytest.raises(NotAllowed):
        correct(cast, record, 30, by=make_actor(cast.elder))
    with pytest.raises(errors.OwnRecord):
        correct(cast, record, 30, by=make_actor(cast.volunteer, Role.STATION_WORKER))


def test_correction_upwards_minds_the_day(cast: Cast) -> None:
    fill_day(cast, 12)
    record = draft(cast, left_at=cast.visit.starts_at + timedelta(minutes=10))
    confirm(cast, record)
    actions.verify_record(record_id=record.id, by=cast.worker, now=cast.end)

    with pytest.raises(errors.HigherApprovalNeeded):
        correct(cast, record, 30)

    assert correct(cast, record, 30, by=cast.officer).credited_minutes == 30


def test_unanswered_residents_are_reminded_once(cast: Cast) -> None:
    record = draft(cast)
    next_day = cast.end + timedelta(days=1)

    counts = [actions.remind_confirmations(now=at) for at in (cast.end, next_day, next_day)]

    assert counts == [0, 1, 1]
    reminder = Notice.objects.get(template="record_reminder")
    assert (reminder.person, reminder.url) == (
        cast.elder,
        f"/records/{record.public_id}/confirmation/",
    )


def copy_of(record: ServiceRecord, **changes: object) -> dict[str, object]:
    names = [
        field.attname
        for field in ServiceRecord._meta.fields
        if field.name not in ("id", "public_id")
    ]
    return {**{name: getattr(record, name) for name in names}, **changes}


def test_record_constraints_hold(cast: Cast) -> None:
    record = draft(cast)
    other = make_visit(need=cast.need, volunteer=make_volunteer("刘二").person, place=2)
    later = {"starts_at": cast.end, "ends_at": cast.end + timedelta(hours=1)}

    with breaking("record_once_a_visit"):
        ServiceRecord.objects.create(**copy_of(record, **later))
    with breaking("record_segments_do_not_overlap"):
        ServiceRecord.objects.create(**copy_of(record, visit_id=other.id))
    with breaking("record_window_ends_after_start"):
        ServiceRecord.objects.create(
            **copy_of(record, visit_id=other.id, ends_at=record.starts_at, minutes=0)
        )
    with breaking("record_credits_at_most_a_day"):
        ServiceRecord.objects.create(
            **copy_of(record, visit_id=other.id, credited_minutes=1441, **later)
        )
    with breaking("record_entered_says_by_whom"):
        ServiceRecord.objects.create(
            **copy_of(record, visit_id=other.id, kind=RecordKind.ENTERED, **later)
        )


def test_rows_about_a_record_keep_their_constraints(cast: Cast) -> None:
    record = draft(cast)
    row = {"cell": record.cell, "record": record}

    with breaking("confirmation_by_station_has_a_note"):
        RecordConfirmation.objects.create(
            verdict=Verdict.CONFIRMED, by=ConfirmedBy.STATION, by_id=1, at=cast.end, **row
        )
    with breaking("verification_by_person_or_policy"):
        RecordVerification.objects.create(
            approval=Approval.STATION, verified_at=cast.end, minutes=1, **row
        )
    with breaking("correction_has_a_reason"):
        RecordCorrection.objects.create(credited_minutes=1, reason="", by_id=1, at=cast.end, **row)
    with breaking("correction_credits_at_most_a_day"):
        RecordCorrection.objects.create(
            credited_minutes=1441, reason="x", by_id=1, at=cast.end, **row
        )


def test_records_are_append_only(cast: Cast) -> None:
    record = draft(cast)
    confirm(cast, record)
    correct(cast, record, 30)

    for model in (ServiceRecord, RecordConfirmation, RecordVerification, RecordCorrection):
        with breaking("append-only"):
            model.objects.update(cell="450102")
