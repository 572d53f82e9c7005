"""An activity of hundreds, come and gone: what becomes of its closed roll, and the same in SQL.

``bench.crowd.make_places`` first; each roll is an activity of its own, in an hour of its own.
"""

import time
from typing import Any
from uuid import UUID

from bench import crowd as people

PEOPLE = 500


def make_roll(volunteers: people.People, *, nth: int) -> int:
    """Make a shift that everybody came to and left by machine, its roll just closed; its id."""
    from django.utils import timezone

    from linbang.demo.actions.copying import fill_table
    from linbang.operations.dispatch.models import SignUp
    from linbang.operations.service.models import Attendance, ClosedRoll

    # Everybody came to the minute: ten such shifts of one leader would be doubted (rule 45).
    leader = volunteers.ids[nth]
    [shift] = people.make_spread_shifts(
        leader, count=1, places=len(volunteers.ids), hours=-24 * (nth + 2)
    )
    params = {"shift": shift, "people": volunteers.ids, "now": timezone.now()}
    for model, query in (
        (SignUp, _SIGN_UPS), (Attendance, _ATTENDANCES), (ClosedRoll, _CLOSED),
    ):  # fmt: skip
        fill_table(model, query, params)
    return _shift_id(shift)


_SIGN_UPS = """
    SELECT shift.cell, shift.id AS shift_id, given.person_id, 'confirmed' AS state,
        'self' AS channel, shift.starts_at AS asked_at, shift.starts_at AS confirmed_at
    FROM activities_shift AS shift
    CROSS JOIN unnest(%(people)s::bigint[]) AS given (person_id)
    WHERE shift.public_id = %(shift)s
"""
_ATTENDANCES = """
    SELECT place.cell, place.id AS sign_up_id, place.person_id, 1 AS pair,
        shift.starts_at AS in_at, shift.starts_at AS in_recorded_at, 'code' AS in_method,
        place.person_id AS in_by_id, shift.ends_at AS out_at, shift.ends_at AS out_recorded_at,
        'code' AS out_method, place.person_id AS out_by_id
    FROM activities_shift AS shift
    JOIN dispatch_signup AS place ON place.cell = shift.cell AND place.shift_id = shift.id
    WHERE shift.public_id = %(shift)s
"""
_CLOSED = """
    SELECT shift.cell, shift.id AS shift_id, %(now)s AS closed_at
    FROM activities_shift AS shift
    WHERE shift.public_id = %(shift)s
"""


def draft() -> float:
    """Draft, verify and bank what is due, as the job does; return the seconds it took."""
    from django.utils import timezone

    from linbang.operations.service_records import actions

    begun = time.perf_counter()
    drafted = actions.draft_shift_records(cell=people.COUNTY, now=timezone.now())
    spent = time.perf_counter() - begun
    if drafted != PEOPLE:
        raise RuntimeError(f"{drafted} records were drafted")
    return spent


def write(shift: int, *, is_told: bool) -> float:
    """Write the same by plain set-based SQL, in one transaction; return the seconds it took.

    Records, verifications, transfers, entries, balances, postings and movements; and if ``is_told``
    also what our side writes into the trail and the inboxes.
    """
    from django.db import connection, transaction

    from linbang.demo.actions.copying import fill_table
    from linbang.foundation.audit.models import AuditEvent
    from linbang.foundation.messaging.models import Notice
    from linbang.operations.service_records.models import RecordVerification, ServiceRecord
    from linbang.outcomes.time_bank.models import Movement, Posting

    params = {"shift": shift}
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        fill_table(ServiceRecord, _RECORDS, params)
        fill_table(RecordVerification, _VERIFICATIONS, params)
        cursor.execute(_POST, params)
        posted = cursor.fetchone()
        fill_table(Posting, _POSTINGS, params)
        fill_table(Movement, _MOVEMENTS, params)
        for what in ("draft", "credit") if is_told else ():
            fill_table(AuditEvent, _TRAIL, {**params, "what": what})
            fill_table(Notice, _NOTICES, {**params, "what": what})
    spent = time.perf_counter() - begun
    if posted != (PEOPLE,):
        raise RuntimeError(f"the engine posted {posted}")
    return spent


_OF_SHIFT = """
    FROM service_records_servicerecord AS record
    JOIN service_attendance AS attendance ON attendance.id = record.attendance_id
    JOIN dispatch_signup AS place
        ON place.cell = attendance.cell AND place.id = attendance.sign_up_id
"""
_RECORDS = """
    SELECT person.cell, attendance.person_id, attendance.id AS attendance_id,
        activity.name || ' · ' || post.name AS title, activity.categories[1] AS category,
        activity.region_id, organiser.name AS recording_unit, attendance.in_at AS starts_at,
        attendance.out_at AS ends_at, 60 AS minutes, 60 AS credited_minutes, 'proved' AS kind,
        'xinzhu' AS policy, 1 AS policy_version, now() AS drafted_at
    FROM dispatch_signup AS place
    JOIN service_attendance AS attendance
        ON attendance.cell = place.cell AND attendance.sign_up_id = place.id
    JOIN people_person AS person ON person.id = attendance.person_id
    JOIN activities_shift AS shift ON shift.id = place.shift_id
    JOIN activities_post AS post ON post.id = shift.post_id
    JOIN activities_activity AS activity ON activity.id = shift.activity_id
    JOIN organisations_organisation AS organiser ON organiser.id = activity.organiser_id
    WHERE place.shift_id = %(shift)s
"""
_VERIFICATIONS = f"""
    SELECT record.cell, record.id AS record_id, 'policy' AS approval, now() AS verified_at,
        record.credited_minutes AS minutes
    {_OF_SHIFT}
    WHERE place.shift_id = %(shift)s
"""
_POST = f"""
    SELECT count(*) FILTER (WHERE posted.outcome = 'posted')
    FROM (
        SELECT
            record.cell,
            array_agg('record:' || record.id) AS keys,
            array_agg(issuer.id) AS debits,
            array_agg(owner.id) AS credits,
            array_agg(record.credited_minutes::bigint) AS amounts,
            array_agg('earned'::text) AS purposes
        {_OF_SHIFT}
        JOIN ledger_account AS owner
            ON owner.cell = record.cell AND owner.owner = 'person:' || record.person_id
            AND owner.unit = 'minutes' AND owner.kind = 'personal'
        JOIN ledger_account AS issuer
            ON issuer.cell = record.cell AND issuer.owner = 'cell:' || record.cell
            AND issuer.unit = 'minutes' AND issuer.kind = 'issue'
        WHERE place.shift_id = %(shift)s
        GROUP BY record.cell
    ) AS orders,
    ledger_post_v1(cell, keys, debits, credits, amounts, purposes, keys, now()) AS posted
"""
_POSTINGS = f"""
    SELECT record.cell, record.id AS record_id, transfer.id AS transfer_id,
        record.credited_minutes AS minutes, now() AS posted_at
    {_OF_SHIFT}
    JOIN ledger_transfer AS transfer
        ON transfer.cell = record.cell AND transfer.key = 'record:' || record.id
    WHERE place.shift_id = %(shift)s
"""
_MOVEMENTS = f"""
    SELECT record.cell, transfer.id AS transfer_id, record.person_id,
        record.credited_minutes AS minutes, transfer.purpose,
        left(record.region_id, 12) AS branch_id, person.region_id AS home_id, now() AS at
    {_OF_SHIFT}
    JOIN people_person AS person ON person.id = record.person_id
    JOIN ledger_transfer AS transfer
        ON transfer.cell = record.cell AND transfer.key = 'record:' || record.id
    WHERE place.shift_id = %(shift)s
"""


def _shift_id(public_id: UUID) -> int:
    from linbang.intake.activities.models import Shift

    return int(Shift.objects.values_list("pk", flat=True).get(public_id=public_id))


_TRAIL = f"""
    SELECT record.cell, now() AS at, 'bench.' || %(what)s AS action, 'done' AS outcome,
        record.person_id AS about_id, 'service_records.servicerecord' AS subject_type,
        record.id::text AS subject_id, record.cell AS region_code, '{{}}'::jsonb AS detail
    {_OF_SHIFT}
    WHERE place.shift_id = %(shift)s
"""
_NOTICES = f"""
    SELECT record.cell, record.person_id, %(what)s || record.id AS key, 'record' AS kind,
        'record_verified' AS template,
        jsonb_build_object('item', record.title, 'minutes', record.credited_minutes) AS params,
        '/records/' || record.public_id || '/' AS url, now() AS created_at
    {_OF_SHIFT}
    WHERE place.shift_id = %(shift)s
"""


def check() -> None:
    """Recount: every record is verified and banked."""
    from django.db.models import Q

    from linbang.operations.service_records.models import ServiceRecord

    missing: Any = ServiceRecord.objects.filter(Q(verification=None) | Q(posting=None)).count()
    if missing:
        raise RuntimeError(f"{missing} records are not banked")
