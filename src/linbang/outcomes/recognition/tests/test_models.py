"""The database keeps what recognition promises."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.organisations.factories import make_team
from linbang.foundation.people.factories import make_volunteer
from linbang.outcomes.recognition.factories import (
    make_application,
    make_honour,
    make_rating,
    make_star,
    make_visited,
)
from linbang.outcomes.recognition.models import (
    HonourProof,
    Rating,
    StarChange,
    StarObjection,
    StarScheme,
)
from linbang.outcomes.recognition.tests.cast import COMMUNITY, NOW

pytestmark = pytest.mark.django_db
APPROVED = {"approved_at": NOW, "approved_by_id": 10**9, "notice_until": NOW.date()}
ENDED = {"closed_at": NOW, "outcome": "withdrawn"}


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("star_application_for_one_to_five", {"star": 6}),
        ("star_application_approval_is_whole", {"approved_at": NOW}),
        ("star_application_end_is_whole", {"closed_at": NOW}),
        ("star_application_granted_after_notice", {**ENDED, "outcome": "granted"}),
        ("star_application_denied_says_why", {**ENDED, "outcome": "refused"}),
    ],
)
def test_applications_hold(constraint, columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_application(now=NOW, **columns)


def test_applications_are_open_once_and_checked_by_another():
    person = make_volunteer().person
    with (
        pytest.raises(IntegrityError, match="star_application_checked_by_another"),
        transaction.atomic(),
    ):
        make_application(person, now=NOW, **{**APPROVED, "approved_by_id": person.pk})
    make_application(person, now=NOW, **ENDED)
    make_application(person, now=NOW)
    with (
        pytest.raises(IntegrityError, match="star_application_open_once_a_person"),
        transaction.atomic(),
    ):
        make_application(person, now=NOW)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("star_objection_open_once_a_person", {}),
        ("star_objection_answer_is_whole", {"by_id": 8, "outcome": "upheld"}),
        (
            "star_objection_answered_by_another",
            {"outcome": "upheld", "answer": "x", "answered_by_id": 7, "answered_at": NOW},
        ),
    ],
)
def test_objections_hold(constraint, columns):
    application = make_application(now=NOW)
    told = {"cell": application.cell, "application": application, "text": "不对", "made_at": NOW}
    StarObjection.objects.create(by_id=7, **told)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StarObjection.objects.create(**{"by_id": 7, **told, **columns})


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("star_change_granted_or_lowered", {"star": 0}),
        ("star_change_granted_or_lowered", {"kind": "lowered", "star": 5, "reason": "x"}),
        ("star_change_lowered_says_why", {"kind": "lowered", "star": 0}),
    ],
)
def test_changes_hold(constraint, columns):
    person = make_volunteer().person
    granted = make_star(person, 1, now=NOW)
    told = {"application": make_application(person, now=NOW)} if columns.get("star") == 0 else {}
    if columns.get("kind"):
        told = {"application": None}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StarChange.objects.create(
            **{
                "cell": granted.cell, "person": person, "kind": "granted", "star": 1,
                "scheme": "national", "scheme_version": 1, "minutes": 0, "at": NOW,
                **told, **columns,
            }
        )  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("rating_once_a_side", {}),
        ("rating_points_from_one_to_five", {"side": "service", "points": (5, 5, 0)}),
        ("rating_is_never_of_oneself", {"side": "service", "rated_by": "leader"}),
        ("rating_is_never_of_oneself", {"side": "service", "by_id": 10**9}),
    ],
)
def test_ratings_hold(constraint, columns):
    record = make_visited(make_volunteer().person)
    make_rating(record)
    points = columns.pop("points", (5, 5, 5)) if "points" in columns else (5, 5, 5)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_rating(record, points, **columns)


def test_volunteer_is_never_rated_by_herself():
    record = make_visited(make_volunteer().person)

    with pytest.raises(IntegrityError, match="rating_is_never_of_oneself"), transaction.atomic():
        make_rating(record, by_id=record.person_id)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("honour_has_one_target", {"target": "team"}),
        ("honour_decision_is_whole", {"decided_at": None}),
        ("honour_refused_says_why", {"verdict": "refused"}),
        ("honour_struck_says_why", {"struck_at": NOW}),
    ],
)
def test_honours_hold(constraint, columns):
    person = make_volunteer().person

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_honour(person, now=NOW, **columns)


def test_honours_are_checked_by_another_and_have_one_target():
    person, team = make_volunteer().person, make_team("红帽子分队")

    with pytest.raises(IntegrityError, match="honour_checked_by_another"), transaction.atomic():
        make_honour(person, now=NOW, decided_by_id=person.pk)
    with pytest.raises(IntegrityError, match="honour_has_one_target"), transaction.atomic():
        make_honour(person, now=NOW, team=team)


def test_what_was_said_stays():
    person = make_volunteer().person
    make_star(person, 1, now=NOW)
    make_rating(make_visited(person))
    StarScheme.objects.create(
        cell=person.cell, region_id=COMMUNITY, code="street", version=1, adopted_at=NOW, by_id=1
    )
    honour = make_honour(person, now=NOW, granted_date=date(2026, 1, 1))
    HonourProof.objects.create(
        cell=honour.cell, honour=honour, media_type="image/png", content="x", added_at=NOW
    )

    for table in (StarChange, Rating, StarScheme, HonourProof):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            table.objects.all().delete()
