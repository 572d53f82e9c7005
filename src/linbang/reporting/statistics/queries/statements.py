"""The statements of ``sql/``: several may be joined into one, the facts first."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

Row = dict[str, Any]
_SQL = Path(__file__).resolve().parent.parent / "sql"


@cache
def statement(*names: str) -> str:
    """Return the text of a statement; of several files joined in their order."""
    return "\n".join((_SQL / f"{name}.sql").read_text("utf-8") for name in names)


def rows(*names: str, params: Mapping[str, Any]) -> list[Row]:
    """Run a statement and return its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement(*names), params)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
