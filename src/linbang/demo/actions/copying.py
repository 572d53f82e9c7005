"""Bulk rows: model instances by COPY, or what follows from other rows by one query a table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

_SQL = Path(__file__).resolve().parent.parent / "sql"
_BLOCK = re.compile(r"^-- into: (\w+)\.(\w+)\n(.*?)(?=^--|\Z)", re.MULTILINE | re.DOTALL)

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


def fill_tables(name: str, params: Mapping[str, Any]) -> None:
    """Run the queries of a file of ``sql/``, each into the table it names."""
    for app, model, query in _BLOCK.findall((_SQL / f"{name}.sql").read_text("utf-8")):
        fill_table(apps.get_model(app, model), query, params)


def fill_table(model: type[models.Model], query: str, params: Mapping[str, Any]) -> None:
    """Write what a query returns, by column name; other columns take the model's defaults."""
    given = {key: value for key, value in params.items() if f"%({key})s" in query}
    with connection.cursor() as cursor:
        columns = f"SELECT * FROM ({query}) AS source LIMIT 0"  # noqa: S608 - our own file
        cursor.execute(columns, given or None)
        names = [column.name for column in cursor.description]
        defaults = {name: text for name, text in _defaults(model).items() if name not in names}
        insert = (
            f"INSERT INTO {model._meta.db_table} ({', '.join([*names, *defaults])})"  # noqa: S608 - our own file
            f" SELECT {', '.join(['source.*', *defaults.values()])} FROM ({query}) AS source"
        )
        cursor.execute(insert, given or None)


def _defaults(model: type[models.Model]) -> dict[str, str]:
    """Return SQL for each column that must have a value and can have one without being told."""
    found = {}
    for field in model._meta.concrete_fields:
        name = str(field.column)
        if field.null or field.primary_key or field.generated:
            continue
        if isinstance(field, models.UUIDField):
            found[name] = "gen_random_uuid()"
        elif field.has_default() or field.empty_strings_allowed:
            found[name] = _literal(field.get_default())
    return found


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "'{}'"
    return str(value).lower() if isinstance(value, bool | int) else f"'{value}'"
