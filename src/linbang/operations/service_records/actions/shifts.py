"""What a closed roll says becomes records."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation import db
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.models import Attendance
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.drafting import credited_by
from linbang.operations.service_records.actions.integrity import raise_flags
from linbang.operations.service_records.choices import Approval, RecordKind, Verdict
from linbang.operations.service_records.events import RecordsVerified
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.operations.service_records.rules import Window

# Locked and written together; a larger activity takes several turns.
_A_TURN = 1000


def draft_shift_records(*, cell: str, now: datetime) -> int:
    """Turn every coming and going of a closed roll into a record, once each; return how many.

    What a machine proved counts at once, within the day's limits; what a leader entered waits for
    a second person (rules 37 to 39), and what is doubtful for whoever looks into it (rule 45).
    """
    drafted, turn = 0, _A_TURN
    while turn == _A_TURN:
        turn = _draft_turn(cell, now=now)
        drafted += turn
    return drafted


@transaction.atomic
def _draft_turn(cell: str, *, now: datetime) -> int:
    due = queries.attendances_to_record(cell, now, most=_A_TURN)
    if not due:
        return 0
    queries.lock_people({one.person_id for one in due})
    # Whoever was before us at the locks has written some of them meanwhile.
    written = queries.attendances_recorded(due)
    due = [one for one in due if one.pk not in written]
    records = _records_of(due, now=now)
    db.insert_many(records)
    audit.record_many(
        by=Actor.system(cell), action="service_records.draft_record", subjects=records, now=now
    )
    doubtful = raise_flags(records, now=now) | queries.records_barred(records)
    _let_count([one for one in records if one.pk not in doubtful], now=now)
    return len(due) + len(written)


def _records_of(due: Sequence[Attendance], *, now: datetime) -> list[ServiceRecord]:
    shifts = queries.shifts_of(due)
    activities = {one.activity for one in shifts.values()}
    adoptions = queries.adoptions_above({one.region_id for one in activities})
    taken = queries.segments_around(due)
    pairs = queries.pairs_recorded(due, [one.pk for one in activities])
    records = []
    for one in due:
        shift = shifts[one.shift_id]  # type: ignore[attr-defined]  # annotated
        activity = shift.activity
        kind = rules.kind_of_attendance(
            AttendanceMethod(one.in_method), AttendanceMethod(one.out_method)
        )
        policy = rules.policy_in_force(
            adoptions, region=activity.region_id, day=local_date(shift.starts_at)
        )
        mine = taken[one.person_id]
        pair = one.person_id, activity.pk, local_date(one.in_at)
        segments = rules.credit(
            queries.presence_of(one),
            Window(shift.starts_at, shift.ends_at),
            kind=kind,
            taken=mine,
            pairs_before=pairs[pair],
            policy=policy,
        )
        pairs[pair] += 1
        mine += [segment.window for segment in segments if segment.minutes]
        records += [
            ServiceRecord(
                cell=one.person_cell,  # type: ignore[attr-defined]  # annotated
                person_id=one.person_id,
                attendance=one,
                title=f"{activity.name} · {shift.post.name}",
                category=activity.categories[0],
                region_id=activity.region_id,
                recording_unit=activity.organiser.name,
                entered_by_id=max(queries.words_given(one), default=None),
                **credited_by(policy, segment, kind=kind, now=now),
            )
            for segment in segments
        ]
    return records


def _let_count(records: Sequence[ServiceRecord], *, now: datetime) -> None:
    """Let those records count that need nobody's approval, and bank them."""
    spent = queries.day_minutes_of(records)
    plain = []
    for one in records:
        day = (one.person_id, local_date(one.starts_at))
        total = spent.get(day, 0) + one.credited_minutes
        if _counts_by_itself(one, total):
            spent[day] = total
            plain.append(one)
    db.insert_columns(
        RecordVerification,
        cell=[one.cell for one in plain],
        record=[one.pk for one in plain],
        verified_at=now,
        minutes=[one.credited_minutes for one in plain],
    )
    for cell in sorted({one.cell for one in plain}):
        ids = tuple(one.pk for one in plain if one.cell == cell)
        announce(RecordsVerified(record_ids=ids, cell=cell, at=now))
    notify_many(
        orders=[
            NoticeOrder(
                person_id=one.person_id,
                cell=one.cell,
                kind=NoticeKind.RECORD,
                template="record_verified",
                params={"item": one.title, "minutes": one.credited_minutes},
                url=f"/records/{one.public_id}/",
                key=f"record_verified:{one.pk}:",
            )
            for one in plain
        ],
        now=now,
    )


def _counts_by_itself(record: ServiceRecord, day_minutes: int) -> bool:
    try:
        needed = rules.approval_needed(
            kind=RecordKind(record.kind),
            verdict=Verdict.CONFIRMED,
            day_minutes=day_minutes,
            policy=rules.policy_named(record.policy, record.policy_version),
            doubt=queries.doubt_of(record),
        )
    except errors.DayIsFull:
        return False
    return needed == Approval.POLICY
