from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client

from linbang.demo import actions, queries
from linbang.demo.choices import CAST
from linbang.foundation import clock
from linbang.foundation.clock import local_date
from linbang.foundation.ledger.queries import check_books
from linbang.foundation.organisations.choices import MemberRole, OrganisationKind
from linbang.foundation.organisations.models import Membership
from linbang.operations.clearance.choices import AppealState
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch.choices import SignUpState, StandInState
from linbang.operations.dispatch.models import SignUp, StandIn
from linbang.operations.service.choices import AbsenceKind
from linbang.operations.service.models import Absence, Attendance, Incident
from linbang.operations.service_records.models import (
    PolicyAdoption,
    RecordFlag,
    RecordVerification,
    ServiceRecord,
    SpotCheck,
    VoidAppeal,
)
from linbang.outcomes.certificates.models import Certificate, CertificateEnding
from linbang.outcomes.recognition.models import StarChange
from linbang.outcomes.time_bank.models import (
    Dispute,
    Gift,
    Grant,
    Payment,
    Posting,
    Redemption,
)

pytestmark = pytest.mark.django_db

PUBLISHED = {
    "buildings": 101,
    "households": 3712,
    "residents": 12696,
    "volunteers": 1283,
    "teams": 12,
    "care_dibao_households": 17,
    "care_disabled": 39,
    "care_empty_nest": 37,
    "care_aged": 140,
    "activities": 182,
    "activity_person_times": 11014,
    "activity_people_served": 10026,
    "huli_teams": 163,
    "huli_units": 126,
    "huli_communities": 50,
    "huli_volunteers": 8536,
    "huli_crossings": 40,
    "huli_demonstration_crossings": 7,
    "huli_service_points": 30,
    "huli_paired_units": 46,
    "huli_fire_communities": 46,
    "huli_trainings": 50,
    "huli_trained": 4060,
}
NEW = {
    "promised": 2,
    "disputes": 1,
    "stars": 3,
    "grants": True,
    "paid": True,
    "gifts waiting": [False, True],
    "doubted": 11,
    "entered": 14,
    "policies": 2,
    "checked": 8,
    "appeals": 1,
    "papers ended": [False, True],
    "pupils": 3,
}
# Counters beside a recount, and whoever holds a place that is not hers to hold.
WRONG_COUNTERS = """
    SELECT count(*)
    FROM dispatch_shiftplaces load
    JOIN activities_shift shift ON shift.id = load.shift_id
    WHERE load.places <> shift.places
       OR load.taken <> (
              SELECT count(*) FROM dispatch_signup place
              WHERE place.shift_id = shift.id AND place.state IN ('confirmed', 'held')
          ) + (
              SELECT coalesce(sum(kept.places), 0) FROM dispatch_reservation kept
              WHERE kept.shift_id = shift.id AND kept.released_at IS NULL
          )
       OR load.waiting <> (
              SELECT count(*) FROM dispatch_signup place
              WHERE place.shift_id = shift.id AND place.state = 'waiting'
          )
"""
PROMISES = """
    SELECT count(*) FILTER (WHERE promise.id IS NULL),
           count(*) FILTER (WHERE promise.during <> tstzrange(shift.starts_at, shift.ends_at)),
           count(*)
    FROM dispatch_signup place
    JOIN activities_shift shift ON shift.id = place.shift_id
    LEFT JOIN dispatch_commitment promise
      ON promise.source = 'shift' AND promise.source_id = place.id
    WHERE place.state IN ('confirmed', 'held')
"""
NOT_CLEARED = """
    WITH coming AS (
        SELECT place.cell, place.shift_id, place.person_id, place.asked_at
        FROM dispatch_signup place
        JOIN activities_shift shift ON shift.id = place.shift_id
        WHERE shift.starts_at > %s AND place.ended_at IS NULL
    ),
    asked AS (
        SELECT array_agg(cell) AS cells, array_agg(shift_id) AS shifts,
               array_agg(person_id) AS people, array_agg(asked_at) AS nows
        FROM coming
    )
    SELECT count(*), count(*) FILTER (WHERE causes <> '{}')
    FROM asked, clearance_against_v1(cells, shifts, people, nows)
"""


def test_demo_shows_the_published_figures_and_its_books_are_right():
    now = clock.now()

    actions.load_demo(now=now, seed=2015, say=lambda line: None)

    assert queries.published_figures(now=now) == PUBLISHED
    assert check_books() == []
    assert counted(WRONG_COUNTERS) == (0,)
    without, elsewhere, promises = counted(PROMISES)
    assert (without, elsewhere) == (0, 0)
    assert promises > 17_000
    coming, barred = counted(NOT_CLEARED, now)
    assert (coming > 2_000, barred) == (True, 0)
    assert someone_is_there_and_someone_is_missing(now)
    assert what_is_new() == NEW | ({} if is_plain_day(now) else what_depends_on_the_day())
    banked = RecordVerification.objects.filter(minutes__gt=0).count()
    assert Posting.objects.count() == banked > 500
    assert [player.key for player, _ in queries.cast_with_phones()] == [one.key for one in CAST]
    for player in CAST:
        browser = Client()
        entered = browser.post(f"/demo/sign-in/{player.key}/")
        assert entered.status_code == 302
        assert browser.get("/", follow=True).status_code == 200


def counted(query: str, *params: object) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, params or None)
        return tuple(cursor.fetchone())


def someone_is_there_and_someone_is_missing(now):
    """Check in is open now, a place is held, somebody is paused for staying away three times."""
    paused = Suspension.objects.get()
    missed = Absence.objects.filter(kind=AbsenceKind.NO_SHOW, person=paused.person)
    often = (
        Absence.objects.filter(kind=AbsenceKind.NO_SHOW)
        .values("person")
        .annotate(times=Count("id"))
        .filter(times__gte=3)
    )
    held = SignUp.objects.get(state=SignUpState.HELD)
    open_now = Attendance.objects.filter(out_at=None, in_at__lte=now)
    return (
        missed.count() == 3
        and [one["person"] for one in often] == [paused.person_id]
        and paused.starts_at < now < paused.ends_at
        and paused.appeal.state == AppealState.OPEN
        and held.person.name == "黄建国"
        and held.held_until > now
        and open_now.exists()
        and Incident.objects.filter(completed_at=None, due_at__gt=now).count() == 1
        and StandIn.objects.filter(state=StandInState.OPEN).count() == 2
    )


def is_plain_day(now):
    """Neither a month nor a year ends tomorrow, or began a while ago."""
    first, tomorrow = local_date(now - timedelta(days=40)), local_date(now + timedelta(days=1))
    return tomorrow.day > 1 and first.year == local_date(now + timedelta(days=20)).year


def what_depends_on_the_day():
    """Of a service of next month this month's grant pays nothing; stars and terms need a year."""
    ended = CertificateEnding.objects.values_list("certificate_id", flat=True)
    return {
        "promised": Redemption.objects.filter(ended_at=None).count(),
        "disputes": Dispute.objects.count(),
        "stars": StarChange.objects.count(),
        "appeals": VoidAppeal.objects.filter(answered_at=None).count(),
        "papers ended": sorted(one.pk in ended for one in Certificate.objects.all()),
    }


def what_is_new():
    """What there is of the savings in motion, of hours in doubt, of papers and stars."""
    school = Membership.objects.filter(organisation__kind=OrganisationKind.SCHOOL)
    waiting = ServiceRecord.objects.filter(entry__isnull=False, verification=None)
    gifts = Gift.objects.values_list("answer__outcome", flat=True)
    return what_depends_on_the_day() | {
        "grants": Grant.objects.count() > 40,
        "paid": Payment.objects.filter(purpose="redeemed").exists(),
        "gifts waiting": sorted(outcome is None for outcome in gifts),
        "doubted": RecordFlag.objects.count(),
        "entered": waiting.count(),
        "policies": PolicyAdoption.objects.count(),
        "checked": SpotCheck.objects.exclude(outcome=None).count(),
        "pupils": school.filter(role=MemberRole.MEMBER).count(),
    }


def test_unknown_part_is_not_there():
    assert Client().post("/demo/sign-in/nobody/").status_code == 404


def test_demo_door_opens_by_button_only():
    assert Client().get("/demo/sign-in/elder/").status_code == 405
