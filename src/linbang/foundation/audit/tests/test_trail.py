"""The trail: writing, sealing, verifying, and that the database keeps it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from linbang.foundation.audit import actions, queries
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.audit.factories import make_event
from linbang.foundation.audit.models import AuditEvent, AuditSeal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Someone:
    """An actor as the trail knows one; the real one stands above."""

    account_id: int | None = None
    person_id: int | None = None
    cell: str = ""
    address: str | None = None
    on_behalf_of_id: int | None = None
    audits: tuple[str, ...] = ()
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def regions_for(self, permission: str) -> tuple[str, ...]:
        return self.audits if permission == queries.SEE_AUDIT else ()

    def may_anywhere(self, permission: str) -> bool:
        return bool(self.regions_for(permission))


WORKER = Someone(7, 8, "450103", "203.0.113.9", on_behalf_of_id=9)
COMMUNITY, NEIGHBOUR = "450103001005", "450103001006"


def auditor(region: str) -> Someone:
    return Someone(1, 2, "450103", audits=(region,))


def seal(**how: Any) -> int:
    return actions.seal_events(now=NOW, **how)


def verify(**how: str) -> str:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", stdout=out, stderr=err, **how)
    except CommandError:
        return err.getvalue()
    return "sound"


def tamper(statement: str) -> None:
    """Change the trail as the owner of the tables could: with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _turn(cursor, "DISABLE")
        cursor.execute(statement)
        _turn(cursor, "ENABLE")


def _turn(cursor: Any, word: str) -> None:
    for table in ("audit_auditevent", "audit_auditseal"):
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def test_record_is_one_insert(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    station = apps.get_model("places.Station")(
        pk=3, cell="450103", region_id=COMMUNITY, name="站", longitude=1, latitude=1
    )

    with django_assert_num_queries(1):
        actions.record(
            by=WORKER, action="places.open_station", subject=station, detail={"n": 1}, now=NOW
        )

    event = AuditEvent.objects.get()
    assert (event.account_id, event.person_id, event.on_behalf_of_id) == (7, 8, 9)
    assert (event.cell, event.region_code, event.address) == ("450103", COMMUNITY, "203.0.113.9")
    assert (event.subject_type, event.subject_id) == ("places.station", "3")
    assert (event.outcome, event.detail, event.about_id) == (Outcome.DONE, {"n": 1}, None)


def test_record_without_subject_stands_in_the_actors_cell() -> None:
    actions.record(by=WORKER, action="x", subject_type="people.person", subject_id="5", now=NOW)
    actions.record(by=Someone(), action="y", about_id=5, now=NOW)

    cells = AuditEvent.objects.order_by("id").values_list("cell", "region_code", "about_id")
    assert list(cells) == [("450103", "450103", None), ("000000", "000000", 5)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET action = 'nothing'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent CASCADE",
        "UPDATE audit_auditseal SET hash = ''",
        "DELETE FROM audit_auditseal",
        "TRUNCATE audit_auditseal",
    ],
)
def test_database_refuses_change(statement: str) -> None:
    make_event()
    seal()
    with connection.cursor() as cursor:
        # The foreign key's own check waits for the end of the transaction.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with (
        pytest.raises(IntegrityError, match="is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().action == "needs.open_need"


def test_sealing_chains_what_came_in() -> None:
    events = [make_event(at=NOW), make_event(at=NOW)]

    assert (seal(), seal()) == (2, 0)
    late = make_event(at=NOW - timedelta(hours=1))
    assert seal() == 1

    seals = list(AuditSeal.objects.order_by("sequence"))
    assert [link.event_id for link in seals] == [events[0].pk, events[1].pk, late.pk]
    assert [link.previous_hash for link in seals[1:]] == [link.hash for link in seals[:-1]]
    assert verify() == "sound"


def test_sealing_goes_in_batches_and_looks_back() -> None:
    for _ in range(3):
        make_event()

    assert seal(look_back=1) == 1
    assert seal(batch=1) == 1
    assert seal(look_back=None) == 1


def test_empty_trail_is_sound() -> None:
    assert (seal(), verify()) == (0, "sound")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_auditevent SET action = 'forged' WHERE id = {1}", "was changed"),
        ("UPDATE audit_auditseal SET hash = repeat('a', 64) WHERE sequence = 3", "was changed"),
        ("DELETE FROM audit_auditseal WHERE sequence = 2", "what stood between is gone"),
        ("DELETE FROM audit_auditseal WHERE sequence = 2", "does not continue the chain"),
        ("DELETE FROM audit_auditseal WHERE sequence = 3", "never sealed"),
    ],
)
def test_tampering_is_found(statement: str, fault: str) -> None:
    events = [make_event(at=NOW - timedelta(days=2)) for _ in range(3)]
    seal()

    tamper(statement.replace("{1}", str(events[1].pk)))

    assert fault in verify()


def test_cut_end_is_found_by_a_noted_head() -> None:
    for _ in range(2):
        make_event(at=NOW - timedelta(days=2))
    seal()
    head = AuditSeal.objects.get(sequence=2).hash
    assert verify(head=head) == "sound"
    tamper("DELETE FROM audit_auditseal WHERE sequence = 2")
    tamper("DELETE FROM audit_auditevent WHERE id NOT IN (SELECT event_id FROM audit_auditseal)")

    assert verify() == "sound"
    assert "its end was cut off" in verify(head=head)


def test_audit_seal_has_one_successor() -> None:
    first, second = make_event(), make_event()
    AuditSeal.objects.create(
        sequence=1, event=first, previous_hash="0" * 64, hash="a", sealed_at=NOW
    )
    with pytest.raises(IntegrityError, match="audit_seal_has_one_successor"):
        AuditSeal.objects.create(
            sequence=2, event=second, previous_hash="0" * 64, hash="b", sealed_at=NOW
        )


def test_audit_seal_sequence_starts_at_one() -> None:
    with pytest.raises(IntegrityError, match="audit_seal_sequence_starts_at_one"):
        AuditSeal.objects.create(
            sequence=0, event=make_event(), previous_hash="0" * 64, hash="a", sealed_at=NOW
        )


def test_auditor_sees_own_region_only() -> None:
    here = make_event(region_code=COMMUNITY)
    make_event(region_code=NEIGHBOUR)
    county = make_event(region_code="450103")

    assert list(queries.events_visible_to(auditor(COMMUNITY))) == [here]
    assert queries.events_visible_to(auditor("450103")).first() == county
    assert queries.events_visible_to(Someone(is_system=True)).count() == 3
    assert not queries.events_visible_to(WORKER).exists()


def test_trail_is_filtered_by_action_and_day() -> None:
    make_event("access.sign_in", at=datetime(2026, 11, 21, 15, 59, tzinfo=UTC))
    wanted = make_event("access.sign_in", at=datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    make_event("access.sign_out", at=NOW)

    found = queries.events_found(auditor("450103"), action="access.sign_in", day=date(2026, 11, 22))

    assert list(found) == [wanted]
    assert not queries.events_found(auditor("450103"), person="无此人").exists()


def test_person_sees_who_else_looked() -> None:
    looked = make_event("people.unmask", about_id=8, person_id=3, outcome=Outcome.SEEN)
    make_event("people.unmask", about_id=8, person_id=8, outcome=Outcome.SEEN)
    make_event("people.unmask", about_id=9, person_id=3, outcome=Outcome.SEEN)
    make_event("people.correct", about_id=8, person_id=3)

    assert list(queries.access_log_of(WORKER)) == [looked]
    assert not queries.access_log_of(Someone()).exists()
