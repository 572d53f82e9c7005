"""Table foundations: the cell, its foreign keys, and append-only tables.

Every row that grows with use carries the *cell*: the 6-digit county code where it was first
registered, frozen for ever. On one server this costs one extra ``AND cell = …``; it is what
lets the same code run on Citus, sharded by cell (ADR 0009).
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, Self
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, migrations, models
from django.db.models.fields.related_descriptors import (
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.sql.where import WhereNode
from django.utils.functional import cached_property
from psycopg.types.json import Jsonb

CODE_COLLATION = "C"
_LENGTH = re.compile(r"\([\d, ]+\)")
# Sent as they are by any field of these kinds; asking each field for each value takes longer than
# writing the row.
_PLAIN = {
    models.CharField: str,
    models.TextField: str,
    models.DateTimeField: datetime,
    models.UUIDField: UUID,
}


class CellField(models.CharField):
    """The 6-digit county code a row was born in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 6)
        kwargs.setdefault("db_collation", CODE_COLLATION)
        super().__init__(*args, **kwargs)


class CellReverseDescriptor(ReverseManyToOneDescriptor):
    """The other end of a cell key: ``need.steps`` asks for the need's cell too."""

    @cached_property
    def related_manager_cls(self) -> Any:
        manager: Any = super().related_manager_cls

        class CellRelatedManager(manager):
            def __init__(self, instance: Any) -> None:
                super().__init__(instance)
                self.core_filters["cell"] = instance.cell

        return CellRelatedManager


class CellForeignKey(models.ForeignKey):
    """Point at a row of the same cell; joins and look-ups carry the cell."""

    related_accessor_class: Any = CellReverseDescriptor

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        mine: Any = self.model._meta.get_field("cell")
        theirs: Any = self.related_model._meta.get_field("cell")
        condition = mine.get_lookup("exact")(mine.get_col(alias), theirs.get_col(related_alias))
        return WhereNode([condition])

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"cell": instance.cell}  # type: ignore[attr-defined]  # every CellModel has one

    def get_forward_related_filter(self, obj: Any) -> dict[str, Any]:
        return {**super().get_forward_related_filter(obj), "cell": obj.cell}


class CellOneToOneField(CellForeignKey, models.OneToOneField):
    """Point at one row of the same cell, once."""

    related_accessor_class = ReverseOneToOneDescriptor


class AnyCellForeignKey(models.ForeignKey):
    """Point at a row that may live in another cell; a sharded site drops its constraint."""


class CellModel(models.Model):
    """Base of every table that grows with use."""

    cell = CellField(editable=False)

    class Meta:
        abstract = True

    def _do_update(
        self,
        base_qs: Any,
        using: str | None,
        pk_val: Any,
        values: Any,
        update_fields: Any,
        forced_update: bool,
        *rest: Any,
    ) -> Any:
        # The cell is the shard key: name it in WHERE, never in SET.
        return super()._do_update(
            base_qs.filter(cell=self.cell),
            using,
            pk_val,
            [value for value in values if value[0].attname != "cell"],
            update_fields,
            forced_update,
            *rest,
        )

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Any = None,
        from_queryset: "models.QuerySet[Self] | None" = None,
    ) -> None:
        queryset = from_queryset if from_queryset is not None else type(self)._base_manager.all()
        super().refresh_from_db(using, fields, queryset.filter(cell=self.cell))


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """Be one of many values that are sent as one array; see ``among``."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        kind = _LENGTH.sub("", str(self.lhs.output_field.db_type(connection)))
        return f"{left} = ANY (%s::{kind}[])", [*params, _array(self.rhs)]


def among(name: str, values: Collection[Any]) -> models.Q:
    """Keep rows whose column ``name`` is one of many plain values.

    What ``__in`` does; only it has a place for each single value, and five hundred places take
    longer to read than their rows to find.
    """
    return models.Q(**{f"{name}__among": list(values)})


def insert_many(rows: Sequence[models.Model]) -> None:
    """Write new rows of one table, one array a column, and give them their numbers.

    What ``bulk_create`` does; only its statement has a place for each single value as soon as one
    of the columns is an array. For an activity of five hundred those are ten thousand places, which
    take longer to read than their rows to write.
    """
    if not rows:
        return
    fields = [one for one in rows[0]._meta.concrete_fields if _is_written(one)]
    columns = {one: [one.pre_save(row, True) for row in rows] for one in fields}
    numbers = _insert(type(rows[0]), columns, "")
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as saving does


def insert_columns(model: type[models.Model], *, once: bool = False, **columns: Any) -> None:
    """Write rows that nobody needs as instances: a list a column, or what is the same in all rows.

    Columns that are not named take their defaults. ``once``: what is there already, by any unique
    key, stays as it is.
    """
    given = {model._meta.get_field(name): values for name, values in columns.items()}
    size = max((len(values) for values in columns.values() if isinstance(values, list)), default=0)
    if not size:
        return
    for field in model._meta.concrete_fields:
        if _is_written(field) and field not in given:
            given[field] = [field.get_default() for _ in range(size)]
    _insert(model, given, "ON CONFLICT DO NOTHING" if once else "")


def _is_written(field: Any) -> bool:
    return not (isinstance(field, models.AutoField) or field.generated)


def _insert(model: type[models.Model], columns: Mapping[Any, Any], conflict: str) -> list[Any]:
    names, listed, asked, same, lists = [], [], [], [], []
    # One column at least says how many rows there are.
    rows = next(field for field, values in columns.items() if isinstance(values, list))
    for field, values in columns.items():
        name = connection.ops.quote_name(field.column)
        # Without its length: a cast would cut what is too long, where writing refuses it.
        kind = _LENGTH.sub("", str(field.db_type(connection)))
        names.append(name)
        if not isinstance(values, list):
            same.append(_prepared(field, values))
            asked.append(f"%s::{kind}")
        elif field is not rows and values.count(values[0]) == len(values):
            same.append(_prepared(field, values[0]))
            asked.append(f"%s::{kind}")
        else:
            lists.append(_array(_prepared_all(field, values)))
            listed.append((name, "text" if "[" in kind else kind))
            asked.append(f"{name}::{kind}")
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"  # noqa: S608 - our models' names
        f" SELECT {', '.join(asked)}"
        f" FROM unnest({', '.join(f'%s::{kind}[]' for _, kind in listed)})"
        f" WITH ORDINALITY AS given ({', '.join(name for name, _ in listed)}, n)"
        f" ORDER BY n {conflict} RETURNING {model._meta.pk.column}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same, *lists])
        return [number for (number,) in cursor.fetchall()]


def _prepared_all(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    if set(map(type, values)) <= {int, NoneType, _PLAIN.get(type(field))}:
        return values
    return [_prepared(field, value) for value in values]


def _prepared(field: Any, value: Any) -> Any:
    """Return a value as it is sent: arrays as text, for those of unequal length make no array."""
    prepared = field.get_db_prep_save(value, connection)
    if not isinstance(prepared, list):
        return prepared
    array = _array(prepared)
    return array if isinstance(array, str) else _array([str(word) for word in prepared])


def _array(values: Sequence[Any]) -> Any:
    """Return values as one array in the server's notation; a list where one is of another kind.

    The driver writes arrays of anything, and takes several times as long.
    """
    if set(map(type, values)) == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    words = []
    for value in values:
        write = _WORDS.get(type(value), _quoted_choice if isinstance(value, str) else None)
        if write is None:
            return list(values)
        words.append(write(value))
    return "{" + ",".join(words) + "}"


def _quoted_choice(choice: str) -> str:
    return _quoted(str.__str__(choice))


def _quoted(word: str) -> str:
    if "\\" in word or '"' in word:
        word = word.replace("\\", r"\\").replace('"', r"\"")
    return f'"{word}"'


_WORDS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "NULL",
    bool: str,
    int: str,
    str: _quoted,
    date: str,
    datetime: lambda value: f'"{value.isoformat()}"',
    UUID: str,
    Jsonb: lambda value: _quoted((value.dumps or json.dumps)(value.obj)),
}


def append_only(table: str) -> list[migrations.RunSQL]:
    """Return the operations that make the database refuse UPDATE, DELETE and TRUNCATE."""
    return [
        migrations.RunSQL(
            f"""
            CREATE OR REPLACE FUNCTION refuse_change_v1() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', tg_table_name
                    USING ERRCODE = 'integrity_constraint_violation',
                          CONSTRAINT = tg_table_name || '_is_append_only';
            END $$;
            CREATE TRIGGER {table}_is_append_only
                BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change_v1();
            CREATE TRIGGER {table}_is_never_truncated
                BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_v1();
            """,
            f"""
            DROP TRIGGER {table}_is_never_truncated ON {table};
            DROP TRIGGER {table}_is_append_only ON {table};
            """,
        )
    ]
