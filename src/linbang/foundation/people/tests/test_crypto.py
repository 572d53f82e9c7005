"""The tests of ``foundation.crypto`` and of the walk that changes keys."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from linbang.foundation import crypto
from linbang.foundation.people import actions
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.people.models import Person

OLD = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
NEW = "YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk="


@pytest.fixture
def ring(settings):
    """Change the key ring; ciphers are remembered, so forget them before and after."""

    def use(**keys):
        settings.LINBANG_ENCRYPTION_KEYS = keys
        crypto._cipher.cache_clear()

    use(old=OLD)
    yield use
    crypto._cipher.cache_clear()


def test_sealed_value_opens_again(ring):
    sealed = crypto.seal("13800138000", context="people.person.phone")

    assert b"13800138000" not in sealed
    assert crypto.unseal(sealed, context="people.person.phone") == "13800138000"


def test_same_value_is_sealed_differently_each_time(ring):
    assert crypto.seal("李秀英", context="a") != crypto.seal("李秀英", context="a")


def test_value_does_not_open_in_another_column(ring):
    sealed = crypto.seal("13800138000", context="people.person.phone")

    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed, context="people.person.address")


def test_changed_value_does_not_open(ring):
    sealed = bytearray(crypto.seal("13800138000", context="a"))
    sealed[-1] ^= 1

    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(bytes(sealed), context="a")


def test_older_key_of_the_ring_still_opens(ring):
    sealed = crypto.seal("13800138000", context="a")

    ring(new=NEW, old=OLD)

    assert crypto.key_id_of(sealed) == "old"
    assert crypto.unseal(sealed, context="a") == "13800138000"
    assert crypto.key_id_of(crypto.seal("x", context="a")) == "new"


def test_key_that_left_the_ring_opens_nothing(ring):
    sealed = crypto.seal("13800138000", context="a")

    ring(new=NEW)

    with pytest.raises(crypto.CannotOpen, match="'old'"):
        crypto.unseal(sealed, context="a")


def test_blind_index_is_equal_within_a_purpose_only():
    one = crypto.blind_index("13800138000", purpose="people.phone")

    assert one == crypto.blind_index("13800138000", purpose="people.phone")
    assert one != crypto.blind_index("13800138000", purpose="access.phone")
    assert one != crypto.blind_index("13800138001", purpose="people.phone")
    assert len(one) == 32


def test_blind_index_depends_on_its_key(settings):
    before = crypto.blind_index("13800138000", purpose="a")
    settings.LINBANG_INDEX_KEY = NEW

    assert crypto.blind_index("13800138000", purpose="a") != before


def raw_column(name: str, person: Person) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM people_person WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_column_is_sealed_in_the_table_and_plain_in_the_model():
    person = make_person(phone="13800138000", address="")

    person.refresh_from_db()

    assert (person.phone, person.address) == ("13800138000", "")
    assert b"13800138000" not in raw_column("phone", person)
    assert raw_column("address", person) == b""
    with pytest.raises(TypeError, match="not serialised"):
        Person._meta.get_field("phone").value_to_string(person)


@pytest.mark.django_db
def test_rotation_seals_everything_under_the_new_key(ring):
    people = [
        make_person(),
        make_person(address=""),
        Person.objects.get(pk=make_worker().person_id),
    ]
    digests = [person.document_digest for person in people]
    ring(new=NEW, old=OLD)

    said = StringIO()
    call_command("rotate_keys", batch=2, stdout=said)

    ring(new=NEW)
    assert crypto.key_id_of(raw_column("phone", people[0])) == "new"
    assert raw_column("address", people[1]) == b""
    assert [Person.objects.get(pk=person.pk).phone for person in people] == [
        person.phone for person in people
    ]
    assert [Person.objects.get(pk=person.pk).document_digest for person in people] == digests
    assert "people.person.phone: 3 seen, 3 sealed again" in said.getvalue()
    assert said.getvalue().endswith("values are now sealed under new.\n")


@pytest.mark.django_db
def test_rotation_again_changes_nothing(ring):
    person = make_person()
    ring(new=NEW, old=OLD)
    list(actions.reseal())
    sealed = raw_column("phone", person)

    steps = list(actions.reseal())

    assert sum(step.resealed for step in steps) == 0
    assert raw_column("phone", person) == sealed


@pytest.mark.django_db
def test_rotation_keeps_append_only_tables_append_only(ring):
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TABLE sealed_log (id bigint PRIMARY KEY, note bytea);
            CREATE TRIGGER sealed_log_is_append_only BEFORE UPDATE OR DELETE ON sealed_log
            FOR EACH ROW EXECUTE FUNCTION refuse_change_v1()"""
        )
    with actions.keys.writable("sealed_log"), connection.cursor() as cursor:
        cursor.execute("UPDATE sealed_log SET note = ''")
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname LIKE 'sealed_log_%'")
        (while_open,) = cursor.fetchone()

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname LIKE 'sealed_log_%'")
        (afterwards,) = cursor.fetchone()
    assert (while_open, afterwards) == ("D", "O")
