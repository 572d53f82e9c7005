"""Table foundations: the cell, its foreign keys, and append-only tables.

Every row that grows with use carries the *cell*: the 6-digit county code where it was first
registered, frozen for ever. On one server this costs one extra ``AND cell = …``; it is what
lets the same code run on Citus, sharded by cell (ADR 0009).
"""

from typing import Any, Self

from django.db import migrations, models
from django.db.models.fields.related_descriptors import (
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.sql.where import WhereNode
from django.utils.functional import cached_property

CODE_COLLATION = "C"


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
