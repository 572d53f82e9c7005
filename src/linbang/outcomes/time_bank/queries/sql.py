"""The statements of ``sql/``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

Row = dict[str, Any]
_SQL = Path(__file__).resolve().parent.parent / "sql"


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def rows(name: str, params: Mapping[str, Any]) -> list[Row]:
    """Run a statement and return its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), params)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
