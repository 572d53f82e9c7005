"""Sealing again under the current key, so that an old one can be retired."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from linbang.foundation import crypto
from linbang.foundation.crypto import SealedTextField


@dataclass(frozen=True)
class Resealed:
    """How far the walk along one column came."""

    column: str
    seen: int
    resealed: int


def reseal(*, batch: int = 1000) -> Iterator[Resealed]:
    """Walk every sealed column of every model and seal under the current key what is not.

    Yields after each batch. Safe to stop and repeat; each batch is one transaction.
    """
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField):
                yield from _reseal_column(model, field, batch)


def _reseal_column(
    model: type[models.Model], field: "SealedTextField[str, str]", batch: int
) -> Iterator[Resealed]:
    last, seen, resealed = 0, 0, 0
    while rows := _sealed_rows(model, field, after=last, batch=batch):
        old = [(pk, value) for pk, value in rows if _is_old(value)]
        if old:
            _replace(model, field, old)
        last, seen, resealed = rows[-1][0], seen + len(rows), resealed + len(old)
        yield Resealed(field.context, seen, resealed)


def _sealed_rows(
    model: type[models.Model], field: "SealedTextField[str, str]", *, after: int, batch: int
) -> list[tuple[int, bytes]]:
    # Raw bytes: through the model they would be opened.
    table, key, column = _names(model, field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT %s",  # noqa: S608 - quoted names of our own models
            [after, batch],
        )
        return [(pk, bytes(value or b"")) for pk, value in cursor.fetchall()]


def _is_old(value: bytes) -> bool:
    return bool(value) and crypto.key_id_of(value) != crypto.current_key_id()


@transaction.atomic
def _replace(
    model: type[models.Model], field: "SealedTextField[str, str]", rows: list[tuple[int, bytes]]
) -> None:
    table, key, column = _names(model, field)
    changes = []
    for pk, value in rows:
        plain = crypto.unseal(value, context=field.context)
        changes.append((crypto.seal(plain, context=field.context), pk, value))
    with connection.cursor() as cursor, writable(model._meta.db_table):
        # A row written meanwhile keeps its newer value: it was sealed under the current key.
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608 - quoted names of our own models
            changes,
        )


@contextmanager
def writable(table: str) -> Iterator[None]:
    """Let one transaction change an append-only table: what its rows say stays the same."""
    trigger, quote = f"{table}_is_append_only", connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s", [trigger])
        if cursor.fetchone() is None:
            yield
            return
        cursor.execute(f"ALTER TABLE {quote(table)} DISABLE TRIGGER {quote(trigger)}")
        yield
        cursor.execute(f"ALTER TABLE {quote(table)} ENABLE TRIGGER {quote(trigger)}")


def _names(model: type[models.Model], field: "SealedTextField[str, str]") -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    options = model._meta
    key = options.pk
    if key is None or key.column is None or field.column is None:
        raise TypeError(f"{options.label} has no table of its own")
    return quote(options.db_table), quote(key.column), quote(field.column)
