"""Constraints have names and tests; migrations go both ways."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house import source


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("linbang.")]


def all_tests() -> str:
    return "\n".join(
        path.read_text()
        for folder in (source.ROOT / "src", source.ROOT / "tests")
        for path in folder.rglob("test_*.py")
    )


def test_every_named_constraint_has_a_test():
    tests = all_tests()
    untested = sorted(
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if not re.search(rf"\b{constraint.name}\b", tests)
    )
    assert untested == []


def test_constraints_are_named_as_sentences():
    mute = [
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,}", constraint.name)
    ]
    assert mute == []


def test_every_migration_can_be_undone():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    one_way = [
        f"{label}.{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("linbang.")
        for operation in migration.operations
        if not operation.reversible
    ]
    assert one_way == []


# Reference data, the same everywhere, and tables that know no county: the seals of the audit
# chain, failed sign-ins of phones that belong to nobody, what strangers looked up, public keys.
WITHOUT_CELL = {
    "access.SignInAttempt",
    "activities.Qualification",
    "audit.AuditSeal",
    "certificates.NumberCheck",
    "certificates.PublishedKey",
    "needs.ServiceItem",
    "people.ConsentText",
    "people.RegistrationLookup",
    "places.OpeningHours",
    "places.Region",
    "time_bank.SchemeAdoption",
}


def test_rows_that_grow_carry_the_cell():
    without = {
        model._meta.label
        for model in our_models()
        if not any(field.name == "cell" for field in model._meta.fields)
    }
    assert without == WITHOUT_CELL


@pytest.mark.django_db
def test_constraints_written_in_sql_have_tests_too():
    tests = all_tests()
    with connection.cursor() as cursor:
        cursor.execute(
            _CONSTRAINTS_OF_OUR_TABLES, [[model._meta.db_table for model in our_models()]]
        )
        named = {name for (name,) in cursor.fetchall()}

    assert sorted(name for name in named if not re.search(rf"\b{name}\b", tests)) == []


# Exclusions, and triggers that keep a rule; checks and uniques of fields are Django's own.
_CONSTRAINTS_OF_OUR_TABLES = """
    SELECT conname FROM pg_constraint
    WHERE contype = 'x' AND conrelid::regclass::text = ANY(%s)
"""
