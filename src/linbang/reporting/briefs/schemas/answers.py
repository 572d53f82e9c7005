from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linbang.foundation.shell.schemas import PageOut
from linbang.reporting.briefs import rules


class DraftOut(Schema):
    """A proposal; nothing is stored until it is issued."""

    region: str
    period: str
    unit: str
    title: str
    body: str
    figures: dict[str, Any]


class BriefIn(Schema):
    region: Annotated[str, Field(max_length=18)]
    period: Annotated[str, Field(max_length=13)]
    unit: Annotated[str, Field(max_length=rules.UNIT_LENGTH_MAX)]
    title: Annotated[str, Field(max_length=rules.TITLE_LENGTH_MAX)]
    body: Annotated[str, Field(max_length=rules.BODY_LENGTH_MAX)]
    distribution: Annotated[str, Field(max_length=rules.DISTRIBUTION_LENGTH_MAX)] = ""


class BriefOut(Schema):
    """An issued brief; its figures are those of ``figures_asked_at`` for ever."""

    id: Annotated[UUID, Field(alias="public_id")]
    region: Annotated[str, Field(alias="region_id")]
    year: int
    number: int
    unit: str
    title: str
    body: str
    distribution: str
    period_starts_on: date
    period_ends_on: date
    figures: dict[str, Any]
    figures_asked_at: datetime
    issued_at: datetime


class BriefPageOut(PageOut):
    items: list[BriefOut]
