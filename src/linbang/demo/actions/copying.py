"""Bulk rows by COPY: model instances in, one statement per table out."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Row = TypeVar("Row", bound=models.Model)


def numbered(rows: Sequence[Row]) -> Sequence[Row]:
    """Give each row its id from the table's own sequence, in one query."""
    if not rows:
        return rows
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
    return rows


class Numbers:
    """Gives single rows their ids, fetched from each table's sequence by the hundred."""

    _BLOCK = 500

    def __init__(self) -> None:
        self._waiting: dict[str, list[int]] = {}

    def give(self, row: models.Model) -> None:
        """Give a row the next id of its table."""
        table = row._meta.db_table
        waiting = self._waiting.get(table)
        if not waiting:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                    " FROM generate_series(1, %s) ORDER BY 1 DESC",
                    [table, self._BLOCK],
                )
                waiting = self._waiting[table] = [number for (number,) in cursor.fetchall()]
        row.pk = waiting.pop()


def copy_in(rows: Iterable[models.Model]) -> int:
    """Write rows of one model by COPY; their ids must be set. Returns how many."""
    rows = list(rows)
    if not rows:
        return 0
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
    # The connection itself, not Django's proxy of it: it is asked half a million times.
    real = connections[DEFAULT_DB_ALIAS]
    columns = ", ".join(connection.ops.quote_name(field.attname) for field in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(row, True), real) for field in fields]
            )
    return len(rows)
