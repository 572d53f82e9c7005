"""The one shape of a page of the API, and of a row's number in an address."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from ninja import Field, Schema
from pydantic import WithJsonSchema

# Numbers past 2^53 are rounded by JavaScript, so outside they are text.
RowId = Annotated[
    int, Field(ge=1, lt=2**63), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"})
]


class PageIn(Schema):
    """Which page is wanted, and how many lines it may have."""

    page: int = Field(1, ge=1, le=10_000)
    page_size: int = Field(20, ge=1, le=100)


class PageOut(Schema):
    """One page of a list; each list adds its own ``items``. A page past the last is empty."""

    count: int = Field(description="Items on all pages together")
    page: int
    pages: int


def paged(
    found: QuerySet[Any, Any], wish: PageIn, rows: Callable[[Any], Iterable[Any]] = list
) -> dict[str, Any]:
    """Cut the wanted page out of what was found; ``rows`` turns its objects into lines."""
    paginator = Paginator(found, wish.page_size)
    start = (wish.page - 1) * wish.page_size
    shown = found[start : start + wish.page_size] if start < paginator.count else []
    return {
        "count": paginator.count,
        "page": wish.page,
        "pages": paginator.num_pages,
        "items": list(rows(shown)),
    }
