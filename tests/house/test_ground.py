"""The ground the foundation stands on: time, workdays, cells, refusals, news."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock, db, events, workdays
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import Refused, refusing
from linbang.foundation.people.factories import make_person
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.needs.factories import make_need
from linbang.intake.needs.models import Need, NeedStep


def test_day_window_is_a_day_in_china():
    starts_at, ends_at = clock.day_window(date(2026, 5, 12))

    assert starts_at == datetime(2026, 5, 11, 16, tzinfo=UTC)
    assert ends_at - starts_at == timedelta(days=1)
    assert clock.local_date(starts_at) == date(2026, 5, 12)


def test_minutes_between_rounds_down():
    start = datetime(2026, 5, 12, tzinfo=UTC)

    assert clock.minutes_between(start, start + timedelta(seconds=119)) == 1


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 28), True),  # a Sunday made up for the National Day holidays
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),  # a Saturday, made up
        (date(2025, 10, 12), False),
    ],
)
def test_workdays_follow_the_state_councils_notice(day, works):
    assert workdays.is_workday(day) is works


def test_ten_workdays_step_over_a_holiday_week():
    # Rule 41: an activity ending 2025-09-26 is due 2025-10-16.
    assert workdays.add_workdays(date(2025, 9, 26), 10) == date(2025, 10, 16)


def test_missing_calendar_year_is_refused_not_guessed():
    with pytest.raises(workdays.CalendarYearMissing) as refusal:
        workdays.is_workday(date(2199, 1, 4))

    assert refusal.value.code == "calendar_year_missing"
    assert "2199" in str(refusal.value)


def test_weekend_is_no_public_holiday():
    assert workdays.is_public_holiday(date(2025, 10, 1))
    assert not workdays.is_public_holiday(date(2025, 10, 18))


@pytest.mark.django_db
def test_updates_name_the_cell_in_where_and_never_in_set():
    person = make_person()

    with CaptureQueriesContext(connection) as captured:
        person.save()

    (update,) = [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]
    setting, condition = update.split(" WHERE ")
    assert '"cell"' in condition
    assert '"cell"' not in setting


@pytest.mark.django_db
def test_joins_and_reloads_carry_the_cell():
    need = make_need(beneficiary=make_person())

    joined = str(Need.objects.select_related("beneficiary").query)
    with CaptureQueriesContext(connection) as captured:
        need.refresh_from_db()
        list(need.steps.all())

    assert '"people_person"."cell" = ("needs_need"."cell")' in joined
    assert all('"cell" = ' in query["sql"] for query in captured)


@pytest.mark.django_db
def test_look_up_through_a_cell_key_stays_in_the_cell():
    need = make_need(beneficiary=make_person())
    stray = NeedStep.objects.create(
        cell="110105", need=need, state="opened", at=clock.now(), by_id=None
    )

    assert stray not in need.steps.all()


@pytest.mark.django_db
def test_append_only_rows_can_neither_change_nor_go():
    make_need(beneficiary=make_person())
    step = NeedStep.objects.create(
        cell="450103", need=Need.objects.get(), state="opened", at=clock.now(), by_id=None
    )

    connection.check_constraints()  # TRUNCATE waits for no deferred key
    for attempt in (
        lambda: NeedStep.objects.filter(pk=step.pk).update(reason="x"),
        lambda: NeedStep.objects.filter(pk=step.pk).delete(),
        lambda: connection.cursor().execute("TRUNCATE needs_needstep"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    assert NeedStep.objects.filter(pk=step.pk, reason="").exists()


class PersonTwice(Refused):
    """For this test alone."""

    code = "person_twice"


@pytest.mark.django_db
def test_broken_constraint_becomes_its_refusal_by_name():
    person = make_person()
    person.pk, person.public_id, person.account = None, None, None

    with (
        pytest.raises(PersonTwice),
        refusing({"person_document_once": PersonTwice}),
        transaction.atomic(),
    ):
        Person.objects.create(
            **{
                field.attname: getattr(person, field.attname)
                for field in Person._meta.concrete_fields
                if field.attname not in ("id", "public_id") and not field.generated
            }
        )


@pytest.mark.django_db
def test_other_broken_constraints_rise():
    person = make_person()

    with (
        pytest.raises(IntegrityError),
        refusing({"some_other_constraint": PersonTwice}),
        transaction.atomic(),
    ):
        Person.objects.filter(pk=person.pk).update(name="")


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(events.Event):
    cups: int


def test_news_reaches_its_reactions_in_order(monkeypatch):
    heard = []
    monkeypatch.setattr(
        events,
        "_reactions",
        lambda: {KettleBoiled: [lambda e: heard.append(e.cups), lambda e: heard.append("done")]},
    )

    events.announce(KettleBoiled(cups=2, at=clock.now()))

    assert heard == [2, "done"]


def test_news_nobody_waits_for_is_no_error(monkeypatch):
    monkeypatch.setattr(events, "_reactions", dict)

    events.announce(KettleBoiled(cups=1, at=clock.now()))


@pytest.mark.django_db
def test_many_rows_are_written_as_each_would_be():
    names = [['叫 "老街"', r"back\slash", "逗，号,", "{}", "NULL"], [], ["旧名"]]
    rows = [region(f"91{n}", former_names=former) for n, former in enumerate(names)]

    with CaptureQueriesContext(connection) as queries:
        db.insert_many(rows)
        db.insert_many([])

    assert len(queries) == 1
    found = Region.objects.filter(code__startswith="91").order_by("code")
    assert [(one.former_names, one.valid_to) for one in found] == [(one, None) for one in names]


@pytest.mark.django_db
def test_what_is_too_long_is_refused_and_never_cut():
    with pytest.raises(DataError), transaction.atomic():
        db.insert_many([region("911", former_names=["长" * 81])])
    with pytest.raises(DataError), transaction.atomic():
        db.insert_columns(AuditEvent, at=clock.now(), action="a" * 81, cell=["450103"])


def region(code: str, **columns) -> Region:
    return Region(code=code, name=code, level=2, valid_from=date(2026, 1, 1), **columns)


@pytest.mark.django_db
def test_columns_are_lists_or_the_same_for_all():
    columns = {"at": clock.now(), "cell": "450103", "action": "tests.count"}

    db.insert_columns(AuditEvent, **columns, subject_id=["1", "2"], detail={"so": [1, "二"]})
    db.insert_columns(AuditEvent, **columns, subject_id=[])

    found = AuditEvent.objects.filter(action="tests.count").order_by("id")
    assert [(one.subject_id, one.detail, one.subject_type) for one in found] == [
        ("1", {"so": [1, "二"]}, ""),
        ("2", {"so": [1, "二"]}, ""),
    ]


@pytest.mark.django_db
def test_columns_come_back_as_they_were_given():
    words = ['{"a": "b"}', "a\\b,c", "", "两\n行", "NULL"]
    columns = {"at": clock.now(), "cell": "450103", "action": "tests.words"}

    db.insert_columns(AuditEvent, **columns, subject_id=words, about_id=[1, None, 2, None, 3])

    found = AuditEvent.objects.filter(action="tests.words").order_by("id")
    assert [one.subject_id for one in found] == words
    assert [one.about_id for one in found] == [1, None, 2, None, 3]
    asked = AuditEvent.objects.filter(db.among("subject_id", words[:2]), action="tests.words")
    assert {one.about_id for one in asked} == {1, None}
    assert not AuditEvent.objects.filter(db.among("pk", [])).exists()


@pytest.mark.django_db
def test_many_values_are_one_array_over_keys_too():
    here = [make_need(make_person(name)) for name in ("韦秀兰", "黄桂芳")]

    found = Need.objects.filter(db.among("beneficiary_id", {here[0].beneficiary_id}))

    assert list(found) == [here[0]]
