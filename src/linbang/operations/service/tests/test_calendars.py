"""The secret address of a calendar, and what stands in it (RFC 5545)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.events import ActivityChanged, ShiftsCancelled, ShiftsMoved
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch import actions as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, queries, rules
from linbang.operations.service.factories import make_visit
from linbang.operations.service.models import CalendarFeed, CalendarRevision, Visit
from linbang.operations.service.tests.cast import actor, after, placed

pytestmark = pytest.mark.django_db

ORIGIN = "https://linbang.example"


def read(person: Person, now: datetime = BEFORE) -> list[Any]:
    """Read a person's calendar as another program does."""
    entries = queries.calendar_of(person.pk, origin=ORIGIN, now=now)
    calendar = Calendar.from_ical(rules.calendar_text(entries, name="邻帮"))
    return list(calendar.walk("VEVENT"))


def test_shift_stands_with_time_place_alarm_and_address() -> None:
    sign_up = placed(make_open_shift(activity=make_activity(address="新竹路 1 号")))

    (event,) = read(sign_up.person)

    assert event["UID"] == f"shift-{sign_up.public_id}@linbang"
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("清洁家园（清扫）", "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (SATURDAY, after(120))
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert str(event["LOCATION"]) == "小区广场 新竹路 1 号"
    assert str(event["URL"]) == f"{ORIGIN}/shifts/{sign_up.public_id}/"
    assert (event["SEQUENCE"], event.decoded("DTSTAMP")) == (0, BEFORE)
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == -timedelta(hours=2)


def test_calendar_carries_the_time_zone_it_speaks_of() -> None:
    text = rules.calendar_text([], name="邻帮").decode()

    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0]
    assert str(zone["TZID"]) == "Asia/Shanghai"
    assert "TZOFFSETTO:+0800" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text


def test_same_entries_make_the_same_bytes() -> None:
    person = placed().person
    text = [
        rules.calendar_text(queries.calendar_of(person.pk, origin=ORIGIN, now=now), name="邻帮")
        for now in (BEFORE, BEFORE + timedelta(hours=5))
    ]

    assert text[0] == text[1]
    assert rules.entity_tag(text[0]) == rules.entity_tag(text[1])
    assert rules.entity_tag(text[0]) != rules.entity_tag(b"")


def test_withdrawn_place_is_marked_as_cancelled_for_ninety_days() -> None:
    sign_up = placed()
    dispatch.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(sign_up.person), now=BEFORE)

    (event,) = read(sign_up.person, BEFORE + timedelta(days=89))
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    assert (str(event["TRANSP"]), event.walk("VALARM")) == ("TRANSPARENT", [])
    assert read(sign_up.person, BEFORE + timedelta(days=90)) == []


def test_who_only_waited_has_nothing_to_cancel() -> None:
    sign_up = placed()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUpState.LAPSED, ended_at=BEFORE, confirmed_at=None
    )

    assert read(sign_up.person) == []


def test_kept_place_is_tentative() -> None:
    sign_up = placed()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUpState.HELD, held_until=after(-60), confirmed_at=None
    )

    (event,) = read(sign_up.person)

    assert str(event["STATUS"]) == "TENTATIVE"


def test_revision_rises_when_a_shift_moves_changes_or_is_off() -> None:
    from linbang.foundation.events import announce

    sign_up = placed()
    shift = sign_up.shift
    sequences = []
    for minutes, event in enumerate(
        (
            ShiftsMoved(shift_ids=(shift.pk,), cell=shift.cell, at=BEFORE + timedelta(minutes=1)),
            ActivityChanged(
                activity_id=shift.activity_id, cell=shift.cell, at=BEFORE + timedelta(minutes=2)
            ),
            ShiftsCancelled(
                shift_ids=(shift.pk,), cell=shift.cell, at=BEFORE + timedelta(minutes=3)
            ),
        ),
        1,
    ):
        if isinstance(event, ShiftsCancelled):
            Shift.objects.filter(pk=shift.pk).update(
                state="cancelled", cancelled_at=event.at, cancel_reason="暴雨"
            )
        announce(event)
        (entry,) = read(sign_up.person)
        sequences.append((entry["SEQUENCE"], str(entry["STATUS"])))
        assert entry.decoded("LAST-MODIFIED") == BEFORE + timedelta(minutes=minutes)

    assert sequences == [(1, "CONFIRMED"), (2, "CONFIRMED"), (4, "CANCELLED")]


def test_change_of_an_activity_leaves_what_is_over() -> None:
    sign_up = placed()

    actions.revise_activity(activity_id=sign_up.shift.activity_id, now=after(121))

    assert not CalendarRevision.objects.exists()


def test_visit_tells_neither_whom_nor_where() -> None:
    visit = make_visit()
    volunteer = visit.volunteer
    resident = visit.assignment.need.beneficiary

    (event,) = read(volunteer, visit.planned_at)

    text = event.to_ical().decode()
    assert str(event["SUMMARY"]) == visit.assignment.need.item.name
    assert resident.name not in text
    assert resident.address not in text
    assert "LOCATION" not in event
    Visit.objects.filter(pk=visit.pk).update(cancelled_at=visit.planned_at)
    (event,) = read(volunteer, visit.planned_at)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


@pytest.mark.parametrize("shifts", [1, 3])
def test_calendar_costs_the_same_for_one_and_three(
    shifts: int, django_assert_num_queries: Any
) -> None:
    person = make_volunteer().person
    for day in range(shifts):
        placed(make_open_shift(starts_at=SATURDAY + timedelta(days=day)), person)

    with django_assert_num_queries(2):
        entries = queries.calendar_of(person.pk, origin=ORIGIN, now=BEFORE)

    assert len(entries) == shifts


def test_secret_address_is_kept_as_a_hash_and_renewed() -> None:
    person = make_person("李秀英")
    by = actor(person)

    first = actions.open_calendar(by=by, now=BEFORE)
    second = actions.open_calendar(by=by, now=after(0))

    assert len(first) >= 43
    assert not CalendarFeed.objects.filter(digest__in=[first, second]).exists()
    assert queries.feed_with(first) is None
    found = queries.feed_with(second)
    assert found is not None
    assert (found.person_id, found) == (person.pk, queries.feed_of(by))


def test_closed_address_opens_nothing() -> None:
    by = actor(make_person("李秀英"))
    secret = actions.open_calendar(by=by, now=BEFORE)

    assert actions.close_calendar(by=by, now=after(0)) is True
    assert actions.close_calendar(by=by, now=after(1)) is False
    assert queries.feed_with(secret) is None
    assert queries.feed_of(by) is None


def test_stranger_has_no_calendar() -> None:
    for door in (actions.open_calendar, actions.close_calendar):
        with pytest.raises(NotFound):
            door(by=Actor(), now=BEFORE)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("calendar_feed_open_once_a_person", {"digest": "x"}),
        ("calendar_feed_digest_once", {"closed_at": BEFORE}),
    ],
)
def test_database_keeps_one_open_address(constraint: str, columns: dict[str, Any]) -> None:
    person = make_person("李秀英")
    actions.open_calendar(by=actor(person), now=BEFORE)
    row = {"digest": CalendarFeed.objects.get().digest, "opened_at": BEFORE, **columns}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarFeed.objects.create(cell=person.cell, person=person, **row)


def test_revision_counts_changes() -> None:
    shift = make_open_shift()

    with pytest.raises(IntegrityError, match="calendar_revision_counts_changes"):
        CalendarRevision.objects.create(cell=shift.cell, shift=shift, sequence=0, changed_at=BEFORE)
