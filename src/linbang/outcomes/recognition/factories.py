"""Hours, stars, ratings and honours for tests."""

from datetime import date, datetime, timedelta

from linbang.foundation.people.factories import make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import SATURDAY
from linbang.intake.activities.models import Activity
from linbang.intake.needs.factories import MONDAY
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service_records.choices import Approval, RecordKind
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.recognition.choices import (
    ApplicationState,
    ChangeKind,
    HonourLevel,
    HonourTarget,
    HonourVerdict,
    RatedBy,
    Side,
)
from linbang.outcomes.recognition.models import Honour, Rating, StarApplication, StarChange

DAY = 24 * 60


def make_hours(
    person: Person,
    minutes: int,
    *,
    starts_at: datetime = SATURDAY,
    kind: RecordKind = RecordKind.PROVED,
    activity: Activity | None = None,
) -> list[ServiceRecord]:
    """Store verified records of shifts that add up to so many minutes, a day each at most."""
    made: list[ServiceRecord] = []
    while minutes > 0:
        pair = len(made) % 3 + 1
        if pair == 1:
            shift = make_open_shift(
                starts_at=starts_at, **({"activity": activity} if activity else {})
            )
            sign_up = SignUp.objects.create(
                cell=shift.cell,
                shift=shift,
                person=person,
                state=SignUpState.CONFIRMED,
                channel=SignUpChannel.SELF,
                asked_at=starts_at,
                confirmed_at=starts_at,
            )
        came_at = starts_at + timedelta(hours=len(made))
        left_at = came_at + timedelta(hours=1)
        attendance = make_attendance(sign_up, came_at=came_at, left_at=left_at, pair=pair)
        made.append(
            _record(
                person,
                min(minutes, DAY),
                attendance=attendance,
                title="清洁家园 · 清扫",
                starts_at=came_at,
                ends_at=left_at,
                kind=kind,
            )
        )
        minutes -= DAY
    return made


def make_visited(
    person: Person, *, beneficiary: Person | None = None, now: datetime = MONDAY
) -> ServiceRecord:
    """Store the record of a visit that ended then, not verified yet."""
    fields = {"beneficiary": beneficiary} if beneficiary else {}
    visit = make_presence(make_visit(volunteer=person, starts_at=now, **fields))
    need = visit.assignment.need
    return _record(
        person,
        60,
        visit=visit,
        beneficiary=need.beneficiary,
        item_code=need.item_id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
    )


def _record(person: Person, minutes: int, **columns: object) -> ServiceRecord:
    kind = columns.pop("kind", RecordKind.PROVED)
    record = ServiceRecord.objects.create(
        **{
            "cell": person.cell,
            "person": person,
            "category": "0006",
            "region_id": person.region_id[:12],
            "recording_unit": "新竹社区志愿服务站",
            "minutes": minutes,
            "credited_minutes": minutes,
            "kind": kind,
            "policy": "xinzhu",
            "policy_version": 1,
            "drafted_at": columns["ends_at"],
            "entered_by_id": 1 if kind == RecordKind.ENTERED else None,
            **columns,
        }
    )
    RecordVerification.objects.create(
        cell=record.cell,
        record=record,
        approval=Approval.POLICY,
        verified_at=record.drafted_at,
        minutes=minutes,
    )
    return record


def make_rating(
    record: ServiceRecord, points: tuple[int, int, int] = (5, 5, 5), **columns: object
) -> Rating:
    """Store what the resident, or a leader, said of a record's volunteer."""
    first, second, third = points
    by = record.beneficiary_id or record.person_id + 1
    is_own = columns.get("side") == Side.SERVICE
    return Rating.objects.create(
        **{
            "cell": record.cell,
            "record": record,
            "person": record.person,
            "side": Side.VOLUNTEER,
            "first": first,
            "second": second,
            "third": third,
            "rated_by": RatedBy.VOLUNTEER if is_own else RatedBy.RESIDENT,
            "by_id": record.person_id if is_own else by,
            "rated_at": record.drafted_at,
            **columns,
        }
    )


def make_application(
    person: Person | None = None, *, star: int = 1, now: datetime, **columns: object
) -> StarApplication:
    """Store an application that waits."""
    person = person or make_volunteer("王建国", now=now - timedelta(days=400)).person
    return StarApplication.objects.create(
        **{
            "cell": person.cell,
            "person": person,
            "region_id": person.region_id[:12],
            "star": star,
            "scheme": "national",
            "scheme_version": 1,
            "proved_minutes": 100 * 60,
            "entered_minutes": 0,
            "applied_at": now,
            **columns,
        }
    )


def make_star(person: Person, star: int, *, now: datetime, **columns: object) -> StarChange:
    """Let a person hold a star, by an application that was granted."""
    application = make_application(
        person,
        star=star,
        now=now,
        approved_at=now,
        approved_by_id=person.pk + 1,
        notice_until=now.date(),
        outcome=ApplicationState.GRANTED,
        closed_at=now,
    )
    return StarChange.objects.create(
        **{
            "cell": person.cell,
            "person": person,
            "kind": ChangeKind.GRANTED,
            "star": star,
            "application": application,
            "scheme": "national",
            "scheme_version": 1,
            "minutes": 6000,
            "at": now,
            **columns,
        }
    )


def make_honour(whose: Person, *, now: datetime, **columns: object) -> Honour:
    """Store a person's registered honour, or with a target of its own, one of that."""
    return Honour.objects.create(
        **{
            "cell": whose.cell,
            "name": "优秀志愿者",
            "granted_date": date(2026, 3, 5),
            "granted_by": "新竹街道办事处",
            "level": HonourLevel.STREET,
            "target": HonourTarget.PERSON,
            "person": whose,
            "region_id": whose.region_id[:12],
            "entered_at": now,
            "entered_by_id": whose.pk + 1,
            "verdict": HonourVerdict.REGISTERED,
            "decided_at": now,
            "decided_by_id": whose.pk + 1,
            **columns,
        }
    )
